"""Which language a visitor writes in."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lingua import Language, LanguageDetectorBuilder
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu import text as texts

CODES = {Language.ENGLISH: "en", Language.DUTCH: "nl"}


COMMON = {
    "en": frozenset(
        [
            "the",
            "what",
            "do",
            "does",
            "did",
            "how",
            "my",
            "you",
            "your",
            "it",
            "and",
            "to",
            "can",
            "i",
            "me",
            "with",
            "for",
            "are",
            "have",
            "has",
            "get",
            "this",
            "that",
            "from",
            "on",
            "at",
            "be",
            "would",
            "should",
            "please",
            "pls",
            "long",
            "much",
            "why",
            "when",
            "where",
            "who",
            "ever",
            "not",
            "there",
            "they",
            "which",
            "does",
            "if",
            "but",
            "so",
            "her",
            "his",
            "a",
            "an",
            "by",
            "about",
            "some",
            "any",
            "r",
            "u",
        ]
    ),
    "nl": frozenset(
        [
            "de",
            "het",
            "een",
            "en",
            "van",
            "ik",
            "je",
            "mijn",
            "mn",
            "wat",
            "hoe",
            "kan",
            "met",
            "voor",
            "zijn",
            "heb",
            "heeft",
            "dat",
            "die",
            "op",
            "bij",
            "niet",
            "geen",
            "naar",
            "om",
            "ook",
            "wel",
            "nog",
            "maar",
            "als",
            "dan",
            "er",
            "te",
            "tegen",
            "na",
            "hoeveel",
            "welke",
            "waarom",
            "waar",
            "wanneer",
            "jullie",
            "mag",
            "moet",
            "graag",
            "uw",
            "deze",
            "dit",
            "daar",
            "aan",
            "uit",
            "over",
            "door",
            "wie",
            "ben",
            "bent",
            "hebben",
            "krijg",
            "krijgt",
        ]
    ),
}
"""Words that only one of the two has, or has far more often: they settle what the detector leaves open."""

REQUEST = re.compile(
    r"\b(?P<en>english|engels)\b|\b(?P<nl>dutch|nederlands|hollands)\b",
    re.IGNORECASE,
)
"""Languages by their names; in a short message the visitor asks for one."""
NO_REQUEST = re.compile(r"\b(?:i'?m|i am|ik ben|my|mijn|goed|good)\b|\bnot?\b|\bniet\b|\bgeen\b", re.IGNORECASE)
"""Speaks of a language without asking for it: "I am not Dutch", "my English is not good"."""
REQUEST_WORDS = 7
"""Longest message that only asks for a language."""


@dataclass(frozen=True)
class Guess:
    """A language, and how sure it is."""

    language: str
    certainty: float


class LanguageJudge:
    """Tells English from Dutch and says nothing where the words don't."""

    def __init__(self, certainty: float, words: int, letters: int) -> None:
        """Is sure from `certainty` (0 to 1) on, for messages of at least so many words and letters."""
        self.certainty, self.words, self.letters = certainty, words, letters
        self._detector = LanguageDetectorBuilder.from_languages(*CODES).with_preloaded_language_models().build()

    def decide(self, text: str) -> str | None:
        """The language's code, or nothing for a short or unclear text such as "ok", a name or a number."""
        if requested := _requested(text):
            return requested
        guessed = self.guess(text) if self._is_long_enough(text) else None
        return guessed.language if guessed and guessed.certainty >= self.certainty else None

    def guess(self, text: str) -> Guess | None:
        """The likelier language of whatever there is, or nothing without words."""
        if not any(map(str.isalpha, text)):
            return None
        best = self._detector.compute_language_confidence_values(text)[0]
        return Guess(CODES[best.language], best.value)

    def _is_long_enough(self, text: str) -> bool:
        words = [word for word in text.split() if sum(map(str.isalpha, word)) > 1]
        return len(words) >= self.words and sum(map(len, words)) >= self.letters


def _more_common(text: str) -> str | None:
    """The language of which a text has more common words."""
    words = re.findall(r"\w+", text.lower())
    counts = {language: sum(word in common for word in words) for language, common in COMMON.items()}
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] > sum(counts.values()) / 2 else None


def _requested(text: str) -> str | None:
    named = list(REQUEST.finditer(text))
    if not named or len(text.split()) > REQUEST_WORDS or NO_REQUEST.search(text):
        return None
    return named[-1].lastgroup


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LanguageDetector(GraphComponent):
    """Puts `language` on each message, and an entity of that name where the message is clear, so that a slot follows."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """What can be set in config.yml."""
        return {"default": "en", "certainty": 0.8, "words": 3, "letters": 9}

    @staticmethod
    def required_packages() -> list[str]:
        """Modules that must be there to import."""
        return ["lingua"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:  # noqa: ARG003 - Rasa's signature
        """Changes with the helper that this component uses, so that Rasa's cache notices."""
        return inspect.getsource(texts) + Path(__file__).read_text(encoding="utf-8")

    def __init__(self, config: dict[str, Any]) -> None:
        """Builds the judge from the settings."""
        self.default: str = config["default"]
        self._judge = LanguageJudge(config["certainty"], config["words"], config["letters"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,  # noqa: ARG003 - Rasa's signature, here and below
        resource: Resource,  # noqa: ARG003
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> LanguageDetector:
        """Rasa's way to make the component."""
        return cls(config)

    def process(self, messages: list[Message], tracker: DialogueStateTracker | None = None) -> list[Message]:
        """Marks each message with its language.

        A clear message has its own. An unclear one has that of the conversation and leaves the slot as it was; before there is
        one, the likelier of the two.
        """
        spoken = tracker.get_slot("language") if tracker and "language" in tracker.slots else None
        for message in messages:
            text = message.get(TEXT)
            if not text or texts.is_command(text):
                continue
            readable = texts.normalise(text)
            decided = self._judge.decide(readable)
            message.set("language", decided or spoken or self._likelier(readable), add_to_output=True)
            if decided:
                entity = {"entity": "language", "value": decided, "start": 0, "end": len(text), "extractor": type(self).__name__}
                message.set(ENTITIES, [*message.get(ENTITIES, []), entity], add_to_output=True)
        return messages

    def _likelier(self, text: str) -> str:
        guessed = self._judge.guess(text)
        return _more_common(text) or (guessed.language if guessed else self.default)
