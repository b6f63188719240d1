"""A practice with all its databases, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.database import open_database, writing
from tests.practice.conftest import postgresql_url as postgresql_url
from tests.privacy.house import House, opened


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """On each of the two databases."""
    url = ""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
        engine = open_database(url)
        with writing(engine) as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        engine.dispose()
    with opened(tmp_path, url) as house:
        yield house
