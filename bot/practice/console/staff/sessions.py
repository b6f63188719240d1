"""Sessions of logged-in staff, kept in the database under a digest of the cookie."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection, Engine

from bot.database import reading, writing
from bot.practice.console.models import session, staff
from bot.practice.console.staff.accounts import Account

LONGEST = timedelta(hours=12)
"""After which even a session in use ends: a working day."""
SEEN_EVERY = timedelta(minutes=1)
"""How exactly it is known when a session was last used; each request would be a write otherwise."""


def new_token() -> str:
    """A cookie's value nobody can guess."""
    return secrets.token_urlsafe(32)


def start(connection: Connection, number: int, now: datetime) -> str:
    """Opens a session for an account; gives the value of its cookie. Sessions that are over go."""
    connection.execute(delete(session).where(session.c.created_at < now - LONGEST))
    token = new_token()
    connection.execute(insert(session).values(digest=_digest(token), staff_id=number, created_at=now, seen_at=now))
    return token


def end(connection: Connection, token: str) -> None:
    """Ends one session."""
    connection.execute(delete(session).where(session.c.digest == _digest(token)))


def owner(engine: Engine, token: str, now: datetime, idle: timedelta, counts_as_use: bool = True) -> Account | None:
    """Whose session it is; None where it is unknown, over, unused for too long, or of a disabled account."""
    query = select(staff, session.c.seen_at).join(session, session.c.staff_id == staff.c.id)
    with reading(engine) as connection:
        row = connection.execute(
            query.where(
                session.c.digest == _digest(token),
                session.c.created_at > now - LONGEST,
                session.c.seen_at > now - idle,
                staff.c.disabled_at.is_(None),
            )
        ).mappings()
        found = row.first()
    if found is None:
        return None
    if counts_as_use and found["seen_at"] < now - SEEN_EVERY:
        with writing(engine) as connection:
            connection.execute(update(session).where(session.c.digest == _digest(token)).values(seen_at=now))
    return Account.of(found)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
