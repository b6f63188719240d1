"""Fields of the console's forms: how what was sent is read, how a value stands in its field, and how it is told in a history."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

from bot.practice.money import NoPrice, read_price, spoken_price, written_price

Sent = Sequence[str]
"""All values that were sent under a field's name; none where it was not on the form or not ticked."""

Shown = str | list[str]
"""What stands in a field: its text, or what is ticked."""


class Fault(Exception):
    """What is wrong with a field: `code` names a text under `faults`, which the facts fill in."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(frozen=True)
class Field:
    """One field of a form."""

    read: Callable[[Sent], Any]
    """The value; raises Fault."""
    shown: Callable[[Any, str], Shown]
    """The value as it stands in the field, in a language."""
    told: Callable[[Any, SimpleNamespace, str], str]
    """The value in words, with the console's texts and in a language."""
    ticked: bool = False
    """Whether people tick it, rather than write."""


@dataclass(frozen=True)
class Read:
    """A form that was sent."""

    values: Mapping[str, Any]
    """Of the fields that could be read."""
    faults: Mapping[str, Fault]
    given: Mapping[str, Shown]
    """What stood in each field, to be shown again."""


def read_form(sent: Mapping[str, Sent], fields: Mapping[str, Field]) -> Read:
    """Every field of a form, with all that is wrong."""
    values: dict[str, Any] = {}
    faults: dict[str, Fault] = {}
    for name, each in fields.items():
        try:
            values[name] = each.read(sent.get(name, ()))
        except Fault as fault:
            faults[name] = fault
    return Read(values, faults, {name: _again(each, sent.get(name, ())) for name, each in fields.items()})


def shown(values: Mapping[str, Any], fields: Mapping[str, Field], language: str) -> dict[str, Shown]:
    """Values as they stand in a form."""
    return {name: each.shown(values[name], language) for name, each in fields.items()}


def text(longest: int, needed: bool = True) -> Field:
    """A line of text; None where nothing was written."""

    def read(sent: Sent) -> str | None:
        value = " ".join(_one(sent).split())
        if not value and needed:
            raise Fault("missing")
        if len(value) > longest:
            raise Fault("too_long", longest=longest)
        if not value.isprintable():
            raise Fault("unreadable")
        return value or None

    return Field(read, _as_text, _told)


def price(least: int) -> Field:
    """Cents, or None where no price is named."""

    def read(sent: Sent) -> int | None:
        try:
            return read_price(_one(sent), least)
        except NoPrice as fault:
            raise Fault(f"price_{fault.code}") from fault

    def told(value: int | None, texts: SimpleNamespace, language: str) -> str:
        return texts.nothing if value is None else spoken_price(value, language)

    return Field(read, lambda value, language: "" if value is None else written_price(value, language), told)


def number(least: int, most: int, step: int = 1) -> Field:
    """A whole number."""

    def read(sent: Sent) -> int:
        value = _one(sent).strip()
        if not re.fullmatch("[0-9]{1,6}", value) or not least <= int(value) <= most or int(value) % step:
            raise Fault("number", least=least, most=most, step=step)
        return int(value)

    return Field(read, _as_text, _told)


def flag() -> Field:
    """A box to tick."""

    def told(value: bool, texts: SimpleNamespace, _language: str) -> str:
        return str(texts.yes if value else texts.no)

    return Field(lambda sent: "yes" in sent, lambda value, _: ["yes"] if value else [], told, ticked=True)


def one_of(names: Mapping[str, str]) -> Field:
    """One of some keys, which have names."""

    def read(sent: Sent) -> str:
        if _one(sent) not in names:
            raise Fault("choose")
        return _one(sent)

    return Field(read, _as_text, lambda value, *_: names.get(value, str(value)))


def several(names: Mapping[str, str]) -> Field:
    """Any of some keys, which have names; sorted."""

    def read(sent: Sent) -> list[str]:
        if not set(sent) <= names.keys():
            raise Fault("choose")
        return sorted(set(sent))

    def told(value: list[str], texts: SimpleNamespace, _language: str) -> str:
        return ", ".join(names.get(key, key) for key in value) or str(texts.nothing)

    return Field(read, lambda value, _: list(value), told, ticked=True)


def day() -> Field:
    """A day of the calendar as browsers send it: 2026-12-24."""

    def read(sent: Sent) -> date:
        try:
            found = date.fromisoformat(_one(sent).strip())
        except ValueError as error:
            raise Fault("day") from error
        if not 2000 <= found.year <= 2200:
            raise Fault("day")
        return found

    return Field(read, _as_text, _told)


def read_time(value: str) -> int:
    """Minutes after midnight of '09:00', '9.00' or '9'; 24:00 is the midnight that ends the day.

    Raises:
        Fault: it is no time.
    """
    match = re.fullmatch(r"([0-9]{1,2})(?:[:.]([0-5][0-9]))?(?::00)?", value.strip())
    minutes = int(match[1]) * 60 + int(match[2] or 0) if match else -1
    if not 0 <= minutes <= 24 * 60:
        raise Fault("time")
    return minutes


def _one(sent: Sent) -> str:
    return sent[0] if sent else ""


def _again(each: Field, sent: Sent) -> Shown:
    return list(sent) if each.ticked else _one(sent)


def _as_text(value: Any, _language: str) -> str:
    return "" if value is None else str(value)


def _told(value: Any, texts: SimpleNamespace, _language: str) -> str:
    return str(texts.nothing) if value is None else str(value)
