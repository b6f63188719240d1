"""Words of another language and what they mean in English."""

from collections.abc import Mapping
from pathlib import Path

SHORTEST_PART = 4
"""Letters that a known word at the end of a compound has at least: "laserbehandeling" ends in "behandeling", not in "ing"."""
SHORTEST_REST = 3
"""Letters that stand before it at least."""
ENDINGS = frozenset({"lijk", "lijke", "baar", "bare", "heid"})
"""Ends that make another word of one (schrift, schriftelijk) and no compound."""
LINKS = ("", "s", "en", "e")
"""What stands between the parts of a compound: verzorging-s-product, vlek-ken-crème."""


class Glossary:
    """Gives the meaning of a word, and of a compound by its parts."""

    def __init__(self, words: Mapping[str, str]) -> None:
        """Takes words in small letters and their meanings, one to three English words each; an empty one leaves the word out."""
        self._words = words

    def __call__(self, word: str) -> str | None:
        """What a word in small letters means; None where it is not known."""
        known = self._words.get(word)
        return known if known is not None else self._parts(word)

    def _parts(self, compound: str) -> str | None:
        """A compound in English by its longest known end and what stands before it."""
        for cut in range(SHORTEST_REST, len(compound) - SHORTEST_PART + 1):
            end = compound[cut:]
            meaning = self._words.get(end)
            if meaning and end not in ENDINGS:
                return f"{self._beginning(compound[:cut])} {meaning}"
        return None

    def _beginning(self, part: str) -> str:
        """In English where it is known, by itself or as a compound; else as it is (laser, melasma)."""
        spelt = (part.removesuffix(link) for link in LINKS)
        known = next((self._words[word] for word in spelt if word in self._words), None)
        return known or self._parts(part) or part


def read_glossaries(folder: Path) -> dict[str, dict[str, str]]:
    """The words and meanings of each language: lines of a word, a tab and its meaning in a file named after the language.

    Lines that begin with `#` are remarks.
    """
    return {file.stem: dict(_entries(file)) for file in sorted(folder.glob("*.tsv"))}


def _entries(file: Path) -> list[tuple[str, str]]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return [(word, meaning) for word, _, meaning in (line.partition("\t") for line in lines if not line.startswith("#"))]
