"""Times and money as people in the Netherlands say them, in the visitor's language."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

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


def spoken_price(cents: int, language: str) -> str:
    """Euros with two decimals.

    >>> spoken_price(5000, "nl")
    '€ 50,00'
    """
    amount = f"{cents // 100}.{cents % 100:02d}"
    return "€ " + (amount.replace(".", ",") if language == "nl" else amount)
