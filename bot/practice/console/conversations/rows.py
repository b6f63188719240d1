"""Writes conversations that were read from their events into the tables, many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, bindparam, delete, func, insert, select, text, update
from sqlalchemy.engine import Connection

from bot.practice.console.conversations import search
from bot.practice.console.conversations.days import write_days
from bot.practice.console.conversations.models import conversation, message, waiting
from bot.practice.console.conversations.summary import URGENCY, Outcome, Summary, Wait
from bot.practice.console.conversations.transcript import Transcript, Turn, Understood
from bot.practice.console.teaching.models import unclear
from bot.practice.console.teaching.wording import wording

UNCLEAR = (Understood.DOUBTFUL.value, Understood.OUT_OF_SCOPE.value, Understood.NO.value)
"""What staff is asked about in the inbox."""
INDEX_LOCK = 6_330_004
"""Number of the PostgreSQL lock that processes queue at."""


@dataclass(frozen=True)
class Indexed:
    """A conversation read from its events."""

    sender: str
    transcript: Transcript
    summary: Summary


def write(connection: Connection, read_now: Sequence[Indexed]) -> None:
    """Writes what is newer than what the tables hold."""
    lock_index(connection)
    known = _known(connection, [each.sender for each in read_now])
    changed = [each for each in read_now if each.sender not in known or known[each.sender].last_event < each.transcript.last_event]
    _write_conversations(connection, changed, known)
    numbers = {sender: row.id for sender, row in _known(connection, [each.sender for each in changed]).items()}
    by_number = {numbers[each.sender]: each for each in changed}
    _write_messages(connection, by_number, [row.id for row in known.values() if not row.last_event])
    _write_waiting(connection, by_number)
    if by_number:
        write_days(
            connection, {number: (each.summary.channel, each.summary.language, each.transcript) for number, each in by_number.items()}
        )
        search.put(connection, [(number, " ".join(turn.text for turn in each.transcript.said)) for number, each in by_number.items()])


def lock_index(connection: Connection) -> None:
    """Lets one process at a time write the index, as SQLite's write lock does by itself, until its transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": INDEX_LOCK})


def _known(connection: Connection, senders: Sequence[str]) -> dict[str, Any]:
    c = conversation.c
    query = select(c.sender, c.id, c.last_event, c.length, c.reviewed).where(c.sender.in_(senders))
    return {row.sender: row for row in connection.execute(query)}


def _write_conversations(connection: Connection, changed: Sequence[Indexed], known: Mapping[str, Any]) -> None:
    fresh = [{"sender": each.sender, **_values(each)} for each in changed if each.sender not in known]
    if fresh:
        connection.execute(insert(conversation), fresh)
    more = [each for each in changed if each.sender in known]
    # what was reviewed is to be looked at again when more was said
    rows = [
        {"of": known[each.sender].id, "reviewed": known[each.sender].reviewed and each.summary.length <= known[each.sender].length}
        | _values(each)
        for each in more
    ]
    _update(connection, conversation, conversation.c.id, rows)


def _values(read_now: Indexed) -> dict[str, Any]:
    summary = read_now.summary
    plain = {name: getattr(summary, name) for name in ("channel", "language", "started_at", "last_at", "length", "confidence")}
    kept = {name: getattr(summary, name) for name in ("opening", "reference", "form_open")}
    return plain | kept | {"outcomes": int(summary.outcomes), "band": int(summary.band), "last_event": read_now.transcript.last_event}


def _write_messages(connection: Connection, changed: Mapping[int, Indexed], anew: Sequence[int]) -> None:
    """Writes the messages from the last one known on, which may have got its answer only now; of some conversations all."""
    c = message.c
    connection.execute(delete(message).where(c.conversation_id.in_(anew)))
    query = select(c.conversation_id, func.max(c.event).label("event")).where(c.conversation_id.in_(changed)).group_by(c.conversation_id)
    last = {row.conversation_id: row.event for row in connection.execute(query)}
    if last:
        connection.execute(delete(message).where(c.event.in_(last.values())))
    rows = [
        _message(number, turn, each.transcript)
        for number, each in changed.items()
        for turn in each.transcript.said
        if turn.event >= last.get(number, 0)
    ]
    if rows:
        connection.execute(insert(message), rows)
    doubtful = [{"event": row["event"], "wording": wording(row["text"]), "at": row["at"]} for row in rows if row["understood"] in UNCLEAR]
    if doubtful:
        connection.execute(insert(unclear), doubtful)


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


def _write_waiting(connection: Connection, changed: Mapping[int, Indexed]) -> None:
    """Puts conversations on the list of those who wait for a person, again where a later message calls for one."""
    waits = {number: each.summary.waits for number, each in changed.items() if each.summary.waits}
    rows = connection.execute(select(waiting).where(waiting.c.conversation_id.in_(waits))).mappings()
    known = {row["conversation_id"]: row for row in rows}
    fresh = [{"conversation_id": number, **_waits_anew(waits[number])} for number in waits if number not in known]
    if fresh:
        connection.execute(insert(waiting), fresh)
    for number, row in known.items():
        later = tuple(wait for wait in waits[number] if wait.event > row["event"])
        if later:
            values = _waits_anew(later) if row["done_at"] else _reasons(later, Outcome(row["reasons"]))
            connection.execute(update(waiting).where(waiting.c.conversation_id == number).values(**values))


def _waits_anew(waits: Sequence[Wait]) -> dict[str, Any]:
    """Waiting since the first of these messages, with nobody who has taken it."""
    return {**_reasons(waits), "since": waits[0].at, "taken_by": None, "taken_at": None, "done_by": None, "done_at": None}


def _reasons(waits: Sequence[Wait], before: Outcome = Outcome(0)) -> dict[str, Any]:
    why = before
    for wait in waits:
        why |= wait.why
    return {"reasons": int(why), "urgency": next(urgency for outcome, urgency in URGENCY if outcome & why), "event": waits[-1].event}


def _update(connection: Connection, table: Table, key: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Changes rows known by a key, which each of them gives as `of`."""
    if rows:
        values: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "of"}
        connection.execute(update(table).where(key == bindparam("of")).values(**values), list(rows))
