"""Money as people write and read it: integer cents behind it, euros in front."""

import re

MOST_CENTS = 2_500_000
"""Nothing in the practice costs more than € 25,000: what is above was mistyped."""

_CURRENCY = re.compile(r"€|\beuro\b|\bEUR\b", re.IGNORECASE)
_AMOUNT = re.compile(
    r"(?P<whole>[0-9]{1,3}(?:(?P<mark>[.,' ])[0-9]{3})(?:(?P=mark)[0-9]{3})*|[0-9]+)(?:(?P<point>[.,])(?P<cents>[0-9]{1,2}))?"
)


class NoPrice(ValueError):
    """A text that is no price; `code` is one of unreadable, negative, too_low, too_high."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_price(text: str, least: int = 0) -> int | None:
    """The cents of '1.234,50', '€ 50', '50.00' or '50,-'; None where nothing was written.

    Raises:
        NoPrice: it is something else, below `least` cents, or so high that nobody means it.
    """
    amount = _CURRENCY.sub("", " ".join(text.split())).strip()
    if not amount:
        if text.strip():
            raise NoPrice("unreadable")
        return None
    if re.fullmatch(r"[-\u2212].*[0-9].*", amount):
        raise NoPrice("negative")
    found = _AMOUNT.fullmatch(re.sub(r"[.,][-\u2013\u2212]{1,2}$", "", amount))
    if not found or (found["mark"] and found["mark"] == found["point"]):
        raise NoPrice("unreadable")
    cents = int(re.sub("[^0-9]", "", found["whole"])) * 100 + int((found["cents"] or "0").ljust(2, "0"))
    if cents > MOST_CENTS:
        raise NoPrice("too_high")
    if cents < least:
        raise NoPrice("too_low")
    return cents


def written_price(cents: int, language: str) -> str:
    """An amount without its currency.

    >>> written_price(123450, "nl")
    '1234,50'
    """
    return f"{cents // 100}{',' if language == 'nl' else '.'}{cents % 100:02}"


def spoken_price(cents: int, language: str) -> str:
    """Euros with two decimals.

    >>> spoken_price(5000, "nl")
    '€ 50,00'
    """
    return f"€ {written_price(cents, language)}"
