"""The days that the overview is about, and how they are put together to weeks and months."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from urllib.parse import urlencode

MOST_COLUMNS = 100
"""More can't be told apart in a chart: a coarser unit is taken."""
MOST_DAYS = 3660
EARLIEST = date(2000, 1, 1)


class Unit(str, Enum):
    """What one column of a chart stands for."""

    DAY = "day"
    WEEK = "week"
    """From Monday, as ISO 8601 has it."""
    MONTH = "month"

    def start(self, day: date) -> date:
        """The first day of the unit that a day is in."""
        if self is Unit.WEEK:
            return day - timedelta(days=day.weekday())
        return day.replace(day=1) if self is Unit.MONTH else day

    def following(self, start: date) -> date:
        """The first day of the next one."""
        if self is Unit.MONTH:
            return (start + timedelta(days=31)).replace(day=1)
        return start + timedelta(days=7 if self is Unit.WEEK else 1)

    def back(self, start: date, number: int) -> date:
        """The first day of the one so many before."""
        for _ in range(number):
            start = self.start(start - timedelta(days=1))
        return start


COARSER = {Unit.DAY: Unit.WEEK, Unit.WEEK: Unit.MONTH}


class Span(Enum):
    """Periods to choose from, which end today: number and unit."""

    DAYS_7 = (7, Unit.DAY)
    DAYS_28 = (28, Unit.DAY)
    WEEKS_12 = (12, Unit.WEEK)
    MONTHS_12 = (12, Unit.MONTH)

    @property
    def key(self) -> str:
        """Its name in addresses and in the texts."""
        return self.name.lower()

    def period(self, today: date) -> "Period":
        """The period."""
        number, unit = self.value
        return Period(unit.back(unit.start(today), number - 1), today, unit)


DEFAULT = Span.DAYS_28
"""Whole weeks, so that a period and the one before have the same days of the week."""


@dataclass(frozen=True)
class Bucket:
    """A day, week or month, as far as it is within the period."""

    first: date
    last: date


@dataclass(frozen=True)
class Period:
    """Days from the first to the last one."""

    since: date
    until: date
    by: Unit

    @classmethod
    def of(cls, query: Mapping[str, str], today: date) -> "Period":
        """From an address: two days and a unit, or the name of a span; what makes no sense gives the default."""
        since, until = _day(query.get("since", "")), _day(query.get("until", ""))
        if since is None or until is None or not EARLIEST <= since <= until or (until - since).days >= MOST_DAYS:
            return chosen_span(query, DEFAULT).period(today)
        unit = next((each for each in Unit if each.value == query.get("by")), Unit.DAY)
        while (found := cls(unit.start(since), until, unit)).has_too_many and unit in COARSER:
            unit = COARSER[unit]
        return found

    @property
    def days(self) -> int:
        """How many."""
        return (self.until - self.since).days + 1

    @property
    def before(self) -> "Period":
        """As many days directly before."""
        return Period(self.since - timedelta(days=self.days), self.since - timedelta(days=1), self.by)

    @property
    def buckets(self) -> list[Bucket]:
        """Its days, weeks or months in order; the last one may not be whole."""
        found, start = [], self.since
        while start <= self.until:
            following = self.by.following(self.by.start(start))
            found.append(Bucket(start, min(self.until, following - timedelta(days=1))))
            start = following
        return found

    @property
    def has_too_many(self) -> bool:
        """Whether a chart can't show it."""
        return len(self.buckets) > MOST_COLUMNS

    @property
    def query(self) -> str:
        """For an address."""
        return urlencode({"since": self.since.isoformat(), "until": self.until.isoformat(), "by": self.by.value})


def chosen_span(query: Mapping[str, str], default: Span) -> Span:
    """The span that an address names."""
    return next((each for each in Span if each.key == query.get("span")), default)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year < 3000 else None
