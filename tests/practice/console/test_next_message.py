"""What staff changes over HTTP is what the running assistant says in its next answer."""

from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import update

from bot.database import open_database, writing
from bot.practice.booking.hours import WEEKDAYS
from bot.practice.console.models import staff
from bot.practice.console.staff import accounts
from bot.practice.console.staff.accounts import Role
from tests.practice.console.practice import edit, edit_and_agree
from tests.practice.console.world import Browser, digest
from tests.practice.world import NOW
from tests.system import System

pytestmark = pytest.mark.slow

LOGIN = "changes@practice.example"
PEEL = "/practice/treatments/tca_peel"
HOURS, TOLD = "/practice/hours", "/practice/told-hours"


class Live(Browser):
    """A browser that talks to the running practice."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, follow_redirects=False, timeout=15)  # type: ignore[assignment]


@pytest.fixture(scope="module")
def console(system: System) -> Iterator[Browser]:
    """An administrator of the running practice."""
    engine = open_database(system.settings.practice_database)
    with writing(engine) as connection:
        number, _ = accounts.add(connection, LOGIN, "Changes", Role.ADMINISTRATOR, NOW)
        connection.execute(update(staff).where(staff.c.id == number).values(must_change=False, password=digest()))
    engine.dispose()
    browser = Live(f"http://{system.settings.host}:{system.settings.practice_port}")
    assert browser.log_in(LOGIN).status_code == 303
    yield browser
    browser.http.close()


def test_a_price_and_the_words_behind_it(system: System, console: Browser) -> None:
    english, dutch = system.open("en"), system.open("nl")
    assert "€ 200.00" in english.say("what does a TCA peel cost?").words
    try:
        answer = edit(console, PEEL, price_cents="345,67", price_from=None, price_note_en="per session", price_note_nl="per sessie")
        assert answer.status_code == 303
        told = english.say("what does a TCA peel cost?")
        assert "€ 345.67 per session" in told.words and "200.00" not in told.words
        assert "€ 345,67 per sessie" in dutch.say("wat kost een TCA-peeling?").words
    finally:
        edit(console, PEEL, price_cents="200", price_from="yes", price_note_en="", price_note_nl="")
    assert "from € 200.00" in english.say("what does a TCA peel cost?").words


def test_a_hidden_treatment(system: System, console: Browser) -> None:
    visitor = system.open("en")
    try:
        assert edit(console, PEEL, hidden="yes").status_code == 303
        told = visitor.say("what does a TCA peel cost?")
        assert told.responses == ["utter_price_not_offered"] and "€ 200.00" not in told.words
        assert "Medical peeling" not in visitor.say("which treatments do you offer").words
    finally:
        edit(console, PEEL, hidden=None)
    assert visitor.say("what does a TCA peel cost?").responses == ["utter_price_of"]


def test_hours_that_are_told_and_times_that_can_be_booked(system: System, console: Browser) -> None:
    visitor = system.open("en")
    before = {f"day_{day}": ["08:00", "20:00"] for day in range(len(WEEKDAYS))}
    try:
        assert edit_and_agree(console, HOURS, **{name: ["09:00", "09:20"] for name in before}).status_code == 303
        assert edit(console, HOURS, TOLD, source="week").status_code == 303
        assert "Monday to Sunday 09:00 to 09:20" in visitor.say("what are your opening hours").words
        visitor.say("I want to book a video consultation")
        assert {time["title"] for time in visitor.last.times} == {"09:00"}
    finally:
        edit_and_agree(console, HOURS, **before)
        edit(console, HOURS, TOLD, source="none")
    again = system.open("en")
    again.say("I want to book a video consultation")
    assert len({time["title"] for time in again.last.times}) > 1


def test_the_kinds_of_consultation_that_are_offered(system: System, console: Browser) -> None:
    words = {"name_en": "Follow-up", "name_nl": "Controle", "minutes": "10", "place": "practice", "price_cents": "25"}
    assert edit(console, "/practice/types/new", "/practice/types", **words).status_code == 303
    try:
        visitor = system.open("en")
        asked = visitor.say("I want to book an appointment")
        assert [button["title"] for button in asked.buttons][:3] == ["Free video consultation", "Consultation in the practice", "Follow-up"]
        assert visitor.tap("Follow-up").asks == "start" and visitor.last.times
    finally:
        edit(console, "/practice/types/follow_up", active=None)
    asked = system.open("en").say("I want to book an appointment")
    assert "Follow-up" not in [button["title"] for button in asked.buttons]
