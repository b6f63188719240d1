"""Logging in: throttled, and telling nothing about why it failed."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, or_, select, text, update
from sqlalchemy.engine import Connection, Engine

from bot.database import reading, writing
from bot.practice.console.audit import record
from bot.practice.console.models import attempt, staff
from bot.practice.console.staff import passwords, sessions
from bot.practice.console.staff.accounts import Account, normal

WINDOW = timedelta(minutes=15)
MOST_OF_ACCOUNT = 10
MOST_OF_ADDRESS = 30
"""Attempts without success within `WINDOW`."""
ATTEMPT_LOCK = 6_330_003
"""Number of the PostgreSQL lock that attempts queue at."""


class Refused(Exception):
    """Login, password or code is wrong, or the account is disabled; which of them is not told."""


class TooMany(Exception):
    """Too many attempts for this account or from this address; it takes up to `WINDOW` until the next one."""


def log_in(engine: Engine, login: str, password: str, code: str, address: str, now: datetime) -> str:
    """Opens a session and gives the value of its cookie.

    Raises:
        Refused, TooMany
    """
    keys = (_key("account", normal(login)), _key("address", address))
    taken = _admit(engine, keys, now)
    found = _find(engine, login)
    fits = passwords.fits(password, found["password"] if found else None)  # between the transactions: it takes its time on purpose
    with writing(engine) as connection:
        if found is None or not fits or found["disabled_at"] is not None or not _code_fits(connection, found, code, now):
            refused = Account.of(found) if found else None
            record(connection, refused, "log_in_refused", f"staff:{refused.id}" if refused else "", now)
        else:
            connection.execute(delete(attempt).where(or_(attempt.c.id.in_(taken), attempt.c.key == keys[0])))
            record(connection, Account.of(found), "logged_in", f"staff:{found['id']}", now)
            return sessions.start(connection, found["id"], now)
    raise Refused


def forgive(connection: Connection, login: str) -> None:
    """Forgets an account's failed attempts."""
    connection.execute(delete(attempt).where(attempt.c.key == _key("account", normal(login))))


def _admit(engine: Engine, keys: tuple[str, str], now: datetime) -> list[int]:
    """Counts the attempt before the password is looked at, so that many at once are counted too."""
    with writing(engine) as connection:
        _one_at_a_time(connection)
        connection.execute(delete(attempt).where(attempt.c.at < now - WINDOW))
        taken = [connection.execute(insert(attempt).values(key=key, at=now)).inserted_primary_key[0] for key in keys]
        refused = any(_count(connection, key) > most for key, most in zip(keys, (MOST_OF_ACCOUNT, MOST_OF_ADDRESS), strict=True))
        if refused:  # one that was not looked at doesn't count, else the wait would never end
            connection.execute(delete(attempt).where(attempt.c.id.in_(taken)))
    if refused:
        raise TooMany
    return taken


def _count(connection: Connection, key: str) -> int:
    return int(connection.execute(select(func.count()).select_from(attempt).where(attempt.c.key == key)).scalar_one())


def _one_at_a_time(connection: Connection) -> None:
    """Lets attempts see one another; SQLite's write lock does it by itself."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": ATTEMPT_LOCK})


def _find(engine: Engine, login: str) -> Mapping[str, Any] | None:
    with reading(engine) as connection:
        return connection.execute(select(staff).where(staff.c.login == normal(login))).mappings().first()


def _code_fits(connection: Connection, row: Mapping[str, Any], code: str, now: datetime) -> bool:
    """Whether the one-time code is right where one is needed; a code is taken once."""
    if row["code_secret"] is None:
        return True
    step = passwords.code_step(code, row["code_secret"], now)
    if step is None:
        return False
    unused = update(staff).where(staff.c.id == row["id"], staff.c.code_used < step).values(code_used=step)
    return connection.execute(unused).rowcount == 1


def _key(kind: str, value: str) -> str:
    return f"{kind}:{hashlib.sha256(value.encode('utf-8', 'surrogatepass')).hexdigest()}"
