"""A small practice for tests: its settings, its store, people who book."""

from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Engine

from bot.practice.booking.appointment import BookingRequest
from bot.practice.booking.rules import Limits
from bot.practice.booking.seed import seed_booking
from bot.practice.booking.store import AppointmentStore
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
