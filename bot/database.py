"""One way to open a database, SQLite or PostgreSQL, for every part that keeps state."""

from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import QueuePool

BUSY_SECONDS = 2.0
"""How long a statement waits for a lock or a connection before it fails: short, since a visitor is waiting."""


def open_database(url: str) -> Engine:
    """An engine in SQLAlchemy's 2.0 style whose waits are bounded by `BUSY_SECONDS` and whose errors hold no values."""
    if url.startswith("sqlite"):
        # kept open: opening a connection for each transaction costs more than the transaction
        engine = create_engine(
            url,
            future=True,
            hide_parameters=True,
            poolclass=QueuePool,
            pool_timeout=BUSY_SECONDS,
            connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    milliseconds = int(BUSY_SECONDS * 1000)
    return create_engine(
        url,
        future=True,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_timeout=BUSY_SECONDS,
        connect_args={
            "connect_timeout": int(BUSY_SECONDS),
            "options": f"-c lock_timeout={milliseconds} -c statement_timeout={2 * milliseconds}",
        },
    )


def reading(engine: Engine) -> AbstractContextManager[Connection]:
    """A connection for reading."""
    return engine.connect()


def writing(engine: Engine) -> AbstractContextManager[Connection]:
    """A transaction for writing: commits at the end, rolls back on an error."""
    return engine.execution_options(writes=True).begin()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Readers beside a writer (WAL), foreign keys on, what is deleted overwritten, and transactions begun by SQLAlchemy, not by the driver."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Takes the write lock at once where writing is meant: what the transaction reads stays true until it commits."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
