"""Day and time as people type them, English or Dutch, read against a given now.

Only what was said is read: "Friday" leaves the time open, "3pm" the day.
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

DAY_WORDS = {
    "today": 0,
    "vandaag": 0,
    "tomorrow": 1,
    "tomorow": 1,
    "tmrw": 1,
    "morgen": 1,
    "overmorgen": 2,
    "yesterday": -1,
    "gisteren": -1,
}
WEEKDAYS = (
    r"mon(?:day)?|maandag|ma(?=\.? \d)",
    r"tue(?:s(?:day)?)?|dinsdag|di(?=\.? \d)",
    r"wed(?:nesday|s)?|woensdag|wo(?=\.? \d)",
    r"thu(?:rs?(?:day)?)?|thurday|donderdag|do(?=\.? \d)",
    r"fri(?:day)?|vrijdag|vr(?=\.? \d)",
    r"saturday|zaterdag|(?:sat|za)(?=\.? \d)",
    r"sunday|zondag|(?:sun|zo)(?=\.? \d)",
)
"""Short forms that are words of their own ("sun", "zo") only before a number."""
MONTHS = (
    r"jan(?:uar[iy])?", r"feb(?:ruar[iy])?", r"mar(?:ch)?|maart|mrt", r"apr(?:il)?", r"may|mei", r"june?|juni?", r"july?|juli?",
    r"aug(?:ust(?:us)?)?", r"sept?(?:ember)?", r"o[ck]t(?:ober)?", r"nov(?:ember)?", r"dec(?:ember)?",
)  # fmt: skip
DUTCH_DAY = r"(?:maan|dins|woens|donder|vrij|zater|zon)dag|(?:over)?morgen"
TAKEN_APART = (
    (r"\b(?:good|goede[nr]?) ?(?:morning|afternoon|evening|day|morgen|middag|avond|dag)\b", " "),
    (r"\b(?:this|van) ?(?:morning|ochtend|morgen)\b", "today morning"),
    (r"\b(?:this|van) ?(afternoon|evening|middag|avond)\b", r"today \1"),
    (r"\btonight\b", "today evening"),
    (rf"\b({DUTCH_DAY}) ?(?:ochtend|morgen)\b", r"\1 morning"),
    (rf"\b({DUTCH_DAY})(middag|avond)\b", r"\1 \2"),
)
"""Greetings that name a time of day are left out; a day and a part of it written as one word become two."""
PARTS = (
    (r"(?:before|voor) (?:de )?(?:lunch|noon|midday)", time(0), time(12)),
    (r"(?:after|na) (?:de )?(?:lunch|noon|midday)", time(13), time(18)),
    (r"morning|ochtend|voormiddag|morgens|(?<!\bi )a\.?m\.?(?! i\b)", time(0), time(12)),
    (r"lunch(?:\s?time)?|noon|midday|tussen de middag", time(11, 30), time(13, 30)),
    (r"afternoon|aftrnoon|middag|namiddag|p\.?m\.?", time(12), time(18)),
    (r"evening|avond|after work|na(?: het)? werk", time(17), time(23, 59)),
)
FREE_WORDS = r"asap|as soon as possible|soonest|earliest|first (?:available|free|one|slot|possible)|any\s?(?:time|day)|whenever|zo snel mogelijk|eerste (?:de beste|mogelijkheid)|maakt niet uit"
ORDINAL = r"(?:st|nd|rd|th|e|ste|de)?"


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
    words = " ".join(text.lower().replace(",", " ").split())
    for pattern, plain in TAKEN_APART:
        words = re.sub(pattern, plain, words)
    days, rest = _read_days(words, now.date())
    clock = _read_clock(rest, said_alone=days is None)
    soonest = bool(re.search(rf"\b(?:{FREE_WORDS})\b", words))
    if days is None and clock is None and not soonest:
        return None
    first, last = days or (None, None)
    earliest, latest, exact = clock or (None, None, False)
    return When(first, last, earliest, latest, exact, soonest)


def _read_days(words: str, today: date) -> tuple[tuple[date, date] | None, str]:
    """The days meant and the text without them."""
    for reader in (_written_date, _day_word, _in_some_time, _day_of_month, _weekday, _whole_week):
        if found := reader(words, today):
            days, match = found
            return days, words[: match.start()] + " " + words[match.end() :]
    return None, words


Found = tuple[tuple[date, date], re.Match[str]]


def _written_date(words: str, today: date) -> Found | None:
    """4 December, December 4th, 4/12, 4-12-2026, 2026-12-04."""
    if match := re.search(r"\b(20\d\d)-(\d{1,2})-(\d{1,2})\b", words):
        return _one(_day(int(match[1]), int(match[2]), int(match[3]))), match
    if match := re.search(r"\b(\d{1,2})[/-](\d{1,2})(?:[/-](20\d\d|\d\d))?\b(?! \d\d \d)", words):
        return _one(_dated(int(match[1]), int(match[2]), match[3], today)), match
    for number, month in enumerate(MONTHS, start=1):
        for pattern in (
            rf"\b(?P<day>\d{{1,2}}){ORDINAL}(?: of)? (?:{month})\b\.?(?: (?P<year>20\d\d))?",
            rf"\b(?:{month})\.? (?:the )?(?P<day>\d{{1,2}}){ORDINAL}\b(?! ?(?:pm|am|:|uur|o'?clock))(?: (?P<year>20\d\d))?",
        ):
            if match := re.search(pattern, words):
                return _one(_dated(int(match["day"]), number, match["year"], today)), match
    return None


def _day_word(words: str, today: date) -> Found | None:
    if match := re.search(r"\bday after tomorrow\b", words):
        return _one(today + timedelta(days=2)), match
    if match := re.search(rf"\b(?:{'|'.join(DAY_WORDS)})\b", words):
        return _one(today + timedelta(days=DAY_WORDS[match[0]])), match
    return None


def _in_some_time(words: str, today: date) -> Found | None:
    """In three days, over twee weken."""
    numbers = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "een": 1, "twee": 2, "drie": 3, "vier": 4, "couple of": 2, "paar": 2}
    if not (match := re.search(rf"\b(?:in|over)(?: een)? (\d{{1,2}}|{'|'.join(numbers)}) (days?|dag(?:en)?|weeks?|weken|week)\b", words)):
        return None
    count = int(match[1]) if match[1].isdigit() else numbers[match[1]]
    if match[2].startswith("d"):
        return _one(today + timedelta(days=count)), match
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=count)
    return (monday, monday + timedelta(days=6)), match


def _weekday(words: str, today: date) -> Found | None:
    """Friday, next week Tuesday, Tuesday next week, next Friday (of the coming calendar week)."""
    for number, names in enumerate(WEEKDAYS):
        week = r"next week(?:'s)?|volgende week|komende week|this week|deze week"
        pattern = rf"\b(?:(?P<before>{week}) (?:on |op )?)?(?:(?P<which>next|volgende|this|deze|coming|komende|aanstaande) )?(?:{names})s?\b(?: (?P<after>{week}))?"
        if match := re.search(pattern, words):
            week_said = match["before"] or match["after"] or ""
            next_week = week_said.startswith(("next", "volgende", "komende")) or match["which"] in ("next", "volgende")
            day = (
                today - timedelta(days=today.weekday()) + timedelta(days=number, weeks=1)
                if next_week
                else today + timedelta(days=(number - today.weekday()) % 7)
            )
            return _one(day), match
    return None


def _whole_week(words: str, today: date) -> Found | None:
    monday = today - timedelta(days=today.weekday())
    if match := re.search(r"\b(?:next|volgende|komende) week\b", words):
        return (monday + timedelta(weeks=1), monday + timedelta(days=13)), match
    if match := re.search(r"\b(?:this|deze) week\b", words):
        return (today, monday + timedelta(days=6)), match
    if match := re.search(r"\bweekend\b", words):
        return (monday + timedelta(days=5), monday + timedelta(days=6)), match
    if match := re.search(r"\b(?:next|volgende) (?:month|maand)\b", words):
        first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
        return (first, first.replace(day=monthrange(first.year, first.month)[1])), match
    for number, month in enumerate(MONTHS, start=1):
        if number != 5 and (match := re.search(rf"\b(?:in|early|late|mid|begin|eind|half) (?:{month})\b", words)):
            year = today.year + (number < today.month)
            return (max(today, date(year, number, 1)), date(year, number, monthrange(year, number)[1])), match
    return None


def _day_of_month(words: str, today: date) -> Found | None:
    """The 4th, de 12e."""
    if not (match := re.search(r"\b(?:the|de|on the|op de) (\d{1,2})(?:st|nd|rd|th|e|ste|de)\b|\b(\d{1,2})(?:st|nd|rd|th)\b", words)):
        return None
    number = int(match[1] or match[2])
    month = today.replace(day=1)
    for _ in range(12):
        if number <= monthrange(month.year, month.month)[1] and month.replace(day=max(number, 1)) >= today and number >= 1:
            return _one(month.replace(day=number)), match
        month = (month + timedelta(days=32)).replace(day=1)
    raise NoSuchDate


def _read_clock(words: str, said_alone: bool) -> tuple[time | None, time | None, bool] | None:
    """Earliest, latest and whether it is one exact time."""
    if match := re.search(r"\b(?:between|tussen|from|van) (.+?) (?:and|en|to|till|until|tot) (.+)", words):
        start, end = _clock_time(match[1]), _clock_time(match[2], leading=True)
        if start and end and start < end:
            return start, end, False
    for before, sooner in ((r"after|from|na|vanaf", True), (r"before|until|till|voor|tot", False)):
        match = re.search(rf"(?<!quarter )(?<!kwart )\b(?:{before}) ((?:{CLOCK}).*)", words)
        if match and (clock := _clock_time(match[1], leading=True)):
            return (clock, None, False) if sooner else (None, clock, False)
    part = next(((start, end) for pattern, start, end in PARTS if re.search(rf"\b(?:{pattern})s?\b", words)), None)
    if clock := _clock_time(words, bare=not said_alone or len(words.split()) <= 3):
        return clock, None, True
    return (*part, False) if part else None


ENGLISH_HOURS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
DUTCH_HOURS = ("een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf")
HOURS = {word: number for language in (ENGLISH_HOURS, DUTCH_HOURS) for number, word in enumerate(language, start=1)}
CLOCK = rf"\d{{1,2}}|{'|'.join(HOURS)}"
HOUR = rf"(?P<hour>{CLOCK})"
NOT_COUNTED = (
    r"(?! ?(?:days?|dag(?:en)?|weeks?|weken|months?|maand(?:en)?|years?|jaar|minutes?|minuten|people|times|keer|euro|%"
    r"|(?:\w+ )?(?:treatments?|behandeling(?:en)?|sessions?|sessies|spots?|vlek(?:ken)?)))"
)
"""After a number that is an hour and no count of something."""


def _clock_time(words: str, bare: bool = True, leading: bool = False) -> time | None:
    """A clock time; hours 1 to 7 without am are after noon, since nobody has a consultation at night.

    Args:
        bare: whether a number alone ("3") is read as an hour.
        leading: whether a number at the beginning is, whatever follows.
    """
    shapes: tuple[tuple[str, int], ...] = (
        (rf"\bhalf past {HOUR}\b", 30),
        (rf"\bhalf (?P<hour>{'|'.join(ENGLISH_HOURS)})\b", 30),
        (rf"\bhalf {HOUR}\b", -30),
        (rf"\b(?:quarter past|kwart over) {HOUR}\b", 15),
        (rf"\b(?:quarter to|kwart voor) {HOUR}\b", -15),
        (r"\b(?P<hour>\d{1,2})[:.u](?P<minute>[0-5]\d) ?(?P<half>[ap]\.?m\b)?", 0),
        (rf"\b{HOUR} ?(?P<half>[ap]\.?m\b)", 0),
        (rf"\b{HOUR} ?(?:o'? ?clock|oclock|uur|u\b|h\b)", 0),
        (rf"\b(?:at|around|about|om|rond|make it|make that|doe maar|maak er|@) ?{HOUR}\b{NOT_COUNTED}", 0),
        *(((rf"^\W*{HOUR}\W*$", 0),) if bare else ()),
        *(((rf"^{HOUR}\b{NOT_COUNTED}", 0),) if leading else ()),
    )
    for pattern, shift in shapes:
        if match := re.search(pattern, words):
            groups = match.groupdict()
            hour = int(match["hour"]) if match["hour"].isdigit() else HOURS[match["hour"]]
            afternoon = (groups.get("half") or "").startswith("p") or bool(re.search(r"afternoon|middag|evening|avond", words))
            morning = (groups.get("half") or "").startswith("a") or bool(re.search(r"morning|ochtend", words))
            if hour < 12 and (afternoon or (hour < 8 and not morning and not match["hour"].startswith("0"))):
                hour += 12
            minute = int(groups.get("minute") or 0)
            if hour > 23:
                return None
            return (datetime(2000, 1, 1, hour, minute) + timedelta(minutes=shift)).time()
    return None


def _one(day: date) -> tuple[date, date]:
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
