"""Keeps the console's tables in step with the assistant's events, without ever writing to the assistant's database."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, inspect, select, text, update
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.database import reading, writing
from bot.practice.console.conversations import search
from bot.practice.console.conversations.events import events, events_of
from bot.practice.console.conversations.models import conversation, cursor, message, waiting
from bot.practice.console.conversations.summary import URGENCY, Outcome, Summary, summarise
from bot.practice.console.conversations.transcript import Transcript, Turn, read

logger = logging.getLogger(__name__)

BATCH = 1000
"""Events looked at in one go."""
AT_ONCE = 50
"""Conversations written in one transaction."""
SETTLED = timedelta(seconds=60)
"""A number missing before an event older than this stays missing: no transaction lasts so long."""
HALF_WAY = timedelta(minutes=30)
"""Silence after which an open form counts as left."""
PAUSE_SECONDS = 2.0
INDEX_LOCK = 6_330_004
"""Number of the PostgreSQL lock that processes queue at."""


@dataclass(frozen=True)
class Indexed:
    """A conversation read from its events."""

    sender: str
    transcript: Transcript
    summary: Summary


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
            connection.execute(update(conversation).values(last_event=0))
            connection.execute(update(cursor).values(event=0))

    def forget(self, sender: str) -> None:
        """Takes a conversation out of every table, once its events are deleted."""
        with reading(self._conversations) as connection:
            last = connection.execute(select(func.max(events.c.id))).scalar_one() or 0
        with writing(self._engine) as connection:
            number = connection.execute(select(conversation.c.id).where(conversation.c.sender == sender)).scalar_one_or_none()
            if number is not None:
                search.remove(connection, [number])
                connection.execute(delete(conversation).where(conversation.c.id == number))
            # SQLite gives the numbers of deleted last events out again
            connection.execute(update(cursor).where(cursor.c.event > last).values(event=last))

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
                    _write(connection, read_now)
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
        with reading(self._engine) as connection:
            if connection.execute(select(conversation.c.id).where(*left).limit(1)).first() is None:
                return
        with writing(self._engine) as connection:
            flagged = conversation.c.outcomes.op("|")(int(Outcome.LEFT))
            connection.execute(update(conversation).where(*left).values(outcomes=flagged, form_open=False))


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
    pause = 0.0
    while not ended.wait(pause):
        try:
            pause = 0.05 if index.catch_up(clock()) else PAUSE_SECONDS
        except SQLAlchemyError as error:
            logger.error("conversations can't be indexed now: %s", type(error).__name__)
            pause = 5 * PAUSE_SECONDS


def _write(connection: Connection, read_now: Sequence[Indexed]) -> None:
    if connection.dialect.name == "postgresql":  # one process at a time, as SQLite's write lock has it
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": INDEX_LOCK})
    documents = []
    for each in read_now:
        number = _write_conversation(connection, each)
        if number is not None:
            documents.append((number, " ".join(turn.text for turn in each.transcript.said)))
    if documents:
        search.put(connection, documents)


def _write_conversation(connection: Connection, read_now: Indexed) -> int | None:
    """Writes one conversation; its number, or None where a process that knew more has been here."""
    transcript, summary = read_now.transcript, read_now.summary
    known = connection.execute(
        select(conversation.c.id, conversation.c.last_event, conversation.c.length).where(conversation.c.sender == read_now.sender)
    ).first()
    if known is not None and known.last_event >= transcript.last_event:
        return None
    values = _values(summary, transcript.last_event)
    if known is None:
        (number,) = connection.execute(insert(conversation).values(sender=read_now.sender, **values)).inserted_primary_key
    else:
        number = known.id
        if summary.length > known.length:  # more was said since somebody looked
            values["reviewed"] = False
        connection.execute(update(conversation).where(conversation.c.id == number).values(**values))
    _write_messages(connection, number, transcript)
    _write_waiting(connection, number, summary)
    return int(number)


def _values(summary: Summary, last_event: int) -> dict[str, Any]:
    plain = {name: getattr(summary, name) for name in ("channel", "language", "started_at", "last_at", "length", "confidence")}
    kept = {name: getattr(summary, name) for name in ("opening", "reference", "form_open")}
    return plain | kept | {"outcomes": int(summary.outcomes), "band": int(summary.band), "last_event": last_event}


def _write_messages(connection: Connection, number: int, transcript: Transcript) -> None:
    """Writes the messages from the last one known on, which may have got its answer only now."""
    of_this = message.c.conversation_id == number
    last = connection.execute(select(func.max(message.c.event)).where(of_this)).scalar_one() or 0
    rows = [_message(number, turn, transcript) for turn in transcript.said if turn.event >= last]
    connection.execute(delete(message).where(of_this, message.c.event >= last))
    if rows:
        connection.execute(insert(message), rows)


def _message(number: int, turn: Turn, transcript: Transcript) -> dict[str, Any]:
    return {
        "event": turn.event,
        "conversation_id": number,
        "at": turn.at,
        "text": turn.text,
        "tapped": turn.tapped,
        "label": turn.label,
        "confidence": turn.confidence,
        "understood": turn.understood.value,
        "language": (turn.language or str(transcript.slots.get("language") or "en"))[:2],
        "answer_ms": turn.answer_ms,
    }


def _write_waiting(connection: Connection, number: int, summary: Summary) -> None:
    """Puts a conversation on the list of those who wait for a person, again where a later message calls for one."""
    known = connection.execute(select(waiting).where(waiting.c.conversation_id == number)).mappings().first()
    fresh = [wait for wait in summary.waits if known is None or wait.event > known["event"]]
    if not fresh:
        return
    why = Outcome(0)
    for wait in fresh:
        why |= wait.why
    if known is None:
        row = {"conversation_id": number, "since": fresh[0].at, **_reasons(why, fresh[-1].event)}
        connection.execute(insert(waiting).values(**row))
        return
    done = known["done_at"] is not None
    again = {"since": fresh[0].at, "taken_by": None, "taken_at": None, "done_by": None, "done_at": None} if done else {}
    reasons = _reasons(why if done else why | Outcome(known["reasons"]), fresh[-1].event)
    connection.execute(update(waiting).where(waiting.c.conversation_id == number).values(**reasons, **again))


def _reasons(why: Outcome, event: int) -> dict[str, int]:
    return {"reasons": int(why), "urgency": next(urgency for outcome, urgency in URGENCY if outcome & why), "event": event}
