"""What the model makes of one message, read from Rasa's parse."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.evaluation.labels import FALLBACK, FAQ, OUT_OF_SCOPE, RED_FLAG

ANY_RETRIEVAL_INTENT = "default"
"""Where Rasa puts what a selector found that is not bound to one retrieval intent."""


@dataclass(frozen=True)
class Label:
    """A topic or intent and how sure the model is of it."""

    name: str
    """Full name, such as `faq/melasma` or `ask_price`."""
    confidence: float
    """From 0 to 1."""


@dataclass(frozen=True)
class Understanding:
    """One message as understood."""

    intent: str
    """Full intent that the dialogue goes on with; `nlu_fallback` when unsure."""
    ranking: tuple[Label, ...]
    """Best labels first, `nlu_fallback` not among them."""
    language: str | None
    """`en` or `nl`; None when the parse does not say."""
    entities: tuple[Mapping[str, Any], ...]
    """Entities as Rasa gives them."""
    red_flag: Any
    """What the red-flag detector found; None when nothing."""

    @property
    def declined(self) -> bool:
        """Whether the message is not answered as if known."""
        return self.intent in (FALLBACK, OUT_OF_SCOPE)

    @property
    def flagged(self) -> bool:
        """Whether it counts as a red flag, by the detector or by the intent."""
        return bool(self.red_flag) or self.intent == RED_FLAG


def from_parse(parse: Mapping[str, Any]) -> Understanding:
    """Reads Rasa's parse of a message, of this project's pipeline or of one with a response selector."""
    ranking = _ranking(parse)
    intent, confidence = _full_intent(parse, ranking)
    if intent != FALLBACK and (not ranking or ranking[0].name != intent):
        # another component than the ranking's has decided (the red-flag rules, a typed command)
        ranking = [Label(intent, confidence), *(label for label in ranking if label.name != intent)]
    return Understanding(intent, tuple(ranking), parse.get("language"), tuple(parse.get("entities") or ()), parse.get("red_flag"))


def _ranking(parse: Mapping[str, Any]) -> list[Label]:
    entries = [_label(entry, "name") for entry in parse.get("intent_ranking") or [] if entry.get("name") not in (None, FALLBACK)]
    if not any(label.name == FAQ for label in entries):
        return entries
    # the topics stand in a ranking of their own: each is as likely as "a question" times the topic among questions
    selectors = parse.get("response_selector") or {}
    selected = selectors.get(FAQ) or selectors.get(ANY_RETRIEVAL_INTENT) or {}
    topics = [_label(entry, "intent_response_key") for entry in selected.get("ranking") or []]
    spread = [
        [Label(topic.name, label.confidence * topic.confidence) for topic in topics] if label.name == FAQ else [label] for label in entries
    ]
    best, *others = [label for labels in spread for label in labels] or [Label(FAQ, entries[0].confidence)]
    return [best, *sorted(others, key=lambda label: -label.confidence)]  # the best stays first: it is what is answered


def _label(entry: Mapping[str, Any], name: str) -> Label:
    return Label(str(entry[name]), float(entry.get("confidence", 0.0)))


def _full_intent(parse: Mapping[str, Any], ranking: list[Label]) -> tuple[str, float]:
    """The intent with its topic, and its confidence."""
    intent = parse.get("intent") or {}
    name = intent.get("name") or FALLBACK
    if name == FAQ:
        named = [intent.get("full_retrieval_intent_name"), *(label.name for label in ranking if label.name.startswith(f"{FAQ}/"))]
        name = next((topic for topic in named if topic), FAQ)
    return name, float(intent.get("confidence") or 0.0)
