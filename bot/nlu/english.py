"""A message in English words, which is what the encoder learned: mistyped words put right, another language's words replaced."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from bot.nlu.encoder.runtime import Pieces
from bot.nlu.glossary import Glossary
from bot.nlu.spelling import Speller

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
LEAST = 3
"""Times that a word stands in the examples of a language before it counts as one of its words."""


class English:
    """Reads texts of each language, as the examples and the glossaries teach it."""

    def __init__(self, glossaries: Mapping[str, Mapping[str, str]], words: Mapping[str, Mapping[str, int]], pieces: Pieces) -> None:
        """Takes each language's glossary, where it has one, its words with how often they occur, and what the encoder knows."""
        self.glossaries, self.words = glossaries, words
        self._languages = {language: _Language(glossaries.get(language, {}), words[language], pieces) for language in words}

    @classmethod
    def learn(cls, glossaries: Mapping[str, Mapping[str, str]], texts: Iterable[tuple[str, str]], pieces: Pieces) -> English:
        """Takes texts with their languages."""
        counts: dict[str, Counter[str]] = {}
        for text, language in texts:
            counts.setdefault(language, Counter()).update(WORD.findall(text.lower()))
        words = {language: {word: times for word, times in found.items() if times >= LEAST} for language, found in counts.items()}
        return cls(glossaries, words, pieces)

    def __call__(self, text: str, language: str) -> str:
        """The text in English words, in the order of its own language; one of an unknown language stays as it is."""
        known = self._languages.get(language)
        return known.read(text) if known else text

    def as_data(self) -> dict[str, Any]:
        """What `English` is made of, beside the encoder's word pieces."""
        return {"glossaries": self.glossaries, "words": self.words}


class _Language:
    """How one language is read."""

    def __init__(self, meanings: Mapping[str, str], words: Mapping[str, int], pieces: Pieces) -> None:
        self._glossary = Glossary(meanings)
        self._words, self._pieces = words, pieces
        self._speller = Speller({**dict.fromkeys(meanings, 0), **words})

    def read(self, text: str) -> str:
        return " ".join(WORD.sub(lambda found: self._meaning(found[0]), text).split())

    def _meaning(self, word: str) -> str:
        plain = word.lower().replace("’", "'")
        meaning = self._glossary(plain)
        if meaning is not None:
            return meaning
        if plain in self._words or plain in self._pieces:
            return word
        meant = self._speller(plain)
        return word if meant is None else self._meaning(meant)
