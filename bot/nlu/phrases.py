"""Finds the phrases of a word list in a message, word by word and in spite of typing mistakes."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from rapidfuzz import process
from rapidfuzz.distance import OSA

T = TypeVar("T")

_INVISIBLE = "\x00-\x08\x0e-\x1f\x7f\u00ad\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_INVISIBLE}]|['’ʼ](?=\w))*")
_DROPPED = re.compile(rf"[{_INVISIBLE}'’ʼ]")
_SHORTEST_MISTYPED = 6
_SHORTEST_MISTYPED_TWICE = 10
_SHORTEST_MODIFIER = 3
_SHORTEST_ENDING = 4


@dataclass(frozen=True)
class Word:
    """A word of a message and where it stands."""

    text: str
    """Lower case, without accents, apostrophes and invisible characters."""
    start: int
    """Position of its first character in the message."""
    end: int
    """Position after its last character."""
    before: str
    """What stands between the word before and this one: spaces, punctuation."""


@dataclass(frozen=True)
class Found(Generic[T]):
    """A phrase that stands in a message."""

    values: tuple[T, ...]
    """What the word lists say about the phrase; more than one when it is on several lists."""
    first: int
    """Number of its first word."""
    last: int
    """Number of its last word."""


def words(text: str) -> list[Word]:
    """The words of a message in order; an apostrophe joins ("doesn't" is "doesnt"), a hyphen separates."""
    found = []
    end = 0
    for match in _WORD.finditer(text):
        found.append(Word(fold(match.group()), match.start(), match.end(), text[end : match.start()]))
        end = match.end()
    return found


def fold(text: str) -> str:
    """Lower case, without accents, apostrophes and invisible characters: "Geïrriteerd" is "geirriteerd"."""
    if text.isascii() and text.isalnum():
        return text.lower()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
    return _DROPPED.sub("", text.lower())


class PhraseFinder(Generic[T]):
    """Finds phrases that may be mistyped.

    A word of 6 letters and more may have one typing mistake, of 10 and more two, but not in its first letter;
    `look_alikes` are real words that are never taken for a mistyped one; a word that ends in one of `endings`
    stands for that ending, as compounds do in Dutch.
    """

    def __init__(self, phrases: Iterable[tuple[str, T]], look_alikes: Collection[str] = (), endings: Collection[str] = ()) -> None:
        """Takes phrases, each with what it stands for."""
        self._values: dict[tuple[str, ...], tuple[T, ...]] = {}
        self._longest: dict[str, int] = {}
        self._known: set[str] = set()
        for phrase, value in phrases:
            self._add(tuple(word.text for word in words(phrase)), value)
        self._correct: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._known):
            if len(word) >= _SHORTEST_MISTYPED:
                self._correct[word[0]].append(word)
        self._known.update(fold(word) for word in look_alikes)
        self._endings = frozenset(fold(word) for word in endings)

    def _add(self, phrase: tuple[str, ...], value: T) -> None:
        if value not in self._values.setdefault(phrase, ()):
            self._values[phrase] += (value,)
        self._longest[phrase[0]] = max(len(phrase), self._longest.get(phrase[0], 0))
        self._known.update(phrase)

    def find(self, message: Sequence[Word]) -> list[Found[T]]:
        """Every phrase in a message, also one that stands within another, in order of first words."""
        spelled = tuple(self.spell(word.text) for word in message)
        return [found for first in range(len(spelled)) for found in self._from(spelled, first)]

    def _from(self, spelled: tuple[str, ...], first: int) -> Iterator[Found[T]]:
        for length in range(1, self._longest.get(spelled[first], 0) + 1):
            values = self._values.get(spelled[first : first + length])
            if values is not None and first + length <= len(spelled):
                yield Found(values, first, first + length - 1)

    def spell(self, word: str) -> str:
        """The word of the lists that a compound or a mistyped word stands for; any other word as it is."""
        if len(word) < _SHORTEST_MISTYPED or word in self._known:
            return word
        if self._endings:
            for start in range(_SHORTEST_MODIFIER, len(word) - _SHORTEST_ENDING + 1):
                if word[start:] in self._endings:
                    return word[start:]
        mistakes = 2 if len(word) >= _SHORTEST_MISTYPED_TWICE else 1
        near = process.extractOne(word, self._correct.get(word[0], ()), scorer=OSA.distance, score_cutoff=mistakes)
        return near[0] if near else word


def longest(found: Iterable[Found[T]]) -> list[Found[T]]:
    """Those phrases that don't overlap with a longer one, in the order in which they stand."""
    kept: list[Found[T]] = []
    taken: set[int] = set()
    for phrase in sorted(found, key=lambda phrase: (phrase.first - phrase.last, phrase.first)):
        places = range(phrase.first, phrase.last + 1)
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(phrase)
    return sorted(kept, key=lambda phrase: phrase.first)
