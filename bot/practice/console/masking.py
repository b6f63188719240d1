"""Personal data hidden where it is not needed. The one place that decides what that looks like."""

import re
from collections.abc import Iterable

MASK = "•••"
EMAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>().,;]+")
NUMBER = re.compile(r"(?<![\w.])\+?\d(?:[\s./()-]{0,2}\d){6,}")
"""A telephone number, or another long one; prices and dates are shorter."""
REFERENCE = re.compile(r"\bMD[\s-]*[A-Z0-9]{4}[\s-]*[A-Z0-9]{4}\b", re.IGNORECASE)


def mask(said: str, known: Iterable[str] = ()) -> str:
    """The text with e-mail addresses, long numbers, references and what is known to be personal replaced by a mark.

    Args:
        known: names and other values of this person.
    """
    for value in sorted(filter(None, known), key=len, reverse=True):
        said = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", MASK, said, flags=re.IGNORECASE)
    for pattern in (EMAIL, REFERENCE, NUMBER):
        said = pattern.sub(MASK, said)
    return said
