"""Everything about one person: found, handed out, erased; by administrators."""

from collections.abc import Mapping
from datetime import datetime, timezone
from functools import partial
from typing import Any

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import Response
from sqlalchemy import select

from bot.database import reading, writing
from bot.practice.console.conversations import upkeep
from bot.practice.console.masking import mask
from bot.practice.console.visit import Visit, visit_of
from bot.privacy import erasure, export
from bot.privacy.person import Person
from bot.privacy.places import Found, find
from bot.privacy.schema import erasure as erasures
from bot.privacy.schema import run
from bot.privacy.search import NotReadable, also_named, find_person

router = APIRouter(prefix="/privacy")

ERASURES = 20
"""So many of the last are listed."""
DATES = ("starts_at", "started_at", "at", "heard_at", "received_at", "queued_at", "timestamp", "offered_at", "since", "asked_at")
"""Columns that say when a row came to be, the first that a row has."""


@router.get("")
def show(erased: int = 0, visit: Visit = Depends(visit_of)) -> Response:
    """Where to look somebody up, the last erasures, and what is let go when."""
    return _start(visit, erased=erased)


@router.post("/find")
def look_for(visit: Visit = Depends(visit_of)) -> Response:
    """Keeps what is asked for and shows what is found; that somebody was looked for is recorded, not who."""
    asked = " ".join(visit.form.get("who", "").split())[: upkeep.LONGEST_SEARCH]
    try:
        find_person(visit.console.databases, asked)
    except NotReadable:
        return _start(visit, 422, fault="not_readable")
    return _keep(visit, asked)


@router.get("/found/{identity}")
def found(identity: str, visit: Visit = Depends(visit_of)) -> Response:
    """What is known, with names and numbers hidden."""
    return _found(visit, identity)


@router.post("/found/{identity}/others")
def look_for_others(identity: str, visit: Visit = Depends(visit_of)) -> Response:
    """Looks for what the appointments carry besides as well."""
    asked, person = _asked(visit, identity), _person(visit, identity)
    return _keep(visit, ", ".join([asked, *also_named(visit.console.databases, person)])[: upkeep.LONGEST_SEARCH])


@router.post("/found/{identity}/show")
def unmask(identity: str, visit: Visit = Depends(visit_of)) -> Response:
    """The same with names and numbers; that they were seen is recorded."""
    with writing(visit.console.engine) as connection:
        visit.record(connection, "person_shown")
    return _found(visit, identity, masked=False)


@router.post("/found/{identity}/export")
def hand_out(identity: str, visit: Visit = Depends(visit_of)) -> Response:
    """Everything as an archive, masked if wanted; recorded."""
    databases, masked = visit.console.databases, visit.form.get("masked") == "yes"
    content = export.archive(find(databases, _person(visit, identity)), visit.now, visit.language, masked)
    with writing(visit.console.engine) as connection:
        visit.record(connection, "person_exported", masked=masked)
    return Response(content, media_type="application/zip", headers={"Content-Disposition": f'attachment; filename="{export.NAME}"'})


@router.post("/found/{identity}/erase")
def erase(identity: str, visit: Visit = Depends(visit_of)) -> Response:
    """Erases what is ticked, after the word for it was typed."""
    if visit.form.get("confirm", "").strip().casefold() != visit.texts.privacy.confirm_word:
        return _found(visit, identity, 422, fault="not_confirmed")
    person = _ticked(visit, _person(visit, identity))
    settings, databases = visit.console.settings, visit.console.databases
    with writing(visit.console.engine) as connection:
        number = erasure.ask(connection, person, visit.who.name, visit.now)
        visit.record(connection, "person_erased", f"erasure:{number}")
    erasure.perform(databases, number, settings.var_dir, settings.key_for("privacy"), visit.now)
    return visit.go(f"/privacy?erased={number}")


def _start(visit: Visit, status: int = 200, fault: str = "", erased: int = 0) -> Response:
    with reading(visit.console.engine) as connection:
        last = connection.execute(select(erasures).order_by(erasures.c.id.desc()).limit(ERASURES)).mappings().all()
        ran = connection.execute(select(run.c.finished_at)).scalars().first()
    settings = visit.console.settings
    kept = {"conversations": settings.conversation_days, "appointments": settings.appointment_days}
    counts = {row["id"]: erasure.counted(row) for row in last}
    facts: dict[str, Any] = {"last": last, "counts": counts, "ran": ran, "kept": kept, "backups": settings.backups}
    return visit.page("privacy/start.html", status, fault=fault, erased=erased, **facts)


def _found(visit: Visit, identity: str, status: int = 200, masked: bool = True, fault: str = "") -> Response:
    databases, person = visit.console.databases, _person(visit, identity)
    everything = find(databases, person)
    names = export.names_in(everything) if masked else ()
    facts: dict[str, Any] = {
        "identity": identity,
        "places": {place: _summary(tables) for place, tables in everything.items()},
        "talks": [row for tables in everything.values() for row in tables.get("console_conversation", [])],
        "appointments": everything.get("appointments", {}).get("appointment", []),
        "notes": [row for tables in everything.values() for row in tables.get("console_note", [])],
        "senders": person.senders,
        "others": also_named(databases, person),
        "shown": partial(mask, known=names) if masked else str,
    }
    return visit.page("privacy/found.html", status, masked=masked, fault=fault, **facts)


def _keep(visit: Visit, asked: str) -> Response:
    with writing(visit.console.engine) as connection:
        identity = upkeep.keep_search(connection, visit.who, asked, visit.now)
        visit.record(connection, "person_found")
    return visit.go(f"/privacy/found/{identity}")


def _asked(visit: Visit, identity: str) -> str:
    with reading(visit.console.engine) as connection:
        asked = upkeep.words_of_search(connection, visit.who, identity)
    if not asked:
        raise HTTPException(404)
    return asked


def _person(visit: Visit, identity: str) -> Person:
    return find_person(visit.console.databases, _asked(visit, identity))


def _ticked(visit: Visit, person: Person) -> Person:
    """The part of a person's records that is ticked: somebody else's may have been found with them."""
    senders = person.senders.intersection(visit.repeated.get("conversation", []))
    numbers = {number for number in person.appointments if str(number) in visit.repeated.get("appointment", [])}
    return Person(senders, frozenset(numbers), person.values)


def _summary(tables: Found) -> list[tuple[str, int, datetime | None, datetime | None]]:
    """Each table with the number of its rows, and when the first and last came to be."""
    summary = []
    for table, rows in tables.items():
        moments = sorted(filter(None, map(_moment, rows)))
        summary.append((table, len(rows), moments[0] if moments else None, moments[-1] if moments else None))
    return summary


def _moment(row: Mapping[str, Any]) -> datetime | None:
    at = next((row[column] for column in DATES if row.get(column) is not None), None)
    return datetime.fromtimestamp(at, timezone.utc) if isinstance(at, int | float) else at
