"""A real browser for tests: Debian's Chromium, or the one that Playwright keeps."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

DEBIAN_CHROMIUM = Path("/usr/bin/chromium")

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
