"""The demonstration page on a real server, beside an assistant that the tests direct."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Locator, Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.practice.catalog.queries import Treatment
from bot.practice.pages import add_pages
from bot.settings import Settings
from tests.browser import open_browser
from tests.widget.fake_assistant import FakeAssistant
from tests.widget.serving import free_socket, serving

OpenPage = Callable[..., Page]

OPEN = {"en": "Ask the assistant", "nl": "Vraag het de assistent"}

DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "locale": "en-GB", "reduced_motion": "reduce"}


class SmallCatalogue:
    """One treatment with a price and one without."""

    def all(self) -> tuple[Treatment, ...]:
        return (_treatment("laser", 5000), _treatment("camouflage", None))


def _treatment(slug: str, cents: int | None) -> Treatment:
    text = {"en": f"The {slug}", "nl": f"De {slug}"}
    currency = "EUR" if cents else None
    return Treatment(slug, text, text, "laser", cents, currency, True, frozenset(), frozenset(), None, "page")


@dataclass
class Website:
    """Another website, whose one page carries the chat as a test wants it."""

    url: str
    practice: str
    assistant: str
    html: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def carry(self, attributes: str = "", head: str = "", body: str = "<h1>Website</h1>", language: str = "en", policy: str = "") -> None:
        """A page with the chat's one line."""
        line = f'<script async src="{self.practice}/widget.js" {attributes}></script>'
        self.html = (
            f'<!doctype html><html lang="{language}"><head><title>Website</title>{head}{line}</head><body><main>{body}</main></body></html>'
        )
        self.headers = {"Content-Security-Policy": policy} if policy else {}

    async def answer(self, _: Request) -> Response:
        """The page, whatever the address."""
        return HTMLResponse(self.html, headers=self.headers)

    @property
    def app(self) -> Starlette:
        """Serves it."""
        return Starlette(routes=[Route("/{path:path}", self.answer)])


@pytest.fixture(scope="package")
def served() -> Iterator[tuple[str, FakeAssistant, Website]]:
    """Base URL of the pages, the assistant that they talk to, and a website of somebody else."""
    assistant, app = FakeAssistant(), FastAPI()
    (page_socket, page_url), (assistant_socket, assistant_url), (website_socket, website_url) = free_socket(), free_socket(), free_socket()
    settings = Settings(_env_file=None, assistant_url=assistant_url, practice_url=page_url, var_dir=Path("/nonexistent"))
    add_pages(app, settings, SmallCatalogue())
    website = Website(website_url, page_url, assistant_url)
    channel = assistant.app(page_url, website_url)
    with serving(app, page_socket), serving(channel, assistant_socket), serving(website.app, website_socket):
        yield page_url, assistant, website


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture
def website(served: tuple[str, FakeAssistant, Website]) -> Website:
    """The other website, with the plainest page."""
    served[2].carry()
    return served[2]


@pytest.fixture
def assistant(served: tuple[str, FakeAssistant, Website]) -> Iterator[FakeAssistant]:
    """The assistant, new for each test."""
    _, assistant, _ = served
    assistant.reset()
    yield assistant
    assistant.go.set()


@pytest.fixture
def visit(served: tuple[str, FakeAssistant, Website], assistant: FakeAssistant, browser: Browser) -> Iterator[OpenPage]:
    """Opens the demonstration page; no script may fail and nothing may break the content policy."""
    url, _, _ = served
    assert assistant.seen == []
    faults: list[str] = []
    contexts: list[BrowserContext] = []

    def open_page(path: str = "/", **options: Any) -> Page:
        context = browser.new_context(**{**DESKTOP, **options})
        contexts.append(context)
        context.set_default_timeout(6000)
        context.on("weberror", lambda error: faults.append(str(error.error)))
        context.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
        page = context.new_page()
        page.goto(path if path.startswith("http") else url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults


@pytest.fixture
def chat(visit: OpenPage) -> Page:
    """The demonstration page with the chat open and its greeting there."""
    page = visit()
    page.get_by_role("button", name=OPEN["en"], exact=True).click()
    page.get_by_text("Hello, I am an automated assistant.").wait_for()
    return page


def log(page: Page) -> Locator:
    return page.get_by_role("log")


def bubbles(page: Page) -> Locator:
    return log(page).locator(".bubble")


def say(page: Page, text: str) -> None:
    page.get_by_label("Your message").fill(text)
    page.get_by_role("button", name="Send").click()


def storage(page: Page) -> dict[str, Any]:
    """All that the browser keeps for the page, by the last word of its key."""
    kept = page.evaluate("Object.entries({...localStorage, ...sessionStorage})")
    return {key.rsplit(" ", 1)[-1]: json.loads(value) for key, value in kept}
