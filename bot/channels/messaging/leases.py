"""Taking something to work on so that no other worker does, on SQLite and PostgreSQL alike."""

from sqlalchemy import Boolean, String, delete, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.sql.elements import ColumnElement

from bot.channels.messaging.schema import leases

_TAKE = text(
    "INSERT INTO messaging_lease (key, run, until) VALUES (:key, :run, :until) "
    "ON CONFLICT (key) DO UPDATE SET run = excluded.run, until = excluded.until WHERE messaging_lease.until < :now"
)


def take(connection: Connection, key: str, run: str, now: float, seconds: float) -> bool:
    """Takes `key` for so many seconds, and says whether it was free."""
    return bool(connection.execute(_TAKE, {"key": key, "run": run, "until": now + seconds, "now": now}).rowcount)


def give_back(connection: Connection, key: str, run: str) -> None:
    """Frees `key`, unless another run has taken it over."""
    connection.execute(delete(leases).where(leases.c.key == key, leases.c.run == run))


def is_free(key: ColumnElement[String], now: float) -> ColumnElement[Boolean]:
    """A condition: nobody works on what `key` names."""
    taken = select(leases.c.key).where(leases.c.key == key, leases.c.until >= now)
    return ~taken.exists()
