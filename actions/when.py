"""Day and time as people type them, English or Dutch, read against a given now.

Only what was said is read: "Friday" leaves the time open, "3pm" the day. The words stand in `when_words`.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from actions import spoken
from actions.when_words import DUTCH, LANGUAGES

OPEN_END = timedelta(days=366)
"""How far "from the 15th on" reaches."""


@dataclass(frozen=True)
class When:
    """A wish for a day and time in Amsterdam, as wide as it was said."""

    first: date | None = None
    """First day that would do; None: no day was said."""
    last: date | None = None
    earliest: time | None = None
    """Earliest time of day; None: no time was said."""
    latest: time | None = None
    exact: bool = False
    """Whether one clock time was said (`earliest`)."""
    soonest: bool = False
    """Whether the first possibility was asked for."""

    def fits(self, moment: datetime) -> bool:
        """Whether a local time is what was meant."""
        day, clock = moment.date(), moment.time()
        if self.first and not self.first <= day <= (self.last or self.first):
            return False
        if self.exact:
            return clock == self.earliest
        return not ((self.earliest and clock < self.earliest) or (self.latest and clock >= self.latest))

    def as_slot(self) -> dict[str, str | bool]:
        """Plain values that a conversation can keep."""
        return {key: value if isinstance(value, bool) else value.isoformat() for key, value in vars(self).items() if value is not None}

    @classmethod
    def from_slot(cls, kept: Mapping[str, Any] | None) -> "When | None":
        """What `as_slot` made; None where nothing was kept."""
        if not kept:
            return None
        readers: dict[str, Any] = {
            "first": date.fromisoformat,
            "last": date.fromisoformat,
            "earliest": time.fromisoformat,
            "latest": time.fromisoformat,
        }
        return cls(**{key: readers.get(key, bool)(value) for key, value in kept.items()})

    @classmethod
    def at(cls, moment: datetime) -> "When":
        """Exactly this local time."""
        return cls(first=moment.date(), last=moment.date(), earliest=moment.time(), exact=True)

    def joined(self, earlier: "When") -> "When":
        """What is said now, with day or time as said before where this leaves it open."""
        result = self
        if self.first is None:
            result = replace(result, first=earlier.first, last=earlier.last)
        if self.earliest is None and self.latest is None:
            result = replace(result, earliest=earlier.earliest, latest=earlier.latest, exact=earlier.exact)
        return result


class NoSuchDate(Exception):
    """The text names a day that the calendar doesn't have, such as 31 February."""


def read_when(text: str, now: datetime) -> When | None:
    """The day and time in a text, or None where there is none.

    Args:
        now: the local time in Amsterdam.

    Raises:
        NoSuchDate: the day named does not exist.
    """
    words = _plain(text)
    if soon := _in_some_hours(words, now):
        return soon
    days, rest = _read_days(words, now.date())
    clock = _read_clock(rest, said_alone=days is None)
    soonest = bool(re.search(rf"\b(?:{_any('soonest')})\b", words))
    if days is None and clock is None and not soonest:
        return None
    first, last = days or (None, None)
    earliest, latest, exact = clock or (None, None, False)
    return When(first, last, earliest, latest, exact, soonest)


# --- words


@cache
def _any(kind: str) -> str:
    """The words of one kind in every language, as alternatives."""
    return "|".join(getattr(words, kind) for words in LANGUAGES)


@cache
def _table(kind: str) -> Mapping[str, int]:
    """A table of words in every language, the longest words first."""
    entries = [entry for words in LANGUAGES for entry in getattr(words, kind).items()]
    return dict(sorted(entries, key=lambda entry: -len(entry[0])))


@cache
def _each(kind: str) -> tuple[str, ...]:
    """The weekdays or months, each in every language."""
    return tuple("|".join(names) for names in zip(*(getattr(words, kind) for words in LANGUAGES), strict=True))


def _number(kind: str, said: str) -> int:
    """The number that a word of a table stands for, or that its digits give."""
    return int(said) if said.isdigit() else next(value for word, value in _table(kind).items() if re.fullmatch(word, said))


