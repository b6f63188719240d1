"""What Rasa gets from the classifier, from an untrained start to a trained, stored and loaded model."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.events import UserUttered
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.utils.schemas.events import USER_UTTERED

from bot.nlu import learning
from bot.nlu.classifier import TopicClassifier, as_parse
from bot.nlu.decision import NOTHING, decide
from bot.nlu.encoder.tuning import TuningPlan
from bot.nlu.learning import Example, LearningPlan, held_out_rows, learn
from bot.nlu.model import TopicModel
from tests.nlu import tiny

CONTEXT = ExecutionContext(GraphSchema({}), node_name="topics")
PLAN = LearningPlan(TuningPlan(epochs=2, frozen_layers=1), {"en": 0.4, "nl": 0.5}, held_out=0.2)
EXAMPLES = [
    Example(text, label, "en")
    for label, texts in {
        "faq/sunspots": ["brown spot", "what is a brown spot", "the sun spot", "sun", "brown", "a spot from sun"],
        "ask_price": ["what is the cost", "laser cost", "cost", "the cost of laser", "cost of a book", "is the cost"],
        "out_of_scope": ["weather tomorrow", "who won", "pancake recipe", "football", "tomorrow weather", "recipe"],
    }.items()
    for text in texts
]
ODD = ["", " ", "\x00", "🙂🙂", "色素沉着是什么", "12345", "<script>alert(1)</script>", "a" * 10_000, "\u202e\u200b", "spot\ud800", "?!"]


@pytest.fixture(scope="module")
def model() -> TopicModel:
    return learn(EXAMPLES, tiny.weights(), tiny.SHAPE, tiny.pieces(), PLAN)


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Models are kept for the test alone."""
    monkeypatch.setattr("bot.nlu.classifier.LEARNED", tmp_path / "learned")


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    return LocalModelStorage(tmp_path)


def understood(classifier: TopicClassifier, text: str) -> dict[str, Any]:
    return dict(classifier.process([Message({"text": text})])[0].as_dict(only_output_properties=True))


def classifier(model: TopicModel | None, storage: LocalModelStorage, **settings: Any) -> TopicClassifier:
    return TopicClassifier({**TopicClassifier.get_default_config(), **settings}, storage, Resource("topics"), model)


def parse_of(*chances: float) -> dict[str, Any]:
    labels = ["faq/melasma", "ask_price", "out_of_scope"]
    return as_parse(decide(labels, np.array(chances), answer_threshold=0.5))


def test_an_faq_looks_like_a_retrieval_intent() -> None:
    parse = parse_of(0.8, 0.15, 0.05)
    assert parse["intent"] == {"name": "faq", "confidence": 0.8}
    assert [one["name"] for one in parse["intent_ranking"]] == ["faq/melasma", "ask_price", "out_of_scope"]
    assert parse["response_selector"]["all_retrieval_intents"] == ["faq"]
    assert parse["response_selector"]["faq"]["response"]["intent_response_key"] == "faq/melasma"
    assert parse["response_selector"]["faq"]["response"]["utter_action"] == "utter_faq/melasma"


def test_a_task_is_a_plain_intent() -> None:
    parse = parse_of(0.1, 0.85, 0.05)
    assert parse["intent"] == {"name": "ask_price", "confidence": 0.85}
    assert "response_selector" not in parse


def test_an_unsure_message_falls_back_with_the_labels_behind() -> None:
    parse = parse_of(0.45, 0.35, 0.2)
    assert parse["intent"] == {"name": "nlu_fallback", "confidence": 0.45}
    assert [one["name"] for one in parse["intent_ranking"]] == ["nlu_fallback", "faq/melasma", "ask_price", "out_of_scope"]


def test_a_sure_out_of_scope_is_an_intent_of_its_own() -> None:
    assert parse_of(0.1, 0.1, 0.8)["intent"] == {"name": "out_of_scope", "confidence": 0.8}


def test_an_unsure_out_of_scope_falls_back() -> None:
    assert parse_of(0.35, 0.25, 0.4)["intent"]["name"] == "nlu_fallback"


@pytest.mark.parametrize("parse", [parse_of(0.8, 0.1, 0.1), parse_of(0.4, 0.4, 0.2), parse_of(0.1, 0.1, 0.8), as_parse(NOTHING)])
def test_the_parse_fits_rasas_own_schema(parse: dict[str, Any]) -> None:
    event = UserUttered("text", parse_data={"text": "text", **parse}).as_dict()
    jsonschema.validate(event, USER_UTTERED)


