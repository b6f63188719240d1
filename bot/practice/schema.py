"""Making the tables of the practice's web application."""

from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine

from bot.database import writing
from bot.practice.booking.models import metadata as booking
from bot.practice.catalog.models import metadata as catalog
from bot.practice.console.conversations.models import create_index_tables
from bot.practice.console.models import metadata as console
from bot.practice.console.teaching.models import create_teaching_tables

SCHEMA_LOCK = 6_330_001
"""Number of the PostgreSQL lock that processes starting at the same time queue at; SQLite's write lock does it by itself."""


def create_tables(engine: Engine) -> None:
    """Makes the tables that are missing; safe to call again, and from several processes at once."""
    with writing(engine) as connection:
        lock_schema(connection)
        catalog.create_all(connection)
        booking.create_all(connection)
        console.create_all(connection)
        create_index_tables(connection)
        create_teaching_tables(connection)


def lock_schema(connection: Connection) -> None:
    """Lets one process at a time change tables or seeded rows, until its transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": SCHEMA_LOCK})
