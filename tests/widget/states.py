"""Every state of the chat, one after the other, with the running system: for the accessibility rules and for screenshots.

What is pressed is found by its payload in the assistant's answers, so that it does not matter in which language the answers are.
"""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from playwright.sync_api import Browser, Locator, Response, Route, expect

from bot.widget.files import WIDGET
from tests.browser import ANSWER_MS, Answered

VIDEO = '/book_consultation{"appointment_type": "video"}'
GUIDED = {"concern": "sunspots", "body_part": "face", "skin_tone": "light", "changes": "no", "pregnancy": "no", "medicine": "none"}
GUIDED_END = {"sun": "no", "tried": "nothing"}

SAID = {
    "en": {
        "faq": "what is melasma",
        "did-you-mean": "laser or microneedling for melasma",
        "treatments": "show me all treatments",
        "guided": "which treatment would suit me?",
        "long": "Do you know anything about Levensmiddelenallergieonderzoekscentrummedewerkers? " * 3,
    },
    "nl": {
        "faq": "wat is melasma",
        "did-you-mean": "laser of microneedling voor melasma",
        "treatments": "laat alle behandelingen zien",
        "guided": "welke behandeling past bij mij?",
        "long": "Weet u iets van Levensmiddelenallergieonderzoekscentrummedewerkers? " * 3,
    },
}

DESKTOP = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"}
PHONE_DARK = {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark", "has_touch": True, "is_mobile": True}


class Walk:
    """A visitor who goes through all states on the demonstration page in one language."""

    def __init__(self, browser: Browser, url: str, language: str, **options: Any) -> None:
        """Opens the page; `options` are those of a browser context."""
        self.texts = json.loads((WIDGET / f"texts.{language}.json").read_text(encoding="utf-8"))
        self._said = SAID[language]
        self._context = browser.new_context(**{"reduced_motion": "reduce", "bypass_csp": True, **options})  # axe brings a style of its own
        self.page = self._context.new_page()
        self.page.set_default_timeout(ANSWER_MS)
        self._offered: dict[str, str] = {}
        self.page.on("response", self._note)
        self.page.goto(url + ("/nl" if language == "nl" else "/"))

    def close(self) -> None:
        """Closes the page."""
        self._context.close()

    @property
    def log(self) -> Locator:
        """The conversation."""
        return self.page.get_by_role("log")

    def states(self) -> Iterator[str]:
        """Goes from state to state, and gives each one's name when it is there to be looked at."""
        yield from self._opened()
        yield from self._questions()
        yield from self._booked()
        yield from self._faults()
        yield from self._deleted()

    def _opened(self) -> Iterator[str]:
        launcher = self.page.get_by_role("button", name=self.texts["open"], exact=True)
        launcher.wait_for()
        yield "closed"
        launcher.click()
        expect(self.log.locator(".reply").first).to_be_visible()
        yield "greeting"
        self._menu().click()
        yield "menu"
        self.page.keyboard.press("Escape")

    def _questions(self) -> Iterator[str]:
        self._say(self._said["faq"])
        yield "faq"
        self._say(self._said["did-you-mean"])
        yield "did-you-mean"
        self._say(self._said["long"])
        yield "long-words"
        self._tap_or_say("/list_treatments", self._said["treatments"], SAID["en"]["treatments"])
        yield "treatments"

    def _booked(self) -> Iterator[str]:
        self._tap_or_say("/find_treatment", self._said["guided"], SAID["en"]["guided"])
        yield "guided-choice"
        for slot, answer in {**GUIDED, **GUIDED_END}.items():
            self._tap(_choose(**{slot: answer}))
        yield "advice"
        self._tap(VIDEO)
        yield "slots"
        with self._answered():
            self.log.locator(".day button:not([aria-disabled])").first.click()
        self._say("Anna de Vries")
        self._say(f"anna-{uuid4().hex[:8]}@example.com")
        self._tap("/skip")
        self._tap(_choose(share_findings="no"))
        yield "summary"
        self._tap(_choose(confirm="yes"))
        yield "booked"

    def _faults(self) -> Iterator[str]:
        self.page.route("**/webhooks/web/messages", _fails)
        self._write("1 + 1")
        expect(self.log.locator(".visitor").last).to_have_attribute("data-state", "failed")
        yield "error"
        self.page.unroute("**/webhooks/web/messages")
        self.log.get_by_role("button", name=self.texts["retry"]).click()
        expect(self.log.locator(".visitor").last).to_have_attribute("data-state", "answered")
        self._context.set_offline(True)
        self._write("2 + 2")
        expect(self.log.locator(".visitor").last).to_have_attribute("data-state", "waiting")
        yield "offline"
        self._context.set_offline(False)
        expect(self.log.locator(".visitor").last).to_have_attribute("data-state", "answered")
        self.page.evaluate(
            "Object.keys(localStorage).filter((key) => key.endsWith(' session'))"
            ".forEach((key) => localStorage.setItem(key, JSON.stringify({ token: 'over', language: '' })))"
        )
        self._say("3 + 3")
        expect(self.log.get_by_text(self.texts["new_session"])).to_be_visible()
        yield "expired"
        self.page.route("**/webhooks/web/messages", lambda _: None)  # never answered
        self._write("4 + 4")
        self.page.locator(".typing i").first.wait_for()
        yield "typing"
        self.page.unroute("**/webhooks/web/messages")
        self.page.reload()
        expect(self.log.locator(".visitor").last).to_have_attribute("data-state", "answered")

    def _deleted(self) -> Iterator[str]:
        self._menu().click()
        self.page.get_by_role("button", name=self.texts["delete"]).click()
        self.page.get_by_role("alertdialog").wait_for()
        yield "delete"
        self.page.get_by_role("alertdialog").get_by_role("button", name=self.texts["confirm"]["yes"], exact=True).click()
        self.log.get_by_text(self.texts["deleted"]).wait_for()
        yield "deleted"

    def _menu(self) -> Locator:
        return self.page.get_by_role("dialog").get_by_label(self.texts["menu"])

    def _say(self, text: str) -> None:
        with self._answered():
            self._write(text)

    def _write(self, text: str) -> None:
        self.page.get_by_label(self.texts["input"]).fill(text)
        self.page.get_by_role("button", name=self.texts["send"]).click()

    def _tap(self, payload: str) -> None:
        with self._answered():
            self.log.get_by_role("button", name=self._offered[payload], exact=True).last.click()

    def _tap_or_say(self, payload: str, *texts: str) -> None:
        """Gets to what a button stands for: by the button if it is there, else in words, else in other words."""
        if payload in self._offered:
            self._tap(payload)
            return
        before = None
        for text in texts:
            if before is None or payload not in self._offered:
                self._say(text)
            before = text

    def _answered(self) -> Answered:
        return Answered(self.log)

    def _note(self, response: Response) -> None:
        """Keeps what the latest answer offers."""
        if response.request.method != "POST" or "/webhooks/web/" not in response.url or not response.ok:
            return
        self._offered = {button["payload"]: button["title"] for message in response.json()["messages"] for button in _buttons(message)}


def _choose(**choice: str) -> str:
    return f"/choose{json.dumps(choice)}"


def _buttons(message: dict[str, Any]) -> Iterator[dict[str, str]]:
    for part in (message, *message["cards"]):
        yield from part["buttons"]


def _fails(route: Route) -> None:
    headers = {"Access-Control-Allow-Origin": "*"}
    route.fulfill(status=500, headers=headers, json={"error": {"code": "internal", "message": ""}})
