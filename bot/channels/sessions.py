"""The web channel's memory: which messages were taken, what was answered and what was offered, shared by all workers."""

import json
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, delete, select, text, update
from sqlalchemy.engine import Connection, Engine, Row

from bot.channels import ending, limits
from bot.channels.ending import END, TAKE_OVER_SECONDS
from bot.channels.errors import ChannelError
from bot.channels.incoming import Said, digest
from bot.channels.output import Message, offered
from bot.channels.schema import metadata, offers, turns
from bot.channels.upsert import insert_new, insert_or_replace
from bot.database import reading, writing
from bot.tables import create_tables

START = "start"
"""Id of the turn that opens a session; no client's id, since those are UUIDs."""
HISTORY_TURNS = 500
"""How many turns back a page reload shows."""

_MINE = (
    turns.c.session == bindparam("of_session"),
    turns.c.id == bindparam("of_id"),
    turns.c.run == bindparam("of_run"),
    turns.c.finished_at.is_(None),
)
# built once: each costs 0.2 ms to build
_UPDATE = update(turns).where(*_MINE)
_ENDED = select(turns.c.number).where(turns.c.session == bindparam("of_session"), turns.c.id == END)


@dataclass(frozen=True)
class Turn:
    """A turn that the caller, and nobody else, is to run."""

    session: str
    id: str
    run: str
    """Names this attempt, so that one that was given up can't finish another's."""


@dataclass(frozen=True)
class Answer:
    """A turn that was run before."""

    messages: list[Message]


class Sessions:
    """What the channel keeps, over one database.

    Each method is one short transaction. Times come in as `now`. All raise SQLAlchemyError when the database fails.
    """

    def __init__(self, engine: Engine, keep_seconds: float, take_over_seconds: float = TAKE_OVER_SECONDS) -> None:
        """Uses an open database.

        Args:
            keep_seconds: how long a session lives, and so how long its turns are of use.
            take_over_seconds: after which a turn that was begun and not finished is taken for lost.
        """
        self._engine = engine
        self._keep_seconds = keep_seconds
        self._take_over_seconds = take_over_seconds

    def prepare(self) -> None:
        """Makes the tables."""
        create_tables(self._engine, metadata)

    def open(self, session: str, address: str, most: int, now: datetime) -> Turn:
        """Opens a session with its first turn, and forgets sessions that are over.

        Args:
            address: what stands for the client's network address.
            most: sessions that one address may open in a minute.

        Raises:
            ChannelError: too_many.
        """
        stamp, run = now.timestamp(), uuid4().hex
        with writing(self._engine) as connection:
            self._forget_old(connection, stamp)
            limits.admit(connection, address, most, stamp)
            insert_new(connection, turns, _row(session, Said(START), run, stamp))
        return Turn(session, START, run)

    def claim(self, session: str, said: Said, most: int, now: datetime) -> Turn | Answer | None:
        """A turn to run for this message, or what it was answered before, or nothing while another runs it.

        Args:
            most: messages that one session may send in a minute.

        Raises:
            ChannelError: token_expired, id_reused, payload_not_offered or too_many; nothing is kept then.
        """
        stamp, run = now.timestamp(), uuid4().hex
        with writing(self._engine) as connection:
            _require_going_on(connection, session)
            if not insert_new(connection, turns, _row(session, said, run, stamp)):
                return self._claim_known(connection, session, said, run, stamp)
            limits.admit(connection, session, most, stamp)
            if said.payload is not None:
                _say_title(connection, session, said)
        return Turn(session, said.id, run)

    def _claim_known(self, connection: Connection, session: str, said: Said, run: str, stamp: float) -> Turn | Answer | None:
        turn = connection.execute(select(turns).where(turns.c.session == session, turns.c.id == said.id)).one_or_none()
        if turn is None:
            return None  # released just now
        if turn.digest != said.digest:
            raise ChannelError("id_reused")
        if turn.finished_at is not None:
            return Answer(json.loads(turn.messages))
        if turn.started_at > stamp - self._take_over_seconds:
            return None
        lost, taken = Turn(session, said.id, turn.run), Turn(session, said.id, run)
        taken_over = connection.execute(_UPDATE, _of(lost) | {"run": run, "started_at": stamp}).rowcount
        return taken if taken_over else None

    def finish(self, turn: Turn, messages: list[Message], now: datetime) -> bool:
        """Keeps a turn's answer and what it offers; says whether the turn was still this attempt's to finish."""
        stamp = now.timestamp()
        with writing(self._engine) as connection:
            answer = {"messages": json.dumps(messages, default=str), "finished_at": stamp}
            if not connection.execute(_UPDATE, _of(turn) | answer).rowcount:
                return False
            payloads = offered(messages)
            if payloads:
                rows = [{"session": turn.session, "digest": digest(p), "title": t, "offered_at": stamp} for p, t in payloads.items()]
                insert_or_replace(connection, offers, rows)
        return True

    def release(self, turn: Turn) -> None:
        """Forgets a turn that failed, so that its message can be sent again."""
        with writing(self._engine) as connection:
            connection.execute(delete(turns).where(*_MINE), _of(turn))

    def history(self, session: str, after: str | None = None) -> list[Message]:
        """The conversation in order, from behind the message `after`, or all of it if that is unknown.

        Raises:
            ChannelError: token_expired.
        """
        latest = select(turns).where(turns.c.session == session).order_by(turns.c.number.desc()).limit(HISTORY_TURNS)
        with reading(self._engine) as connection:
            _require_going_on(connection, session)
            rows = connection.execute(latest).all()
        messages = [message for row in reversed(rows) for message in _conversation(row)]
        known = [index for index, message in enumerate(messages) if message["id"] == after]
        return messages[known[0] + 1 :] if known else messages

    def require_going_on(self, session: str) -> None:
        """Nothing, unless the session's visitor deleted it.

        Raises:
            ChannelError: token_expired.
        """
        with reading(self._engine) as connection:
            _require_going_on(connection, session)

    def end(self, session: str, now: datetime) -> None:
        """Lets no further turn begin; safe to call again."""
        with writing(self._engine) as connection:
            ending.end(connection, session, now.timestamp())

    def is_busy(self, session: str, now: datetime) -> bool:
        """Whether a turn is still running, which may yet write."""
        with reading(self._engine) as connection:
            return ending.is_busy(connection, session, now.timestamp(), self._take_over_seconds)

    def forget(self, session: str) -> None:
        """Deletes all that is kept of an ended session, but for the row that says that it ended."""
        with writing(self._engine) as connection:
            ending.forget(connection, session)

    def probe(self) -> None:
        """Finds out whether the database takes writes."""
        with writing(self._engine) as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        """Closes the database."""
        self._engine.dispose()

    def _forget_old(self, connection: Connection, stamp: float) -> None:
        over = stamp - self._keep_seconds
        connection.execute(delete(turns).where(turns.c.started_at < over))
        connection.execute(delete(offers).where(offers.c.offered_at < over))
        limits.forget_idle(connection, stamp)


