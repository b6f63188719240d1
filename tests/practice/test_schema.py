"""Tables of a database that an earlier version made."""

from sqlalchemy import inspect, text
from sqlalchemy.engine import Engine

from bot.database import writing
from bot.practice.schema import create_tables


def test_a_column_that_a_later_version_brings_is_added(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("ALTER TABLE appointment DROP COLUMN no_show_at"))
    for _ in range(2):
        create_tables(engine)
        assert "no_show_at" in {column["name"] for column in inspect(engine).get_columns("appointment")}
