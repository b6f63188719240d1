"""Mistyped words put right, for the part of the understanding that knows words as wholes."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST = 5
"""Letters from which a word may have one typing mistake: a letter too many, too few, another, or two turned round."""
SHORTEST_TWICE = 9
"""Letters from which it may have two."""
NEAREST = 8
"""Words as near as each other that are compared by how frequent they are."""


class Speller:
    """Takes an unknown word for the nearest known one, the more frequent of two; the first letter counts as right."""

    def __init__(self, lexicon: Mapping[str, int]) -> None:
        """Takes the words that can be meant, each with how often it occurs."""
        self._lexicon = lexicon
        self._alike: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in lexicon:
            self._alike[word[0], len(word)].append(word)

    def __call__(self, word: str) -> str | None:
        """The word that is meant by an unknown one in small letters; None where none is near."""
        if len(word) < SHORTEST:
            return None
        return min(self._near(word), key=lambda found: (found[1], -self._lexicon[found[0]]), default=(None, 0))[0]

    def _near(self, word: str) -> Iterator[tuple[str, int]]:
        """Words that may be meant, each with the number of mistakes."""
        most = 1 if len(word) < SHORTEST_TWICE else 2
        for length in range(len(word) - most, len(word) + most + 1):
            alike = self._alike.get((word[0], length), ())
            for found, mistakes, _ in process.extract(word, alike, scorer=OSA.distance, score_cutoff=most, limit=NEAREST):
                yield found, int(mistakes)
