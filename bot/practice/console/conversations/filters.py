"""Which conversations the list shows, as its address says it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import and_, func, not_, or_, select
from sqlalchemy.engine import Connection
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.sql.selectable import Select

from bot.practice.booking.models import appointment
from bot.practice.console.conversations import search
from bot.practice.console.conversations.days import Step, start_of
from bot.practice.console.conversations.models import conversation, day, message, tag, topic
from bot.practice.console.conversations.summary import Band, Outcome
from bot.practice.console.conversations.transcript import Understood

YES, NO = "yes", "no"
LONGEST = 100
YEARS = 2000, 2999
MANY_DAYS = 100


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
    """A day such as 2026-11-30, on or after which something was said in it; what else is wanted of a message or a day was there then."""
    until: str = ""
    """The last such day."""
    happened: str = ""
    """Key of an `Outcome` that came about, or of a `Step` that was taken, on one of these days."""
    topic: str = ""
    """What was asked about on one of these days, whether it was understood or not."""
    slower: str = ""
    """Milliseconds that an answer took at least on one of these days."""
    no_show: str = ""
    """First and last day, as 2026-11-01/2026-11-30, between which nobody came to its appointment."""
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
        return urlencode((replace(self, **changed) if changed else self).chosen)

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
        queries = (self._of_days(), self._of_topic(), self._of_messages())
        # over many days most conversations fit: SQLite then walks the list's index instead of looking each of them up
        number = func.abs(c.id) if self._days > MANY_DAYS else c.id
        found: list[ClauseElement] = [number.in_(query) for query in queries if query is not None] or self._active()
        if self.tag:
            found.append(c.id.in_(select(tag.c.conversation_id).where(tag.c.name == self.tag)))
        if self.no_show:
            found.append(c.reference.in_(_references_missed(*self.no_show.split("/"))))
        if words:
            found.append(search.found(connection, words))
        return found

    def _within(self, column: Any, start: Callable[[date], Any] = lambda which: which) -> list[ClauseElement]:
        """The conditions that the days put on a column; `start` gives what the column has for a day's first instant."""
        since, until = _day(self.since), _day(self.until)
        conditions: list[ClauseElement] = [column >= start(since)] if since else []
        return conditions + ([column < start(until + timedelta(days=1))] if until else [])

    def _active(self) -> list[ClauseElement]:
        """Something was said on one of the days: last then, or the next time after them it came back.

        The list's index answers this without a look at each day, of which a year has too many.
        """
        c, since, until = conversation.c, _day(self.since), _day(self.until)
        if until is None:
            return self._within(c.last_at, start_of)
        came_back = select(day.c.conversation_id).where(day.c.day > until, *self._within(day.c.previous), day.c.previous.is_not(None))
        too_late = and_(c.last_at >= start_of(until + timedelta(days=1)), c.id.not_in(came_back))
        # said what does not fit, since SQLite would look up one by one what is either in time or came back
        return [not_(or_(c.last_at < start_of(since), too_late)) if since else not_(too_late)]

    @property
    def _days(self) -> int:
        """How many days are wanted; 0 for no end."""
        since, until = _day(self.since), _day(self.until)
        return (until - since).days + 1 if since and until else 0

    def _of_days(self) -> Select | None:
        """Conversations with a day on which this happened."""
        conditions = []
        if self.happened:
            conditions.append(_flag(self.happened))
        if self.slower:
            conditions.append(day.c.slowest_ms >= int(self.slower))
        return select(day.c.conversation_id).where(*self._within(day.c.day), *conditions) if conditions else None

    def _of_topic(self) -> Select | None:
        """Conversations in which the topic was asked about; and with that result, where one is wanted too."""
        if not self.topic:
            return None
        conditions = [topic.c.topic == self.topic, *self._within(topic.c.day)]
        if self.understood in BY_TOPIC:
            conditions.append(topic.c[BY_TOPIC[self.understood]] > 0)
        return select(topic.c.conversation_id).where(*conditions)

    def _of_messages(self) -> Select | None:
        """Conversations with a message that fits."""
        counted = bool(self.topic) and self.understood in BY_TOPIC
        conditions = [message.c.label == self.label] if self.label else []
        if self.understood and not counted:
            conditions.append(message.c.understood == self.understood)
        return select(message.c.conversation_id).where(*conditions, *self._within(message.c.at, start_of)) if conditions else None


BY_TOPIC = {Understood.DOUBTFUL.value: "doubtful", Understood.NO.value: "missed"}
"""What became of messages, and in which column of a topic they are counted."""


def _flag(key: str) -> ClauseElement:
    column, flags = (day.c.steps, Step) if key.upper() in Step.__members__ else (day.c.outcomes, Outcome)
    return column.op("&")(int(flags[key.upper()])) != 0


def _references_missed(since: str, until: str) -> Select:
    """References of the appointments between two days that nobody came to."""
    c = appointment.c
    starts = (c.starts_at >= start_of(date.fromisoformat(since)), c.starts_at < start_of(date.fromisoformat(until) + timedelta(days=1)))
    return select(c.reference).where(c.no_show_at.is_not(None), *starts)


def _makes_sense(name: str, value: str) -> bool:
    if name == "outcome":
        return value.upper() in Outcome.__members__
    if name == "happened":
        return value.upper() in {**Outcome.__members__, **Step.__members__}
    if name == "slower":
        return value.isascii() and value.isdigit() and len(value) <= 8
    if name == "no_show":
        return len(value.split("/")) == 2 and all(map(_day, value.split("/")))
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
