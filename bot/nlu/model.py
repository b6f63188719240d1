"""The trained model of topics: from a text to the probability of each label."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.nlu.calibration import softmax
from bot.nlu.encoder.runtime import Pieces, SentenceEncoder
from bot.nlu.english import English
from bot.nlu.ngrams import Features, NgramModel
from bot.nlu.text import has_words, normalise

COSINE_SCALE = 20.0
"""Brings cosines to the size of scores; the encoder is tuned with the same."""
MARGIN_SCALE = 6.0
"""Brings the n-grams' margins to the size of scores."""


@dataclass(frozen=True)
class TopicModel:
    """A tuned sentence encoder, which reads the message in English words, beside n-grams."""

    labels: Sequence[str]
    english: English
    pieces: Pieces
    encoder: SentenceEncoder
    directions: NDArray[Any]
    """Where each label lies among the embeddings: (labels, width), each of length one."""
    ngrams: NgramModel
    ngram_share: Mapping[str, float]
    """How much the n-grams have to say in each language, 0 to 1."""
    temperature: float

    def scores(self, text: str, language: str) -> NDArray[Any]:
        """Scores of the labels before calibration, for a normalised text."""
        share = self.ngram_share[language]
        english = self.english(text, language)
        meaning = COSINE_SCALE * (self.directions @ self.encoder(self.pieces(english)))
        mixed: NDArray[Any] = (1 - share) * meaning + share * MARGIN_SCALE * self.ngrams.margins((text, english))
        return mixed

    def probabilities(self, text: str, language: str) -> NDArray[Any] | None:
        """The probability of each label, or nothing where there is nothing to read."""
        readable = normalise(text)
        return softmax(self.scores(readable, language) / self.temperature) if has_words(readable) else None

    def save(self, folder: Path) -> None:
        """Writes the model's files: no pickles, so that loading can't run code."""
        folder.joinpath("encoder.onnx").write_bytes(self.encoder.graph)
        folder.joinpath("pieces.json").write_text(self.pieces.definition, encoding="utf-8")
        arrays = {
            "directions": self.directions,
            "ngram_weights": self.ngrams.weights,
            "ngram_offsets": self.ngrams.offsets,
            "ngram_rarity": self.ngrams.features.rarity,
        }
        np.savez(folder / "arrays.npz", **arrays)
        names = {
            "labels": list(self.labels),
            "english": self.english.as_data(),
            "ngram_share": dict(self.ngram_share),
            "temperature": self.temperature,
            "grams": list(self.ngrams.features.vocabulary),
        }
        folder.joinpath("names.json").write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> TopicModel:
        """Reads what `save` wrote."""
        names = json.loads(folder.joinpath("names.json").read_text(encoding="utf-8"))
        with np.load(folder / "arrays.npz", allow_pickle=False) as arrays:
            features = Features({gram: number for number, gram in enumerate(names["grams"])}, arrays["ngram_rarity"])
            ngrams = NgramModel(features, arrays["ngram_weights"].astype(np.float32), arrays["ngram_offsets"])
            directions = arrays["directions"]
        pieces = Pieces(folder.joinpath("pieces.json").read_text(encoding="utf-8"))
        return cls(
            labels=names["labels"],
            english=English(**names["english"], pieces=pieces),
            pieces=pieces,
            encoder=SentenceEncoder(folder.joinpath("encoder.onnx").read_bytes()),
            directions=directions,
            ngrams=ngrams,
            ngram_share=names["ngram_share"],
            temperature=names["temperature"],
        )
