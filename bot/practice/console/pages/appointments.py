"""The appointments: by day or week, found by reference or person, booked for somebody who calls."""

import json
import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from pydantic import ValidationError
from sqlalchemy import select

from bot.database import reading, writing
from bot.practice.booking import desk
from bot.practice.booking.availability import LOCAL
from bot.practice.booking.contents import BookContent, iso
from bot.practice.booking.desk import Sight, State
from bot.practice.booking.diary import read_types
from bot.practice.booking.errors import BookingRefused, IdempotencyConflict, SlotNotOffered, SlotTaken
from bot.practice.booking.models import therapist
from bot.practice.booking.rules import Limits
from bot.practice.booking.store import AppointmentStore
from bot.practice.console.editing import Form, by
from bot.practice.console.forms import Fault
from bot.practice.console.staff.accounts import Role
from bot.practice.console.visit import MOST, Console, Visit, visit_of

router = APIRouter(prefix="/appointments")

VIEWS = {"day": 1, "week": 7}
STATES: tuple[State, ...] = ("booked", "cancelled", "no_show")
FIELDS = ("type", "start", "name", "email", "phone", "language")
LONGEST_WORDS = 200


def desk_store(console: Console) -> AppointmentStore:
    """The appointments under the same rules as for visitors, but without notice: staff knows what can still be done today."""
    limits = Limits(timedelta(0), console.settings.booking_horizon_days)
    return AppointmentStore(console.engine, limits, console.settings.video_base_url)


@router.get("")
def listing(
    start: str = "", view: str = "", kind: str = "", state: str = "", therapist: str = "", visit: Visit = Depends(visit_of)
) -> Response:
    """The appointments of a day or a week; that they were seen is recorded, since names are shown."""
    sight = _sight(visit, start, view, kind, state, therapist)
    with writing(visit.console.engine) as connection:
        visit.record(connection, "appointments_seen", f"day:{sight.first}")
        rows = desk.listed(connection, sight)
    return visit.page("appointments/list.html", **_listed(visit, rows), sight=sight, query=_query(sight), found_by=None)


@router.post("/find")
def find(visit: Visit = Depends(visit_of)) -> Response:
    """By reference, name, e-mail address or telephone number; what was looked for stands in no address."""
    words = visit.form.get("words", "").strip()[:LONGEST_WORDS]
    with writing(visit.console.engine) as connection:
        visit.record(connection, "appointments_searched")
        rows = desk.found(connection, words)
    if len(rows) == 1:
        return visit.go(f"/appointments/{rows[0]['id']}")
    sight = _sight(visit)
    return visit.page("appointments/list.html", **_listed(visit, rows), sight=sight, query=_query(sight), found_by=words)


@router.get("/new")
def blank(kind: str = "", day: str = "", visit: Visit = Depends(visit_of)) -> Response:
    """The form to book for somebody who calls: first kind and day, then a free time and who it is for."""
    given = dict.fromkeys(FIELDS, "") | {"type": kind, "day": _day(visit, day).isoformat(), "language": "nl"}
    return _booking(visit, Form(given | {"key": secrets.token_urlsafe(16)}))


@router.post("")
def book(visit: Visit = Depends(visit_of)) -> Response:
    """Books; sent twice, it is booked once."""
    given = {name: visit.form.get(name, "").strip() for name in (*FIELDS, "day", "key")}
    content, faults = _content(given)
    if content is None or not 8 <= len(given["key"]) <= 100 or not given["key"].isascii():
        return _booking(visit, Form(given, faults=faults or {"start": Fault("choose_time")}))
    try:
        booked = desk_store(visit.console).book(
            content.request(), given["key"], visit.now, by(visit), lambda connection, number: _record(visit, connection, number)
        )
    except (SlotTaken, SlotNotOffered) as refused:
        return _booking(visit, Form(given, faults={"start": Fault(refused.code)}))
    except IdempotencyConflict:
        return _booking(visit, Form(given | {"key": secrets.token_urlsafe(16)}, faults={"start": Fault("sent_before")}))
    except BookingRefused:
        return _booking(visit, Form(given, faults={"type": Fault("choose")}))
    return visit.go(f"/appointments/{booked.id}")


def free_times(visit: Visit, kind: str, day: date) -> list[tuple[str, datetime]]:
    """The free starts of a day, each as its form sends it."""
    try:
        starts = desk_store(visit.console).free_slots(kind, desk.day_window(day), visit.now)
    except BookingRefused:
        return []
    return [(iso(start), start) for start in starts]


def _booking(visit: Visit, form: Form) -> Response:
    day = _day(visit, str(form.given["day"]))
    kind = str(form.given["type"])
    with reading(visit.console.engine) as connection:
        types = {key: each.name[visit.language] for key, each in read_types(connection).items() if each.active}
    times = free_times(visit, kind, day) if kind else []
    return visit.page("appointments/new.html", form.status, form=form, types=types, times=times, chosen_day=day)


def _content(given: Mapping[str, str]) -> tuple[BookContent | None, dict[str, Fault]]:
    """What is to be booked, checked as the API checks it; else what is wrong with each field."""
    try:
        return BookContent.parse_obj({name: given[name] for name in FIELDS}), {}
    except ValidationError as error:
        codes = {"start": "choose_time", "type": "choose", "language": "choose"}
        names = [str(fault["loc"][0]) for fault in error.errors()]
        return None, {name: Fault("missing" if not given[name] and name not in codes else codes.get(name, f"no_{name}")) for name in names}


def _record(visit: Visit, connection: Any, number: int) -> None:
    visit.record(connection, "appointment_booked", f"appointment:{number}")


def _listed(visit: Visit, rows: list[desk.Row]) -> dict[str, Any]:
    """What the page of a list needs."""
    with reading(visit.console.engine) as connection:
        types = {key: each.name[visit.language] for key, each in read_types(connection).items()}
        people = {row.id: row.name for row in connection.execute(select(therapist).order_by(therapist.c.id))}
    days = [(day, list(group)) for day, group in groupby(rows, key=lambda row: row["starts_at"].astimezone(LOCAL).date())]
    return {
        "days": days,
        "number": len(rows),
        "types": types,
        "people": people,
        "states": STATES,
        "may_change": visit.who.role >= Role.REVIEWER,
    }


def _sight(visit: Visit, start: str = "", view: str = "", kind: str = "", state: str = "", therapist: str = "") -> Sight:
    """What an address asks for; what can't be read of it counts as not said."""
    days = VIEWS.get(view, VIEWS["week"])
    first = _day(visit, start)
    if days == VIEWS["week"]:
        first -= timedelta(days=first.weekday())
    number = int(therapist) if therapist.isascii() and therapist.isdigit() and len(therapist) < 10 else 0
    chosen = next((each for each in STATES if each == state), None)
    return Sight(first, days, kind[:20] or None, chosen, number if 0 < number <= MOST else None)


def _query(sight: Sight) -> dict[str, str]:
    """A sight as an address has it, without its first day."""
    view = next(name for name, days in VIEWS.items() if days == sight.days)
    asked = {"view": view, "kind": sight.type, "state": sight.state, "therapist": sight.therapist}
    return {name: str(value) for name, value in asked.items() if value}


def _day(visit: Visit, text: str) -> date:
    """A day of an address; today where it names none that is near enough to count with."""
    today = visit.now.astimezone(LOCAL).date()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if 2000 <= day.year <= 2200 else today


def findings_of(row: desk.Row) -> Mapping[str, str]:
    """What the visitor agreed to pass on from the guided choice."""
    return dict(json.loads(row["findings"])) if row["findings"] else {}
