"""Updates that were acknowledged and wait for their turn: kept first, taken once, in each person's order."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.engine import Connection, Engine, Row
from sqlalchemy.sql import Select

from bot.channels import limits
from bot.channels.errors import ChannelError
from bot.channels.incoming import Said, digest
from bot.channels.messaging import leases, outbox, payloads
from bot.channels.messaging.heard import Done, Heard, Moved
from bot.channels.messaging.people import People
from bot.channels.messaging.rendering import Rendered
from bot.channels.messaging.schema import offers, people, updates
from bot.channels.upsert import insert_new
from bot.database import reading, writing

SETTLE_SECONDS = 0.25
"""How long an update waits for an earlier one of the same person that is still on its way: platforms deliver side by side."""
KEEP_SECONDS = 8 * 24 * 3600.0
"""How long a finished update is known: platforms repeat their deliveries for up to a week."""
GONE = "/choose"
"""Said for a choice that was never offered, or is forgotten."""

_OPEN = updates.c.finished_at.is_(None)


@dataclass(frozen=True)
class Turn:
    """An update that the caller, and nobody else, is to answer."""

    number: int
    id: str
    conversation: str
    run: str
    """Names this attempt, so that one that was given up can't finish another's."""
    attempts: int
    """This one included."""
    received_at: float
    address: dict[str, Any]
    done: Done
    says: tuple[str, ...]
    """What the dialogue is to hear, in order."""


class Inbox:
    """One channel's updates, over one database. Each method is one short transaction and raises SQLAlchemyError when the database fails."""

    def __init__(self, engine: Engine, channel: str, identity_key: str, most_a_minute: int, lease_seconds: float = 30.0) -> None:
        """Uses an open database.

        Args:
            identity_key: key of the hashes that stand for a platform's ids.
            most_a_minute: turns that one person gets within a minute; what is more waits.
            lease_seconds: after which a turn that was begun and not finished is taken for lost; longer than a turn may take.
        """
        self._engine = engine
        self._channel = channel
        self._people = People(channel, identity_key)
        self._most_a_minute = most_a_minute
        self._lease_seconds = lease_seconds

    def store(self, heard: Sequence[Heard | Moved], now: datetime) -> None:
        """Keeps all updates of a delivery, or none; those that are known already stay as they are."""
        stamp = now.timestamp()
        with writing(self._engine) as connection:
            for item in heard:
                if isinstance(item, Moved):
                    self._people.move(connection, item)
                else:
                    self._store(connection, item, stamp)

    def _store(self, connection: Connection, heard: Heard, stamp: float) -> None:
        conversation = self._people.conversation(connection, heard, stamp)
        row = {
            "channel": self._channel,
            "id": digest(f"{self._channel}:{heard.id}"),
            "conversation": conversation,
            "position": heard.position,
            "content": json.dumps(heard.done.as_json()),
            "received_at": stamp,
            "due_at": stamp + SETTLE_SECONDS,
            "attempts": 0,
        }
        if insert_new(connection, updates, row):
            connection.execute(update(people).where(people.c.conversation == conversation).values(heard_at=stamp))
            outbox.release_held(connection, conversation, stamp)

    def due(self, now: datetime, most: int) -> list[str]:
        """Conversations that have something to answer and that nobody works on, the longest waiting first."""
        stamp = now.timestamp()
        waiting = (
            select(updates.c.conversation)
            .where(updates.c.channel == self._channel, _OPEN, updates.c.due_at <= stamp)
            .where(leases.is_free("in:" + updates.c.conversation, stamp))
            .order_by(updates.c.due_at)
            .limit(4 * most)
        )
        with reading(self._engine) as connection:
            return list(dict.fromkeys(connection.execute(waiting).scalars()))[:most]

    def claim(self, conversation: str, now: datetime) -> Turn | None:
        """The conversation's next turn; None where another runs one, or nothing is due."""
        stamp, run = now.timestamp(), uuid4().hex
        with writing(self._engine) as connection:
            if not leases.take(connection, f"in:{conversation}", run, stamp, self._lease_seconds):
                return None
            row = connection.execute(_first_open(conversation)).one_or_none()
            if row is None or row.due_at > stamp or self._is_too_fast(connection, row, stamp):
                leases.give_back(connection, f"in:{conversation}", run)
                return None
            taken = {"run": run, "attempts": row.attempts + 1}
            connection.execute(update(updates).where(updates.c.number == row.number).values(**taken))
            done = Done.from_json(json.loads(row.content))
            person = connection.execute(select(people).where(people.c.conversation == conversation)).one()
            says = tuple(_says(connection, conversation, done, greeted=person.greeted_at is not None))
        return Turn(row.number, row.id, conversation, run, row.attempts + 1, row.received_at, json.loads(person.address), done, says)

    def _is_too_fast(self, connection: Connection, row: Row, stamp: float) -> bool:
        """Whether the person has had enough turns for now; the update is put off until there is room again."""
        if row.attempts:
            return False
        try:
            limits.admit(connection, row.conversation, self._most_a_minute, stamp)
        except ChannelError as error:
            later = stamp + (error.retry_after or 1)
            connection.execute(update(updates).where(updates.c.number == row.number).values(due_at=later))
            return True
        return False

    def finish(self, turn: Turn, answer: Rendered, now: datetime, outcome: str = "answered") -> bool:
        """Ends a turn and queues its answer, both or neither; says whether the turn was still this attempt's to end."""
        stamp = now.timestamp()
        with writing(self._engine) as connection:
            ended = {"finished_at": stamp, "content": None, "outcome": outcome}
            if not connection.execute(update(updates).where(*_mine(turn)).values(**ended)).rowcount:
                return False
            outbox.add(connection, self._channel, turn.conversation, turn.id, answer.requests, stamp)
            payloads.offer(connection, turn.conversation, answer.choices, answer.numbered, stamp)
            greeted = update(people).where(people.c.conversation == turn.conversation, people.c.greeted_at.is_(None))
            connection.execute(greeted.values(greeted_at=stamp))
            leases.give_back(connection, f"in:{turn.conversation}", turn.run)
        return True

    def postpone(self, turn: Turn, seconds: float, now: datetime) -> None:
        """Puts a turn off that could not be run now."""
        stamp = now.timestamp()
        with writing(self._engine) as connection:
            connection.execute(update(updates).where(*_mine(turn)).values(due_at=stamp + seconds))
            leases.give_back(connection, f"in:{turn.conversation}", turn.run)

    def forget_old(self, now: datetime) -> None:
        """Deletes what is of no use any more."""
        over = now.timestamp() - KEEP_SECONDS
        with writing(self._engine) as connection:
            connection.execute(delete(updates).where(updates.c.channel == self._channel, updates.c.finished_at < over))
            connection.execute(delete(offers).where(offers.c.offered_at < over))


def _first_open(conversation: str) -> Select:
    mine = select(updates).where(updates.c.conversation == conversation, _OPEN)
    return mine.order_by(updates.c.position, updates.c.number).limit(1)


def _mine(turn: Turn) -> tuple[object, ...]:
    return updates.c.number == turn.number, updates.c.run == turn.run, _OPEN


def _says(connection: Connection, conversation: str, done: Done, greeted: bool) -> list[str]:
    """What the dialogue is to hear: first of all a start, where this person has never been told who this is."""
    says = list(done.commands)
    if not greeted and not done.leaves and not any(command.startswith("/start") for command in says):
        says.insert(0, f'/start{{"language": "{done.language or "en"}"}}')
    if done.key is not None:
        says.append(payloads.payload_of_key(connection, conversation, done.key) or GONE)
    elif done.text is not None:
        said = Said("", text=done.text).for_dialogue
        says.append(payloads.payload_of_number(connection, conversation, done.text) or said)
    return says
