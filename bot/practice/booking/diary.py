"""The diary's rules in the database: read anew for every question, so that what staff changes holds at once in every process."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.engine import Connection

from bot.practice.booking.availability import is_open
from bot.practice.booking.hours import ClosedDays, OpeningHours, Period, parse_periods
from bot.practice.booking.models import appointment, appointment_type, opening_day, special_day, therapist
from bot.practice.booking.rules import AppointmentType, Diary, Limits, Rules

DIARY_LOCK = 6_330_003
"""Number of the PostgreSQL lock that lets nobody book while the rules change; SQLite's write lock does it by itself."""

MOST_DAYS = 366
"""Longest stretch of days with hours of their own that are read out one by one."""


class Stranded(Exception):
    """Appointments that a change of the rules would leave outside them, and that nobody has agreed to yet."""

    def __init__(self, appointments: list[Mapping[str, Any]]) -> None:
        super().__init__(f"{len(appointments)} appointments")
        self.appointments = appointments
        """Rows of the table, in order of time."""


def read_diary(connection: Connection, limits: Limits) -> Diary:
    """The rules as they are now."""
    return Diary(_rules(connection, limits), read_types(connection), _working(connection))


def read_types(connection: Connection) -> dict[str, AppointmentType]:
    """Every kind of consultation by its id, in the order in which they are offered."""
    rows = connection.execute(select(appointment_type).order_by(appointment_type.c.position, appointment_type.c.id)).mappings()
    return {row["id"]: _type(row) for row in rows}


def read_week(connection: Connection) -> OpeningHours:
    """The hours of each day of the week."""
    week: list[tuple[Period, ...]] = [()] * 7
    for row in connection.execute(select(opening_day)):
        week[row.weekday] = parse_periods(row.periods)
    return OpeningHours(tuple(week))


def hold_rules(connection: Connection, changing: bool = False) -> None:
    """Keeps the rules as they are until the transaction ends; `changing` them waits for everybody who is just booking."""
    if connection.dialect.name == "postgresql":
        way = "pg_advisory_xact_lock" if changing else "pg_advisory_xact_lock_shared"
        connection.execute(text(f"SELECT {way}(:number)"), {"number": DIARY_LOCK})


@contextmanager
def changing_rules(connection: Connection, limits: Limits, now: datetime, agreed: Collection[int]) -> Iterator[None]:
    """Around a change of the rules within a transaction: appointments to come that fitted before must fit afterwards, or be agreed to.

    Args:
        agreed: numbers of the appointments that may stay although they don't fit any more.

    Raises:
        Stranded: others don't fit; the caller's transaction has to be rolled back.
    """
    hold_rules(connection, changing=True)
    before = read_diary(connection, limits)
    yield
    after = read_diary(connection, limits)
    left = [row for row in _to_come(connection, now) if _fits(before, row) and not _fits(after, row)]
    if any(row["id"] not in agreed for row in left):
        raise Stranded(left)


def _to_come(connection: Connection, now: datetime) -> list[Mapping[str, Any]]:
    c = appointment.c
    query = select(appointment).where(c.status == "booked", c.starts_at > now).order_by(c.starts_at, c.id)
    return list(connection.execute(query).mappings())


def _fits(diary: Diary, row: Mapping[str, Any]) -> bool:
    return row["therapist"] in diary.therapists and is_open(diary.rules, row["starts_at"], row["ends_at"])


def _rules(connection: Connection, limits: Limits) -> Rules:
    closed: list[tuple[date, date]] = []
    other: dict[date, tuple[Period, ...]] = {}
    for row in connection.execute(select(special_day).order_by(special_day.c.id)):
        if row.periods:
            other |= dict.fromkeys(_days(row.first, row.last), parse_periods(row.periods))
        else:
            closed.append((row.first, row.last))
    return Rules(read_week(connection), ClosedDays(tuple(closed)), limits.notice, limits.horizon_days, other)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range(min((last - first).days + 1, MOST_DAYS))]


def _working(connection: Connection) -> tuple[str, ...]:
    query = select(therapist.c.key).where(therapist.c.active).order_by(therapist.c.id)
    return tuple(connection.execute(query).scalars())


def _type(row: Mapping[str, Any]) -> AppointmentType:
    name = {"en": row["name_en"], "nl": row["name_nl"]}
    return AppointmentType(row["id"], name, row["minutes"], row["price_cents"], row["place"], row["active"])
