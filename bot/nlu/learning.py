"""How the model of topics is learned from examples."""

import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.nlu.calibration import calibration_error, fit_temperature, softmax
from bot.nlu.encoder.export import to_int8, to_onnx
from bot.nlu.encoder.runtime import Pieces, SentenceEncoder
from bot.nlu.encoder.tuning import TuningPlan, tune
from bot.nlu.encoder.vocabulary import widen
from bot.nlu.encoder.weights import Shape, Weights
from bot.nlu.english import English
from bot.nlu.model import COSINE_SCALE, TopicModel
from bot.nlu.ngrams import NgramModel
from bot.nlu.text import normalise

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Example:
    """One thing that a visitor may write."""

    text: str
    label: str
    language: str


@dataclass(frozen=True)
class LearningPlan:
    """How the model is learned."""

    tuning: TuningPlan
    ngram_share: Mapping[str, float]
    """How much the n-grams have to say in each language, 0 to 1."""
    held_out: float
    """Share of the examples kept from learning, on which confidence is set right."""
    glossaries: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Words of other languages and what they mean in English."""


def held_out_rows(labels: NDArray[Any], share: float, seed: int) -> NDArray[Any]:
    """True for the examples to hold out: the same share of each label, none of a label with a single example."""
    random = np.random.default_rng(seed)
    held = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        held[random.permutation(rows)[: round(share * len(rows)) if len(rows) > 1 else 0]] = True
    return held


def learn(examples: Sequence[Example], weights: Weights, shape: Shape, pieces: Pieces, plan: LearningPlan) -> TopicModel:
    """Tunes the encoder beside the n-grams, and sets confidence right on examples held out."""
    texts = [normalise(example.text) for example in examples]
    languages = [example.language for example in examples]
    in_english = English.learn(plan.glossaries, zip(texts, languages, strict=True), pieces)
    english = [in_english(text, language) for text, language in zip(texts, languages, strict=True)]
    labels = sorted({example.label for example in examples})
    numbers = np.array([labels.index(example.label) for example in examples])
    seed = plan.tuning.seed
    held = held_out_rows(numbers, plan.held_out, seed)
    learned = np.flatnonzero(~held)

    pieces, weights = widen(pieces, weights, english)
    with ThreadPoolExecutor(1) as beside:  # tuning leaves part of a core free
        ngrams = beside.submit(NgramModel.learn, [(texts[row], english[row]) for row in learned], numbers[learned], seed)
        tuned = tune(weights, shape, [pieces(english[row]) for row in learned], numbers[learned], replace(plan.tuning, scale=COSINE_SCALE))
    model = TopicModel(
        labels=labels,
        english=English(plan.glossaries, in_english.words, pieces),
        pieces=pieces,
        encoder=SentenceEncoder(to_int8(to_onnx(tuned.weights, shape))),
        directions=tuned.directions,
        ngrams=ngrams.result(),
        ngram_share=plan.ngram_share,
        temperature=1.0,
    )
    if held.any():
        scores = np.array([model.scores(texts[row], examples[row].language) for row in np.flatnonzero(held)])
        model = replace(model, temperature=fit_temperature(scores, numbers[held]))
        _report(softmax(scores / model.temperature), numbers[held])
    return model


def _report(chances: NDArray[Any], labels: NDArray[Any]) -> None:
    right = chances.argmax(axis=1) == labels
    off = calibration_error(chances.max(axis=1), right)
    logger.info("On %d examples held out: %.1f %% right at once, confidence off by %.1f %%", len(labels), 100 * right.mean(), 100 * off)
