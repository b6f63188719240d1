"""What the tests of the pages about the practice share: forms as a browser would send them, and a visitor's view."""

from datetime import date
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import insert

from bot.database import writing
from bot.practice import changes
from bot.practice.booking.availability import Window
from bot.practice.booking.models import special_day, therapist
from bot.practice.booking.rules import Limits
from bot.practice.booking.store import AppointmentStore
from bot.practice.catalog.queries import Catalogue
from bot.practice.changes import Thing
from bot.practice.console.staff.accounts import Role
from tests.practice.console.world import Browser, World
from tests.practice.world import request, utc

Pairs = list[tuple[str, str]]


class FormReader(HTMLParser):
    """The fields of each form of a page, by the form's address, as a browser would send them untouched."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, Pairs] = {}
        self._form: Pairs | None = None
        self._area: str | None = None
        self._select: str | None = None
        self._options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "form":
            self._form = self.forms.setdefault(given.get("action") or "", [])
        elif self._form is None:
            return
        elif tag == "input" and name:
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                self._form.append((name, value))
        elif tag == "textarea":
            self._area = name
            self._form.append((name, ""))
        elif tag == "select":
            self._select, self._options = name, []
        elif tag == "option":
            self._options.append((value, "selected" in given))

    def handle_data(self, data: str) -> None:
        if self._area and self._form:
            name, before = self._form[-1]
            self._form[-1] = (name, before + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = None
        elif tag == "select" and self._select and self._form is not None:
            chosen = [value for value, selected in self._options if selected] or [self._options[0][0]]
            self._form.append((self._select, chosen[0]))


def form_on(html: str, action: str) -> Pairs:
    """The fields of one form of a page."""
    reader = FormReader()
    reader.feed(html)
    return list(reader.forms[f"/staff{action}"])


def changed(fields: Pairs, **values: str | list[str] | None) -> Pairs:
    """The fields with some of them filled in otherwise; None leaves one out, as an unticked box is."""
    kept = [(name, value) for name, value in fields if name not in values]
    for name, value in values.items():
        kept += [(name, each) for each in ([] if value is None else [value] if isinstance(value, str) else value)]
    return kept


def post(browser: Browser, action: str, fields: Pairs) -> Any:
    """Sends a form."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return browser.http.post(f"/staff{action}", content=urlencode(fields), headers=headers)


def edit(browser: Browser, page: str, action: str = "", **values: str | list[str] | None) -> Any:
    """Opens a page, fills a form of it in otherwise, and sends it."""
    action = action or page
    return post(browser, action, changed(form_on(browser.get(page).text, action), **values))


def edit_and_agree(browser: Browser, page: str, **values: str | list[str] | None) -> Any:
    """The same, and agrees where appointments that others booked would be left outside."""
    answer = edit(browser, page, **values)
    return post(browser, page, form_on(answer.text, page)) if answer.status_code == 409 else answer


def administrator(world: World, login: str = "") -> Browser:
    """A browser of an administrator."""
    return world.browser(world.staff(Role.ADMINISTRATOR, login=login))


def catalogue(world: World) -> Catalogue:
    """The catalogue as the assistant reads it."""
    return Catalogue(world.engine)


def visitors(world: World) -> AppointmentStore:
    """The appointments as visitors book them."""
    return AppointmentStore(world.engine, Limits.of(world.settings), world.settings.video_base_url)


def fill_practice(world: World, weeks: int = 1) -> None:
    """Two therapists with booked, moved and cancelled appointments, and a price that was changed twice."""
    store, by = visitors(world), changes.By(1, "Administrator")
    with writing(world.engine) as connection:
        connection.execute(insert(therapist).values(key="tess", name="Tess", active=True))
        connection.execute(
            insert(special_day).values(first=date(2026, 12, 24), last=date(2026, 12, 24), periods="09:00-12:00", note="Half a day")
        )
        for before, after in ((20000, 21000), (21000, 20000)):
            changes.save(connection, Thing("treatment", "tca_peel"), None, {"price_cents": before}, {"price_cents": after}, by, world.now)
    for person in range(1, 12 * weeks + 1):
        window = Window(utc("2026-12-03 08:00"), utc("2027-01-20 16:00"))
        start = store.free_slots("video", window, world.now)[person % 5]
        findings = {"looks": "brown", "suggested": "tca_peel"} if person == 1 else None
        booked = store.book(request(person, start=start, phone="+31612345678", findings=findings), f"key-of-filled-{person}", world.now)
        if person % 6 == 0:
            store.cancel(booked.reference, f"p{person}@example.com", world.now)
