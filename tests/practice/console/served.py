"""The console on a real port with conversations in it, for tests with a browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from bot.database import open_database
from bot.practice.schema import create_tables
from tests.practice.console.generator import fill, keep_appointments
from tests.practice.console.world import PASSWORD, World
from tests.practice.serving import served


@contextmanager
def served_console(folder: Path, conversations: int = 0, **options: Any) -> Iterator[tuple[World, str]]:
    """A world and the base URL of its application."""
    engine = open_database(f"sqlite:///{folder / 'practice.db'}")
    create_tables(engine)
    world = World(folder, engine)
    fill(world.assistant, conversations, world.now, **options)
    world.index.catch_up_wholly(world.now)
    keep_appointments(engine)
    with served(world.app) as url:
        yield world, url
    world.close()
    engine.dispose()


def log_in(page: Page, url: str, login: str) -> None:
    """Logs a browser in by its form."""
    page.goto(f"{url}/staff/log-in")
    page.locator("#login").fill(login)
    page.locator("#password").fill(PASSWORD)
    page.locator("main button").click()
    page.wait_for_url(f"{url}/staff/overview")
