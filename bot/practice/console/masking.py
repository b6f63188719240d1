"""Personal data hidden where it is not needed. The one place that decides what that looks like.

By rules, in English and Dutch together. No library: presidio and spaCy need language models that no package registry has, scrubadub
knows no Dutch addresses and names, and both would weigh more than the rest of the console.
"""

import re
from collections.abc import Iterable

MASK = "•••"

EMAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>().,;]+")
REFERENCE = re.compile(r"\bMD[\s-]*[A-Z0-9]{4}[\s-]*[A-Z0-9]{4}\b", re.IGNORECASE)
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,3})?\b", re.IGNORECASE)
NUMBER = re.compile(r"(?<![\w.])\+?\d(?:[\s./()-]{0,2}\d){6,}")
"""A telephone number, a citizen's number (BSN), or another long one; prices are shorter, and dates are left alone."""
DATE = re.compile(r"(?<!\d)(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)?\d{2})(?:\s+\d{1,2}[.:]\d{2})?(?!\d)")

_NO_TOWN = "mg|ml|cl|cm|mm|km|kg|nm|uv|am|pm|en|in|is|op|of|om|te|er|to|at|on|by|we|he|so|ik|je|al|na|do|be|me|my|or|if|it|as"
POSTCODE = re.compile(rf"\b[1-9]\d{{3}}\s?(?!(?:{_NO_TOWN})\b)[A-Z]{{2}}\b", re.IGNORECASE)
_STREETS = "straat|laan|weg|plein|gracht|kade|dijk|singel|hof|park|pad|steeg|markt|dreef|plantsoen|boulevard|baan|wal|haven|erf"
_NO_STREETS = "onderweg|halfweg|ringbaan|loopbaan|supermarkt|rotonde"
STREET = re.compile(
    rf"\b(?:(?:[A-Z]\w+\s)?(?:van|de|der|den)\s)*(?!(?:{_NO_STREETS})\b)[^\W\d_][\w'’-]{{2,}}(?:{_STREETS})\s+\d{{1,4}}(?:\s?-?\s?[a-zA-Z](?!\w))?"
    r"|\b\d{1,4}[a-z]?\s(?:[A-Z][\w'’-]+\s){1,3}(?i:street|road|lane|avenue|square|drive|court)\b",
    re.UNICODE,
)

_PARTICLES = frozenset(
    [
        "van",
        "de",
        "der",
        "den",
        "het",
        "'t",
        "ten",
        "ter",
        "te",
        "von",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "ben",
        "di",
        "da",
        "du",
        "dos",
        "y",
        "op",
        "in",
    ]
)
"""What may stand between the parts of a name."""
_NO_NAME = frozenset(
    [
        "and",
        "en",
        "but",
        "maar",
        "ik",
        "i",
        "not",
        "niet",
        "on",
        "op",
        "spelled",
        "geschreven",
        "the",
        "a",
        "an",
        "een",
        "geen",
        "no",
        "my",
        "mijn",
        "met",
        "with",
        "also",
        "ook",
        "want",
        "because",
        "is",
        "was",
        "van",
        "of",
        "or",
        "verkeerd",
        "wrong",
        "private",
        "privé",
        "prive",
        "not",
        "niet",
        "nog",
        "already",
        "al",
        "hier",
        "here",
        "in",
        "unknown",
        "onbekend",
        "what",
        "wat",
    ]
)
_INTRODUCED = re.compile(
    r"(?i:\b(?:my (?:full |first |last )?name(?: is|'s|:)|name(?: is)?:|i am called|i'm called|call me|this is(?= [A-Z])|(?:i am|i'm)(?= [A-Z]\w+ (?:[A-Z]|v|d))"
    r"|(?:mijn|m'n|mn) (?:volledige |voor|achter)?naam(?: is|:)|naam(?: is)?:|ik heet|ik ben(?= [A-Z]\w+ (?:[A-Z]|v|d))|u spreekt met|je spreekt met"
    r"|(?:kind|best|warm)? ?regards,?|met vriendelijke groeten?,?|groet(?:en|jes)?,?|mevrouw|meneer|mevr\.?|dhr\.?|de heer|mrs\.?|mr\.?|ms\.?))\s+"
)
_CAPITAL_ONLY = re.compile(r"(?i:groet|regards|mevr|meneer|dhr|heer|mrs|mr|ms|this is|i am|i'm|ik ben)")
"""Introductions that other words follow as well, so that only what begins with a capital counts as a name."""
_WORD = re.compile(r"[^\W\d_][\w'’.-]*|['’]t")
MOST_NAME_WORDS = 6


def mask(said: str, known: Iterable[str] = ()) -> str:
    """The text with names, addresses, e-mail addresses, long numbers, references and what is known of the person replaced by a mark.

    Args:
        known: names and other values of this person.
    """
    for value in sorted(filter(None, known), key=len, reverse=True):
        said = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", MASK, said, flags=re.IGNORECASE)
    for pattern in (EMAIL, REFERENCE, IBAN):
        said = pattern.sub(MASK, said)
    said = NUMBER.sub(_unless_date, said)
    for pattern in (POSTCODE, STREET):
        said = pattern.sub(MASK, said)
    return _without_names(said)


def _unless_date(found: re.Match[str]) -> str:
    """The mark, or the text itself where it is a date, with a time perhaps."""
    rest = DATE.sub("", found[0])
    return MASK if any(sign.isdigit() for sign in rest) else found[0]


def _without_names(said: str) -> str:
    """Without the names by which people introduce themselves."""
    parts, end = [], 0
    for found in _INTRODUCED.finditer(said):
        if found.end() < end:
            continue
        stop = _end_of_name(said, found.end(), capital=bool(_CAPITAL_ONLY.search(found[0])))
        if stop > found.end():
            parts += [said[end : found.end()], MASK]
            end = stop
    return "".join([*parts, said[end:]])


def _end_of_name(said: str, start: int, capital: bool) -> int:
    """Where a name ends that may begin here; the beginning where there is none."""
    end = position = start
    particle, names = False, 0
    for _ in range(MOST_NAME_WORDS):
        word = _WORD.match(said, position)
        if not word:
            break
        plain = word[0].rstrip(".").lower()
        if plain in _PARTICLES and (names or word[0][0].isupper()):
            particle = True
        elif word[0][0].isupper() or particle or (not capital and names < 2 and plain not in _NO_NAME):
            names, particle, end = names + 1, False, position + len(word[0].rstrip("."))
            if said[end : word.end()] and len(plain) > 1:  # a full stop ends it, but for an initial's
                break
        else:
            break
        gap = re.compile(r" +").match(said, word.end())
        if not gap:
            break
        position = gap.end()
    return end
