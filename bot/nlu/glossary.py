"""Words of another language and what they mean in English, so that the encoder, which learned English, reads those messages as well."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
SHORTEST_PART = 4
"""Letters that a known word at the end of a compound has at least: "laserbehandeling" ends in "behandeling", not in "ing"."""
SHORTEST_REST = 3
"""Letters that stand before it at least."""
ENDINGS = frozenset({"lijk", "lijke", "baar", "bare", "heid"})
"""Ends that make another word of one (schrift, schriftelijk) and no compound."""
LINKS = ("", "s", "en", "e")
"""What stands between the parts of a compound: verzorging-s-product, vlek-ken-crème."""


class Glossary:
    """Replaces word by word; a compound that is not known becomes its parts, and any other unknown word stays as it is."""

    def __init__(self, words: Mapping[str, str]) -> None:
        """Takes words in small letters and their meanings, one to three English words each; an empty one leaves the word out."""
        self.words = words

    @classmethod
    def read(cls, file: Path) -> Glossary:
        """Reads lines of a word, a tab and its meaning; lines that begin with `#` are remarks."""
        lines = file.read_text(encoding="utf-8").splitlines()
        return cls({word: meaning for word, _, meaning in (line.partition("\t") for line in lines if not line.startswith("#"))})

    def __call__(self, text: str) -> str:
        """The text in English words, in the order of its own language."""
        return " ".join(WORD.sub(lambda found: self._meaning(found[0]), text).split())

    def _meaning(self, word: str) -> str:
        plain = word.lower().replace("’", "'")
        known = self.words.get(plain)
        return known if known is not None else self._parts(plain) or word

    def _parts(self, compound: str) -> str:
        """A compound in English by its longest known end and what stands before it; nothing where no end is known."""
        for cut in range(SHORTEST_REST, len(compound) - SHORTEST_PART + 1):
            end = compound[cut:]
            meaning = self.words.get(end)
            if meaning and end not in ENDINGS:
                return f"{self._beginning(compound[:cut])} {meaning}"
        return ""

    def _beginning(self, part: str) -> str:
        """In English where it is known, by itself or as a compound; else as it is (laser, melasma)."""
        spelt = (part.removesuffix(link) for link in LINKS)
        known = next((self.words[word] for word in spelt if word in self.words), "")
        return known or self._parts(part) or part


class Glossaries:
    """A glossary for each language that has one; a text of any other language stays as it is."""

    def __init__(self, words: Mapping[str, Mapping[str, str]]) -> None:
        """Takes each language's words and their meanings."""
        self.words = words
        self._glossaries = {language: Glossary(known) for language, known in words.items()}

    @classmethod
    def read(cls, folder: Path) -> Glossaries:
        """Reads the files of a folder, each named after its language."""
        return cls({file.stem: Glossary.read(file).words for file in sorted(folder.glob("*.tsv"))})

    def __call__(self, text: str, language: str) -> str:
        """The text in English words."""
        glossary = self._glossaries.get(language)
        return glossary(text) if glossary else text