def _require_going_on(connection: Connection, session: str) -> None:
    if connection.execute(_ENDED, {"of_session": session}).first():
        raise ChannelError("token_expired")


def _row(session: str, said: Said, run: str, stamp: float) -> dict[str, Any]:
    return {"session": session, "id": said.id, "said": said.text, "digest": said.digest, "run": run, "started_at": stamp}


def _of(turn: Turn) -> dict[str, str]:
    return {"of_session": turn.session, "of_id": turn.id, "of_run": turn.run}


def _say_title(connection: Connection, session: str, said: Said) -> None:
    """Lets a tapped button stand in the conversation by its title."""
    offer = select(offers.c.title).where(offers.c.session == session, offers.c.digest == digest(said.payload or ""))
    title = connection.execute(offer).scalar_one_or_none()
    if title is None:
        raise ChannelError("payload_not_offered")
    connection.execute(update(turns).where(turns.c.session == session, turns.c.id == said.id).values(said=title))


def _conversation(turn: Row) -> list[Message]:
    """Both sides of one turn."""
    messages = []
    if turn.said is not None:
        said = {"id": turn.id, "from": "visitor", "text": turn.said, "buttons": [], "cards": [], "link": None, "slots": []}
        messages.append(said | {"lang": None, "at": _iso(turn.started_at)})
    if turn.finished_at is not None:
        messages += [message | {"from": "assistant", "at": _iso(turn.finished_at)} for message in json.loads(turn.messages)]
    return messages


def _iso(stamp: float) -> str:
    return datetime.fromtimestamp(stamp, timezone.utc).isoformat(timespec="milliseconds")
