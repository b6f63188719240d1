"""Keeps the console's tables in step with the assistant's events, without ever writing to the assistant's database."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import delete, func, inspect, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.database import reading, writing
from bot.practice.console.conversations import search
from bot.practice.console.conversations.days import days_with, mark_left, recount
from bot.practice.console.conversations.events import events, events_of
from bot.practice.console.conversations.models import conversation, cursor, message, start_over
from bot.practice.console.conversations.rows import Indexed, lock_index, write
from bot.practice.console.conversations.summary import Outcome, summarise
from bot.practice.console.conversations.transcript import read

logger = logging.getLogger(__name__)

BATCH = 1000
"""Events looked at in one go."""
AT_ONCE = 50
"""Conversations written in one transaction."""
SETTLED = timedelta(seconds=60)
"""A number missing before an event older than this stays missing: no transaction lasts so long."""
HALF_WAY = timedelta(minutes=30)
"""Silence after which an open form counts as left."""
DELETABLE = timedelta(days=2)
"""How long after the last message visitors may delete a conversation, amply: their session is over by then."""
OPENING_EVENTS = 50
"""More than come before a visitor's first message."""
REUSED = 20_000
"""Events that are read once more at most; a conversation so far back does not hold the last ones."""
DELETED_EVERY = timedelta(seconds=30)
PAUSE_SECONDS = 2.0


