"""The kinds of consultation that can be booked."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException
from fastapi import Path as FromPath
from fastapi.responses import Response
from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import Connection

from bot.database import reading, writing
from bot.practice import changes
from bot.practice.booking.diary import hold_rules, read_types
from bot.practice.booking.models import appointment_type
from bot.practice.booking.units import UNIT_MINUTES
from bot.practice.changes import Thing
from bot.practice.console import forms
from bot.practice.console.editing import Editor, Form, Values, by, may_edit, subject
from bot.practice.console.forms import Field
from bot.practice.console.visit import Before, Visit, visit_of
from bot.practice.slugs import free_slug

router = APIRouter(prefix="/practice/types")
TypeKey = Annotated[str, FromPath(pattern="^[a-z0-9_]{1,20}$")]

LONGEST_MINUTES = 240
FREE = "video"
"""The kind that many answers of the assistant promise to be free, so that its price can't be changed here."""
COLUMNS = ("name_en", "name_nl", "minutes", "active")
NEW = {"name_en": None, "name_nl": None, "minutes": 30, "active": True, "price_cents": None, "place": "practice"}


@router.get("")
def listing(visit: Visit = Depends(visit_of)) -> Response:
    """Every kind, in the order in which visitors are offered them."""
    with reading(visit.console.engine) as connection:
        types = read_types(connection)
    prices = {key: _price(visit, kind.price_cents) for key, kind in types.items()}
    return visit.page("practice/types.html", types=types, prices=prices, may_change=may_edit(visit))


@router.get("/new")
def blank(visit: Visit = Depends(visit_of)) -> Response:
    """The form for a kind that is not there yet."""
    editor = _editor(visit, "")
    return _page(visit, editor, Form(forms.shown(NEW, editor.fields, visit.language)))


@router.post("")
def add(visit: Visit = Depends(visit_of)) -> Response:
    """A new kind, which the assistant offers by a button from the next message on."""
    editor = _editor(visit, "")
    read = editor.sent()
    if read.faults:
        return _page(visit, editor, Form(read.given, faults=read.faults))
    with writing(visit.console.engine) as connection:
        hold_rules(connection, changing=True)
        taken = {*connection.execute(select(appointment_type.c.id)).scalars(), "new"}
        key = free_slug(read.values["name_en"], taken, 16, "consultation")
        last = connection.execute(select(func.max(appointment_type.c.position))).scalar_one()
        connection.execute(insert(appointment_type).values(id=key, position=last + 1, **read.values))
        changes.save(connection, Thing("type", key), None, {}, {"name_en": read.values["name_en"]}, by(visit), visit.now)
        visit.record(connection, "type_added", subject(Thing("type", key)))
    return visit.go("/practice/types")


@router.get("/{key}")
def show(key: TypeKey, back: Before = None, visit: Visit = Depends(visit_of)) -> Response:
    """One kind, and what was changed about it."""
    editor = _editor(visit, key)
    with reading(visit.console.engine) as connection:
        form = editor.opened(connection, _values(connection, key), back)
    return _page(visit, editor, form)


@router.post("/{key}")
def save(key: TypeKey, visit: Visit = Depends(visit_of)) -> Response:
    """Changes it; appointments that are booked keep their length."""
    with reading(visit.console.engine) as connection:
        _values(connection, key)

    def write(connection: Connection, values: Values) -> None:
        hold_rules(connection, changing=True)
        connection.execute(update(appointment_type).where(appointment_type.c.id == key).values(**values))

    form = _editor(visit, key).save(partial(_values, key=key), write, "type_changed")
    return _page(visit, _editor(visit, key), form) if form else visit.go("/practice/types")


def _page(visit: Visit, editor: Editor, form: Form) -> Response:
    with reading(visit.console.engine) as connection:
        kept = editor.history(connection)
    facts: dict[str, Any] = {
        "key": editor.thing.key,
        "kept": kept,
        "editor": editor,
        "may_change": may_edit(visit),
        "step": UNIT_MINUTES,
    }
    return visit.page("practice/type.html", form.status, form=form, places=_places(visit), is_free=editor.thing.key == FREE, **facts)


def _editor(visit: Visit, key: str) -> Editor:
    fields: dict[str, Field] = {
        "name_en": forms.text(60),
        "name_nl": forms.text(60),
        "minutes": forms.number(UNIT_MINUTES, LONGEST_MINUTES, UNIT_MINUTES),
        "active": forms.flag(),
    }
    if key != FREE:
        fields["price_cents"] = forms.price(least=0)
    if not key:
        fields["place"] = forms.one_of(_places(visit))
    return Editor(visit, Thing("type", key), fields)


def _places(visit: Visit) -> dict[str, str]:
    return {place: getattr(visit.texts.types.places, place) for place in ("practice", "online")}


def _values(connection: Connection, key: str) -> Values:
    row = connection.execute(select(appointment_type).where(appointment_type.c.id == key)).mappings().first()
    if row is None:
        raise HTTPException(404)
    return dict(row)


def _price(visit: Visit, cents: int | None) -> str:
    return str(visit.texts.types.free) if cents == 0 else forms.price(0).told(cents, visit.texts, visit.language)
