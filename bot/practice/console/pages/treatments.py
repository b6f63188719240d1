"""The catalogue: treatments and products with their prices, in both languages."""

from collections.abc import Mapping
from functools import cache, partial
from typing import Annotated, Any

import yaml
from fastapi import APIRouter, Depends, HTTPException
from fastapi import Path as FromPath
from fastapi.responses import Response
from sqlalchemy.engine import Connection

from bot.database import reading, writing
from bot.practice import changes
from bot.practice.catalog import edit
from bot.practice.catalog.queries import Catalogue
from bot.practice.changes import Thing
from bot.practice.console import forms
from bot.practice.console.editing import Editor, Form, Values, by, may_edit, subject
from bot.practice.console.forms import Fault, Field
from bot.practice.console.visit import Before, Visit, visit_of
from bot.settings import ROOT

router = APIRouter(prefix="/practice")
Slug = Annotated[str, FromPath(pattern="^[a-z0-9_]{1,40}$")]

KINDS = ("laser", "ipl", "peel", "needling", "product", "cover")
LEAST_CENTS = 1
NEW: dict[str, Any] = {
    **dict.fromkeys(edit.COLUMNS),
    "kind": KINDS[0],
    "price_from": True,
    "hidden": False,
    "concerns": [],
    "skin_filters": [],
}


@router.get("")
def practice(visit: Visit = Depends(visit_of)) -> Response:
    """The first of the pages about the practice."""
    return visit.go("/practice/treatments")


@router.get("/treatments")
def listing(visit: Visit = Depends(visit_of)) -> Response:
    """Every treatment, in the order in which visitors see them; hidden ones last."""
    catalogue = Catalogue(visit.console.engine)
    found = [*catalogue.all(), *catalogue.hidden()]
    price = forms.price(LEAST_CENTS).told
    prices = {each.slug: price(each.price_cents, visit.texts, visit.language) for each in found}
    return visit.page("practice/treatments.html", treatments=found, prices=prices, may_change=may_edit(visit))


@router.get("/treatments/new")
def blank(visit: Visit = Depends(visit_of)) -> Response:
    """The form for a treatment that is not there yet."""
    editor = _new(visit)
    return _page(visit, editor, Form(forms.shown(NEW, editor.fields, visit.language)))


@router.post("/treatments")
def add(visit: Visit = Depends(visit_of)) -> Response:
    """A new treatment; where it can be understood only after its words have been taught, its page says so."""
    editor = _new(visit)
    read = editor.sent()
    if read.faults:
        return _page(visit, editor, Form(read.given, faults=read.faults))
    values = dict(read.values)
    kind = values.pop("kind")
    with writing(visit.console.engine) as connection:
        slug = edit.add(connection, kind, values)
        changes.save(connection, Thing("treatment", slug), None, {}, {"name_en": values["name_en"]}, by(visit), visit.now)
        visit.record(connection, "treatment_added", subject(Thing("treatment", slug)))
    return visit.go(f"/practice/treatments/{slug}")


@router.get("/treatments/{slug}")
def show(slug: Slug, back: Before = None, visit: Visit = Depends(visit_of)) -> Response:
    """One treatment, and what was changed about it."""
    editor = _editor(visit, slug)
    with reading(visit.console.engine) as connection:
        form = editor.opened(connection, _values(connection, slug), back)
    return _page(visit, editor, form)


@router.post("/treatments/{slug}")
def save(slug: Slug, visit: Visit = Depends(visit_of)) -> Response:
    """Changes it; visitors are told the new facts from their next message on."""
    editor = _editor(visit, slug)
    with reading(visit.console.engine) as connection:
        _values(connection, slug)
    form = editor.save(partial(_values, slug=slug), partial(_write, slug), "treatment_changed")
    return _page(visit, editor, form) if form else visit.go(f"/practice/treatments/{slug}")


def _page(visit: Visit, editor: Editor, form: Form) -> Response:
    with reading(visit.console.engine) as connection:
        kept = editor.history(connection)
    slug = editor.thing.key
    facts = {"slug": slug, "understood": not slug or slug in _understood(), "kinds": KINDS, "names": _names(visit)}
    return visit.page("practice/treatment.html", form.status, form=form, kept=kept, editor=editor, may_change=may_edit(visit), **facts)


def _editor(visit: Visit, slug: str) -> Editor:
    return Editor(visit, Thing("treatment", slug), _fields(visit), _between)


def _new(visit: Visit) -> Editor:
    kind = forms.one_of({kind: getattr(visit.texts.kinds, kind) for kind in KINDS})
    return Editor(visit, Thing("treatment"), _fields(visit) | {"kind": kind}, _between)


def _fields(visit: Visit) -> dict[str, Field]:
    names = _names(visit)
    texts = {
        "name": (200, True),
        "summary": (500, True),
        "price_note": (100, False),
        "duration": (100, False),
        "dark_skin_care": (500, False),
    }
    fields = {f"{name}_{language}": forms.text(*limits) for name, limits in texts.items() for language in ("en", "nl")}
    return fields | {
        "price_cents": forms.price(LEAST_CENTS),
        "price_from": forms.flag(),
        "concerns": forms.several(names["concerns"]),
        "skin_filters": forms.several(names["skin_filters"]),
        "hidden": forms.flag(),
    }


def _between(values: Values) -> dict[str, Fault]:
    """What is told in one language is told in the other."""
    faults: dict[str, Fault] = {}
    for name in edit.TEXTS:
        given = {language: values[f"{name}_{language}"] for language in ("en", "nl")}
        if any(given.values()):
            faults |= {f"{name}_{language}": Fault("other_language") for language, text in given.items() if not text}
    return faults


def _names(visit: Visit) -> Mapping[str, Mapping[str, str]]:
    """Names of what treatments are for, in the language of the visit."""
    catalogue = Catalogue(visit.console.engine)
    found = {"concerns": catalogue.concerns(), "skin_filters": catalogue.skin_filters()}
    return {field: {key: name[visit.language] for key, name in keys.items()} for field, keys in found.items()}


def _values(connection: Connection, slug: str) -> Values:
    values = edit.read_values(connection, slug)
    if values is None:
        raise HTTPException(404)
    return values


def _write(slug: str, connection: Connection, values: Values) -> None:
    edit.write_values(connection, slug, values)


@cache
def _understood() -> frozenset[str]:
    """Treatments that visitors can name: those with words of their own."""
    with (ROOT / "data" / "entities.yml").open(encoding="utf-8") as file:
        words = yaml.load(file, yaml.CSafeLoader)
    return frozenset(words["phrases"]["treatment"])
