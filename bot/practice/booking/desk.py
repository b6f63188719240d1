"""The appointments as the front desk looks at them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from sqlalchemy import Text, cast, func, or_, select
from sqlalchemy.engine import Connection
from sqlalchemy.sql import Select

from bot.practice.booking.availability import Window, local_instant
from bot.practice.booking.models import appointment, appointment_type, therapist
from bot.practice.booking.reference import read_reference
from bot.practice.booking.rules import TypeId

Row = Mapping[str, Any]
"""A row of the table with `type_en`, `type_nl` and `therapist_name`."""

State = Literal["booked", "cancelled", "no_show"]

MOST_FOUND = 50
SHORTEST_WORDS = 3


@dataclass(frozen=True)
class Sight:
    """Which appointments are looked at."""

    first: date
    days: int
    type: TypeId | None = None
    state: State | None = None
    therapist: int | None = None

    @property
    def window(self) -> Window:
        """The days as a stretch of time."""
        return day_window(self.first, self.days)

    def at(self, first: date, days: int | None = None) -> "Sight":
        """The same at other days."""
        return Sight(first, days or self.days, self.type, self.state, self.therapist)


def day_window(first: date, days: int = 1) -> Window:
    """Local days as a stretch of time."""
    return Window(local_instant(first, 0), local_instant(first + timedelta(days=days), 0))


def listed(connection: Connection, sight: Sight) -> list[Row]:
    """The appointments of some days, in order of time."""
    c, window = appointment.c, sight.window
    query = _appointments().where(c.starts_at >= window.start, c.starts_at < window.end)
    if sight.type:
        query = query.where(c.type == sight.type)
    if sight.therapist:
        query = query.where(therapist.c.id == sight.therapist)
    if sight.state:
        query = query.where(c.status == ("booked" if sight.state == "no_show" else sight.state))
    if sight.state == "no_show":
        query = query.where(c.no_show_at.is_not(None))
    return list(connection.execute(query.order_by(c.starts_at, c.id)).mappings())


def found(connection: Connection, words: str) -> list[Row]:
    """The appointments of a reference, or whose name, e-mail address or telephone number has these words; the latest first."""
    c = appointment.c
    if reference := read_reference(words):
        return list(connection.execute(_appointments().where(c.reference == reference)).mappings())
    plain = " ".join(words.split()).casefold()
    if len(plain) < SHORTEST_WORDS:
        return []
    digits = "".join(sign for sign in plain if sign.isdigit()).lstrip("0")
    has = [func.lower(cast(column, Text)).contains(plain, autoescape=True) for column in (c.name, c.email)]
    has += [c.phone.contains(digits)] if len(digits) >= SHORTEST_WORDS else []
    query = _appointments().where(or_(*has)).order_by(c.starts_at.desc(), c.id.desc()).limit(MOST_FOUND)
    return list(connection.execute(query).mappings())


def one(connection: Connection, number: int) -> Row | None:
    """One appointment."""
    return connection.execute(_appointments().where(appointment.c.id == number)).mappings().first()


def _appointments() -> Select:
    names = (
        appointment_type.c.name_en.label("type_en"),
        appointment_type.c.name_nl.label("type_nl"),
        therapist.c.name.label("therapist_name"),
    )
    together = appointment.outerjoin(appointment_type, appointment_type.c.id == appointment.c.type)
    together = together.outerjoin(therapist, therapist.c.key == appointment.c.therapist)
    return select(appointment, *names).select_from(together)
