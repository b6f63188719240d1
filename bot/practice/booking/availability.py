"""Free starts, as a chain of small steps: window, days, periods, starts, minus what is taken.

Within each opening period starts are offered from its opening on, every `minutes` of the appointment's own length, as long as the whole
appointment fits: a day then fills without gaps when one kind is booked, and people get few, regular times to choose from.

Pure: instants are aware datetimes in UTC; days are local days of the practice.
"""

from collections.abc import Collection, Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from bot.practice.booking.hours import Period, public_holidays
from bot.practice.booking.rules import Rules
from bot.practice.booking.units import units

LOCAL = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True)
class Window:
    """A stretch of time, its end excluded."""

    start: datetime
    end: datetime


def free_starts(rules: Rules, minutes: int, calendars: Collection[Set[datetime]], wanted: Window, now: datetime) -> list[datetime]:
    """The starts in a window at which an appointment of this length can be booked now with somebody, in order of time.

    `calendars` holds for each therapist the units taken by other appointments (see `units`).
    """
    starts = offered_starts(rules, minutes, wanted, now)
    return [start for start in starts if any(claimed.isdisjoint(units(start, minutes)) for claimed in calendars)]


def offered_starts(rules: Rules, minutes: int, wanted: Window, now: datetime) -> list[datetime]:
    """The starts that the practice offers in a window, taken or not."""
    window = bookable_window(rules, wanted, now)
    periods = opening_periods(rules, open_days(rules, window))
    # A set, since two periods may run into each other in the night whose hour is skipped.
    return sorted({start for start in starts_within(periods, minutes) if window.start <= start < window.end})


def bookable_window(rules: Rules, wanted: Window, now: datetime) -> Window:
    """The part of a window that is neither too soon nor beyond the horizon."""
    last_day = now.astimezone(LOCAL).date() + timedelta(days=rules.horizon_days)
    return Window(max(wanted.start, now + rules.notice), min(wanted.end, local_instant(last_day, 24 * 60)))


def open_days(rules: Rules, window: Window) -> list[date]:
    """The local days that a window touches, without public holidays and closed days that have no hours of their own."""
    if window.end <= window.start:
        return []
    first, last = (instant.astimezone(LOCAL).date() for instant in (window.start, window.end))
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    holidays = public_holidays(range(first.year, last.year + 1))
    return [day for day in days if day in rules.other_hours or (day not in holidays and day not in rules.closed)]


def opening_periods(rules: Rules, days: Iterable[date]) -> Iterator[Window]:
    """The opening hours of some days as stretches of time."""
    for day in days:
        for period in rules.other_hours.get(day) or rules.opening.on(day):
            yield _stretch(day, period)


def is_open(rules: Rules, start: datetime, end: datetime) -> bool:
    """Whether a stretch of time lies within one opening period."""
    return any(period.start <= start and end <= period.end for period in opening_periods(rules, open_days(rules, Window(start, end))))


def starts_within(periods: Iterable[Window], minutes: int) -> Iterator[datetime]:
    """Starts from each period's opening on, one after the other, as long as the whole appointment fits."""
    length = timedelta(minutes=minutes)
    for period in periods:
        start = period.start
        while start + length <= period.end:
            yield start
            start += length


def local_instant(day: date, minutes: int) -> datetime:
    """The instant at which a local clock shows this many minutes after midnight.

    Of an hour that comes twice it is the first; a time that is skipped counts on from the time before.
    """
    return (datetime.combine(day, time(), LOCAL) + timedelta(minutes=minutes)).astimezone(timezone.utc)


def _stretch(day: date, period: Period) -> Window:
    return Window(local_instant(day, period.opens), local_instant(day, period.closes))
