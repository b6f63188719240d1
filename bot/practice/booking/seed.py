"""The first start: hours, closed days, kinds of consultation and a therapist, as the settings say. Afterwards the database is the source."""

from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Table, insert, select
from sqlalchemy.engine import Connection, Engine

from bot.database import writing
from bot.practice.booking.hours import periods_text
from bot.practice.booking.models import appointment_type, opening_day, special_day, therapist, told_hours
from bot.practice.booking.rules import AppointmentType, booking_rules
from bot.practice.schema import lock_schema
from bot.settings import Settings

BEGINNING: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("first_start.yml").read_text(encoding="utf-8"))


def seed_booking(engine: Engine, settings: Settings) -> None:
    """Fills tables that are still empty, in one transaction; what staff has set since stays.

    Raises:
        SettingsError: opening hours or closed days can't be read.
    """
    rules = booking_rules(settings)
    week = [{"weekday": day, "periods": periods_text(periods)} for day, periods in enumerate(rules.opening.weekdays)]
    closed = [{"first": first, "last": last, "periods": "", "note": ""} for first, last in rules.closed.ranges]
    with writing(engine) as connection:
        lock_schema(connection)
        if _is_first(connection):
            # Days that staff has removed must not come back, so they go by the week's table, which is never emptied.
            _fill(connection, opening_day, week)
            _fill(connection, special_day, closed)
            _fill(connection, appointment_type, _types(settings))
            _fill(connection, therapist, [BEGINNING["therapist"] | {"active": True}])
            _fill(connection, told_hours, [_told(settings)])


def _is_first(connection: Connection) -> bool:
    return connection.execute(select(opening_day.c.weekday).limit(1)).first() is None


def _fill(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def appointment_types(settings: Settings) -> tuple[AppointmentType, ...]:
    """The kinds of consultation of the first start."""
    minutes = {"video": settings.video_minutes, "practice": settings.practice_minutes}
    return tuple(AppointmentType(kind, minutes=minutes[kind], **entry) for kind, entry in BEGINNING["types"].items())


def _types(settings: Settings) -> list[dict[str, Any]]:
    return [
        {
            "id": kind.id,
            "name_en": kind.name["en"],
            "name_nl": kind.name["nl"],
            "minutes": kind.minutes,
            "price_cents": kind.price_cents,
            "place": kind.place,
            "active": kind.active,
            "position": position,
        }
        for position, kind in enumerate(appointment_types(settings))
    ]


def _told(settings: Settings) -> dict[str, Any]:
    """Visitors are told no hours that the practice has not given for them."""
    text = settings.practice_opening_hours[:300]
    return {"id": 1, "source": "own" if text else "none", "text_en": text, "text_nl": text}