def _plain(text: str) -> str:
    """Lower case without accents and commas, days and months spelled right, and other turns of phrase brought to those that are read."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("’", "'").replace(",", " "))
    words = " ".join("".join(sign for sign in decomposed if not unicodedata.combining(sign)).split())
    words = re.sub(r"[a-z]{6,}", _spelled_right, words)
    for language in LANGUAGES:
        for pattern, plain in language.rewritten:
            words = re.sub(pattern, plain, words)
    return " ".join(words.split())


@cache
def _names() -> tuple[str, ...]:
    """Names of days and months that are long enough to be known in spite of a typing mistake."""
    names = (name.lower() for table in (spoken.WEEKDAYS, spoken.MONTHS) for language in table.values() for name in language)
    return tuple(name for name in (*names, "tomorrow", "overmorgen") if len(name) >= 6)


def _spelled_right(word: re.Match[str]) -> str:
    near = process.extractOne(word[0], _names(), scorer=OSA.distance, score_cutoff=1)
    return str(near[0]) if near and near[0][0] == word[0][0] else word[0]


# --- days

Days = tuple[date, date]
Found = tuple[Days, re.Match[str]]


def _read_days(words: str, today: date) -> tuple[Days | None, str]:
    """The days meant and the text without them."""
    found = _find_days(words, today)
    if found is None:
        return None, words
    days, match = found
    before, after = words[: match.start()], words[match.end() :]
    if stretch := _to_another_day(days, before, after, today):
        return stretch
    for kind, reach in _reaches(days, today).items():
        if (word := re.search(rf"\b(?:{_any(kind)}) $", before)) and reach[0] <= reach[1]:
            return reach, before[: word.start()] + after
    return days, before + " " + after


def _reaches(days: Days, today: date) -> dict[str, Days]:
    """What becomes of the days after "from", "until", "before" and "after"."""
    first, last = days
    return {
        "since": (first, first + OPEN_END),
        "until": (today, last),
        "before": (today, first - timedelta(days=1)),
        "after": (last + timedelta(days=1), last + OPEN_END),
    }


def _to_another_day(days: Days, before: str, after: str, today: date) -> tuple[Days, str] | None:
    """Monday to Wednesday, between Monday and Wednesday, Monday or Tuesday."""
    joined = re.match(rf" ?(?:{_any('to_end')}|{_any('either')}) ", after)
    begun = re.search(rf"\b(?:{_any('between')}) $", before)
    rest = after[joined.end() :] if joined else ""
    second = _find_days(rest, today)
    if joined is None or second is None or second[1].start() or second[0][1] < days[0]:
        return None
    if re.fullmatch(_any("either"), joined[0].strip()) and not begun and second[0][0] - days[1] != timedelta(days=1):
        return None
    return (days[0], second[0][1]), (before[: begun.start()] if begun else before) + rest[second[1].end() :]


def _find_days(words: str, today: date) -> Found | None:
    """The first kind of day that the text names, and where."""
    readers = (
        _written_dates,
        _written_date,
        _day_in_some_weeks,
        _day_word,
        _in_some_time,
        _day_of_month,
        _weekday,
        _whole_week,
        _whole_month,
    )
    return next((found for reader in readers if (found := reader(words, today))), None)


def _written_dates(words: str, today: date) -> Found | None:
    """10 to 15 December."""
    ordinal = rf"(?:{_any('ordinal')})?"
    ends = rf"\b(\d{{1,2}}){ordinal} ?(?:-|{_any('to_end')}) ?(\d{{1,2}}){ordinal}(?: (?:{_any('of')}))?"
    for number, month in enumerate(_each("months"), start=1):
        if match := re.search(rf"{ends} (?:{month})\b\.?(?: (20\d\d))?", words):
            first, last = (_dated(int(match[end]), number, match[3], today) for end in (1, 2))
            return ((first, last), match) if first <= last else None
    return None


def _written_date(words: str, today: date) -> Found | None:
    """4 December, December 4th, 4/12, 4-12-2026, 4.12.2026, 2026-12-04."""
    if match := re.search(r"\b(20\d\d)-(\d{1,2})-(\d{1,2})\b", words):
        return _one(_day(int(match[1]), int(match[2]), int(match[3]))), match
    for numbers in (r"\b(\d{1,2})\.(\d{1,2})\.(20\d\d)\b", r"\b(\d{1,2})[/-](\d{1,2})(?:[/-](20\d\d|\d\d))?\b(?! \d\d \d)"):
        if match := re.search(numbers, words):
            return _one(_dated(int(match[1]), int(match[2]), match[3], today)), match
    ordinal = rf"(?:{_any('ordinal')})?"
    for number, month in enumerate(_each("months"), start=1):
        for pattern in (
            rf"\b(?:(?:{_any('the')}) )?(?P<day>\d{{1,2}}){ordinal}(?: (?:{_any('of')}))? (?:{month})\b\.?(?: (?P<year>20\d\d))?",
            rf"\b(?:{month})\.? (?:the )?(?P<day>\d{{1,2}}){ordinal}\b(?! ?(?:pm|am|:|{_any('oclock')}))(?: (?P<year>20\d\d))?",
        ):
            if match := re.search(pattern, words):
                return _one(_dated(int(match["day"]), number, match["year"], today)), match
    return None


def _some(units: str) -> str:
    """A pattern of some days, weeks or hours to go by."""
    return rf"\b(?:{_any('from_now')}) (?P<count>\d{{1,2}}|{'|'.join(_table('numbers'))}) (?:{_any(units)})\b"


def _day_in_some_weeks(words: str, today: date) -> Found | None:
    """Tuesday in two weeks: counted from the Tuesday to come."""
    named = "|".join((*_each("weekdays"), *_table("days")))
    match = re.search(rf"\b(?P<day>{named}) {_some('some_weeks')}", words)
    if not match:
        return None
    ahead = _table("days").get(match["day"])
    day = today + timedelta(days=(_weekday_number(match["day"]) - today.weekday()) % 7 if ahead is None else ahead)
    return _one(day + timedelta(weeks=_number("numbers", match["count"]))), match


def _day_word(words: str, today: date) -> Found | None:
    match = re.search(rf"\b(?:{'|'.join(_table('days'))})\b", words)
    return (_one(today + timedelta(days=_table("days")[match[0]])), match) if match else None


def _in_some_time(words: str, today: date) -> Found | None:
    """In three days, in two weeks, in two weeks on Tuesday."""
    if match := re.search(_some("some_days"), words):
        return _one(today + timedelta(days=_number("numbers", match["count"]))), match
    if match := re.search(rf"{_some('some_weeks')}(?: (?:{_any('on')}) (?P<day>{'|'.join(_each('weekdays'))})\b)?", words):
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=_number("numbers", match["count"]))
        if match["day"]:
            return _one(monday + timedelta(days=_weekday_number(match["day"]))), match
        return (monday, monday + timedelta(days=6)), match
    return None


def _in_some_hours(words: str, now: datetime) -> When | None:
    """In two hours: that day, from then on; but not the hours of "kwart over twee uur"."""
    match = re.search(_some("some_hours"), words)
    if not match or re.search(rf"(?:\d|\b(?:{'|'.join(_table('minutes'))})) $", words[: match.start()]):
        return None
    moment = now + timedelta(hours=_number("numbers", match["count"]))
    return When(first=moment.date(), last=moment.date(), earliest=moment.time().replace(second=0, microsecond=0))


def _weekday_number(name: str) -> int:
    """0 for a Monday."""
    return next(number for number, names in enumerate(_each("weekdays")) if re.match(rf"(?:{names})\b", f"{name} 1"))


def _weekday(words: str, today: date) -> Found | None:
    """Friday, next week Tuesday, Tuesday next week, next Friday (of the coming calendar week); the one that is named first."""
    monday = today - timedelta(days=today.weekday())
    next_week, this_week, coming = _any("next_week"), _any("this_week"), _any("coming")
    before = rf"(?:(?:(?P<week_before>{next_week})|{this_week}) (?:(?:{_any('on')}) )?)?(?:(?:(?P<next>{_any('next')})|{coming}) )?"
    after = rf"(?: (?:(?P<week_after>{next_week})|{this_week}|{coming})(?!\w))?"
    found: list[Found] = []
    for number, names in enumerate(_each("weekdays")):
        if match := re.search(rf"\b{before}(?:{names})s?\b{after}", words):
            next_one = match["week_before"] or match["next"] or match["week_after"]
            day = monday + timedelta(days=number, weeks=1) if next_one else today + timedelta(days=(number - today.weekday()) % 7)
            found.append((_one(day), match))
    return min(found, key=lambda one: one[1].start(), default=None)


def _whole_week(words: str, today: date) -> Found | None:
    """This week, the end of next week, the weekend."""
    monday = today - timedelta(days=today.weekday())
    if match := re.search(rf"\b(?:(?P<next>{_any('next_weekend')})|{_any('weekend')})\b", words):
        weeks = timedelta(weeks=1 if match["next"] else 0)
        return (monday + timedelta(days=5) + weeks, monday + timedelta(days=6) + weeks), match
    week = rf"(?P<next>{_any('next_week')})|{_any('this_week')}"
    for part, days in (("early", (0, 2)), ("midway", (1, 3)), ("late", (3, 6))):
        if match := re.search(rf"\b(?:{_any(part)}) (?:{week}|{_any('the_week')})\b", words):
            start = monday + timedelta(weeks=1 if match["next"] or monday + timedelta(days=days[1]) < today else 0)
            return (max(today, start + timedelta(days=days[0])), start + timedelta(days=days[1])), match
    if match := re.search(rf"\b(?:{week})\b", words):
        return ((monday + timedelta(weeks=1), monday + timedelta(days=13)) if match["next"] else (today, monday + timedelta(days=6))), match
    return None


def _whole_month(words: str, today: date) -> Found | None:
    """This month, next month, in January, next year."""
    first = today.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    for kind, start in (("this_month", first), ("next_month", following)):
        if match := re.search(rf"\b(?:{_any(kind)})\b", words):
            return (max(today, start), start.replace(day=monthrange(start.year, start.month)[1])), match
    if match := re.search(rf"\b(?:{_any('next_year')})\b", words):
        return (date(today.year + 1, 1, 1), date(today.year + 1, 12, 31)), match
    for number, month in enumerate(_each("months"), start=1):
        named = month if number != 5 else DUTCH.months[4]  # "may" is more often a verb
        if match := re.search(rf"\b(?:{_any('in_month')}) (?:{named})\b", words):
            year = today.year + (number < today.month)
            return (max(today, date(year, number, 1)), date(year, number, monthrange(year, number)[1])), match
    return None


def _day_of_month(words: str, today: date) -> Found | None:
    """The 4th, de 12e, 12e."""
    if not (match := re.search(rf"\b(?:(?:{_any('the')}) )?(\d{{1,2}})(?:{_any('ordinal')})\b{_not_counted()}", words)):
        return None
    number = int(match[1])
    month = today.replace(day=1)
    for _ in range(12):
        if number <= monthrange(month.year, month.month)[1] and month.replace(day=max(number, 1)) >= today and number >= 1:
            return _one(month.replace(day=number)), match
        month = (month + timedelta(days=32)).replace(day=1)
    raise NoSuchDate


def _one(day: date) -> Days:
    return day, day


def _dated(day: int, month: int, year: str | None, today: date) -> date:
    """A day with its month; without a year the next one to come."""
    if year:
        return _day(int(year) + (2000 if len(year) == 2 else 0), month, day)
    this_year = _day(today.year if (month, day) != (2, 29) else today.year + (-today.year % 4), month, day)
    return this_year if this_year >= today else _day(today.year + 1, month, day)


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise NoSuchDate from error


# --- times of day


def _read_clock(words: str, said_alone: bool) -> tuple[time | None, time | None, bool] | None:
    """Earliest, latest and whether it is one exact time."""
    if match := re.search(rf"\b(?:{_any('between')}) (.+?) (?:{_any('to_end')}) (.+)", words):
        start, end = _clock_time(match[1]), _clock_time(match[2], leading=True)
        if start and end and start < end:
            return start, end, False
    beside = rf"(?:half|\d{{1,2}}|{'|'.join(_table('minutes'))}|{'|'.join(_table('hours'))})\b"
    for kinds, sooner in ((("since", "after"), True), (("before_time",), False)):
        match = re.search(rf"\b(?:{'|'.join(map(_any, kinds))}) ({beside}.*)", words)
        if match and not _minutes_before(words[: match.start()]) and (clock := _clock_time(match[1], leading=True)):
            return (clock, None, False) if sooner else (None, clock, False)
    part = _part_of_day(words)
    if clock := _clock_time(words, bare=not said_alone or len(words.split()) <= 3):
        return clock, None, True
    return part


def _part_of_day(words: str) -> tuple[time, time, bool] | None:
    """The morning, after lunch, the late afternoon: whatever says the most."""
    parts = [part for language in LANGUAGES for part in language.parts]
    found = [(match, start, end) for pattern, start, end in parts if (match := re.search(rf"\b(?:{pattern})s?\b", words))]
    if not found:
        return None
    _, start, end = max(found, key=lambda one: len(one[0][0]))
    return start, end, False


def _minutes_before(words: str) -> bool:
    """Whether what follows is the rest of a time, such as "voor drie" after "tien"."""
    return bool(re.search(rf"\b(?:\d{{1,2}}|{'|'.join(_table('minutes'))}) $", words))


@cache
def _not_counted() -> str:
    """Holds after a number that is an hour and no count of something."""
    return rf"(?! ?(?:{_any('counted')}))"


@cache
def _told_times() -> tuple[tuple[re.Pattern[str], int, int], ...]:
    """Ways to tell a time in words, each with the minutes to add and whether those told count for or against."""
    named = {
        "{hour}": rf"(?P<hour>\d{{1,2}}|{'|'.join(_table('hours'))})\b{_not_counted()}",
        "{minutes}": rf"(?P<minutes>{'|'.join(_table('minutes'))})",
        "{digits}": r"(?P<digits>[1-9]|[1-5]\d)",
    }
    found = []
    for language in LANGUAGES:
        for template, shift, sign in language.clock:
            for name, pattern in named.items():
                template = template.replace(name, pattern)
            found.append((re.compile(rf"\b{template}\b"), shift, sign))
    return tuple(found)


def _clock_time(words: str, bare: bool = True, leading: bool = False) -> time | None:
    """A clock time; hours 1 to 7 without am are after noon, since nobody has a consultation at night.

    Args:
        bare: whether a number alone ("3") is read as an hour.
        leading: whether a number at the beginning is, whatever follows.
    """
    for told, shift, sign in _told_times():
        if match := told.search(words):
            groups = match.groupdict()
            beside = groups.get("minutes") or groups.get("digits")
            minutes = sign * _number("minutes", beside) if beside else 0
            return _time(match["hour"], words, shift + minutes)
    hour = rf"(?P<hour>\d{{1,2}}|{'|'.join(_table('hours'))})"
    around = rf"(?:\b(?:{_any('around')})\b|\W)*"
    shapes = (
        rf"\b(?P<hour>\d{{1,2}})(?:[:.uh]| ?(?:{_any('oclock')}) )(?P<minute>[0-5]\d)(?!\d) ?(?P<half>[ap]\.?m\b)?",
        rf"\b{hour} ?(?P<half>[ap]\.?m\b)",
        rf"\b{hour} ?(?:{_any('oclock')})\b",
        rf"(?:\b(?:{_any('about')})|@) ?{hour}\b{_not_counted()}",
        *((rf"^{around}\b{hour}\b{around}$",) if bare else ()),
        *((rf"^{hour}\b{_not_counted()}",) if leading else ()),
    )
    for shape in shapes:
        if match := re.search(shape, words):
            groups = match.groupdict()
            return _time(match["hour"], words, int(groups.get("minute") or 0), (groups.get("half") or "")[:1])
    return None


def _time(said: str, words: str, minutes: int, half: str = "") -> time | None:
    """The time of an hour as it was said, some minutes later or earlier; `half` is "a" or "p"."""
    hour = _number("hours", said)
    afternoon = half == "p" or bool(re.search(_any("afternoon"), words))
    morning = half == "a" or bool(re.search(_any("morning"), words))
    if hour < 12 and (afternoon or (hour < 8 and not morning and not said.startswith("0"))):
        hour += 12
    if hour > 23:
        return None
    return (datetime(2000, 1, 1, hour) + timedelta(minutes=minutes)).time()
