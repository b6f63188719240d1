"""Making the tables of a part when it starts."""

import time

from sqlalchemy import MetaData, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.database import writing

SCHEMA_LOCK = 6_330_002
"""Number of the PostgreSQL lock that processes starting at the same time queue at; SQLite's write lock does it by itself."""


def create_tables(engine: Engine, metadata: MetaData, attempts: int = 5, pause: float = 2.0) -> None:
    """Makes the tables that are missing; a database that is still starting is tried `attempts` times, `pause` seconds apart.

    Raises:
        SQLAlchemyError: the database can't be used.
    """
    for remaining in reversed(range(attempts)):
        try:
            with writing(engine) as connection:
                _lock_schema(connection)
                metadata.create_all(connection)
            return
        except SQLAlchemyError:
            if not remaining:
                raise
            time.sleep(pause)


def _lock_schema(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": SCHEMA_LOCK})
