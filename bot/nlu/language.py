"""Which language a visitor writes in."""

from __future__ import annotations

import inspect
from typing import Any

from lingua import Language, LanguageDetectorBuilder
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu import text as texts

CODES = {Language.ENGLISH: "en", Language.DUTCH: "nl"}


class LanguageJudge:
    """Tells English from Dutch and says nothing where the words don't."""

    def __init__(self, certainty: float, words: int, letters: int) -> None:
        """Is sure from `certainty` (0 to 1) on, for messages of at least so many words and letters."""
        self.certainty, self.words, self.letters = certainty, words, letters
        self._detector = LanguageDetectorBuilder.from_languages(*CODES).with_preloaded_language_models().build()

    def decide(self, text: str) -> str | None:
        """The language's code, or nothing for a short or unclear text such as "ok", a name or a number."""
        words = [word for word in text.split() if sum(map(str.isalpha, word)) > 1]
        if len(words) < self.words or sum(map(len, words)) < self.letters:
            return None
        best = self._detector.compute_language_confidence_values(text)[0]
        return CODES[best.language] if best.value >= self.certainty else None


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
        return inspect.getsource(texts) + inspect.getsource(LanguageJudge)

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

    def process(self, messages: list[Message]) -> list[Message]:
        """Marks each message with its language; an unclear one counts as the default and leaves the slot as it was."""
        for message in messages:
            text = message.get(TEXT)
            if not text or texts.is_command(text):
                continue
            decided = self._judge.decide(texts.normalise(text))
            message.set("language", decided or self.default, add_to_output=True)
            if decided:
                entity = {"entity": "language", "value": decided, "start": 0, "end": len(text), "extractor": type(self).__name__}
                message.set(ENTITIES, [*message.get(ENTITIES, []), entity], add_to_output=True)
        return messages
