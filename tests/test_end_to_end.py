"""A visitor in a real browser on the demo page: asks, is guided, books, looks it up and cancels; by mouse and by keyboard alone."""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from functools import cache
from uuid import uuid4

import pytest
import yaml
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import inspect
from sqlalchemy import text as sql

from actions.booking_client import BookingClient
from bot.database import open_database, reading
from bot.settings import ROOT
from tests.browser import ANSWER_MS, Answered, open_browser
from tests.system import System

pytestmark = pytest.mark.slow

SCREENSHOTS = ROOT / "var" / "screenshots"
MOST_TABS = 90
FOCUSED = "() => { let e = document.activeElement; while (e.shadowRoot?.activeElement) e = e.shadowRoot.activeElement; return e; }"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture
def page(system: System, browser: Browser) -> Iterator[Page]:
    """The demo page; no script may fail and nothing may break the content policy."""
    faults: list[str] = []
    page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="en-GB", reduced_motion="reduce")
    page.set_default_timeout(ANSWER_MS)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
    page.goto(system.settings.public_practice_url)
    yield page
    page.close()
    assert not faults


class Visitor(ABC):
    """Somebody in front of the page; how they press and write is for the two below."""

    name: str

    def __init__(self, page: Page) -> None:
        self.page = page
        self.log = page.get_by_role("log")
        self._pictures = 0

    @abstractmethod
    def open(self) -> None:
        """Opens the chat."""

    @abstractmethod
    def _press(self, button: Locator) -> None: ...

    @abstractmethod
    def _write(self, text: str) -> None: ...

    def press(self, response: str, payload: str) -> None:
        """Presses a button by the response and the payload that it stands for, and waits for the answer."""
        with self._answered():
            self._press(self.log.get_by_role("button", name=_titles()[response, payload], exact=True).last)

    def press_first_time(self) -> None:
        """Presses the first free time, and waits for the answer."""
        with self._answered():
            self._press(self.log.locator(".day button:not([aria-disabled])").first)

    def write(self, text: str) -> None:
        """Sends a message, and waits for the answer."""
        with self._answered():
            self._write(text)

    def picture(self, what: str) -> None:
        """Keeps what is to be seen now."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self._pictures += 1
        self.page.screenshot(path=SCREENSHOTS / f"end-to-end-{self.name}-{self._pictures}-{what}.png")

    def _answered(self) -> Answered:
        return Answered(self.log)


class WithMouse(Visitor):
    """Clicks."""

    name = "mouse"

    def open(self) -> None:
        self.page.get_by_role("button", name="Ask the assistant").click()

    def _press(self, button: Locator) -> None:
        button.click()

    def _write(self, text: str) -> None:
        self.page.get_by_label("Your message").fill(text)
        self.page.get_by_role("button", name="Send").click()


class WithKeyboard(Visitor):
    """Never touches the mouse: Tab, Shift+Tab, Enter and letters."""

    name = "keyboard"

    def open(self) -> None:
        self._tab_to(self.page.get_by_role("button", name="Ask the assistant"), "Tab")
        self.page.keyboard.press("Enter")
        expect(self._input).to_be_focused()

    def _press(self, button: Locator) -> None:
        self._tab_to(button, "Shift+Tab" if self._is_focused(self._input) else "Tab")
        self.page.keyboard.press("Enter")

    def _write(self, text: str) -> None:
        self._tab_to(self._input, "Tab")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    @property
    def _input(self) -> Locator:
        return self.page.get_by_label("Your message")

    def _is_focused(self, wanted: Locator) -> bool:
        return bool(wanted.evaluate(f"(wanted) => wanted === ({FOCUSED})()"))

    def _tab_to(self, wanted: Locator, key: str) -> None:
        wanted.wait_for()
        for _ in range(MOST_TABS):
            if self._is_focused(wanted):
                return
            self.page.keyboard.press(key)
        pytest.fail(f"{key} does not reach {wanted}")


@cache
def _titles() -> dict[tuple[str, str], str]:
    """The English title of each button, by response and payload."""
    files = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "data" / "responses").glob("*.yml"))]
    return {
        (response, button["payload"].replace("{{", "{").replace("}}", "}")): button["title"]
        for file in files
        for response, variants in file["responses"].items()
        for variant in variants
        if "condition" not in variant
        for button in variant.get("buttons", ())
    }


def choose(**choice: str) -> str:
    """The payload of a choice."""
    return f"/choose{json.dumps(choice)}"


@pytest.mark.parametrize("kind", [WithMouse, WithKeyboard], ids=lambda kind: kind.name)
def test_asks_is_guided_books_looks_up_and_cancels(kind: type[Visitor], page: Page, system: System) -> None:
    visitor, email = kind(page), f"browser-{uuid4().hex[:12]}@example.com"
    visitor.open()
    visitor.write("what is melasma")
    visitor.picture("answer")
    _be_guided(visitor)
    visitor.picture("advice")
    expect(visitor.log.locator(".card .price").first).to_contain_text("€ 50.00")
    reference = _book(visitor, email)
    visitor.picture("booked")
    booking = BookingClient(system.settings.internal_practice_url, system.settings.key_for("practice-api"))
    assert booking.look_up(reference, email).status == "booked"
    visitor.write("when is my appointment?")
    expect(visitor.log.locator(".card").last).to_contain_text(reference)
    visitor.picture("looked-up")
    visitor.press("utter_appointment_shown", "/cancel_appointment")
    visitor.press("utter_appointment_confirm_cancel", choose(confirm="yes"))
    visitor.picture("cancelled")
    assert booking.look_up(reference, email).status == "cancelled"


def test_a_restarted_assistant_goes_on_where_the_conversation_was(page: Page, system: System) -> None:
    visitor = WithMouse(page)
    visitor.open()
    visitor.write("which treatment would suit me?")
    visitor.press("utter_guided_concern", choose(concern="sunspots"))
    before = visitor.log.locator(".bubble").all_inner_texts()
    with system.without("assistant"):
        page.get_by_label("Your message").fill("face")
        page.get_by_role("button", name="Send").click()
        expect(visitor.log.locator(".visitor").last).to_have_attribute("data-state", "waiting")
    visitor.log.get_by_role("button", name="Try again").click()
    expect(visitor.log.locator(".visitor").last).to_have_attribute("data-state", "answered", timeout=ANSWER_MS)
    after = visitor.log.locator(".bubble").all_inner_texts()
    assert after[: len(before) + 1] == [*before, "face"]
    assert after.count("face") == 1
    page.reload()
    expect(visitor.log.locator(".bubble")).to_have_text(after)


def test_a_visitor_deletes_the_conversation_and_the_appointment_stays(page: Page, system: System) -> None:
    visitor, email = WithMouse(page), f"deleted-{uuid4().hex[:12]}@example.com"
    visitor.open()
    visitor.write("I would like to book a free video consultation")
    reference = _book_from_the_times(visitor, email, findings=False)
    assert _tables_with(system, email), "it was kept before"
    page.get_by_role("dialog").get_by_label("More options").click()
    page.get_by_role("button", name="Delete this conversation").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete", exact=True).click()
    expect(visitor.log).to_have_text("The conversation is deleted. If you write again, a new one begins.")
    assert _tables_with(system, email) == []
    booking = BookingClient(system.settings.internal_practice_url, system.settings.key_for("practice-api"))
    assert booking.look_up(reference, email).status == "booked"


def _tables_with(system: System, words: str) -> list[str]:
    """Tables of the conversations' database in which the words are to be found."""
    engine = open_database(system.settings.conversations_database)
    with reading(engine) as connection:
        tables = inspect(connection).get_table_names()
        found = [name for name in tables if any(words in str(tuple(row)) for row in connection.execute(sql(f"SELECT * FROM {name}")))]
    engine.dispose()
    return found


