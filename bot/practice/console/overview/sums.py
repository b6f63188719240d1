"""The figures of a period, read from the sums by day that the index keeps."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.practice.booking.models import appointment
from bot.practice.console.conversations.days import Kind, day_of, start_of
from bot.practice.console.conversations.models import day, figure
from bot.practice.console.overview.period import Bucket, Period

OVER_TIME = (Kind.CONVERSATIONS, Kind.OUTCOME, Kind.STEP, Kind.ANSWER)
"""What is shown by day, week or month."""


@dataclass
class Sums:
    """What was counted within some days."""

    counted: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By kind and name."""
    people: int = 0
    """Different conversations; on the website each session is one, elsewhere each person."""
    no_shows: int = 0
    """Appointments on these days that nobody came to."""

    def number(self, kind: Kind, name: str = "") -> int:
        """How many of that kind and name."""
        return self.counted[kind.value, name]

    def names(self, kind: Kind) -> dict[str, int]:
        """The numbers of a kind by name, the largest first."""
        found = {name: number for (of, name), number in self.counted.items() if of == kind.value}
        return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))

    def answered_within(self, share: float) -> int | None:
        """Milliseconds within which this share of the answers came, to two digits; None without answers."""
        times = sorted((int(name), number) for name, number in self.names(Kind.ANSWER).items())
        left = share * sum(number for _, number in times)
        for milliseconds, number in times:
            left -= number
            if left <= 0:
                return milliseconds
        return None


def read(connection: Connection, period: Period) -> Sums:
    """The figures of the whole period."""
    c = figure.c
    within = c.day.between(period.since, period.until)
    query = select(c.kind, c.name, func.sum(c.number)).where(c.kind.in_([each.value for each in Kind]), within).group_by(c.kind, c.name)
    sums = Sums(Counter({(kind, name): int(number) for kind, name, number in connection.execute(query)}))
    _add_people(connection, period, [(Bucket(period.since, period.until), sums)])
    sums.no_shows = len(_days_missed(connection, period))
    return sums


def read_buckets(connection: Connection, period: Period) -> list[tuple[Bucket, Sums]]:
    """The figures `OVER_TIME` of each day, week or month."""
    found = [(bucket, Sums()) for bucket in period.buckets]
    of_day = {bucket.first + timedelta(days=number): index for index, (bucket, _) in enumerate(found) for number in range(_length(bucket))}
    c = figure.c
    within = c.day.between(period.since, period.until)
    query = select(c.kind, c.name, c.day, c.number).where(c.kind.in_([each.value for each in OVER_TIME]), within)
    for kind, name, which, number in connection.execute(query):
        found[of_day[which]][1].counted[kind, name] += number
    _add_people(connection, period, found)
    for which in _days_missed(connection, period):
        found[of_day[which]][1].no_shows += 1
    return found


def _length(bucket: Bucket) -> int:
    return (bucket.last - bucket.first).days + 1


def _add_people(connection: Connection, period: Period, found: Sequence[tuple[Bucket, Sums]]) -> None:
    """Takes from the conversations counted day by day those that had been counted in the same bucket before."""
    c = day.c
    came_back = (c.previous.is_not(None), c.day.between(period.since, period.until), c.previous >= period.since)
    query = select(c.day, c.previous, func.count()).where(*came_back).group_by(c.day, c.previous)
    back = connection.execute(query).all()
    for bucket, sums in found:
        again = sum(number for which, previous, number in back if bucket.first <= previous and which <= bucket.last)
        sums.people = sums.number(Kind.CONVERSATIONS) - again


def _days_missed(connection: Connection, period: Period) -> list[date]:
    """The day of each appointment that nobody came to."""
    c = appointment.c
    within = (c.starts_at >= start_of(period.since), c.starts_at < start_of(period.until + timedelta(days=1)))
    return [day_of(at) for at in connection.execute(select(c.starts_at).where(c.no_show_at.is_not(None), *within)).scalars()]
