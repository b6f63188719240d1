"""A small practice for tests: its settings, its store, people who book."""

import sqlite3
from contextlib import closing
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy.engine import Engine

from bot.database import open_database
from bot.practice.booking.appointment import BookingRequest
from bot.practice.booking.rules import Limits
from bot.practice.booking.seed import seed_booking
from bot.practice.booking.store import AppointmentStore
from bot.practice.catalog.file import CatalogFile, read_catalog
from bot.practice.catalog.seed import seed
from bot.practice.schema import create_tables
from bot.settings import Settings


def utc(text: str) -> datetime:
    """The instant of '2026-12-04 13:00' in UTC."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=timezone.utc)


NOW = utc("2026-11-30 08:00")
"""A Monday, nine o'clock in Amsterdam."""

SLOT = utc("2026-12-04 13:00")
"""A start of both kinds: Friday, two o'clock in Amsterdam."""


def settings(var_dir: Path = Path("/nonexistent"), **values: Any) -> Settings:
    """Settings of the test practice: afternoons from 13:00, video 20 minutes, practice 30."""
    defaults: dict[str, Any] = {
        "consultation_hours": "mon-fri 09:00-12:30 13:00-17:00",
        "closed_days": "",
        "video_minutes": 20,
        "practice_minutes": 30,
        "booking_notice_hours": 4,
        "booking_horizon_days": 60,
        "video_base_url": "https://video.example",
        "secret_key": "s" * 40,
        "var_dir": var_dir,
    }
    return Settings(_env_file=None, **defaults | values)


@lru_cache(maxsize=1)
def catalog() -> CatalogFile:
    """The catalogue's file, read once."""
    return read_catalog()


@lru_cache(maxsize=2)
def _made(begun: bool) -> sqlite3.Connection:
    """A practice's database in memory, with its tables alone or as the tests' settings begin it."""
    with TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{folder}/practice.db")
        create_tables(engine)
        if begun:
            seed(engine, catalog())
            seed_booking(engine, settings())
        made = sqlite3.connect(":memory:", check_same_thread=False)
        with closing(engine.raw_connection()) as connection:
            connection.backup(made)
        engine.dispose()
        return made


def fill(engine: Engine, begun: bool = True) -> None:
    """Copies into an empty SQLite database what takes sixty milliseconds to make anew, since a thousand tests need one."""
    with closing(engine.raw_connection()) as connection:
        _made(begun).backup(connection.driver_connection)


def store(engine: Engine, **values: Any) -> AppointmentStore:
    """The appointments of a practice that begins with these settings."""
    chosen = settings(**values)
    seed_booking(engine, chosen)
    return AppointmentStore(engine, Limits.of(chosen), chosen.video_base_url)


def request(person: int = 1, **values: Any) -> BookingRequest:
    """What one of many different people wants to book."""
    defaults: dict[str, Any] = {
        "type": "video",
        "start": SLOT,
        "name": f"Person {person}",
        "email": f"p{person}@example.com",
        "language": "en",
    }
    return BookingRequest(**defaults | values)
