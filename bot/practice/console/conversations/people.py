"""People who wait for one of the staff: who, why, since when, and how to reach them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.sql.selectable import Select

from bot.practice.console.conversations.events import Event, events
from bot.practice.console.conversations.listing import from_stamp, to_stamp
from bot.practice.console.conversations.models import conversation, waiting
from bot.practice.console.staff.accounts import Account

ROWS = 50
DONE_ROWS = 20
CONTACT = ("name", "phone", "email")
"""Facts by which somebody can be reached."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Place:
    """Where somebody stands among those who wait."""

    urgency: int
    since: datetime
    id: int

    @classmethod
    def of(cls, row: Row) -> "Place":
        """Of a row."""
        return cls(row["urgency"], row["since"], row["conversation_id"])

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """From an address; None for what is no place."""
        parts = text.split("-")
        if len(parts) != 3 or not all(
            part.isascii() and part.isdigit() and len(part) <= most for part, most in zip(parts, (1, 17, 9), strict=True)
        ):
            return None
        return cls(int(parts[0]), from_stamp(int(parts[1])), int(parts[2]))

    def __str__(self) -> str:
        """For an address."""
        return f"{self.urgency}-{to_stamp(self.since)}-{self.id}"

    def later(self) -> ClauseElement:
        """The condition on who comes after."""
        w = waiting.c
        same = (w.urgency == self.urgency) & or_(w.since > self.since, (w.since == self.since) & (w.conversation_id > self.id))
        return or_(w.urgency > self.urgency, same)


def waiting_people(connection: Connection, after: Place | None) -> tuple[list[Row], Place | None]:
    """A page of those nobody is done with, the most urgent and longest waiting first, and where the next page begins."""
    query = _rows().where(waiting.c.done_at.is_(None), *([after.later()] if after else []))
    ordered = query.order_by(waiting.c.urgency, waiting.c.since, waiting.c.conversation_id).limit(ROWS + 1)
    rows = list(connection.execute(ordered).mappings())
    return rows[:ROWS], Place.of(rows[ROWS - 1]) if len(rows) > ROWS else None


def number_waiting(connection: Connection) -> int:
    """How many nobody is done with."""
    return int(connection.execute(select(func.count()).select_from(waiting).where(waiting.c.done_at.is_(None))).scalar_one())


def done_lately(connection: Connection) -> list[Row]:
    """The last ones done."""
    query = _rows().where(waiting.c.done_at.is_not(None)).order_by(waiting.c.done_at.desc()).limit(DONE_ROWS)
    return list(connection.execute(query).mappings())


def take(connection: Connection, number: int, who: Account, now: datetime) -> bool:
    """Takes somebody on; False where a colleague has, or it is done."""
    free = (waiting.c.conversation_id == number, waiting.c.taken_by.is_(None), waiting.c.done_at.is_(None))
    return connection.execute(update(waiting).where(*free).values(taken_by=who.name, taken_at=now)).rowcount == 1


def give_back(connection: Connection, number: int) -> bool:
    """Lets a colleague take it; False where it is done."""
    taken = (waiting.c.conversation_id == number, waiting.c.done_at.is_(None))
    return connection.execute(update(waiting).where(*taken).values(taken_by=None, taken_at=None)).rowcount == 1


def finish(connection: Connection, number: int, who: Account, now: datetime) -> bool:
    """Is done with somebody, until a later message calls for a person again; False where it was done."""
    unfinished = (waiting.c.conversation_id == number, waiting.c.done_at.is_(None))
    return connection.execute(update(waiting).where(*unfinished).values(done_by=who.name, done_at=now)).rowcount == 1


def contacts(connection: Connection, senders: Sequence[str]) -> dict[str, dict[str, str]]:
    """What each of some conversations told about how to reach its visitor, from the assistant's database."""
    query = select(events.c.id, events.c.sender_id, events.c.action_name, events.c.data).order_by(events.c.id)
    told = query.where(events.c.sender_id.in_(senders), events.c.type_name == "slot", events.c.action_name.in_(CONTACT))
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for number, sender, slot, data in connection.execute(told):
        value = Event(number, "slot", datetime.min, data).data.get("value")
        if isinstance(value, str) and value != "skipped":
            found[sender][slot] = value
    return found


def _rows() -> Select:
    c = conversation.c
    beside = (c.sender, c.channel, c.language, c.opening, c.reference, c.last_at)
    return select(waiting, *beside).join(conversation, c.id == waiting.c.conversation_id)
