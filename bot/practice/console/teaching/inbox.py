"""What was not understood or in doubt and nobody has said anything about: similar messages together, most frequent first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.engine import Connection

from bot.practice.console.conversations.models import conversation, message
from bot.practice.console.teaching.judging import State
from bot.practice.console.teaching.models import judgement, unclear
from bot.practice.console.teaching.wording import groups, normal

WINDOW = timedelta(days=90)
"""What is older is not asked about any more: the assistant has changed since."""
LOOKED_AT = 300
"""Most frequent wordings among which similar ones are put together."""
SHOWN = 40
"""Groups on a page; the next come up when these are done."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Wording:
    """Messages of the same words."""

    event: int
    """The latest of them."""
    text: str
    language: str
    label: str
    """What the latest was taken for."""
    conversation: int
    times: int


@dataclass(frozen=True)
class Group:
    """Wordings that are near to each other, led by the most frequent one."""

    wordings: tuple[Wording, ...]

    @property
    def times(self) -> int:
        """How often any of them was written."""
        return sum(each.times for each in self.wordings)


@dataclass(frozen=True)
class Inbox:
    """The open groups."""

    groups: tuple[Group, ...]
    wordings: int
    """How many different wordings are open in all."""
    messages: int
    """How many messages."""


def inbox(connection: Connection, now: datetime) -> Inbox:
    """The groups that come first, and how much there is in all."""
    rows = _frequent(connection, now)
    shown = _wordings(connection, rows)
    total = rows[0] if rows else {"wordings": 0, "messages": 0}
    found = [Group(tuple(shown[place] for place in places)) for places in groups([each.text for each in shown])]
    found.sort(key=lambda group: -group.times)
    return Inbox(tuple(found[:SHOWN]), int(total["wordings"]), int(total["messages"]))


def alike(connection: Connection, asked: Row, now: datetime) -> list[Wording]:
    """A message with those of the inbox that are near to it, itself first.

    Args:
        asked: row of console_message.
    """
    own = Wording(asked["event"], asked["text"], asked["language"], asked["label"], asked["conversation_id"], 1)
    others = _wordings(connection, _frequent(connection, now))
    form = normal(asked["text"])
    same = next((each for each in others if normal(each.text) == form), None)
    others = [each for each in others if each is not same]
    places = groups([own.text, *(each.text for each in others)])[0]
    return [same and Wording(own.event, own.text, own.language, own.label, own.conversation, same.times) or own] + [
        others[place - 1] for place in places[1:]
    ]


def _frequent(connection: Connection, now: datetime) -> Sequence[Row]:
    """Wordings that nobody has judged since they were last written, with the totals on each row."""
    u, j = unclear.c, judgement.c
    judged = select(j.id).where(j.wording == u.wording, j.state != State.TAKEN_BACK.value, or_(j.done_at.is_(None), j.done_at >= u.at))
    times = func.count().label("times")
    totals = (func.count().over().label("wordings"), func.sum(func.count()).over().label("messages"))
    query = select(func.max(u.event).label("event"), times, *totals).where(u.at > now - WINDOW, ~judged.exists())
    return list(connection.execute(query.group_by(u.wording).order_by(times.desc(), func.max(u.event).desc()).limit(LOOKED_AT)).mappings())


def _wordings(connection: Connection, rows: Sequence[Row]) -> list[Wording]:
    """Each with the text of its latest message."""
    m = message.c
    query = select(m.event, m.text, m.language, m.label, m.conversation_id).where(m.event.in_([row["event"] for row in rows]))
    found = {row["event"]: row for row in connection.execute(query).mappings()}
    return [
        Wording(row["event"], said["text"], said["language"], said["label"], said["conversation_id"], row["times"])
        for row in rows
        if (said := found.get(row["event"]))
    ]


def message_of(connection: Connection, event: int) -> Row | None:
    """A typed message, with the assistant's id of its conversation."""
    query = select(message, conversation.c.sender).join(conversation, conversation.c.id == message.c.conversation_id)
    return connection.execute(query.where(message.c.event == event, ~message.c.tapped)).mappings().first()
