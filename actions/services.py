"""What actions are given to work with: the catalogue, the booking backend, the clock, the settings."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cache

from actions.booking_client import BookingClient
from bot.database import open_database
from bot.practice.catalog.queries import Catalogue
from bot.settings import Settings, load


@dataclass(frozen=True)
class Services:
    """Everything outside the conversation that an action may use."""

    catalogue: Catalogue
    booking: BookingClient
    settings: Settings
    now: Callable[[], datetime]
    """The time in UTC."""


@cache
def services() -> Services:
    """The services of this process, made once from its settings."""
    settings = load()
    return Services(
        catalogue=Catalogue(open_database(settings.practice_database)),
        booking=BookingClient(settings.internal_practice_url, settings.key_for("practice-api")),
        settings=settings,
        now=lambda: datetime.now(timezone.utc),
    )
