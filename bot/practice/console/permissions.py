"""Who may do what: the one table of the console's routes. What is not in it can't be reached."""

from dataclasses import dataclass
from functools import cache
from re import Pattern

from starlette.routing import compile_path

from bot.practice.console.staff.accounts import Role

ANYONE = None
"""Needs no log-in."""


@dataclass(frozen=True)
class Permission:
    """One route, and the least role that may use it."""

    method: str
    path: str
    """As the router has it, below `/staff`."""
    role: Role | None
    navigation: str = ""
    """Name of its entry in the navigation, which the texts translate; empty: none."""
    counts_as_use: bool = True
    """Whether it keeps a session alive; polling doesn't."""
    before_change: bool = False
    """Whether it can be used while a password has to be changed first."""

    def allows(self, role: Role | None) -> bool:
        """Whether somebody of this role, or nobody with None, may use it."""
        return self.role is ANYONE or (role is not None and role >= self.role)


PERMISSIONS = (
    Permission("GET", "/log-in", ANYONE),
    Permission("POST", "/log-in", ANYONE),
    Permission("GET", "/files/{path:path}", ANYONE, counts_as_use=False, before_change=True),
    Permission("POST", "/log-out", Role.READER, before_change=True),
    Permission("GET", "/", Role.READER),
    # conversations
    Permission("GET", "/conversations", Role.READER, navigation="conversations"),
    Permission("GET", "/conversations/new", Role.READER, counts_as_use=False),
    Permission("POST", "/conversations/search", Role.READER),
    Permission("POST", "/conversations/filters", Role.READER),
    Permission("POST", "/conversations/filters/{number}/remove", Role.READER),
    Permission("GET", "/conversations/{number}", Role.READER),
    Permission("POST", "/conversations/{number}/review", Role.REVIEWER),
    Permission("POST", "/conversations/{number}/flag", Role.REVIEWER),
    Permission("POST", "/conversations/{number}/notes", Role.REVIEWER),
    Permission("POST", "/conversations/{number}/tags", Role.REVIEWER),
    # people who wait for one of the staff
    Permission("GET", "/waiting", Role.READER, navigation="waiting"),
    Permission("POST", "/waiting/{number}/take", Role.REVIEWER),
    Permission("POST", "/waiting/{number}/give-back", Role.REVIEWER),
    Permission("POST", "/waiting/{number}/done", Role.REVIEWER),
    # what the assistant is taught
    Permission("GET", "/teach", Role.READER, navigation="teach"),
    Permission("GET", "/teach/judged", Role.READER),
    Permission("POST", "/teach/judged/{number}/remove", Role.REVIEWER),
    Permission("GET", "/teach/{number}", Role.READER),
    Permission("POST", "/teach/{number}", Role.REVIEWER),
    Permission("GET", "/conversations/{number}/test", Role.REVIEWER),
    Permission("POST", "/conversations/{number}/test", Role.REVIEWER),
    # one's own account
    Permission("GET", "/account", Role.READER, before_change=True),
    Permission("POST", "/account/password", Role.READER, before_change=True),
    Permission("POST", "/account/preferences", Role.READER, before_change=True),
    Permission("POST", "/account/codes", Role.READER),
    Permission("POST", "/account/codes/off", Role.READER),
    Permission("POST", "/account/log-out-everywhere", Role.READER, before_change=True),
    # people and what they did
    Permission("GET", "/people", Role.ADMINISTRATOR, navigation="people"),
    Permission("POST", "/people", Role.ADMINISTRATOR),
    Permission("POST", "/people/{number}/role", Role.ADMINISTRATOR),
    Permission("POST", "/people/{number}/password", Role.ADMINISTRATOR),
    Permission("POST", "/people/{number}/disable", Role.ADMINISTRATOR),
    Permission("POST", "/people/{number}/enable", Role.ADMINISTRATOR),
    Permission("GET", "/audit", Role.ADMINISTRATOR, navigation="audit"),
)


def permission(method: str, path: str) -> Permission | None:
    """The entry for a request, by its path below `/staff`; the first that fits."""
    return next((entry for entry in PERMISSIONS if entry.method == method and _pattern(entry.path).match(path)), None)


@cache
def _pattern(path: str) -> Pattern[str]:
    return compile_path(path)[0]
