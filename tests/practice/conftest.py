"""Databases of the practice's tests: SQLite, and a real PostgreSQL that is started once."""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine

from bot.database import open_database, writing
from bot.practice.schema import create_tables
from tests.practice.world import fill


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL server for this run."""
    pgserver = pytest.importorskip("pgserver", reason="PostgreSQL: the package pgserver is missing")
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        try:
            server = pgserver.get_server(folder, cleanup_mode="stop")
        except (OSError, RuntimeError, AssertionError, subprocess.SubprocessError) as error:
            pytest.skip(f"PostgreSQL can't run here: {error}")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def empty_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database."""
    if request.param == "sqlite":
        engine = open_database(f"sqlite:///{tmp_path / 'practice.db'}")
    else:
        engine = open_database(request.getfixturevalue("postgresql_url"))
        with writing(engine) as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    yield engine
    engine.dispose()


@pytest.fixture
def engine(empty_engine: Engine) -> Engine:
    """A database with its tables."""
    if empty_engine.dialect.name == "sqlite":
        fill(empty_engine, begun=False)
    else:
        create_tables(empty_engine)
    return empty_engine
