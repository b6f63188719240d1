"""Words, pieces of words and what the words mean, and a linear model over them: robust where the encoder knows too little."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

WORD = re.compile(r"\w+")
LETTERS = range(2, 6)
"""Lengths of the pieces of words."""

Said = tuple[str, str]
"""A text as it was typed, and the same in English words."""
Row = tuple[NDArray[Any], NDArray[Any]]
"""The features that a text has, and how much of each."""


def word_grams(words: Sequence[str]) -> list[str]:
    """Each word and each two words in a row; the blank keeps them apart from pieces of words."""
    return [f"= {word}" for word in words] + [f"= {first} {second}" for first, second in zip(words, words[1:], strict=False)]


def meaning_grams(words: Sequence[str]) -> list[str]:
    """The same of a text in English, whatever language it was typed in: what one language's examples teach serves the other."""
    return [f"~{gram}" for gram in word_grams(words)]


def letter_grams(words: Sequence[str]) -> list[str]:
    """Pieces of two to five letters of each word, with a mark at its ends."""
    marked = [f"_{word}_" for word in words]
    return [word[start : start + length] for word in marked for length in LETTERS for start in range(len(word) - length + 1)]


@dataclass(frozen=True)
class Features:
    """Which grams count, and how rare each is."""

    vocabulary: dict[str, int]
    rarity: NDArray[Any]
    """Logarithm of how seldom a gram occurs in the training examples: (grams,)."""

    @classmethod
    def learn(cls, texts: Sequence[Said]) -> Features:
        """Keeps the grams that occur in two examples or more."""
        found = Counter(gram for said in texts for block in _blocks(said) for gram in set(block))
        kept = sorted(gram for gram, count in found.items() if count > 1)
        counts = np.array([found[gram] for gram in kept], np.float32)
        return cls({gram: number for number, gram in enumerate(kept)}, np.log((1 + len(texts)) / (1 + counts)) + 1)

    def __call__(self, said: Said) -> Row:
        """The grams of a text; words, pieces of words and meanings weigh the same, however many there are."""
        parts = [self._weighted(block) for block in _blocks(said)]
        return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])

    def _weighted(self, grams: Iterable[str]) -> Row:
        counts = Counter(number for gram in grams if (number := self.vocabulary.get(gram)) is not None)
        numbers = np.fromiter(counts.keys(), np.int64, len(counts))
        weights = (1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))) * self.rarity[numbers]
        length = np.linalg.norm(weights)
        return numbers, weights / length if length else weights


def _blocks(said: Said) -> tuple[list[str], list[str], list[str]]:
    text, meaning = said
    words = WORD.findall(text.lower())
    return word_grams(words), letter_grams(words), meaning_grams(WORD.findall(meaning.lower()))


@dataclass(frozen=True)
class NgramModel:
    """How much each gram speaks for each label."""

    features: Features
    weights: NDArray[Any]
    """(grams, labels); 16 bits are enough to keep, 32 are faster to use."""
    offsets: NDArray[Any]
    """(labels,)"""

    @classmethod
    def learn(cls, texts: Sequence[Said], labels: NDArray[Any], seed: int) -> NgramModel:
        """Learns from texts and the numbers of their labels; two labels at least."""
        features = Features.learn(texts)
        model = LinearSVC(C=0.3, random_state=seed).fit(_matrix([features(said) for said in texts], len(features.vocabulary)), labels)
        weights, offsets = model.coef_, model.intercept_
        if len(weights) == 1:  # two labels share one boundary
            weights, offsets = np.vstack([-weights, weights]), np.concatenate([-offsets, offsets])
        return cls(features, np.ascontiguousarray(weights.T, np.float16), offsets.astype(np.float32))

    def margins(self, said: Said) -> NDArray[Any]:
        """How far the text is on each label's side: (labels,), around -1 to 1."""
        numbers, amounts = self.features(said)
        spoken: NDArray[Any] = amounts.astype(np.float32) @ self.weights[numbers].astype(np.float32, copy=False)
        return spoken + self.offsets


def _matrix(rows: Sequence[Row], width: int) -> csr_matrix:
    ends = np.cumsum([0, *(len(numbers) for numbers, _ in rows)])
    return csr_matrix((np.concatenate([row[1] for row in rows]), np.concatenate([row[0] for row in rows]), ends), shape=(len(rows), width))
