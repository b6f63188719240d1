"""A conversation as a file: what the visitor does, step by step, and what is expected of each answer."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, Extra, Field, root_validator

FOLDER = Path(__file__).parent


class Strict(BaseModel):
    """A part of the file in which an unknown word is a fault."""

    class Config:
        extra = Extra.forbid


class Expected(Strict):
    """What an answer must be like; what is left out is not looked at."""

    responses: list[str] | None = None
    """Names of all responses, in order."""
    intent: str | None = None
    entities: dict[str, str] = {}
    """Among those found."""
    form: str | None = None
    """The form that goes on; null for none."""
    asks: str | None = None
    """The slot asked for; null for none."""
    slots: dict[str, Any] = {}
    """Slots with their values; null for an empty one."""
    cards: list[str] | None = None
    """All cards in order: slugs of treatments, or titles."""
    not_cards: list[str] = []
    buttons: list[str] | None = None
    """Titles or payloads of buttons among those offered; an empty list for no button at all."""
    times: bool | None = None
    """Whether free times are offered."""
    facts: list[str] = []
    """What must be read somewhere in the answer."""
    not_facts: list[str] = []
    nothing_sold: bool = False
    """No treatment is named and nothing is offered."""

    @property
    def named(self) -> set[str]:
        """What the file speaks of, null included."""
        return set(self.__fields_set__)


class Step(Strict):
    """One thing that the visitor does: exactly one of the first four."""

    say: str | None = None
    tap: str | dict[str, str] | None = None
    """A button by title, by payload, or by the choice that it stands for."""
    tap_slot: str | None = None
    """A free time: `first`, `last`, or its title."""
    open: str | None = None
    """A new conversation in this language."""
    expect: Expected = Field(default_factory=Expected)

    @root_validator(skip_on_failure=True)
    def _does_one_thing(cls, values: dict[str, Any]) -> dict[str, Any]:
        if sum(values[key] is not None for key in ("say", "tap", "tap_slot", "open")) != 1:
            raise ValueError("a step is exactly one of say, tap, tap_slot and open")
        return values


def read_script(path: Path) -> list[Step]:
    """The steps of a file.

    Raises:
        ValidationError: a step has a word that no step has, or does not do exactly one thing.
    """
    return [Step.parse_obj(step) for step in yaml.safe_load(path.read_text(encoding="utf-8"))]


def scripts() -> list[Path]:
    """Every conversation file, in the order of their folders."""
    return sorted(FOLDER.rglob("*.yml"))
