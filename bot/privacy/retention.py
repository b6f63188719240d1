"""Letting old data go, once a day."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from bot.channels.messaging.schema import people
from bot.channels.schema import offers, turns
from bot.database import reading, writing
from bot.practice.booking.models import appointment
from bot.practice.console.audit import record
from bot.practice.console.conversations import upkeep
from bot.practice.console.conversations.events import events
from bot.practice.console.conversations.models import conversation, searched
from bot.practice.console.models import attempt, session
from bot.privacy import erasure
from bot.privacy.databases import Databases
from bot.privacy.person import Person
from bot.privacy.schema import run
from bot.settings import Settings

logger = logging.getLogger(__name__)

DAILY = "retention"
EVERY = timedelta(days=1)
GIVEN_UP = timedelta(hours=1)
"""After which a run that did not come to its end is begun again."""
AT_ONCE = 50
"""Conversations erased together, so that nobody waits long for the database."""
STAFF_KEPT = timedelta(days=2)
"""How long sessions and log-in attempts of staff are kept; both count for hours."""


def due(practice: Engine, now: datetime) -> bool:
    """Whether today's run is this process's to do; if so it has begun.

    Raises:
        SQLAlchemyError: the database fails.
    """
    with reading(practice) as connection:
        known = connection.execute(select(run).where(run.c.name == DAILY)).first()
    if known is None:
        with suppress(IntegrityError), writing(practice) as connection:  # another process may begin just now
            connection.execute(insert(run).values(name=DAILY, begun_at=now))
            return True
        return False
    failed = known.finished_at is None or known.finished_at < known.begun_at
    if known.begun_at > now - (GIVEN_UP if failed else EVERY):
        return False
    begin = update(run).where(run.c.name == DAILY, run.c.begun_at == known.begun_at).values(begun_at=now)
    with writing(practice) as connection:
        return bool(connection.execute(begin).rowcount)


def retain(databases: Databases, settings: Settings, now: datetime) -> dict[str, int]:
    """Erases what is older than the settings allow, and gives the number of rows by place.

    Raises:
        SQLAlchemyError: a database fails; what was erased stays erased.
    """
    counts: dict[str, int] = {}
    for person in _outlived(databases, settings, now):
        try:
            for place, number in erasure.erase(databases, person, now).items():
                counts[place] = counts.get(place, 0) + number
        except erasure.Busy:
            logger.info("a conversation that is to be erased is gone on with; the next run looks at it again")
    counts["console_log_ins"] = _tidy(databases.practice, settings, now)
    counts["web_sessions"] = _end_sessions(databases, now - timedelta(hours=settings.session_hours))
    erasure.wipe(databases)
    with writing(databases.practice) as connection:
        record(connection, DAILY, "data_retained", "", now, **counts)
        connection.execute(update(run).where(run.c.name == DAILY).values(finished_at=now))
    return counts


def _outlived(databases: Databases, settings: Settings, now: datetime) -> Iterator[Person]:
    """What is to go, in small parts."""
    before = now - timedelta(days=settings.conversation_days)
    for senders in _parts(
        [*_old_conversations(databases, before), *_unread_conversations(databases, before), *_old_people(databases, before)]
    ):
        yield Person(senders=frozenset(senders))
    old = select(appointment.c.id).where(appointment.c.ends_at < now - timedelta(days=settings.appointment_days))
    with reading(databases.practice) as connection:
        appointments = connection.execute(old).scalars().all()
    for numbers in _parts(appointments):
        yield Person(appointments=frozenset(numbers))


def _old_conversations(databases: Databases, before: datetime) -> Sequence[str]:
    with reading(databases.practice) as connection:
        return connection.execute(select(conversation.c.sender).where(conversation.c.last_at < before)).scalars().all()


def _old_people(databases: Databases, before: datetime) -> Sequence[str]:
    """People on a messaging platform who have not written for so long."""
    if not databases.has("messaging", people.name):
        return []
    with reading(databases.messaging) as connection:
        return connection.execute(select(people.c.conversation).where(people.c.heard_at < before.timestamp())).scalars().all()


def _unread_conversations(databases: Databases, before: datetime) -> list[str]:
    """Conversations that the console could not take over: looked for among the oldest events, which are few once the others are gone."""
    if not databases.has("assistant", events.name):
        return []
    found: list[str] = []
    with reading(databases.practice) as connection:
        known = set(connection.execute(select(conversation.c.sender)).scalars())
    after = 0
    while True:
        part = select(events.c.id, events.c.sender_id, events.c.timestamp).where(events.c.id > after).order_by(events.c.id).limit(5000)
        with reading(databases.assistant) as connection:
            rows = connection.execute(part).all()
            old = {row.sender_id for row in rows if (row.timestamp or 0) < before.timestamp()} - known
            last = select(events.c.sender_id, func.max(events.c.timestamp).label("at")).where(events.c.sender_id.in_(old))
            ended = connection.execute(last.group_by(events.c.sender_id)).all() if old else []
        found += [row.sender_id for row in ended if row.at < before.timestamp()]
        if not rows or all((row.timestamp or 0) >= before.timestamp() for row in rows):
            return list(dict.fromkeys(found))
        after = rows[-1].id


def _tidy(practice: Engine, settings: Settings, now: datetime) -> int:
    """Sessions, log-in attempts and searches of staff that are over."""
    idle = now - max(STAFF_KEPT, timedelta(minutes=settings.staff_idle_minutes))
    with writing(practice) as connection:
        gone = [
            delete(session).where(session.c.seen_at < idle),
            delete(attempt).where(attempt.c.at < now - STAFF_KEPT),
            delete(searched).where(searched.c.at < now - upkeep.SEARCH_KEPT, searched.c.id.not_in(upkeep.searches_in_filters(connection))),
        ]
        return sum(connection.execute(statement).rowcount for statement in gone)


def _end_sessions(databases: Databases, before: datetime) -> int:
    """Web sessions that nobody can go back to."""
    if not databases.has("assistant", turns.name):
        return 0
    with writing(databases.assistant) as connection:
        return sum(
            connection.execute(delete(table).where(column < before.timestamp())).rowcount
            for table, column in ((turns, turns.c.started_at), (offers, offers.c.offered_at))
        )


def _parts(found: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(found), AT_ONCE):
        yield found[start : start + AT_ONCE]
