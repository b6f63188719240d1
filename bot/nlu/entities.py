"""Finds what a visitor names: treatments, concerns, places on the body, skin, medicines, wishes."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.phrases import Found, PhraseFinder, Word, longest, words
from bot.nlu.text import LONGEST, is_command
from bot.settings import ROOT

_SHORTEST_JOINED = 6
"""Letters that two words must have to be found written as one: shorter ones would meet other words."""


REFUSAL = "refusal"
JOINS = frozenset({"or", "nor", "of", "noch"})

Phrase = Found[tuple[str, str]]
"""A phrase with its entity and value."""


class EntitiesError(Exception):
    """The file of entities can't be used; the message names the file, the place and what is wrong."""


@dataclass(frozen=True)
class Entity:
    """Something that a message names, and where."""

    entity: str
    value: str
    start: int
    """Position of its first character in the message."""
    end: int
    """Position after its last character."""


@dataclass(frozen=True)
class Together:
    """An entity that becomes another one when a third is in the message; each is an (entity, value)."""

    first: tuple[str, str]
    beside: tuple[str, str]
    becomes: tuple[str, str]


@dataclass(frozen=True)
class Vocabulary:
    """The phrases of all entities, ready to be looked for."""

    finder: PhraseFinder[tuple[str, str]]
    """Phrases with their entity and value."""
    whole_message: frozenset[str]
    """Entities that count only when the message says nothing else."""
    hidden: frozenset[str]
    """Entities that hide shorter phrases or change others, and are never told themselves."""
    together: tuple[Together, ...]
    refused: Mapping[str, str]
    """Entity -> what it becomes where the message refuses it."""


def load_vocabulary(path: Path) -> Vocabulary:
    """The vocabulary of a file.

    Raises:
        EntitiesError: the file can't be read or has something other than text for a phrase.
    """
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        return Vocabulary(
            PhraseFinder(_phrases(path, data["phrases"]), data["look_alikes"]),
            frozenset(data["whole_message"]),
            frozenset(data["hidden"]),
            tuple(Together(*(_entity_and_value(entry[key]) for key in ("first", "beside", "becomes"))) for entry in data["together"]),
            dict(data["refused"]),
        )
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise EntitiesError(f"{path}: can't be read as entities: {error!r}") from error


def find_entities(text: str, vocabulary: Vocabulary) -> list[Entity]:
    """What a message names, in order; the longest phrase wins, and each entity and value comes once."""
    message = words(text[:LONGEST])
    usable = [phrase for phrase in vocabulary.finder.find(message) if _counts(phrase, len(message), vocabulary)]
    chosen = longest(usable)
    named = {value for phrase in chosen for value in phrase.values}
    found: dict[tuple[str, str], Entity] = {}
    for phrase in chosen:
        for value in phrase.values:
            entity, value_name = _beside_others(value, named, vocabulary)
            if entity in vocabulary.refused and _is_refused(phrase, chosen, message):
                entity = vocabulary.refused[entity]
            if entity not in vocabulary.hidden:
                place = Entity(entity, value_name, message[phrase.first].start, message[phrase.last].end)
                found.setdefault((entity, value_name), place)
    return list(found.values())


def _counts(phrase: Found[tuple[str, str]], length: int, vocabulary: Vocabulary) -> bool:
    entity, _ = phrase.values[0]
    return entity not in vocabulary.whole_message or phrase.last - phrase.first + 1 == length


def _beside_others(value: tuple[str, str], named: Collection[tuple[str, str]], vocabulary: Vocabulary) -> tuple[str, str]:
    changed = (rule.becomes for rule in vocabulary.together if rule.first == value and rule.beside in named)
    return next(changed, value)


def _is_refused(phrase: Phrase, chosen: Sequence[Phrase], message: Sequence[Word]) -> bool:
    """Whether a refusal stands before or behind a phrase, with a word between at most, or before another that an "or" joins to it."""
    for other in chosen:
        gap = phrase.first - other.last - 1
        if (REFUSAL, "before") in other.values and 0 <= gap <= 1:
            return True
        if (REFUSAL, "after") in other.values and 0 <= other.first - phrase.last - 1 <= 1:
            return True
        joined = gap == 1 and message[other.last + 1].text in JOINS
        if joined and other.values[0][0] == phrase.values[0][0] and _is_refused(other, chosen, message):
            return True
    return False


def _entity_and_value(written: str) -> tuple[str, str]:
    entity, value = written.split(".")
    return entity, value


def _phrases(path: Path, entities: Mapping[str, Mapping[str, Mapping[str, list[str]]]]) -> Iterator[tuple[str, tuple[str, str]]]:
    """The phrases as they stand in the file, then their other ways of writing as far as these are not phrases themselves."""
    listed = [
        (phrase, language, (entity, value or phrase))
        for entity, values in entities.items()
        for value, languages in values.items()
        for language, phrases in languages.items()
        for phrase in phrases
    ]
    for phrase, language, (entity, value) in listed:
        if not isinstance(phrase, str):
            raise EntitiesError(f"{path}: {entity}.{value}.{language}: {phrase!r} is not text; put it in quotes")
        yield phrase, (entity, value)
    own = {phrase for phrase, _, _ in listed}
    for phrase, language, named in listed:
        yield from ((written, named) for written in _ways_of_writing(phrase, language) if written not in own)


def _ways_of_writing(phrase: str, language: str) -> Iterator[str]:
    """The phrase, its English plural, and both with two words joined: "sun spot", "sun spots", "sunspot", "sunspots"."""
    numbers = [phrase]
    if language == "en" and not phrase.endswith("s"):
        numbers.append(_plural(phrase))
    for number in numbers:
        yield number
        parts = number.split()
        if len(parts) == 2 and len("".join(parts)) >= _SHORTEST_JOINED:
            yield "".join(parts)


def _plural(phrase: str) -> str:
    if phrase.endswith("y"):
        return phrase[:-1] + "ies"
    return phrase + ("es" if phrase.endswith(("ch", "sh", "x")) else "s")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class EntityFinder(GraphComponent):
    """Adds what a message names to its entities.

    Its phrases are read from data/entities.yml when the assistant starts, so a changed phrase counts without training.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Looks for the given vocabulary."""
        self._vocabulary = vocabulary

    @classmethod
    def create(
        cls,
        config: dict[str, Any],  # noqa: ARG003 - Rasa's signature, here and below
        model_storage: ModelStorage,  # noqa: ARG003
        resource: Resource,  # noqa: ARG003
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> "EntityFinder":
        """The finder with the project's vocabulary.

        Raises:
            EntitiesError: the file of entities can't be used.
        """
        return cls(load_vocabulary(ROOT / "data" / "entities.yml"))

    def process(self, messages: list[Message]) -> list[Message]:
        """Appends to each message the entities that it names."""
        for message in messages:
            text = message.get(TEXT) or ""
            if not is_command(text.strip()):
                found = [_as_rasa_writes(entity) for entity in find_entities(text, self._vocabulary)]
                message.set(ENTITIES, [*(message.get(ENTITIES) or ()), *found], add_to_output=True)
        return messages


def _as_rasa_writes(entity: Entity) -> dict[str, Any]:
    return {
        "entity": entity.entity,
        "value": entity.value,
        "start": entity.start,
        "end": entity.end,
        "extractor": EntityFinder.__name__,
        "confidence": 1.0,
    }
