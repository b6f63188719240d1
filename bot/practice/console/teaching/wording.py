"""When two messages say the same: in the same words, or nearly so."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence

from rapidfuzz import fuzz, process

WORD = re.compile(r"\w+")
NEAR = 88.0
"""Likeness of two wordings in percent from which they are one: a typing mistake or a small word apart."""


def normal(text: str) -> str:
    """The words of a message, each once, in the order of the alphabet: without case, accents and punctuation."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(letter))
    return " ".join(sorted(set(WORD.findall(plain)))) or text.strip()[:100]


def wording(text: str) -> str:
    """What stands for a message and all of the same words."""
    return hashlib.sha256(normal(text).encode()).hexdigest()[:32]


def groups(texts: Sequence[str]) -> list[list[int]]:
    """Places of the texts that are near to each other; each group is led by its first text, in the order of the texts."""
    forms = [normal(text) for text in texts]
    free = dict(enumerate(forms))
    found = []
    for number, form in enumerate(forms):
        if number in free:
            near = [place for _, _, place in process.extract(form, free, scorer=fuzz.ratio, score_cutoff=NEAR, limit=None)]
            found.append([number, *sorted(place for place in near if place != number)])
            for place in found[-1]:
                free.pop(place, None)
    return found