class Index:
    """The tables of conversations. Safe with several processes at once: each row is written whole from all its events."""

    def __init__(self, engine: Engine, conversations: Engine) -> None:
        """Takes the practice's database, which holds the tables, and the assistant's."""
        self._engine = engine
        self._conversations = conversations
        self._known = False

    def catch_up(self, now: datetime) -> int:
        """Takes over what is new, at most `BATCH` events; gives how many conversations changed.

        Raises:
            SQLAlchemyError: one of the databases fails.
        """
        self._mark_left(now)
        position = self._position()
        fresh = self._fresh(position)
        if not fresh:
            return 0
        latest = {sender: number for number, sender, _ in fresh}
        changed = self._take_over(self._outdated(latest))
        self._move_on(position, settled(position, fresh, now))
        return changed

    def catch_up_wholly(self, now: datetime) -> int:
        """Takes over all there is; gives how many conversations changed."""
        total, position = 0, -1
        while position != (position := self._position()):
            total += self.catch_up(now)
        return total

    def start_over(self) -> None:
        """Lets the next runs read every event anew; numbers of conversations, notes and reviews stay."""
        with writing(self._engine) as connection:
            start_over(connection)

    def forget_deleted(self, now: datetime) -> int:
        """Forgets the conversations that were deleted lately in the chat; gives how many.

        Raises:
            SQLAlchemyError: one of the databases fails.
        """
        recent = select(conversation.c.sender).where(conversation.c.last_at > now - DELETABLE)
        with reading(self._engine) as connection:
            known = list(connection.execute(recent).scalars())
        if not self._known or not known:
            return 0
        gone: list[str] = []
        with reading(self._conversations) as connection:
            for start in range(0, len(known), BATCH):
                some = known[start : start + BATCH]
                query = select(events.c.sender_id).where(events.c.sender_id.in_(some)).distinct()
                gone += set(some) - set(connection.execute(query).scalars())
        for sender in gone:
            self.forget(sender)
        return len(gone)

    def forget(self, sender: str) -> None:
        """Takes a conversation out of every table, once its events are deleted."""
        with writing(self._engine) as connection:
            lock_index(connection)
            c = conversation.c
            row = connection.execute(select(c.id, c.last_event).where(c.sender == sender)).first()
            if row is None:
                return
            first = connection.execute(select(func.min(message.c.event)).where(message.c.conversation_id == row.id)).scalar_one()
            search.remove(connection, [row.id])
            days = days_with(connection, [row.id])
            connection.execute(delete(conversation).where(c.id == row.id))
            recount(connection, days)
            # SQLite gives the numbers of deleted last events out again: they are read once more
            again = max(0, (first or row.last_event) - OPENING_EVENTS)
            connection.execute(update(cursor).where(cursor.c.event.between(again, again + REUSED)).values(event=again))

    def _position(self) -> int:
        with reading(self._engine) as connection:
            return int(connection.execute(select(cursor.c.event)).scalar_one())

    def _fresh(self, position: int) -> list[tuple[int, str, float | None]]:
        """Number, conversation and time of the events behind a position."""
        if not self._known:
            self._known = inspect(self._conversations).has_table(events.name)
        if not self._known:
            return []
        query = select(events.c.id, events.c.sender_id, events.c.timestamp).where(events.c.id > position)
        with reading(self._conversations) as connection:
            return [tuple(row) for row in connection.execute(query.order_by(events.c.id).limit(BATCH))]

    def _outdated(self, latest: Mapping[str, int]) -> list[str]:
        """The conversations whose latest event is not in the tables yet."""
        query = select(conversation.c.sender, conversation.c.last_event).where(conversation.c.sender.in_(latest))
        with reading(self._engine) as connection:
            known = {row.sender: row.last_event for row in connection.execute(query)}
        return [sender for sender, number in latest.items() if known.get(sender, 0) < number]

    def _take_over(self, senders: Sequence[str]) -> int:
        for start in range(0, len(senders), AT_ONCE):
            read_now = self._read(senders[start : start + AT_ONCE])
            if read_now:
                with writing(self._engine) as connection:
                    write(connection, read_now)
        return len(senders)

    def _read(self, senders: Sequence[str]) -> list[Indexed]:
        with reading(self._conversations) as connection:
            found = events_of(connection, senders)
        read_now = []
        for sender, its_events in found.items():
            try:
                transcript = read(its_events)
                summary = summarise(transcript)
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                logger.error("the conversation with event %s can't be read: %s", its_events[-1].id, type(error).__name__)
                continue
            if summary is not None:
                read_now.append(Indexed(sender, transcript, summary))
        return read_now

    def _move_on(self, position: int, to: int) -> None:
        """Keeps how far it came, unless another process has gone on meanwhile."""
        if to == position:
            return
        with writing(self._engine) as connection:
            connection.execute(update(cursor).where(cursor.c.event == position).values(event=to))

    def _mark_left(self, now: datetime) -> None:
        """Forms that nobody came back to."""
        left = (conversation.c.form_open, conversation.c.last_at < now - HALF_WAY)
        query = select(conversation.c.id).where(*left).order_by(conversation.c.last_at).limit(BATCH)
        with reading(self._engine) as connection:
            if connection.execute(query).first() is None:
                return
        with writing(self._engine) as connection:
            lock_index(connection)
            numbers = list(connection.execute(query).scalars())
            flagged = conversation.c.outcomes.op("|")(int(Outcome.LEFT))
            connection.execute(update(conversation).where(conversation.c.id.in_(numbers)).values(outcomes=flagged, form_open=False))
            mark_left(connection, numbers)


@contextmanager
def indexing(index: Index, clock: Callable[[], datetime]) -> Iterator[None]:
    """Keeps the index in step beside what runs in the block."""
    ended = threading.Event()
    thread = threading.Thread(target=_keep_in_step, args=(index, clock, ended), name="console-index", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(PAUSE_SECONDS)


def settled(position: int, fresh: Sequence[tuple[int, str, float | None]], now: datetime) -> int:
    """How far the events surely are all there.

    PostgreSQL gives numbers out before a transaction commits: behind a gap one may still come in.
    """
    for number, _, stamp in fresh:
        if number != position + 1 and stamp is not None and stamp > (now - SETTLED).timestamp():
            return position
        position = number
    return position


def _keep_in_step(index: Index, clock: Callable[[], datetime], ended: threading.Event) -> None:
    pause, looked_at = 0.0, clock()
    while not ended.wait(pause):
        try:
            pause = 0.05 if index.catch_up(clock()) else PAUSE_SECONDS
            if clock() - looked_at > DELETED_EVERY:
                index.forget_deleted(clock())
                looked_at = clock()
        except SQLAlchemyError as error:
            logger.error("conversations can't be indexed now: %s", type(error).__name__)
            pause = 5 * PAUSE_SECONDS
