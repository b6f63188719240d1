"""An e-mail address, telephone number or reference in running text, however it was typed."""

import re
from functools import cache
from typing import Any

import phonenumbers
from sqlalchemy import func
from sqlalchemy.sql.elements import ClauseElement

BETWEEN = " -./()+_\u2010\u2011\u2013\t"
"""What may stand between the signs of a number."""
_GAP = rf"[{re.escape(BETWEEN)}]*"


def is_email(value: str) -> bool:
    """Whether a value is an e-mail address; else it is a number in E.164 or a reference."""
    return "@" in value


@cache
def pattern(value: str) -> re.Pattern[str]:
    """Finds the value in a text and nothing that only contains it."""
    if is_email(value):
        return re.compile(rf"(?<![\w.+-]){re.escape(value)}(?![\w-]|\.\w)", re.IGNORECASE)
    if not value.startswith("+"):
        return re.compile(rf"(?<!\w){_GAP.join(_signs(value))}(?!\w)", re.IGNORECASE)
    number = phonenumbers.parse(value)
    prefix = rf"(?:(?:\+|00)?{_GAP}{_GAP.join(str(number.country_code))}{_GAP}(?:\(?0\)?{_GAP})?|0{_GAP})?"
    return re.compile(rf"(?<!\d){prefix}{_GAP.join(_signs(value))}(?!\d)")


def like(column: Any, value: str) -> ClauseElement:
    """A condition for the database: true wherever `pattern` finds something, and seldom elsewhere."""
    if is_email(value):
        has_email: ClauseElement = func.lower(column).contains(value.lower(), autoescape=True)
        return has_email
    plain = column
    for sign in BETWEEN:
        plain = func.replace(plain, sign, "")
    has_number: ClauseElement = func.upper(plain).contains(_signs(value), autoescape=True)
    return has_number


def _signs(value: str) -> str:
    """Without what may stand between; of a number the part behind country code and zero."""
    if value.startswith("+"):
        return phonenumbers.national_significant_number(phonenumbers.parse(value))
    return "".join(sign for sign in value.upper() if sign not in BETWEEN)
