"""Numbers and days as each language writes them."""

from datetime import date
from functools import lru_cache

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent

LOCALES = {"en": "en_GB", "nl": "nl_NL"}
REMEMBERED = 8192
"""Values whose form is kept: a page shows hundreds, mostly the same as the page before."""


@lru_cache(REMEMBERED)
def number(value: int, language: str) -> str:
    """Such as 12,345 or 12.345."""
    return format_decimal(value, locale=LOCALES[language])


@lru_cache(REMEMBERED)
def percent(share: float, language: str) -> str:
    """A share between 0 and 1, or a change, in whole percents."""
    return format_percent(share, locale=LOCALES[language])


@lru_cache(REMEMBERED)
def day(which: date, language: str) -> str:
    """Such as 'Mon, 23 Nov 2026'."""
    return format_skeleton("yMMMEd", which, locale=LOCALES[language])


@lru_cache(REMEMBERED)
def short_day(which: date, language: str) -> str:
    """Such as '23 Nov'."""
    return format_skeleton("MMMd", which, locale=LOCALES[language])


@lru_cache(REMEMBERED)
def month(which: date, language: str) -> str:
    """Such as 'November 2026'."""
    return format_date(which, "LLLL y", locale=LOCALES[language])


@lru_cache(REMEMBERED)
def short_month(which: date, language: str) -> str:
    """Such as 'Nov'."""
    return format_date(which, "LLL", locale=LOCALES[language])