def _be_guided(visitor: Visitor) -> None:
    """From the wish to the advice."""
    visitor.write("which treatment would suit me?")
    answers = {"concern": "sunspots", "body_part": "face", "skin_tone": "light", "changes": "no"}
    for slot, answer in {**answers, "pregnancy": "no", "medicine": "none", "sun": "no", "tried": "nothing"}.items():
        visitor.press(f"utter_guided_{slot}", choose(**{slot: answer}))


def _book(visitor: Visitor, email: str) -> str:
    """From the advice to the booking's reference."""
    visitor.press("utter_guided_next", '/book_consultation{"appointment_type": "video"}')
    visitor.picture("times")
    return _book_from_the_times(visitor, email, findings=True)


def _book_from_the_times(visitor: Visitor, email: str, findings: bool) -> str:
    """From the free times to the booking's reference; `findings`: there are some to be passed on or not."""
    visitor.press_first_time()
    visitor.write("Anna de Vries")
    visitor.write(email)
    visitor.press("utter_booking_phone", "/skip")
    if findings:
        visitor.press("utter_booking_share_findings", choose(share_findings="no"))
    visitor.picture("summary")
    visitor.press("utter_booking_summary", choose(confirm="yes"))
    found = re.search(r"MD-\w{4}-\w{4}", visitor.log.locator(".card").last.inner_text())
    assert found
    return found[0]
