"""Messages to send: each person's in their order, tried again until they arrive, and kept and shown where they don't."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.engine import Connection, Engine

from bot.channels.messaging import leases, payloads
from bot.channels.messaging.rendering import Request
from bot.channels.messaging.schema import people, sendings
from bot.channels.upsert import insert_new
from bot.database import reading, writing

KEEP_SECONDS = 8 * 24 * 3600.0
"""How long a message that was sent is kept: a platform may still tell that it did not arrive."""
KEEP_FAILED_SECONDS = 30 * 24 * 3600.0


class State:
    """Where a message is on its way."""

    WAITING = "waiting"
    SENDING = "sending"
    """The platform was asked, and has not answered yet."""
    SENT = "sent"
    HELD = "held"
    """The platform takes it only after the person has written again."""
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"
    """The worker ended while it was being sent: most likely it arrived, so it isn't sent again."""


OPEN = (State.WAITING, State.SENDING)
TROUBLED = (State.FAILED, State.HELD, State.UNCONFIRMED)


@dataclass(frozen=True)
class Sending:
    """A message that the caller, and nobody else, is to send."""

    number: int
    key: str
    conversation: str
    run: str
    attempts: int
    """Failed ones before this."""
    queued_at: float
    request: dict[str, Any]
    plain: dict[str, Any] | None
    address: dict[str, Any]
    heard_at: float
    """When the person last wrote."""


@dataclass(frozen=True)
class Trouble:
    """A message that did not arrive, as the staff sees it."""

    number: int
    channel: str
    conversation: str
    state: str
    error: str | None
    attempts: int
    queued_at: float
    request: dict[str, Any]


class Outbox:
    """One channel's messages, over one database. Each method is one short transaction and raises SQLAlchemyError when the database fails."""

    def __init__(self, engine: Engine, channel: str, lease_seconds: float = 60.0) -> None:
        """Uses an open database; `lease_seconds` is longer than a request to the platform may take."""
        self._engine = engine
        self._channel = channel
        self._lease_seconds = lease_seconds

    def due(self, now: datetime, most: int) -> list[str]:
        """Conversations that have something to send and that nobody sends for, the longest waiting first."""
        stamp = now.timestamp()
        waiting = (
            select(sendings.c.conversation)
            .where(sendings.c.channel == self._channel, sendings.c.state.in_(OPEN), sendings.c.due_at <= stamp)
            .where(leases.is_free("out:" + sendings.c.conversation, stamp))
            .order_by(sendings.c.due_at)
            .limit(8 * most)
        )
        with reading(self._engine) as connection:
            return list(dict.fromkeys(connection.execute(waiting).scalars()))[:most]

    def claim(self, conversation: str, now: datetime) -> Sending | None:
        """The conversation's next message; None where another sends one, or the next is not due yet."""
        stamp, run = now.timestamp(), uuid4().hex
        with writing(self._engine) as connection:
            if not leases.take(connection, f"out:{conversation}", run, stamp, self._lease_seconds):
                return None
            interrupted = (sendings.c.conversation == conversation, sendings.c.state == State.SENDING)
            connection.execute(update(sendings).where(*interrupted).values(state=State.UNCONFIRMED, ended_at=stamp))
            open_ = select(sendings).where(sendings.c.conversation == conversation, sendings.c.state == State.WAITING)
            row = connection.execute(open_.order_by(sendings.c.number).limit(1)).one_or_none()
            person = connection.execute(select(people).where(people.c.conversation == conversation)).one_or_none()
            if row is None or row.due_at > stamp or person is None:
                leases.give_back(connection, f"out:{conversation}", run)
                return None
            connection.execute(update(sendings).where(sendings.c.number == row.number).values(state=State.SENDING))
        plain = json.loads(row.plain) if row.plain else None
        content = json.loads(row.request), plain, json.loads(person.address)
        return Sending(row.number, row.key, conversation, run, row.attempts, row.queued_at, *content, person.heard_at)

    def sent(self, sending: Sending, platform_id: str | None, now: datetime) -> None:
        """The platform has taken it."""
        self._end(sending, state=State.SENT, ended_at=now.timestamp(), platform_id=platform_id, error=None)

    def retry(self, sending: Sending, error: str, seconds: float, now: datetime, counts: bool = True) -> None:
        """It is to be tried again in so many seconds; what was only put off does not count as an attempt."""
        attempts = sending.attempts + counts
        self._end(sending, state=State.WAITING, error=error, attempts=attempts, due_at=now.timestamp() + seconds)

    def degrade(self, sending: Sending, error: str, now: datetime) -> None:
        """The platform refuses this form of it; it is sent as plain text next."""
        plain = sending.plain or {}
        with writing(self._engine) as connection:
            self._write(
                connection,
                sending,
                state=State.WAITING,
                error=error,
                request=json.dumps(plain["content"]),
                plain=None,
                due_at=now.timestamp(),
            )
            payloads.show_numbers(connection, sending.conversation, plain["numbers"])

    def fail(self, sending: Sending, error: str, now: datetime) -> None:
        """It will not arrive; it is kept for the staff."""
        self._end(sending, state=State.FAILED, ended_at=now.timestamp(), error=error)

    def hold(self, sending: Sending, error: str, invitation: Request | None, now: datetime) -> None:
        """It waits until the person writes again; an invitation to do so goes out once."""
        stamp = now.timestamp()
        with writing(self._engine) as connection:
            self._write(connection, sending, state=State.HELD, error=error)
            if invitation is not None:
                key = f"{sending.conversation}.{int(sending.heard_at)}"
                insert_new(connection, sendings, _row(self._channel, sending.conversation, key[-64:], invitation, stamp))

    def confirm(self, platform_id: str, key: str | None, error: str | None, again: float | None, held: bool, now: datetime) -> None:
        """What the platform tells afterwards of a message that it took.

        Args:
            key: ours, where the platform gives it back.
            error: the code of its failure; None where it arrived.
            again: seconds after which it can be sent again, since it was not delivered at all; None where it can't.
            held: whether it waits for the person to write.
        """
        stamp = now.timestamp()
        which = sendings.c.channel == self._channel, (sendings.c.platform_id == platform_id) | (sendings.c.key == key)
        with writing(self._engine) as connection:
            if error is None:
                arrived = update(sendings).where(*which, sendings.c.state == State.UNCONFIRMED)
                connection.execute(arrived.values(state=State.SENT, platform_id=platform_id))
                return
            values: dict[str, Any] = {"state": State.HELD if held else State.FAILED, "error": error, "ended_at": stamp}
            if again is not None:
                values = {"state": State.WAITING, "error": error, "due_at": stamp + again}
            failed = update(sendings).where(*which, sendings.c.state.in_((State.SENT, State.UNCONFIRMED)))
            connection.execute(failed.values(**values, attempts=sendings.c.attempts + 1))

    def answered_with(self, conversation: str, platform_id: str) -> dict[str, dict[str, Any]]:
        """All messages of the answer that this one belongs to: the request by the platform's id."""
        mine = select(sendings).where(sendings.c.conversation == conversation, sendings.c.platform_id.isnot(None))
        with reading(self._engine) as connection:
            rows = connection.execute(mine).all()
        turn = next((row.key.rpartition(".")[0] for row in rows if row.platform_id == platform_id), None)
        return {str(row.platform_id): json.loads(row.request) for row in rows if row.key.rpartition(".")[0] == turn}

    def forget_old(self, now: datetime) -> None:
        """Deletes what was sent or failed long ago."""
        stamp = now.timestamp()
        ended = delete(sendings).where(sendings.c.channel == self._channel)
        with writing(self._engine) as connection:
            connection.execute(ended.where(sendings.c.state == State.SENT, sendings.c.ended_at < stamp - KEEP_SECONDS))
            connection.execute(ended.where(sendings.c.state.in_(TROUBLED), sendings.c.queued_at < stamp - KEEP_FAILED_SECONDS))

    def _end(self, sending: Sending, **values: Any) -> None:
        with writing(self._engine) as connection:
            self._write(connection, sending, **values)

    def _write(self, connection: Connection, sending: Sending, **values: Any) -> None:
        mine = update(sendings).where(sendings.c.number == sending.number, sendings.c.state == State.SENDING)
        connection.execute(mine.values(**values))
        leases.give_back(connection, f"out:{sending.conversation}", sending.run)


