"""A console with one account of each role, on SQLite; `world` on both databases where a test asks for `any_console`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy.engine import Engine

from bot.database import open_database
from bot.practice.console.staff import passwords
from bot.practice.schema import create_tables
from tests.practice.console.world import World


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords hashed with next to no work; tests/practice/console/test_log_in.py holds the console's own parameters."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def console(tmp_path: Path) -> Iterator[World]:
    """The console on SQLite."""
    engine = open_database(f"sqlite:///{tmp_path / 'practice.db'}")
    create_tables(engine)
    world = World(tmp_path, engine)
    yield world
    world.close()


@pytest.fixture
def any_console(engine: Engine, tmp_path: Path) -> Iterator[World]:
    """The console on each of the two databases."""
    world = World(tmp_path, engine)
    yield world
    world.close()


@pytest.fixture
def secure_console(tmp_path: Path) -> Iterator[World]:
    """The console where browsers reach it over HTTPS."""
    engine = open_database(f"sqlite:///{tmp_path / 'practice.db'}")
    create_tables(engine)
    world = World(tmp_path, engine, practice_url="https://practice.example")
    yield world
    world.close()
