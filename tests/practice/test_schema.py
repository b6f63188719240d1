"""Databases of an earlier version: they start, keep what they have, and get what they lack."""

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.engine import Engine

from bot.database import reading, writing
from bot.practice.booking.models import appointment, therapist
from bot.practice.booking.seed import seed_booking
from bot.practice.catalog.file import read_catalog
from bot.practice.catalog.queries import Catalogue
from bot.practice.catalog.seed import seed
from bot.practice.schema import create_tables
from tests.practice.world import NOW, SLOT, request, settings, store

NEW_TABLES = ("appointment_type", "therapist", "opening_day", "special_day", "told_hours", "practice_version", "practice_change")
NEW_COLUMNS = {
    "appointment": ("therapist", "no_show_at"),
    "treatment": ("price_note_en", "price_note_nl", "duration_en", "duration_nl", "hidden"),
}


@pytest.fixture
def old(empty_engine: Engine) -> Engine:
    """A database as the version before the console's pages about the practice left it, with one appointment in it."""
    seed(empty_engine, read_catalog())
    practice = store(empty_engine)
    practice.book(request(), "key-of-person-1", NOW)
    with writing(empty_engine) as connection:
        for table in NEW_TABLES:
            connection.execute(text(f"DROP TABLE {table}"))
        for table, columns in NEW_COLUMNS.items():
            for column in columns:
                connection.execute(text(f"ALTER TABLE {table} DROP COLUMN {column}"))
    return empty_engine


def test_an_old_database_starts_and_keeps_what_it_has(old: Engine) -> None:
    seed(old, read_catalog())
    seed_booking(old, settings())
    assert len(Catalogue(old).all()) == 10
    with reading(old) as connection:
        row = connection.execute(select(appointment)).mappings().one()
        assert (row["therapist"], row["no_show_at"]) == ("practice", None)
        assert connection.execute(select(therapist.c.key)).scalars().all() == ["practice"]
    practice = store(old)
    assert practice.move(row["reference"], "p1@example.com", SLOT.replace(hour=14), NOW).starts_at == SLOT.replace(hour=14)


def test_starting_again_changes_nothing(old: Engine) -> None:
    create_tables(old)
    create_tables(old)
    assert {column["name"] for column in inspect(old).get_columns("appointment")} == {column.name for column in appointment.columns}
