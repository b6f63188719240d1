"""Notices what needs a doctor before any treatment; has the last word over the topic classifier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.reading import Mention, read
from bot.nlu.red_flag_terms import Alarm, Kind, Terms, load_terms
from bot.nlu.text import LONGEST, is_command
from bot.settings import ROOT

INTENT_NAME = "red_flag"
FALLBACK = "nlu_fallback"
INTENT_RANKING = "intent_ranking"
RESPONSE_SELECTOR = "response_selector"
ALL_RETRIEVAL_INTENTS = "all_retrieval_intents"
_CLASSIFIER_IS_HEARD_FROM = 0.3
"""Confidence from which the classifier's own red flag counts, also below the threshold for answers: recall before all."""


@dataclass(frozen=True)
class RedFlag:
    """What needs a doctor."""

    kind: Kind
    evidence: str
    """The words that raised it."""


def find_red_flag(text: str, terms: Terms) -> RedFlag | None:
    """The most urgent alarm that a message raises."""
    return _first_raised(terms.alarms, text, terms)


def likely_kind(text: str, terms: Terms) -> Kind:
    """What kind of red flag a message is that is known to be one, by loose words: the most urgent that fits, else about a spot."""
    flag = _first_raised(terms.likely, text, terms)
    return flag.kind if flag else "spot"


def _first_raised(alarms: Sequence[Alarm], text: str, terms: Terms) -> RedFlag | None:
    reading = read(text[:LONGEST], terms)
    mentioned: dict[str, list[Mention]] = {}
    for mention in reading.mentions:
        mentioned.setdefault(mention.list, []).append(mention)
    for alarm in alarms:
        evidence = _raised(alarm, mentioned, terms)
        if evidence is not None:
            return RedFlag(alarm.kind, ", ".join(reading.text(mention) for mention in evidence))
    return None


def _raised(alarm: Alarm, mentioned: Mapping[str, list[Mention]], terms: Terms) -> list[Mention] | None:
    if any(group.isdisjoint(mentioned) for group in alarm.all):
        return None
    *others, alarming = ([mention for name in group for mention in mentioned.get(name, ())] for group in alarm.all)
    for mention in alarming:
        if not _excused(mention, alarm, mentioned, terms):
            together = _with_the_nearest(mention, others)
            if together and (alarm.within is None or _words_between(together) <= alarm.within):
                return together
    return None


def _with_the_nearest(alarming: Mention, others: Sequence[list[Mention]]) -> list[Mention] | None:
    """The mention with the nearest of each other group, each with words of its own, in the order in which they stand."""
    together = [alarming]
    for group in others:
        free = [mention for mention in group if all(mention.first > taken.last or mention.last < taken.first for taken in together)]
        if not free:
            return None
        together.append(min(free, key=lambda mention: max(mention.first - alarming.last, alarming.first - mention.last)))
    return sorted(together, key=lambda mention: mention.first)


def _words_between(mentions: Sequence[Mention]) -> int:
    return sum(later.first - earlier.last - 1 for earlier, later in zip(mentions, mentions[1:], strict=False))


def _excused(alarming: Mention, alarm: Alarm, mentioned: Mapping[str, list[Mention]], terms: Terms) -> bool:
    return any(
        excuse.segment == alarming.segment and not _lifted(excuse, mentioned, terms)
        for name in alarm.unless
        for excuse in mentioned.get(name, ())
    )


def _lifted(excuse: Mention, mentioned: Mapping[str, list[Mention]], terms: Terms) -> bool:
    """Whether other words of its part of the sentence lift an excuse; words of the excuse itself don't ("what do I do if")."""
    return any(
        mention.segment == excuse.segment and not (excuse.first <= mention.first and mention.last <= excuse.last)
        for name in terms.lifted_by.get(excuse.list, ())
        for mention in mentioned.get(name, ())
    )


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class RedFlagDetector(GraphComponent):
    """Makes a message's intent `red_flag` when it raises an alarm, whatever the topic classifier before it took it for.

    Its words are read from data/red_flags.yml when the assistant starts, so a changed word counts without training.
    """

    def __init__(self, terms: Terms) -> None:
        """Looks for the given terms."""
        self._terms = terms

    @classmethod
    def create(
        cls,
        config: dict[str, Any],  # noqa: ARG003 - Rasa's signature, here and below
        model_storage: ModelStorage,  # noqa: ARG003
        resource: Resource,  # noqa: ARG003
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> "RedFlagDetector":
        """The detector with the project's terms.

        Raises:
            TermsError: the file of terms can't be used.
        """
        return cls(load_terms(ROOT / "data" / "red_flags.yml"))

    def process(self, messages: list[Message]) -> list[Message]:
        """Marks the messages that raise an alarm."""
        for message in messages:
            text = (message.get(TEXT) or "").strip()
            if text and not is_command(text):
                flag = find_red_flag(text, self._terms) or self._heard_from_classifier(message, text)
                if flag is not None:
                    mark(message, flag)
        return messages

    def _heard_from_classifier(self, message: Message, text: str) -> RedFlag | None:
        if (message.get(INTENT) or {}).get("name") == INTENT_NAME:
            return RedFlag(likely_kind(text, self._terms), "classifier")
        best = next((entry for entry in message.get(INTENT_RANKING) or () if entry["name"] != FALLBACK), None)
        if best and best["name"] == INTENT_NAME and best["confidence"] >= _CLASSIFIER_IS_HEARD_FROM:
            return RedFlag(likely_kind(text, self._terms), "classifier")
        return None


def mark(message: Message, flag: RedFlag) -> None:
    """Writes a red flag into a message: intent, ranking, `red_flag` and the entity `red_flag_kind`; no topic is answered any more."""
    intent = {"name": INTENT_NAME, "confidence": 1.0}
    others = [entry for entry in message.get(INTENT_RANKING) or () if entry["name"] != INTENT_NAME]
    message.set(INTENT, intent, add_to_output=True)
    message.set(INTENT_RANKING, [intent, *others], add_to_output=True)
    message.set("red_flag", {"kind": flag.kind, "evidence": flag.evidence}, add_to_output=True)
    selector = message.get(RESPONSE_SELECTOR)
    if selector:
        message.set(RESPONSE_SELECTOR, {key: value for key, value in selector.items() if key == ALL_RETRIEVAL_INTENTS}, add_to_output=True)
    kind = {
        "entity": "red_flag_kind",
        "value": flag.kind,
        "start": 0,
        "end": len(message.get(TEXT)),
        "extractor": "RedFlagDetector",
        "confidence": 1.0,
    }
    message.set(ENTITIES, [*(message.get(ENTITIES) or ()), kind], add_to_output=True)
