"""The demonstration page on a real server, beside an assistant that the tests direct."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page

from bot.practice.catalog.queries import Treatment
from bot.practice.pages import add_pages
from bot.settings import Settings
from tests.browser import open_browser
from tests.widget.fake_assistant import FakeAssistant
from tests.widget.serving import free_socket, serving

OpenPage = Callable[..., Page]

DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "locale": "en-GB", "reduced_motion": "reduce"}


class SmallCatalogue:
    """One treatment with a price and one without."""

    def all(self) -> tuple[Treatment, ...]:
        return (_treatment("laser", 5000), _treatment("camouflage", None))


def _treatment(slug: str, cents: int | None) -> Treatment:
    text = {"en": f"The {slug}", "nl": f"De {slug}"}
    currency = "EUR" if cents else None
    return Treatment(slug, text, text, "laser", cents, currency, True, frozenset(), frozenset(), None, "page")


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, FakeAssistant]]:
    """Base URL of the pages, and the assistant that they talk to."""
    assistant, app = FakeAssistant(), FastAPI()
    (page_socket, page_url), (assistant_socket, assistant_url) = free_socket(), free_socket()
    settings = Settings(_env_file=None, assistant_url=assistant_url, practice_url=page_url, var_dir=Path("/nonexistent"))
    add_pages(app, settings, SmallCatalogue())
    with serving(app, page_socket), serving(assistant.app(page_url), assistant_socket):
        yield page_url, assistant


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture
def assistant(served: tuple[str, FakeAssistant]) -> Iterator[FakeAssistant]:
    """The assistant, new for each test."""
    _, assistant = served
    assistant.reset()
    yield assistant
    assistant.go.set()


@pytest.fixture
def visit(served: tuple[str, FakeAssistant], assistant: FakeAssistant, browser: Browser) -> Iterator[OpenPage]:
    """Opens the demonstration page; no script may fail and nothing may break the content policy."""
    url, _ = served
    assert assistant.seen == []
    faults: list[str] = []
    contexts: list[BrowserContext] = []

    def open_page(path: str = "/", **options: Any) -> Page:
        context = browser.new_context(**{**DESKTOP, **options})
        contexts.append(context)
        context.set_default_timeout(6000)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
        page.goto(url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults


@pytest.fixture
def chat(visit: OpenPage) -> Page:
    """The demonstration page with the chat open and its greeting there."""
    page = visit()
    page.get_by_role("button", name="Ask the assistant").click()
    page.get_by_text("Hello, I am an automated assistant.").wait_for()
    return page
