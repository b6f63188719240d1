"""Who gives consultations: as many can take place at one time as there are therapists who work."""

import secrets
from functools import partial

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import Response
from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import Connection

from bot.database import reading, writing
from bot.practice import changes
from bot.practice.booking.diary import changing_rules, hold_rules
from bot.practice.booking.models import appointment, therapist
from bot.practice.booking.rules import Limits
from bot.practice.changes import Thing
from bot.practice.console import forms
from bot.practice.console.editing import Editor, Form, Values, agreed, by, may_edit, subject
from bot.practice.console.visit import Before, Number, Visit, visit_of

router = APIRouter(prefix="/practice/therapists")
FIELDS = {"name": forms.text(100), "active": forms.flag()}


@router.get("")
def listing(visit: Visit = Depends(visit_of)) -> Response:
    """Everybody, in the order in which free ones are chosen, and how many appointments they have to come."""
    return _list(visit, Form(forms.shown({"name": None, "active": True}, FIELDS, visit.language)))


@router.post("")
def add(visit: Visit = Depends(visit_of)) -> Response:
    """Somebody new, with whom appointments can be made at once."""
    editor = Editor(visit, Thing("therapist"), FIELDS)
    read = editor.sent()
    if read.faults:
        return _list(visit, Form(read.given, faults=read.faults))
    with writing(visit.console.engine) as connection:
        hold_rules(connection, changing=True)
        added = connection.execute(insert(therapist).values(key=secrets.token_hex(8), name=read.values["name"], active=True))
        (number,) = added.inserted_primary_key
        thing = Thing("therapist", str(number))
        changes.save(connection, thing, None, {}, {"name": read.values["name"]}, by(visit), visit.now)
        visit.record(connection, "therapist_added", subject(thing))
    return visit.go("/practice/therapists")


@router.get("/{number}")
def show(number: Number, back: Before = None, visit: Visit = Depends(visit_of)) -> Response:
    """One of them, and what was changed."""
    editor = _editor(visit, number)
    with reading(visit.console.engine) as connection:
        form = editor.opened(connection, _values(connection, number), back)
    return _page(visit, editor, form)


@router.post("/{number}")
def save(number: Number, visit: Visit = Depends(visit_of)) -> Response:
    """Changes the name, or whether they work; their appointments to come have to be agreed to."""
    with reading(visit.console.engine) as connection:
        _values(connection, number)

    def write(connection: Connection, values: Values) -> None:
        with changing_rules(connection, Limits.of(visit.console.settings), visit.now, agreed(visit)):
            connection.execute(update(therapist).where(therapist.c.id == number).values(**values))

    editor = _editor(visit, number)
    form = editor.save(partial(_values, number=number), write, "therapist_changed")
    return _page(visit, editor, form) if form else visit.go("/practice/therapists")


def _list(visit: Visit, form: Form) -> Response:
    c = appointment.c
    to_come = select(c.therapist, func.count()).where(c.status == "booked", c.starts_at > visit.now).group_by(c.therapist)
    with reading(visit.console.engine) as connection:
        people = connection.execute(select(therapist).order_by(therapist.c.id)).mappings().all()
        numbers = {row[0]: row[1] for row in connection.execute(to_come)}
    return visit.page("practice/therapists.html", form.status, people=people, numbers=numbers, form=form, may_change=may_edit(visit))


def _page(visit: Visit, editor: Editor, form: Form) -> Response:
    with reading(visit.console.engine) as connection:
        kept = editor.history(connection)
    facts = {"kept": kept, "editor": editor, "number": editor.thing.key}
    return visit.page("practice/therapist.html", form.status, form=form, may_change=may_edit(visit), **facts)


def _editor(visit: Visit, number: int) -> Editor:
    return Editor(visit, Thing("therapist", str(number)), FIELDS)


def _values(connection: Connection, number: int) -> Values:
    row = connection.execute(select(therapist).where(therapist.c.id == number)).mappings().first()
    if row is None:
        raise HTTPException(404)
    return {name: row[name] for name in FIELDS}
