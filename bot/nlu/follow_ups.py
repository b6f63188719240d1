"""Messages that lean on the topic before: "and what does it cost?", "is that safe on dark skin?"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.classifier import as_parse
from bot.nlu.decision import Decision, Outcome, Ranked
from bot.nlu.text import is_command
from bot.settings import ROOT

FOLLOW_UP = "follow_up"
"""Intent of a question about the topic before that no topic answers."""
COMPLETED = frozenset({"ask_price", "find_treatment", "list_treatments", "book_consultation"})
"""Tasks that are about the topic before where they name nothing themselves."""
OWN = ("treatment", "concern", "treatment_asked", "appointment_type", "sort", "skin_filter")
"""Entities by which a message says itself what it is about."""
SMALL_TALK = frozenset({"greet", "thanks", "affirm", "deny", "help", "nlu_fallback", "out_of_scope"})
REACH = 3
"""How many messages back a topic is still the one before."""


@dataclass(frozen=True)
class FollowUps:
    """How messages lean on each other."""

    longest: int
    points: frozenset[str]
    topics: Mapping[str, Mapping[str, str]]
    """Topic -> entities that it is about."""
    instead: Mapping[str, Mapping[str, str]]
    """Topic understood -> topic before -> topic meant."""
    treatments: frozenset[str]
    asks: Mapping[str, re.Pattern[str]]
    """What can be asked of a treatment -> the words for it."""


def load_follow_ups(path: Path) -> FollowUps:
    """The follow-ups of a file."""
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return FollowUps(
        longest=data["longest"],
        points=frozenset(word for language in data["points"].values() for word in language),
        topics=data["topics"],
        instead=data["instead"],
        treatments=frozenset(data["treatments"]),
        asks={name: _any_of(word for words in languages.values() for word in words) for name, languages in data["asks"].items()},
    )


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, phrases))})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Meant:
    """What a message means in the light of the topic before; whatever is empty stays as it was understood."""

    topic: str | None = None
    ask: str | None = None
    entities: Mapping[str, str] | None = None


def leans(text: str, follow_ups: FollowUps) -> bool:
    """Whether a message is short and points back or goes on."""
    words = re.findall(r"\w+", text.lower())
    return 0 < len(words) <= follow_ups.longest and not follow_ups.points.isdisjoint(words)


def resolve(text: str, labels: Sequence[str], before: str, follow_ups: FollowUps) -> Meant:
    """What a message means that leans on a topic and names none itself.

    Args:
        labels: what it was understood as, likeliest first; more than one where it is unsure.
        before: the topic before, without `faq/`.
    """
    if before in follow_ups.treatments:
        for name, words in follow_ups.asks.items():
            if words.search(text):
                return Meant(ask=name)
    for label in labels:
        if meant := follow_ups.instead.get(label.removeprefix("faq/"), {}).get(before):
            return Meant(topic=meant)
    if labels and labels[0] in COMPLETED:
        return Meant(entities=follow_ups.topics.get(before))
    return Meant()


def topic_before(events: Iterable[Event], follow_ups: FollowUps) -> str | None:
    """The topic that the visitor's last messages were about; small talk in between changes nothing."""
    said = [event for event in events if isinstance(event, UserUttered)]
    for message in reversed(said[-REACH:]):
        if message.intent_name not in SMALL_TALK:
            return _topic_of(message, follow_ups)
    return None


def _topic_of(message: UserUttered, follow_ups: FollowUps) -> str | None:
    entities = {entity["entity"]: entity["value"] for entity in message.entities}
    full = (message.parse_data or {}).get(INTENT, {}).get("full_retrieval_intent_name") or ""
    if full or "topic" in entities:
        return str(full.removeprefix("faq/") or entities["topic"])
    about = (topic for topic, names in follow_ups.topics.items() if any(entities.get(name) == value for name, value in names.items()))
    return next(about, None)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class FollowUpResolver(GraphComponent):
    """Completes a message with what the conversation was about.

    Its words are read from data/follow_ups.yml when the assistant starts, so a changed word counts without training.
    """

    def __init__(self, follow_ups: FollowUps) -> None:
        """Resolves by the given words and topics."""
        self._follow_ups = follow_ups

    @classmethod
    def create(
        cls,
        config: dict[str, Any],  # noqa: ARG003 - Rasa's signature, here and below
        model_storage: ModelStorage,  # noqa: ARG003
        resource: Resource,  # noqa: ARG003
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> FollowUpResolver:
        """The resolver with the project's words."""
        return cls(load_follow_ups(ROOT / "data" / "follow_ups.yml"))

    def process(self, messages: list[Message], tracker: DialogueStateTracker | None = None) -> list[Message]:
        """Puts the topic that is meant, or what it is about, on a message that leans on the one before.

        An open form knows itself what a message without a name is about.
        """
        for message in messages:
            text = message.get(TEXT) or ""
            if tracker and not is_command(text) and _names_nothing(message) and leans(text, self._follow_ups):
                before = topic_before(tracker.events, self._follow_ups)
                if before:
                    meant = resolve(text, _labels(message), before, self._follow_ups)
                    _apply(message, before, replace(meant, entities=None) if tracker.active_loop_name else meant)
        return messages


def _names_nothing(message: Message) -> bool:
    return not any(entity["entity"] in OWN for entity in message.get(ENTITIES) or ())


def _labels(message: Message) -> list[str]:
    """What a message was understood as, or the likeliest of what it may be."""
    ranking = [entry["name"] for entry in message.get(INTENT_RANKING_KEY) or ()]
    return ranking[1:4] if ranking[:1] == ["nlu_fallback"] else ranking[:1]


def _apply(message: Message, before: str, meant: Meant) -> None:
    if meant.ask:
        _set_intent(message, FOLLOW_UP)
        _add_entities(message, {FOLLOW_UP: meant.ask, "topic": before})
    elif meant.topic:
        _set_intent(message, f"faq/{meant.topic}")
    elif meant.entities:
        _add_entities(message, meant.entities)


def _set_intent(message: Message, label: str) -> None:
    others = [Ranked(entry["name"], entry["confidence"]) for entry in message.get(INTENT_RANKING_KEY) or () if entry["name"] != label]
    for key, value in as_parse(Decision(Outcome.UNDERSTOOD, [Ranked(label, 1.0), *others])).items():
        message.set(key, value, add_to_output=True)


def _add_entities(message: Message, entities: Mapping[str, str]) -> None:
    end = len(message.get(TEXT))
    added = [
        {"entity": name, "value": value, "start": 0, "end": end, "extractor": FollowUpResolver.__name__} for name, value in entities.items()
    ]
    message.set(ENTITIES, [*(message.get(ENTITIES) or ()), *added], add_to_output=True)
