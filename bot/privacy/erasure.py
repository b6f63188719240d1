"""Erasing a person everywhere: asked for first, so that one which is cut off is taken up again, then done place by place."""

import json
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bot.channels import ending
from bot.channels.messaging import leases
from bot.channels.messaging.outbox import OPEN
from bot.channels.messaging.schema import sendings, updates
from bot.channels.schema import turns
from bot.database import reading, writing
from bot.practice.console.conversations import search
from bot.privacy import erased
from bot.privacy.databases import Databases
from bot.privacy.person import Person
from bot.privacy.places import PLACES
from bot.privacy.schema import erasure

logger = logging.getLogger(__name__)

VISITOR = "visitor"
"""Who asked, where it was done in the chat."""
SETTLING = timedelta(seconds=5)
"""How long a visitor's own erasure waits, so that the answer to it is kept, and then erased."""
DELIVERING = timedelta(minutes=10)
"""How long it waits at most for the last words to reach somebody on a messaging platform."""
AGAIN = timedelta(seconds=20)
"""After which a failed erasure is tried again; longer each time, up to an hour."""
LEASE_SECONDS = 120.0
WEB = "web-"


class Busy(Exception):
    """A turn of one of the conversations is running; nothing is erased yet."""


@dataclass(frozen=True)
class Erased:
    """What came of an erasure."""

    number: int
    counts: Mapping[str, int]
    """Rows by place; empty while it still is to be done."""
    done: bool


def ask(connection: Connection, person: Person, by: str, now: datetime, due: datetime | None = None) -> int:
    """Queues an erasure in the practice's database, and gives its number."""
    row = {"asked_at": now, "asked_by": by, "due_at": due or now, "person": person.as_json(), "attempts": 0, "counts": "{}"}
    asked = connection.execute(insert(erasure).values(row))
    return int(asked.inserted_primary_key[0])


def perform(databases: Databases, number: int, folder: Path, key: str, now: datetime) -> Erased:
    """Does what was queued; where it can't be done now, it stays queued for the next round.

    Args:
        folder: where the list of what was erased is kept, for a backup that is restored.
        key: of the digests in that list.
    """
    with reading(databases.practice) as connection:
        row = connection.execute(select(erasure).where(erasure.c.id == number)).mappings().one()
    if row["person"] is None:
        return Erased(number, json.loads(row["counts"]), done=True)
    person = Person.from_json(row["person"])
    try:
        if row["asked_by"] == VISITOR and now < row["asked_at"] + DELIVERING:
            _require_quiet(databases, person)
        _close(databases, person, now)
        erased.note(databases, person, folder, key, now)
        counts = _erase(databases, person)
    except (Busy, SQLAlchemyError) as error:
        if not isinstance(error, Busy):
            logger.error("erasure %s failed and is tried again: %s", number, type(error).__name__)
        _put_off(databases.practice, row, now)
        return Erased(number, {}, done=False)
    with writing(databases.practice) as connection:
        done = {"person": None, "finished_at": now, "counts": json.dumps(counts), "attempts": row["attempts"] + 1}
        connection.execute(update(erasure).where(erasure.c.id == number).values(**done))
    wipe(databases)
    return Erased(number, counts, done=True)


def perform_due(databases: Databases, folder: Path, key: str, now: datetime) -> int:
    """Does all that is due; gives how many were done.

    Raises:
        SQLAlchemyError: the practice's database fails.
    """
    due = select(erasure.c.id).where(erasure.c.finished_at.is_(None), erasure.c.due_at <= now).order_by(erasure.c.id).limit(20)
    with reading(databases.practice) as connection:
        numbers: Sequence[int] = connection.execute(due).scalars().all()
    return sum(perform(databases, number, folder, key, now).done for number in numbers)


def erase(databases: Databases, person: Person, now: datetime) -> dict[str, int]:
    """Erases a person in every place, and gives the number of rows by place; doing it again does no harm.

    Raises:
        Busy: a turn is running that would write behind it.
        SQLAlchemyError: a database fails; some places may be erased already.
    """
    _close(databases, person, now)
    return _erase(databases, person)


def wipe(databases: Databases) -> None:
    """Takes what was erased out of the files too: SQLite keeps it in its log and in the words of its search for a while."""
    with suppress(OperationalError):  # somebody is writing: the next erasure, or the daily run, does it
        search.purge(databases.practice)
    for engine in (databases.assistant, databases.messaging, databases.practice):
        if engine.dialect.name == "sqlite":
            with suppress(OperationalError), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _erase(databases: Databases, person: Person) -> dict[str, int]:
    return {place.name: place.erase(databases, person) for place in PLACES if place.is_there(databases)}


def _close(databases: Databases, person: Person, now: datetime) -> None:
    """Lets no turn of these conversations begin, and makes sure that none is running."""
    stamp = now.timestamp()
    on_web = [sender for sender in person.senders if sender.startswith(WEB)]
    if on_web and databases.has("assistant", turns.name):
        with writing(databases.assistant) as connection:
            for sender in on_web:
                ending.end(connection, sender, stamp)
            if any(ending.is_busy(connection, sender, stamp) for sender in on_web):
                raise Busy
    if databases.has("messaging", updates.name):
        with writing(databases.messaging) as connection:
            for sender in person.senders.difference(on_web):
                for way in ("in", "out"):
                    if not leases.take(connection, f"{way}:{sender}", uuid4().hex, stamp, LEASE_SECONDS):
                        raise Busy  # what was taken is rolled back


def _require_quiet(databases: Databases, person: Person) -> None:
    """Nothing, unless something of the conversations is still to be answered or sent.

    Raises:
        Busy: so it is.
    """
    if not databases.has("messaging", updates.name):
        return
    heard = select(updates.c.number).where(updates.c.conversation.in_(person.senders), updates.c.finished_at.is_(None))
    waiting = select(sendings.c.number).where(sendings.c.conversation.in_(person.senders), sendings.c.state.in_(OPEN))
    with reading(databases.messaging) as connection:
        if connection.execute(heard.limit(1)).first() or connection.execute(waiting.limit(1)).first():
            raise Busy


def _put_off(practice: Engine, row: Mapping[str, Any], now: datetime) -> None:
    later = now + min(AGAIN * 2 ** min(row["attempts"], 10), timedelta(hours=1))
    with suppress(SQLAlchemyError), writing(practice) as connection:  # else it simply stays due
        connection.execute(update(erasure).where(erasure.c.id == row["id"]).values(due_at=later, attempts=row["attempts"] + 1))


def counted(row: Mapping[str, Any]) -> dict[str, int]:
    """Rows erased by place, of a row of the queue; empty while it still is to be done."""
    counts: dict[str, int] = json.loads(row["counts"])
    return counts
