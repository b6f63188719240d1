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
    # figures
    Permission("GET", "/overview", Role.READER, navigation="overview"),
    Permission("GET", "/overview/{name}.csv", Role.READER),
    # conversations
    Permission("GET", "/conversations", Role.READER, navigation="conversations"),
    Permission("GET", "/conversations/new", Role.READER, counts_as_use=False),
    Permission("POST", "/conversations/search", Role.READER),
    Permission("POST", "/conversations/show", Role.REVIEWER),
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
    # appointments
    Permission("GET", "/appointments", Role.READER, navigation="appointments"),
    Permission("POST", "/appointments/find", Role.READER),
    Permission("GET", "/appointments/new", Role.REVIEWER),
    Permission("POST", "/appointments", Role.REVIEWER),
    Permission("GET", "/appointments/{number}", Role.READER),
    Permission("POST", "/appointments/{number}/move", Role.REVIEWER),
    Permission("POST", "/appointments/{number}/cancel", Role.REVIEWER),
    Permission("POST", "/appointments/{number}/therapist", Role.REVIEWER),
    Permission("POST", "/appointments/{number}/no-show", Role.REVIEWER),
    Permission("POST", "/appointments/{number}/came", Role.REVIEWER),
    # what the practice offers, when and with whom
    Permission("GET", "/practice", Role.READER, navigation="practice"),
    Permission("GET", "/practice/treatments", Role.READER),
    Permission("GET", "/practice/treatments/new", Role.ADMINISTRATOR),
    Permission("POST", "/practice/treatments", Role.ADMINISTRATOR),
    Permission("GET", "/practice/treatments/{slug}", Role.READER),
    Permission("POST", "/practice/treatments/{slug}", Role.ADMINISTRATOR),
    Permission("GET", "/practice/hours", Role.READER),
    Permission("POST", "/practice/hours", Role.ADMINISTRATOR),
    Permission("POST", "/practice/told-hours", Role.ADMINISTRATOR),
    Permission("POST", "/practice/days", Role.ADMINISTRATOR),
    Permission("POST", "/practice/days/{number}/remove", Role.ADMINISTRATOR),
    Permission("GET", "/practice/types", Role.READER),
    Permission("GET", "/practice/types/new", Role.ADMINISTRATOR),
    Permission("POST", "/practice/types", Role.ADMINISTRATOR),
    Permission("GET", "/practice/types/{key}", Role.READER),
    Permission("POST", "/practice/types/{key}", Role.ADMINISTRATOR),
    Permission("GET", "/practice/therapists", Role.READER),
    Permission("POST", "/practice/therapists", Role.ADMINISTRATOR),
    Permission("GET", "/practice/therapists/{number}", Role.READER),
    Permission("POST", "/practice/therapists/{number}", Role.ADMINISTRATOR),
    Permission("POST", "/waiting/messages/{number}/again", Role.REVIEWER),
    Permission("POST", "/waiting/messages/{number}/done", Role.REVIEWER),
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
    # everything about one visitor
    Permission("GET", "/privacy", Role.ADMINISTRATOR, navigation="privacy"),
    Permission("POST", "/privacy/find", Role.ADMINISTRATOR),
    Permission("GET", "/privacy/found/{identity}", Role.ADMINISTRATOR),
    Permission("POST", "/privacy/found/{identity}/others", Role.ADMINISTRATOR),
    Permission("POST", "/privacy/found/{identity}/show", Role.ADMINISTRATOR),
    Permission("POST", "/privacy/found/{identity}/export", Role.ADMINISTRATOR),
    Permission("POST", "/privacy/found/{identity}/erase", Role.ADMINISTRATOR),
)


def permission(method: str, path: str) -> Permission | None:
    """The entry for a request, by its path below `/staff`; the first that fits."""
    return next((entry for entry in PERMISSIONS if entry.method == method and _pattern(entry.path).match(path)), None)


@cache
def _pattern(path: str) -> Pattern[str]:
    return compile_path(path)[0]
