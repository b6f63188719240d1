"""Changing something of the practice by a form: checked, compared with what colleagues changed meanwhile, kept in its history."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.engine import Connection

from bot.database import reading, writing
from bot.practice import changes
from bot.practice.booking.diary import Stranded
from bot.practice.changes import By, Change, Conflict, Thing
from bot.practice.console.forms import Fault, Field, Read, Shown, read_form, shown
from bot.practice.console.staff.accounts import Role
from bot.practice.console.visit import Visit

Values = Mapping[str, Any]
Check = Callable[[Values], Mapping[str, Fault]]
"""Faults that lie between the fields."""


@dataclass(frozen=True)
class Form:
    """A form as its page shows it."""

    given: Mapping[str, Shown]
    version: int = 0
    """Of the thing, as this form knows it."""
    faults: Mapping[str, Fault] = field(default_factory=dict)
    newer: Sequence[Change] = ()
    """What colleagues changed since the form was opened; nothing of it is lost, and nothing of the form is saved yet."""
    stranded: Sequence[Values] = ()
    """Appointments that the change would leave without their time; saving again with their numbers agrees to that."""

    @property
    def status(self) -> int:
        """The HTTP status of the page that shows it."""
        return 422 if self.faults else 409 if self.newer or self.stranded else 200


@dataclass(frozen=True)
class Editor:
    """One thing and the fields of its form."""

    visit: Visit
    thing: Thing
    fields: Mapping[str, Field]
    check: Check = lambda values: {}

    def opened(self, connection: Connection, values: Values, back: int | None = None) -> Form:
        """The form with the present values; with `back`, one field as it was before that change."""
        given = shown(values, self.fields, self.visit.language)
        change = changes.change(connection, back) if back else None
        if change and change.thing == self.thing and change.field in self.fields:
            given[change.field] = self.fields[change.field].shown(change.before, self.visit.language)
        return Form(given, changes.version(connection, self.thing))

    def sent(self) -> Read:
        """The form that was sent, with faults of and between its fields."""
        read = read_form(self.visit.repeated, self.fields)
        return read if read.faults else Read(read.values, self.check(read.values), read.given)

    def save(self, before: Callable[[Connection], Values], write: Callable[[Connection, Values], None], action: str) -> Form | None:
        """Saves what was sent in one transaction with its history and the audit trail; None where that is done, else the form again."""
        read, seen = self.sent(), self._seen()
        if read.faults:
            return Form(read.given, seen, read.faults)
        try:
            with writing(self.visit.console.engine) as connection:
                if changes.save(connection, self.thing, seen, before(connection), read.values, by(self.visit), self.visit.now):
                    write(connection, read.values)
                    self.visit.record(connection, action, subject(self.thing))
        except Conflict:
            return self._overtaken(read, seen)
        except Stranded as stranded:
            return Form(read.given, seen, stranded=stranded.appointments)
        return None

    def history(self, connection: Connection) -> list[Change]:
        """What was changed, newest first."""
        return changes.history(connection, self.thing)

    def told(self, change: Change, value: Any) -> str:
        """A value of a change in words."""
        known = self.fields.get(change.field)
        return known.told(value, self.visit.texts, self.visit.language) if known else str(value)

    def _overtaken(self, read: Read, seen: int) -> Form:
        with reading(self.visit.console.engine) as connection:
            newer = changes.history(connection, self.thing, since=seen)
            return Form(read.given, changes.version(connection, self.thing), newer=newer)

    def _seen(self) -> int:
        return seen_version(self.visit)


def may_edit(visit: Visit) -> bool:
    """Whether somebody may change what the practice offers, when and with whom; others see it."""
    return visit.who.role >= Role.ADMINISTRATOR


def by(visit: Visit) -> By:
    """Who makes a change."""
    return By(visit.who.id, visit.who.name)


def subject(thing: Thing) -> str:
    """A thing as the audit trail names it."""
    return f"{thing.kind}:{thing.key}" if thing.key else thing.kind


def seen_version(visit: Visit) -> int:
    """The version that a sent form was made on; one that nothing has where the form says none."""
    given = visit.form.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1


def agreed(visit: Visit) -> set[int]:
    """Numbers of the appointments that somebody has seen and agreed to leave without their time."""
    return {int(part) for part in visit.form.get("agreed", "").split() if part.isascii() and part.isdigit() and len(part) < 10}
