"""Services of the actions' tests: a catalogue in a database of its own and a booking backend in memory."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from actions.booking_client import BookingClient
from actions.services import Services
from bot.database import open_database
from bot.practice.booking.seed import seed_booking
from bot.practice.catalog.file import read_catalog
from bot.practice.catalog.queries import Catalogue
from bot.practice.catalog.seed import seed
from bot.settings import Settings
from tests.actions.fake_booking import FakeBooking
from tests.actions.world import NOW, utc

HOURS = ("09:00", "10:00", "11:00", "14:00", "14:30", "15:00", "16:00", "16:30")


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """The practice's catalogue."""
    engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('catalogue') / 'practice.db'}")
    seed(engine, read_catalog())
    seed_booking(engine, settings())
    yield Catalogue(engine)
    engine.dispose()


@pytest.fixture
def booking() -> FakeBooking:
    """A backend that offers eight times on each weekday from tomorrow on."""
    days = [(NOW + timedelta(days=ahead)).date() for ahead in range(1, 60)]
    return FakeBooking([utc(f"{day} {hour}") for day in days if day.weekday() < 5 for hour in HOURS], lambda: NOW)


def settings(**values: Any) -> Settings:
    """Settings that no file and no environment changes."""
    return Settings.construct(**{name: field.default for name, field in Settings.__fields__.items()} | values)


@pytest.fixture
def services(catalogue: Catalogue, booking: FakeBooking) -> Services:
    """Everything that an action is given, at `NOW`."""
    return Services(catalogue, cast(BookingClient, booking), settings(), lambda: NOW)


@pytest.fixture
def broken_services(services: Services, tmp_path: Path) -> Services:
    """The same with a catalogue that can't be read."""
    return Services(
        Catalogue(open_database(f"sqlite:///{tmp_path / 'missing' / 'practice.db'}")), services.booking, services.settings, services.now
    )