def add(connection: Connection, channel: str, conversation: str, turn: str, requests: Sequence[Request], now: float) -> None:
    """Queues the answer of a turn; a turn's answer can't be queued twice."""
    for place, request in enumerate(requests):
        insert_new(connection, sendings, _row(channel, conversation, f"{turn[:56]}.{place}", request, now))


def release_held(connection: Connection, conversation: str, now: float) -> None:
    """Sends what waited for the person to write."""
    held = sendings.c.conversation == conversation, sendings.c.state == State.HELD
    connection.execute(update(sendings).where(*held).values(state=State.WAITING, due_at=now))


def troubles(engine: Engine, most: int = 200) -> list[Trouble]:
    """What did not arrive, in all channels, the latest first."""
    latest = select(sendings).where(sendings.c.state.in_(TROUBLED)).order_by(sendings.c.number.desc()).limit(most)
    with reading(engine) as connection:
        rows = connection.execute(latest).all()
    return [
        Trouble(row.number, row.channel, row.conversation, row.state, row.error, row.attempts, row.queued_at, json.loads(row.request))
        for row in rows
    ]


def send_again(engine: Engine, number: int, now: datetime) -> bool:
    """Queues a message again that did not arrive, as the staff asks; says whether there was one."""
    troubled = sendings.c.number == number, sendings.c.state.in_(TROUBLED)
    values = {"state": State.WAITING, "attempts": 0, "due_at": now.timestamp(), "queued_at": now.timestamp()}
    with writing(engine) as connection:
        return bool(connection.execute(update(sendings).where(*troubled).values(**values)).rowcount)


def give_up(engine: Engine, number: int) -> bool:
    """Takes a message away that did not arrive, once the staff is done with it; says whether there was one."""
    with writing(engine) as connection:
        return bool(connection.execute(delete(sendings).where(sendings.c.number == number, sendings.c.state.in_(TROUBLED))).rowcount)


def _row(channel: str, conversation: str, key: str, request: Request, now: float) -> dict[str, Any]:
    return {
        "channel": channel,
        "conversation": conversation,
        "key": key,
        "request": json.dumps(request.content),
        "plain": json.dumps({"content": request.plain, "numbers": request.numbers}) if request.plain else None,
        "state": State.WAITING,
        "attempts": 0,
        "queued_at": now,
        "due_at": now,
    }
