"""Times as people in the Netherlands say them, in the visitor's language."""

from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from actions.texts import text
from bot.practice.booking.hours import OpeningHours, Period, clock

HERE = ZoneInfo("Europe/Amsterdam")

WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
}
MONTHS = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"),
    "nl": ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"),
}


def spoken_day(day: date, language: str) -> str:
    """A day with its weekday.

    >>> spoken_day(date(2026, 12, 4), "en")
    'Friday 4 December'
    """
    return f"{WEEKDAYS[language][day.weekday()]} {day.day} {MONTHS[language][day.month - 1]}"


def spoken_time(moment: datetime, language: str) -> str:
    """Clock time in Amsterdam; Dutch writes a dot.

    >>> from datetime import timezone
    >>> spoken_time(datetime(2026, 12, 4, 14, 0, tzinfo=timezone.utc), "nl")
    '15.00'
    """
    return moment.astimezone(HERE).strftime("%H.%M" if language == "nl" else "%H:%M")


def spoken_moment(moment: datetime, language: str) -> dict[str, str]:
    """Day and time in Amsterdam, as facts for a response."""
    return {"day": spoken_day(moment.astimezone(HERE).date(), language), "time": spoken_time(moment, language)}


def spoken_week(week: OpeningHours, language: str) -> str:
    """Opening hours in words, days with the same hours together: 'Monday to Friday 09:00 to 17:00; Saturday 10:00 to 12:00'."""
    parts = []
    for periods, group in groupby(range(7), key=lambda day: week.weekdays[day]):
        days = list(group)
        if periods:
            first, last = (WEEKDAYS[language][day] for day in (days[0], days[-1]))
            times = text("hours_and", language).join(_spoken_period(period, language) for period in periods)
            parts.append(text("hours_days" if len(days) > 1 else "hours_one_day", language, first=first, last=last, times=times))
    return "; ".join(parts)


def _spoken_period(period: Period, language: str) -> str:
    opens, closes = (clock(minutes).replace(":", "." if language == "nl" else ":") for minutes in (period.opens, period.closes))
    return text("hours_period", language, opens=opens, closes=closes)
