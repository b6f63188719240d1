"""One request to the console: who asks, in which language, and how to answer."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any

from fastapi import Path as FromPath
from fastapi import Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.engine import Connection, Engine

from bot.practice.console.audit import record
from bot.practice.console.permissions import PERMISSIONS
from bot.practice.console.staff.accounts import Account
from bot.practice.console.texts import clock, day_named, local_day, moment, named, texts
from bot.privacy.databases import Databases
from bot.settings import Settings
from bot.texts import LANGUAGES

BASE = "/staff"
"""Where the console is in the practice's web application."""
COOKIE = "staff"

MOST = 2**31 - 1
"""The largest number of a row that PostgreSQL takes."""
Number = Annotated[int, FromPath(ge=1, le=MOST)]
"""A row's number in a path."""
Before = Annotated[int | None, Query(ge=1, le=MOST)]
"""A row's number in a query, where a page of a listing begins."""


@dataclass(frozen=True)
class Console:
    """What all pages share."""

    settings: Settings
    engine: Engine
    """The practice's database, which holds the console's own tables too."""
    conversations: Engine
    """The assistant's database, which the console only reads, but for erasing a person."""
    clock: Callable[[], datetime]
    messaging: Engine
    """WhatsApp's and Telegram's messages."""

    @property
    def databases(self) -> Databases:
        """All that hold personal data, for finding and erasing it."""
        return Databases(self.conversations, self.messaging, self.engine)

    @property
    def idle(self) -> timedelta:
        """How long a session may be unused."""
        return timedelta(minutes=self.settings.staff_idle_minutes)

    @property
    def is_https(self) -> bool:
        """Whether browsers reach the console over HTTPS."""
        return self.settings.public_practice_url.startswith("https:")

    def csrf(self, token: str) -> str:
        """What a form has to carry so that it counts as sent by the owner of this cookie."""
        return hmac.new(self.settings.key_for("console-csrf").encode(), token.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Visit:
    """One request; pages get it as `visit: Visit = Depends(visit_of)`."""

    console: Console
    request: Request
    account: Account | None
    token: str
    """The cookie's value; of somebody who is not logged in a random one."""
    language: str
    now: datetime
    form: Mapping[str, str] = field(default_factory=dict)
    """Fields of a sent form, each once; a field that was sent more than once is in `repeated`."""
    repeated: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def who(self) -> Account:
        """The account of somebody who is logged in, as every page but the log-in needs it."""
        assert self.account is not None, "the gate lets nobody else through"
        return self.account

    @property
    def texts(self) -> SimpleNamespace:
        """The texts of the visit's language."""
        return texts(self.language)

    def page(self, template: str, status: int = 200, **facts: Any) -> Response:
        """A page made from a template, which sees `t` (texts), `visit`, `csrf`, `navigation` and the facts."""
        return HTMLResponse(self.render(template, **facts), status)

    def render(self, template: str, **facts: Any) -> str:
        """The HTML of a template."""
        shown: dict[str, Any] = {
            "t": self.texts,
            "visit": self,
            "base": BASE,
            "csrf": self.console.csrf(self.token),
            "navigation": self._navigation(),
        }
        shown |= {"clock": clock, "local_day": local_day, "one_day": timedelta(days=1)}
        shown |= {
            "moment": lambda at: moment(at, self.language),
            "day": lambda day: day_named(day, self.language),
            "languages": LANGUAGES,
            "named": named,
        }
        return _templates.get_template(template).render(shown | facts)

    def go(self, path: str) -> Response:
        """Sends the browser on, after a change; `path` is below the console's own."""
        return RedirectResponse(f"{BASE}{path}", 303)

    def record(self, connection: Connection, action: str, subject: str = "", **detail: Any) -> None:
        """Writes what this visit does to the audit trail, in the transaction that does it."""
        record(connection, self.account, action, subject, self.now, **detail)

    def _navigation(self) -> list[tuple[str, str]]:
        """Name and path of the entries that this account may use."""
        if self.account is None or self.account.must_change:
            return []
        return [(entry.navigation, entry.path) for entry in PERMISSIONS if entry.navigation and entry.allows(self.account.role)]


def visit_of(request: Request) -> Visit:
    """The visit that the gate has made for this request."""
    visit: Visit = request.scope["visit"]
    return visit


_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["pairs"] = lambda namespace: vars(namespace).items()
