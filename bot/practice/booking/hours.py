"""When the practice is open: periods of a day, the grammar of the settings CONSULTATION_HOURS and CLOSED_DAYS, and public holidays."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from holidays.countries.netherlands import Netherlands

from bot.practice.booking.units import UNIT_MINUTES
from bot.settings import SettingsError

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class HoursFault(ValueError):
    """Hours that can't be; `code` is one of no_period, no_time, backwards, steps, overlap."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, order=True)
class Period:
    """A stretch of a day in which consultations take place."""

    opens: int
    """Minutes after local midnight."""
    closes: int
    """Minutes after local midnight; 1440 is the midnight that ends the day."""


@dataclass(frozen=True)
class OpeningHours:
    """The periods of each day of the week."""

    weekdays: tuple[tuple[Period, ...], ...]
    """Seven entries, Monday first; an empty one is a closed day."""

    def on(self, day: date) -> tuple[Period, ...]:
        """The periods of the weekday that a date falls on."""
        return self.weekdays[day.weekday()]


@dataclass(frozen=True)
class ClosedDays:
    """Days without consultations that the practice has set itself."""

    ranges: tuple[tuple[date, date], ...]
    """First and last day of each, both closed."""

    def __contains__(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.ranges)


def public_holidays(years: Iterable[int]) -> frozenset[date]:
    """The Dutch public holidays of some years."""
    return frozenset[date]().union(*(_holidays_of(year) for year in years))


@cache
def _holidays_of(year: int) -> frozenset[date]:
    return frozenset(Netherlands(years=year))  # type: ignore[no-untyped-call]


def parse_periods(text: str) -> tuple[Period, ...]:
    """Reads '09:00-12:30 13:00-17:00', in order of time.

    Raises:
        HoursFault: says what is wrong.
    """
    return in_order([_period(part) for part in text.split()])


def periods_text(periods: Iterable[Period]) -> str:
    """The same as text."""
    return " ".join(f"{clock(period.opens)}-{clock(period.closes)}" for period in periods)


def clock(minutes: int) -> str:
    """Minutes after midnight as a clock shows them; 1440 is 24:00."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def checked_period(opens: int, closes: int) -> Period:
    """A period of whole units that ends after it begins.

    Raises:
        HoursFault: it is none.
    """
    if any(not 0 <= minutes <= 24 * 60 for minutes in (opens, closes)):
        raise HoursFault("no_time", "has no time of a day: use 00:00 to 24:00")
    if any(minutes % UNIT_MINUTES for minutes in (opens, closes)):
        raise HoursFault("steps", f"must be in steps of {UNIT_MINUTES} minutes")
    if closes <= opens:
        raise HoursFault("backwards", "closes before it opens")
    return Period(opens, closes)


def in_order(periods: Iterable[Period]) -> tuple[Period, ...]:
    """The periods of a day in order of time.

    Raises:
        HoursFault: some overlap.
    """
    ordered = sorted(periods)
    if any(later.opens < earlier.closes for earlier, later in zip(ordered, ordered[1:], strict=False)):
        raise HoursFault("overlap", "overlap")
    return tuple(ordered)


def parse_opening_hours(text: str) -> OpeningHours:
    """Reads 'mon-fri 09:00-12:30 13:00-17:00; sat 10:00-12:00'.

    Raises:
        SettingsError: names the part that can't be used.
    """
    weekdays: list[list[Period]] = [[] for _ in WEEKDAYS]
    for part in filter(None, (part.strip() for part in text.split(";"))):
        days, *periods = part.split()
        if not periods:
            raise _bad_hours(f"'{part}' names no times")
        for day in _days(days):
            weekdays[day] += _settings_periods(periods)
    if not any(weekdays):
        raise _bad_hours("no opening hours at all")
    return OpeningHours(tuple(_in_order(day, periods) for day, periods in enumerate(weekdays)))


def parse_closed_days(text: str) -> ClosedDays:
    """Reads '2026-12-24, 2026-12-28..2027-01-02'.

    Raises:
        SettingsError: names the part that can't be used.
    """
    return ClosedDays(tuple(_range(part) for part in filter(None, (part.strip() for part in text.split(",")))))


def _days(text: str) -> range:
    first, dash, last = text.lower().partition("-")
    last = last if dash else first
    for name in (first, last):
        if name not in WEEKDAYS:
            raise _bad_hours(f"'{name}' is no day: use {', '.join(WEEKDAYS)}")
    start, end = WEEKDAYS.index(first), WEEKDAYS.index(last)
    if end < start:
        raise _bad_hours(f"'{text}' runs backwards: a week goes from mon to sun")
    return range(start, end + 1)


def _settings_periods(texts: list[str]) -> list[Period]:
    try:
        return [_period(text) for text in texts]
    except HoursFault as fault:
        raise _bad_hours(str(fault)) from fault


def _period(text: str) -> Period:
    match = re.fullmatch(r"(\d\d):(\d\d)-(\d\d):(\d\d)", text)
    if not match:
        raise HoursFault("no_period", f"'{text}' is no period: write it as 09:00-17:00")
    try:
        return checked_period(*(_minutes(*map(int, pair)) for pair in (match.group(1, 2), match.group(3, 4))))
    except HoursFault as fault:
        raise HoursFault(fault.code, f"'{text}' {fault}") from fault


def _minutes(hour: int, minute: int) -> int:
    """Minutes after midnight; -1 where no clock shows it."""
    return hour * 60 + minute if minute <= 59 else -1


def _in_order(day: int, periods: list[Period]) -> tuple[Period, ...]:
    try:
        return in_order(periods)
    except HoursFault as fault:
        raise _bad_hours(f"periods of {WEEKDAYS[day]} {fault}") from fault


def _range(text: str) -> tuple[date, date]:
    first, dots, last = (part.strip() for part in text.partition(".."))
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last if dots else first)
    except ValueError as error:
        raise SettingsError(f"CLOSED_DAYS: '{text}' is no day or period: write 2026-12-24 or 2026-12-28..2027-01-02") from error
    if end < start:
        raise SettingsError(f"CLOSED_DAYS: '{text}' ends before it starts")
    return start, end


def _bad_hours(fault: str) -> SettingsError:
    return SettingsError(f"CONSULTATION_HOURS: {fault}")
