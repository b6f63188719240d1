"""What staff says about messages, what of it is agreed on, and what became of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.engine import Connection

from bot.practice.console.staff.accounts import Account, Role
from bot.practice.console.teaching.models import judgement
from bot.practice.console.teaching.wording import wording

NEW_TOPIC = "new_topic"
"""The label of what no topic answers yet; never learned."""
LONGEST_TEXT = 300
LONGEST_NOTE = 2000

Row = Mapping[str, Any]


class State(str, Enum):
    """What became of a judgement."""

    OPEN = "open"
    LEARNED = "learned"
    KNOWN = "known"
    """The examples had it already."""
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
    """It was learned, and the model that had learned it was given up."""


def judge(connection: Connection, message: Row, who: Account, label: str, text: str, language: str, note: str, now: datetime) -> int:
    """Keeps what somebody says about a message, in the place of what they said before; gives its number.

    Args:
        message: row of console_message.
        text: as it will be learned.
    """
    words = wording(message["text"])
    others = {row["label"] for row in open_of(connection, words) if row["staff_id"] != who.id}
    mine = (judgement.c.wording == words, judgement.c.staff_id == who.id, judgement.c.state == State.OPEN.value)
    was_disputed = len({row["label"] for row in open_of(connection, words)}) > 1
    connection.execute(delete(judgement).where(*mine))
    result = connection.execute(
        insert(judgement).values(
            wording=words,
            conversation_id=message["conversation_id"],
            event=message["event"],
            label=label,
            text=text[:LONGEST_TEXT],
            language=language,
            note=note[:LONGEST_NOTE],
            staff_id=who.id,
            staff_name=who.name,
            at=now,
            settles=bool(others) and was_disputed and who.role >= Role.ADMINISTRATOR,
        )
    )
    return int(result.inserted_primary_key[0])


def take_away(connection: Connection, number: int, who: Account) -> bool:
    """Takes one's own judgement away, or as an administrator anybody's, as long as it is open; False where that can't be."""
    mine = [] if who.role >= Role.ADMINISTRATOR else [judgement.c.staff_id == who.id]
    done = connection.execute(delete(judgement).where(judgement.c.id == number, judgement.c.state == State.OPEN.value, *mine))
    return bool(done.rowcount)


def open_of(connection: Connection, words: str) -> list[Row]:
    """Everybody's open judgements of a wording, oldest first."""
    query = select(judgement).where(judgement.c.wording == words, judgement.c.state == State.OPEN.value)
    return list(connection.execute(query.order_by(judgement.c.id)).mappings())


def of_conversation(connection: Connection, number: int) -> dict[int, list[Row]]:
    """The judgements of a conversation's messages by the message's event."""
    found: dict[int, list[Row]] = defaultdict(list)
    for row in connection.execute(select(judgement).where(judgement.c.conversation_id == number).order_by(judgement.c.id)).mappings():
        found[row["event"]].append(row)
    return dict(found)


def agreed(rows: Sequence[Row]) -> Row | None:
    """The judgement that counts among the open ones of a wording; None where people disagree.

    Args:
        rows: oldest first, one a member of staff.
    """
    last = rows[-1]
    return last if last["settles"] or len({row["label"] for row in rows}) == 1 else None


def all_open(connection: Connection) -> list[list[Row]]:
    """The open judgements of each wording."""
    found: dict[str, list[Row]] = defaultdict(list)
    query = select(judgement).where(judgement.c.state == State.OPEN.value).order_by(judgement.c.id)
    for row in connection.execute(query).mappings():
        found[row["wording"]].append(row)
    return list(found.values())


def accepted(connection: Connection) -> list[Row]:
    """What can be learned now: agreed on, and with a topic."""
    rows = [agreed(rows) for rows in all_open(connection)]
    return [row for row in rows if row is not None and row["label"] != NEW_TOPIC]


def conclude(connection: Connection, numbers: Sequence[int], state: State, now: datetime, reason: str = "") -> None:
    """Sets what became of judgements, and of what others had said before of the same wordings."""
    words = select(judgement.c.wording).where(judgement.c.id.in_(numbers))
    before = (judgement.c.wording.in_(words), judgement.c.state == State.OPEN.value, judgement.c.id <= max(numbers, default=0))
    values = {"state": state.value, "done_at": now, "reason": reason}
    connection.execute(update(judgement).where(judgement.c.id.in_(numbers) | and_(*before)).values(**values))


def lately(connection: Connection, most: int = 100) -> list[Row]:
    """What was decided last, newest first."""
    query = select(judgement).where(judgement.c.state != State.OPEN.value)
    return list(connection.execute(query.order_by(judgement.c.done_at.desc(), judgement.c.id.desc()).limit(most)).mappings())