@pytest.mark.parametrize("text", ODD)
def test_odd_input_never_fails(model: TopicModel, storage: LocalModelStorage, text: str) -> None:
    parse = understood(classifier(model, storage), text)
    assert 0 <= parse["intent"]["confidence"] <= 1


@pytest.mark.parametrize("text", ["", "\x00", "🙂", "色素沉着是什么", "12345"])
def test_nothing_to_read_falls_back_without_confidence(model: TopicModel, storage: LocalModelStorage, text: str) -> None:
    assert understood(classifier(model, storage), text)["intent"] == {"name": "nlu_fallback", "confidence": 0.0}


def test_the_thresholds_travel_with_the_message(model: TopicModel, storage: LocalModelStorage) -> None:
    parse = understood(classifier(model, storage, answer_threshold=1.01, suggest_threshold=0.07), "brown spot")
    assert parse["understanding"] == {"outcome": "unsure", "answer_threshold": 1.01, "suggest_threshold": 0.07}


def test_commands_are_left_alone(model: TopicModel, storage: LocalModelStorage) -> None:
    assert "understanding" not in understood(classifier(model, storage), "/restart")


def test_an_untrained_classifier_falls_back(storage: LocalModelStorage) -> None:
    assert understood(classifier(None, storage), "brown spot")["intent"] == {"name": "nlu_fallback", "confidence": 0.0}


def test_a_saved_model_says_the_same(model: TopicModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    again = TopicModel.load(tmp_path)
    for text in ("brown spot", "laser cost", "who won the football"):
        np.testing.assert_array_equal(model.probabilities(text, "en"), again.probabilities(text, "en"))


@pytest.mark.slow
def test_learning_repeats_itself(model: TopicModel) -> None:
    again = learn(EXAMPLES, tiny.weights(), tiny.SHAPE, tiny.pieces(), PLAN)
    np.testing.assert_allclose(model.probabilities("brown spot", "en"), again.probabilities("brown spot", "en"), atol=1e-6)


def test_held_out_rows_are_the_same_share_of_each_label() -> None:
    labels = np.repeat([0, 1, 2], [50, 10, 1])
    held = held_out_rows(labels, 0.1, seed=3)
    assert [int(held[labels == label].sum()) for label in range(3)] == [5, 1, 0]


def test_the_fingerprint_follows_what_learning_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    before = TopicClassifier.fingerprint_addon({})
    monkeypatch.setattr("bot.nlu.classifier.SHA256", "other weights")
    assert TopicClassifier.fingerprint_addon({}) != before


def test_every_module_that_learning_imports_is_in_the_fingerprint() -> None:
    from bot.nlu.classifier import LEARNED_BY

    imported = {name.split(".")[2] for name in _project_imports(Path(learning.__file__).parent, "learning.py")}
    assert imported - {"encoder"} <= {name.removesuffix(".py") for name in LEARNED_BY}


def _project_imports(folder: Path, start: str) -> Iterator[str]:
    waiting, seen = [start], set[str]()
    while waiting:
        for line in (folder / waiting.pop()).read_text().splitlines():
            if line.startswith("from bot.nlu.") and (name := line.split()[1]) not in seen:
                seen.add(name)
                yield name
                waiting.append("/".join(name.split(".")[2:]) + ".py")


@pytest.mark.slow
def test_trained_stored_and_loaded_by_rasa(storage: LocalModelStorage) -> None:
    data = RasaYAMLReader().reads(
        """
nlu:
- intent: faq/melasma
  metadata: {language: en}
  examples: |
    - what is melasma
    - the pregnancy mask on my face
    - brown patches since I was pregnant
    - melasma cheeks
- intent: ask_price
  metadata: {language: en}
  examples: |
    - how much does it cost
    - price of a laser treatment
    - what do you charge
    - costs?
- intent: greet
  metadata: {language: nl}
  examples: |
    - hallo
    - goedemiddag
    - hoi daar
    - goedenavond
"""
    )
    config = {**TopicClassifier.get_default_config(), "epochs": 12, "answer_threshold": 0.0}
    resource = TopicClassifier.create(config, storage, Resource("topics"), CONTEXT).train(data)
    loaded = TopicClassifier.load(config, storage, resource, CONTEXT)
    parse = understood(loaded, "how much is it")
    assert parse["intent"]["name"] == "ask_price"
    assert understood(loaded, "mask of pregnancy")["response_selector"]["faq"]["response"]["utter_action"] == "utter_faq/melasma"
    assert all(isinstance(one["confidence"], float) for one in parse["intent_ranking"])
