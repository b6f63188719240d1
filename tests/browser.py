"""A real browser for tests: Debian's Chromium, or the one that Playwright keeps; and waiting for the chat in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

DEBIAN_CHROMIUM = Path("/usr/bin/chromium")

ANSWER_MS = 15_000
"""Longer than the channel lets anybody wait."""

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""Runs as root in a container, and never calls home."""


def chromium_path() -> str:
    """Path of a Chromium that can be started; without one the test is skipped and says how to get it."""
    if DEBIAN_CHROMIUM.exists():
        return str(DEBIAN_CHROMIUM)
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if not Path(path).exists():
        pytest.skip("no Chromium: apt-get install chromium, or playwright install chromium")
    return path


@contextmanager
def open_browser() -> Iterator[Browser]:
    """A headless Chromium. Close it before asynchronous tests run: Playwright keeps an event loop in this thread."""
    path = chromium_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=QUIET)
        try:
            yield browser
        finally:
            browser.close()


class Answered:
    """Waits at its end until one more message of the visitor has its answer."""

    def __init__(self, log: Locator) -> None:
        self._said = log.locator(".visitor")
        self._before = self._said.count()

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, *_: Any) -> None:
        if kind is None:
            expect(self._said).to_have_count(self._before + 1)
            expect(self._said.last).to_have_attribute("data-state", "answered", timeout=ANSWER_MS)


def violations(page: Page) -> list[str]:
    """The accessibility rules that the page breaks now, each with where; axe's own report stumbles over shadow trees."""
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {[node['target'] for node in rule['nodes']]}" for rule in found]
