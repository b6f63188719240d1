"""Models that were learned before are found again, and old ones are forgotten."""

import os
from pathlib import Path

import numpy as np
import pytest

from bot.nlu.encoder.tuning import TuningPlan
from bot.nlu.kept import KEPT, KeptModels, digest_of
from bot.nlu.learning import Example, LearningPlan, learn
from bot.nlu.model import TopicModel
from tests.nlu import tiny

EXAMPLES = [
    Example("brown spot", "a", "en"),
    Example("sun spot", "a", "en"),
    Example("laser cost", "b", "en"),
    Example("the cost", "b", "en"),
]
PLAN = LearningPlan(TuningPlan(epochs=1, frozen_layers=1), {"en": 0.4}, held_out=0)


@pytest.fixture(scope="module")
def model() -> TopicModel:
    return learn(EXAMPLES, tiny.weights(), tiny.SHAPE, tiny.pieces(), PLAN)


def never() -> TopicModel:
    raise AssertionError("learned again")


def test_the_same_is_not_learned_twice(model: TopicModel, tmp_path: Path) -> None:
    first = KeptModels(tmp_path / "kept").learned("same", lambda: model)
    again = KeptModels(tmp_path / "kept").learned("same", never)
    for found in (first, again):
        assert np.allclose(found.probabilities("brown spot", "en"), model.probabilities("brown spot", "en"), atol=1e-3)


def test_the_oldest_is_forgotten(model: TopicModel, tmp_path: Path) -> None:
    kept = KeptModels(tmp_path)
    for number in range(KEPT + 1):
        kept.learned(f"model-{number}", lambda: model)
        os.utime(tmp_path / f"model-{number}", (number, number))
    kept.learned("one more", lambda: model)
    assert sorted(place.name for place in tmp_path.iterdir()) == [f"model-{KEPT - 1}", f"model-{KEPT}", "one more"]


def test_a_failed_learning_leaves_nothing_to_be_found(tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        KeptModels(tmp_path).learned("broken", never)
    assert not list(tmp_path.iterdir())


def test_the_digest_tells_what_changed() -> None:
    assert digest_of([["a", "b", "en"]], {"seed": 7}) == digest_of([("a", "b", "en")], {"seed": 7})
    assert len({digest_of(*made_from) for made_from in ((["a"], 1), (["a"], 2), (["b"], 1), (["é"], 1))}) == 4
