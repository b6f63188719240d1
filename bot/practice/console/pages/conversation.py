"""One conversation: as the visitor saw it, what was understood, and what staff adds."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.database import reading, writing
from bot.practice.booking.models import appointment
from bot.practice.console.conversations import listing, search, upkeep
from bot.practice.console.conversations.events import events_of
from bot.practice.console.conversations.filters import YES, Filter
from bot.practice.console.conversations.listing import Place
from bot.practice.console.conversations.models import conversation, waiting
from bot.practice.console.conversations.summary import Outcome
from bot.practice.console.conversations.transcript import Transcript, read
from bot.practice.console.pages.conversations import search_words
from bot.practice.console.staff.accounts import Role
from bot.practice.console.teaching import judging
from bot.practice.console.teaching.labels import labels, name_of
from bot.practice.console.visit import Number, Visit, visit_of

router = APIRouter(prefix="/conversations/{number}")


@router.get("")
def show(number: Number, visit: Visit = Depends(visit_of)) -> Response:
    """The whole conversation; that it was seen is recorded."""
    wanted = Filter.of(visit.request.query_params)
    with writing(visit.console.engine) as connection:
        row = _row(connection, number)
        visit.record(connection, "conversation_seen", f"conversation:{number}")
    with reading(visit.console.engine) as connection:
        words = search_words(connection, visit, wanted)
        newer, older = listing.neighbours(connection, wanted, words, Place.of(row))
        facts: dict[str, Any] = {
            "row": row,
            "wanted": wanted,
            "marked": partial(search.marked, asked=words),
            "newer": newer,
            "older": older,
            "notes": upkeep.notes(connection, number),
            "tags": listing.tags_of(connection, [number]).get(number, []),
            "known_tags": upkeep.used_tags(connection),
            "appointment": _appointment(connection, row["reference"]),
            "judgements": judging.of_conversation(connection, number),
            "waits": connection.execute(select(waiting).where(waiting.c.conversation_id == number)).mappings().first(),
            "outcomes": list(Outcome),
            "may_change": visit.who.role >= Role.REVIEWER,
            "is_administrator": visit.who.role >= Role.ADMINISTRATOR,
        }
    known = labels(visit.texts, visit.language)
    facts["name_of"] = lambda label: name_of(label, visit.texts, known)
    return visit.page("conversations/view.html", transcript=_transcript(visit, row["sender"]), **facts)


@router.post("/review")
def review(number: Number, visit: Visit = Depends(visit_of)) -> Response:
    """Marks it as reviewed and goes on to the next one in the list, or takes the mark away and stays."""
    done, wanted = visit.form.get("reviewed") == YES, Filter.kept(visit.form)
    with writing(visit.console.engine) as connection:
        row = _row(connection, number)
        upkeep.review(connection, number, visit.who, done, visit.now)
        visit.record(connection, "conversation_reviewed" if done else "conversation_unreviewed", f"conversation:{number}")
        _, older = listing.neighbours(connection, wanted, search_words(connection, visit, wanted), Place.of(row))
    return _back(visit, older if done and older else number, wanted)


@router.post("/flag")
def flag(number: Number, visit: Visit = Depends(visit_of)) -> Response:
    """Puts the flag up or down."""
    up = visit.form.get("flagged") == YES
    with writing(visit.console.engine) as connection:
        _row(connection, number)
        upkeep.flag(connection, number, up)
        visit.record(connection, "conversation_flagged" if up else "conversation_unflagged", f"conversation:{number}")
    return _back(visit, number)


@router.post("/notes")
def add_note(number: Number, visit: Visit = Depends(visit_of)) -> Response:
    """Adds a note."""
    said = visit.form.get("text", "").strip()
    with writing(visit.console.engine) as connection:
        _row(connection, number)
        if said:
            upkeep.add_note(connection, number, visit.who, said, visit.now)
            visit.record(connection, "note_added", f"conversation:{number}")
    return _back(visit, number)


@router.post("/tags")
def change_tags(number: Number, visit: Visit = Depends(visit_of)) -> Response:
    """Adds a tag, or takes one away."""
    added, removed = upkeep.normal_tag(visit.form.get("tag", "")), visit.form.get("remove", "")
    with writing(visit.console.engine) as connection:
        _row(connection, number)
        if removed:
            upkeep.remove_tag(connection, number, removed)
            visit.record(connection, "tag_removed", f"conversation:{number}")
        elif added:
            upkeep.add_tag(connection, number, added)
            visit.record(connection, "tag_added", f"conversation:{number}")
    return _back(visit, number)


def _row(connection: Connection, number: int) -> Mapping[str, Any]:
    row = connection.execute(select(conversation).where(conversation.c.id == number)).mappings().first()
    if row is None:
        raise HTTPException(404)
    return row


def _transcript(visit: Visit, sender: str) -> Transcript | None:
    """Read from the assistant's own events; None where one of them can't be read."""
    with reading(visit.console.conversations) as connection:
        found = events_of(connection, [sender]).get(sender, [])
    try:
        return read(found)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _appointment(connection: Connection, reference: str | None) -> Mapping[str, Any] | None:
    if reference is None:
        return None
    query = select(appointment.c.id, appointment.c.reference, appointment.c.type, appointment.c.starts_at, appointment.c.status)
    return connection.execute(query.where(appointment.c.reference == reference)).mappings().first()


def _back(visit: Visit, number: int, wanted: Filter | None = None) -> Response:
    query = (wanted or Filter.kept(visit.form)).query()
    return visit.go(f"/conversations/{number}" + (f"?{query}" if query else ""))
