"""A console with one account of each role, on SQLite; `world` on both databases where a test asks for `any_console`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy.engine import Engine

from bot.database import open_database
from bot.practice.console.staff import passwords
from tests.practice.console.world import World
from tests.practice.world import fill


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords hashed with next to no work; tests/practice/console/test_log_in.py holds the console's own parameters."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[Engine]:
    """A practice on SQLite as it begins."""
    engine = open_database(f"sqlite:///{tmp_path / 'practice.db'}")
    fill(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def console(tmp_path: Path, begun: Engine) -> Iterator[World]:
    """The console on SQLite."""
    world = World(tmp_path, begun, begins=False)
    yield world
    world.close()


@pytest.fixture
def any_console(empty_engine: Engine, tmp_path: Path) -> Iterator[World]:
    """The console on each of the two databases."""
    on_sqlite = empty_engine.dialect.name == "sqlite"
    if on_sqlite:
        fill(empty_engine)
    world = World(tmp_path, empty_engine, begins=not on_sqlite)
    yield world
    world.close()


@pytest.fixture
def secure_console(tmp_path: Path, begun: Engine) -> Iterator[World]:
    """The console where browsers reach it over HTTPS."""
    world = World(tmp_path, begun, begins=False, practice_url="https://practice.example")
    yield world
    world.close()
