"""A console for tests: its clock, its accounts, its visitors' conversations, and browsers that are logged in."""

from datetime import datetime, timedelta
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from sqlalchemy import update
from sqlalchemy.engine import Engine
from starlette.testclient import TestClient

from bot.database import open_database, writing
from bot.practice.app import create_app
from bot.practice.booking.seed import seed_booking
from bot.practice.catalog.seed import seed
from bot.practice.console.conversations.index import Index
from bot.practice.console.models import staff
from bot.practice.console.staff import accounts, passwords
from bot.practice.console.staff.accounts import Role
from tests.practice.world import NOW, catalog, settings

PASSWORD = "a long and winding road"
ORIGIN = "http://testserver"


@lru_cache(maxsize=1)
def digest() -> str:
    """The digest of the password that all accounts of the tests have."""
    return passwords.digest(PASSWORD)


class World:
    """The practice's application with its console, and what tests need around it."""

    def __init__(self, folder: Path, engine: Engine, begins: bool = True, **values: Any) -> None:
        """On a database that has all that a practice begins with, or gets it now."""
        self.now = NOW
        self.settings = settings(folder, **values)
        self.engine = engine
        if begins:
            seed(engine, catalog())
            seed_booking(engine, self.settings)
        self.assistant = open_database(self.settings.conversations_database)
        self.index = Index(engine, self.assistant)
        self.app = create_app(self.settings, engine, lambda: self.now)

    def pass_time(self, **duration: float) -> None:
        """Lets the console's clock go on."""
        self.now += timedelta(**duration)

    def staff(self, role: Role = Role.READER, login: str = "") -> str:
        """An account whose password has been changed already; gives its login."""
        login = login or f"{role.key}@practice.example"
        with writing(self.engine) as connection:
            number, _ = accounts.add(connection, login, login.partition("@")[0].title(), role, self.now)
            connection.execute(update(staff).where(staff.c.id == number).values(must_change=False, password=digest()))
        return login

    def browser(self, login: str | None = None, password: str = PASSWORD, code: str = "") -> "Browser":
        """A browser, logged in where a login is given."""
        browser = Browser(self)
        if login:
            answer = browser.log_in(login, password, code)
            assert answer.status_code == 303, answer.status_code
        return browser

    def close(self) -> None:
        """Closes the assistant's database."""
        self.assistant.dispose()


class Browser:
    """A browser that keeps cookies and sends forms with the token of the page they are on."""

    def __init__(self, world: World) -> None:
        self.http = TestClient(world.app, follow_redirects=False)

    def log_in(self, login: str, password: str = PASSWORD, code: str = "", **more: str) -> Any:
        """Opens the log-in and sends it."""
        return self.send("/log-in", page="/log-in", login=login, password=password, code=code, **more)

    def get(self, path: str, **options: Any) -> Any:
        """A page of the console."""
        return self.http.get(f"/staff{path}", **options)

    def send(self, path: str, page: str = "/account", **fields: str) -> Any:
        """A form of a page, with that page's token."""
        return self.http.post(f"/staff{path}", data={"csrf": self.token(page), **fields})

    def token(self, page: str = "/account") -> str:
        """The token that a page carries."""
        reader = _Tokens()
        reader.feed(self.get(page).text)
        return reader.found


class _Tokens(HTMLParser):
    found = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        fields = dict(attrs)
        if tag == "input" and fields.get("name") == "csrf":
            self.found = fields.get("value") or ""


def at(text: str) -> datetime:
    """An instant in UTC."""
    return datetime.fromisoformat(f"{text}+00:00")
