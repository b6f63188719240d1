"""What each size of the training data brings."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bot.checks.located import Text
from bot.checks.project import Example
from bot.evaluation.learning_curve import learn_topics, learning_curve
from bot.evaluation.outcomes import Outcome
from bot.evaluation.phrases import Phrase
from bot.evaluation.shares import Share
from bot.nlu.encoder import weights
from tests.evaluation.outcomes import outcome
from tests.nlu import tiny

TEXTS = {
    "faq/sunspots": ["brown spot", "what is a brown spot", "the sun spot", "sun"],
    "ask_price": ["what is the cost", "laser cost", "cost", "the cost of laser"],
}
EXAMPLES = [Example(label, "en", Text(text, 1), Path("x.yml"), 1) for label, texts in TEXTS.items() for text in texts]


def phrase(text: str, label: str) -> Phrase:
    return Phrase(text, frozenset({label}), label, None, None, 1)


def by_heart(examples: Sequence[Example]) -> Callable[[Phrase], Outcome]:
    """Knows what it has seen and takes all else for a greeting."""
    seen = {example.text: example.label for example in examples}
    return lambda asked: outcome(asked.best, seen.get(asked.text, "greet"))


def test_each_size_is_learned_from_and_measured() -> None:
    phrases = [phrase(example.text, example.label) for example in EXAMPLES]
    sizes = list(learning_curve(EXAMPLES, phrases, by_heart))
    assert [(size.part, size.examples) for size in sizes] == [(0.25, 2), (0.5, 4), (0.75, 6), (1.0, 8)]
    assert [size.figures["all"].scope.first for size in sizes] == [Share(count, 8) for count in (2, 4, 6, 8)]
    assert all(size.seconds >= 0 for size in sizes)


def test_one_language_grows_beside_all_of_the_other() -> None:
    dutch = [Example("ask_price", "nl", f"prijs {number}", Path("x.yml"), 1) for number in range(4)]
    sizes = learning_curve([*EXAMPLES, *dutch], [phrase("cost", "ask_price")], by_heart, varied="nl")
    assert [size.examples for size in sizes] == [9, 10, 11, 12]


def test_the_projects_classifier_learns_and_reads(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Tiny:
        tokenizer_file = tmp_path / "tokenizer.json"

        def load(self) -> weights.Weights:
            return tiny.weights()

    Tiny.tokenizer_file.write_text(tiny.pieces().definition, encoding="utf-8")
    monkeypatch.setattr(weights, "public_encoder", Tiny)
    monkeypatch.setattr(weights, "Shape", lambda: tiny.SHAPE)
    read = learn_topics({"answer_threshold": 0.0, "frozen_layers": 1, "epochs": 4})(EXAMPLES)
    [right, other] = [read(phrase("the cost", "ask_price")), read(phrase("brown spot", "faq/sunspots"))]
    assert right.first and other.first
    assert right.understood.language == "en" and right.milliseconds > 0
