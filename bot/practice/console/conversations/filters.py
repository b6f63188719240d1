"""Which conversations the list shows, as its address says it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlalchemy.sql.elements import ClauseElement

from bot.practice.console.conversations import search
from bot.practice.console.conversations.models import conversation, message, tag
from bot.practice.console.conversations.summary import Band, Outcome
from bot.practice.console.conversations.transcript import Understood
from bot.practice.console.texts import HERE

YES, NO = "yes", "no"
LONGEST = 100
YEARS = 2000, 2999


@dataclass(frozen=True)
class Filter:
    """One value a field, empty where it is all the same; every field has to fit."""

    channel: str = ""
    language: str = ""
    outcome: str = ""
    """Key of an `Outcome`."""
    band: str = ""
    """Key of a `Band`."""
    reviewed: str = ""
    flagged: str = ""
    tag: str = ""
    label: str = ""
    """A topic or intent that a message was taken for."""
    understood: str = ""
    """What became of a message, `Understood`."""
    since: str = ""
    """A day such as 2026-11-30, on or after which it was last active."""
    until: str = ""
    """The last such day."""
    search: str = ""
    """Number of a search, which stands for its words."""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Filter":
        """From the parts of an address; what makes no sense is left out."""
        known = {field.name: query.get(field.name, "")[:LONGEST] for field in fields(cls)}
        return cls(**{name: value if _makes_sense(name, value) else "" for name, value in known.items()})

    @classmethod
    def kept(cls, form: Mapping[str, str]) -> "Filter":
        """The one that a page's form carries along."""
        return cls.of(dict(parse_qsl(form.get("filter", ""))))

    def query(self, **changed: str) -> str:
        """The address's query for this filter, or for a changed one; empty for no filter."""
        return urlencode(replace(self, **changed).chosen)

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """Name and value of what is filtered."""
        return [(field.name, getattr(self, field.name)) for field in fields(self) if getattr(self, field.name)]

    @property
    def is_empty(self) -> bool:
        """Whether it shows everything."""
        return self == Filter()

    def conditions(self, connection: Connection, words: str = "") -> list[ClauseElement]:
        """As conditions on the table of conversations.

        Args:
            words: what is searched for, where `search` stands for something.
        """
        return [*self.faceted(), *self.others(connection, words)]

    def faceted(self) -> list[ClauseElement]:
        """The conditions on fields that are counted."""
        c = conversation.c
        found: list[ClauseElement] = []
        if self.channel:
            found.append(c.channel == self.channel)
        if self.language:
            found.append(c.language == self.language)
        if self.outcome:
            found.append(c.outcomes.op("&")(int(Outcome[self.outcome.upper()])) != 0)
        if self.band:
            found.append(c.band == int(Band[self.band.upper()]))
        if self.reviewed:
            found.append(c.reviewed.is_(self.reviewed == YES))
        if self.flagged:
            found.append(c.flagged.is_(self.flagged == YES))
        return found

    def others(self, connection: Connection, words: str = "") -> list[ClauseElement]:
        """The conditions on all else."""
        c = conversation.c
        found: list[ClauseElement] = []
        if self.since:
            found.append(c.last_at >= _start_of(self.since))
        if self.until:
            found.append(c.last_at < _start_of(self.until, days=1))
        if self.tag:
            found.append(c.id.in_(select(tag.c.conversation_id).where(tag.c.name == self.tag)))
        of_message = [message.c[name] == getattr(self, name) for name in ("label", "understood") if getattr(self, name)]
        if of_message:
            found.append(c.id.in_(select(message.c.conversation_id).where(*of_message)))
        if words:
            found.append(search.found(connection, words))
        return found


def _makes_sense(name: str, value: str) -> bool:
    if name == "outcome":
        return value.upper() in Outcome.__members__
    if name == "band":
        return value.upper() in Band.__members__
    if name == "understood":
        return value in [each.value for each in Understood]
    if name in ("reviewed", "flagged"):
        return value in (YES, NO)
    return name not in ("since", "until") or _day(value) is not None


def _day(text: str) -> date | None:
    """The day, of those that a calendar with conversations can have."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if YEARS[0] <= day.year <= YEARS[1] else None


def _start_of(text: str, days: int = 0) -> datetime:
    """The first instant of a day in the practice's time, or of one so many days later."""
    day = _day(text)
    assert day is not None, "only days that make sense are kept"
    return datetime.combine(day + timedelta(days=days), time(), HERE)
