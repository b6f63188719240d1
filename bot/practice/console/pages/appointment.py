"""One appointment: looked at, moved, cancelled, handed over, noted as missed."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from types import SimpleNamespace
from typing import Any

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.database import reading, writing
from bot.practice import changes
from bot.practice.booking import desk
from bot.practice.booking.appointment import Numbered
from bot.practice.booking.availability import LOCAL
from bot.practice.booking.contents import instant
from bot.practice.booking.errors import BookingRefused
from bot.practice.booking.models import therapist
from bot.practice.booking.store import Also
from bot.practice.changes import Change, Conflict, Thing
from bot.practice.console.conversations.models import conversation
from bot.practice.console.editing import Editor, by, seen_version
from bot.practice.console.forms import Field
from bot.practice.console.pages.appointments import desk_store, findings_of, free_times
from bot.practice.console.staff.accounts import Role
from bot.practice.console.texts import moment
from bot.practice.console.visit import Number, Visit, visit_of

router = APIRouter(prefix="/appointments")


@router.get("/{number}")
def show(number: Number, day: str = "", visit: Visit = Depends(visit_of)) -> Response:
    """The appointment with its history; that it was seen is recorded. With `day`, the free times of that day to move it to."""
    with writing(visit.console.engine) as connection:
        visit.record(connection, "appointment_seen", f"appointment:{number}")
    return _page(visit, number, day=day)


@router.post("/{number}/move")
def move(number: Number, visit: Visit = Depends(visit_of)) -> Response:
    """To another free time."""
    try:
        start = instant(visit.form.get("start", ""))
    except ValueError:
        return _page(visit, number, fault="choose_time", day=visit.form.get("day", ""))
    return _change(
        visit, number, lambda which, also: desk_store(visit.console).move_which(which, start, visit.now, by(visit), also), "moved"
    )


@router.post("/{number}/cancel")
def cancel(number: Number, visit: Visit = Depends(visit_of)) -> Response:
    """Cancels it after a tick that says so, and frees its time."""
    if visit.form.get("sure") != "yes":
        return _page(visit, number, fault="not_sure")
    return _change(
        visit, number, lambda which, also: desk_store(visit.console).cancel_which(which, visit.now, by(visit), also), "cancelled"
    )


@router.post("/{number}/therapist")
def hand_over(number: Number, visit: Visit = Depends(visit_of)) -> Response:
    """To another therapist at the same time."""
    to = visit.form.get("therapist", "")
    return _change(
        visit, number, lambda which, also: desk_store(visit.console).hand_over(which, to, visit.now, by(visit), also), "handed_over"
    )


@router.post("/{number}/no-show")
def no_show(number: Number, visit: Visit = Depends(visit_of)) -> Response:
    """The visitor did not come."""
    return _note(visit, number, missing=True, action="no_show")


@router.post("/{number}/came")
def came(number: Number, visit: Visit = Depends(visit_of)) -> Response:
    """The visitor came after all."""
    return _note(visit, number, missing=False, action="came")


def _note(visit: Visit, number: int, missing: bool, action: str) -> Response:
    def work(which: Numbered, also: Also) -> None:
        desk_store(visit.console).note_no_show(which, missing, visit.now, by(visit), also)

    return _change(visit, number, work, action)


def _change(visit: Visit, number: int, work: Callable[[Numbered, Also], Any], action: str) -> Response:
    """Does it, with its line in the audit trail; else shows the page with what stands against it."""

    def also(connection: Connection, _number: int) -> None:
        visit.record(connection, f"appointment_{action}", f"appointment:{number}")

    seen = seen_version(visit)
    try:
        work(Numbered(number, seen), also)
    except Conflict:
        with reading(visit.console.engine) as connection:
            newer = changes.history(connection, _thing(number), since=max(seen, 0))
        return _page(visit, number, newer=newer, fault="changed_meanwhile")
    except BookingRefused as refused:
        return _page(visit, number, fault=refused.code, day=visit.form.get("day", ""))
    return visit.go(f"/appointments/{number}")


def _page(visit: Visit, number: int, fault: str = "", newer: Sequence[Change] = (), day: str = "") -> Response:
    with reading(visit.console.engine) as connection:
        row = desk.one(connection, number)
        if row is None:
            raise HTTPException(404)
        editor = _editor(visit, connection, number)
        facts = {
            "version": changes.version(connection, _thing(number)),
            "kept": editor.history(connection),
            "people": _others(connection, row),
            "conversations": _conversations(connection, row["reference"]),
        }
    begun = row["starts_at"] <= visit.now
    may_change = visit.who.role >= Role.REVIEWER and row["status"] == "booked"
    chosen = _chosen_day(row, day)
    times = free_times(visit, row["type"], chosen) if may_change and not begun else []
    facts |= {
        "editor": editor,
        "newer": newer,
        "findings": findings_of(row),
        "chosen_day": chosen,
        "times": times,
        "may_change": may_change,
    }
    return visit.page("appointments/view.html", 409 if fault else 200, row=row, begun=begun, fault=fault, **facts)


def _editor(visit: Visit, connection: Connection, number: int) -> Editor:
    """Only tells the history: an appointment is not changed by a form of fields."""
    names = {row.key: row.name for row in connection.execute(select(therapist))}
    at = Field(lambda sent: sent, lambda value, _: value, _moment)
    status = partial(_named, vars(visit.texts.appointment_states))
    fields = {
        "status": Field(lambda sent: sent, lambda value, _: value, status),
        "starts_at": at,
        "no_show_at": at,
        "therapist": Field(lambda sent: sent, lambda value, _: value, partial(_named, names)),
    }
    return Editor(visit, _thing(number), fields)


def _moment(value: str | None, texts: SimpleNamespace, language: str) -> str:
    return moment(datetime.fromisoformat(value), language) if value else str(texts.nothing)


def _named(names: dict[str, str], value: str | None, texts: SimpleNamespace, _language: str) -> str:
    return str(texts.nothing) if value is None else names.get(value, value)


def _others(connection: Connection, row: desk.Row) -> dict[str, str]:
    """Names of the other therapists who work, by key."""
    query = select(therapist).where(therapist.c.active, therapist.c.key != row["therapist"]).order_by(therapist.c.id)
    return {each.key: each.name for each in connection.execute(query)}


def _conversations(connection: Connection, reference: str) -> list[int]:
    c = conversation.c
    return list(connection.execute(select(c.id).where(c.reference == reference).order_by(c.id.desc()).limit(5)).scalars())


def _chosen_day(row: desk.Row, day: str) -> date:
    try:
        chosen = date.fromisoformat(day)
    except ValueError:
        chosen = row["starts_at"].astimezone(LOCAL).date()
    return chosen if 2000 <= chosen.year <= 2200 else row["starts_at"].astimezone(LOCAL).date()


def _thing(number: int) -> Thing:
    return Thing("appointment", str(number))
