"""The one classifier, as Rasa sees it: it gives the intent, the FAQ topic and what to do when unsure."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.decision import NOTHING, Decision, Outcome, Ranked, decide
from bot.nlu.encoder.weights import SHA256
from bot.nlu.kept import KeptModels, digest_of
from bot.nlu.model import TopicModel
from bot.nlu.questions import QUESTIONS, is_answered, main_question, questions
from bot.nlu.text import is_command
from bot.settings import ROOT

logger = logging.getLogger(__name__)

GLOSSARIES = ROOT / "data" / "glossary"
LEARNED = ROOT / ".rasa" / "learned"
"""Beside Rasa's own cache."""
RETRIEVAL_INTENT = "faq"
DEFAULT_LANGUAGE = "en"
LEARNING = ("ngram_share", "held_out", "epochs", "layers", "frozen_layers", "seed")
"""Settings that change what is learned."""
LEARNED_BY = (
    "classifier.py",
    "learning.py",
    "model.py",
    "ngrams.py",
    "english.py",
    "glossary.py",
    "spelling.py",
    "calibration.py",
    "text.py",
)
"""Modules beside the encoder that decide what is learned and how it is kept."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(GraphComponent, IntentClassifier):
    """Understands a message with a sentence encoder tuned on the project's examples, beside n-grams."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """What can be set in config.yml."""
        return {
            "answer_threshold": 0.55,
            "suggest_threshold": 0.05,
            "ngram_share": {"en": 0.5, "nl": 0.6},
            "held_out": 0.04,
            "epochs": 2,
            "layers": 4,
            "frozen_layers": 2,
            "seed": 7,
            "kept_in": str(LEARNED),
        }

    @staticmethod
    def required_packages() -> list[str]:
        """Modules that must be there to import."""
        return ["onnx", "onnxruntime", "tokenizers", "safetensors", "sklearn"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:  # noqa: ARG003 - Rasa's signature
        """Changes with the modules that learning uses, the glossaries and the encoder's weights, so that Rasa's cache notices."""
        folder = Path(__file__).parent
        digest = hashlib.sha256(SHA256.encode())
        for file in [*(folder / name for name in LEARNED_BY), *sorted(folder.glob("encoder/*.py")), *sorted(GLOSSARIES.glob("*.tsv"))]:
            digest.update(file.read_bytes())
        return digest.hexdigest()

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: TopicModel | None = None) -> None:
        """Takes the settings and, where there is one, the trained model."""
        self.config = config
        self.model = model
        self._storage, self._resource = storage, resource

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003 - Rasa's signature, here and below
    ) -> TopicClassifier:
        """Rasa's way to make the untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003
        **kwargs: Any,  # noqa: ARG003
    ) -> TopicClassifier:
        """Rasa's way to make the trained component."""
        with model_storage.read_from(resource) as folder:
            model = TopicModel.load(folder) if folder.joinpath("names.json").exists() else None
        return cls(config, model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from the examples and keeps the model in Rasa's storage."""
        # TensorFlow is needed for training alone; without it the assistant starts faster
        from bot.nlu.encoder.runtime import Pieces
        from bot.nlu.encoder.tuning import TuningPlan
        from bot.nlu.encoder.weights import Shape, lowest_layers, public_encoder
        from bot.nlu.glossary import read_glossaries
        from bot.nlu.learning import Example, LearningPlan, learn

        examples = [Example(message.get(TEXT), message.get_full_intent(), _language(message)) for message in training_data.intent_examples]
        if len({example.label for example in examples}) < 2:
            logger.warning("Understanding is not trained: it needs examples of two intents or more.")
            return self._resource
        public = public_encoder()
        tuning = TuningPlan(epochs=self.config["epochs"], frozen_layers=self.config["frozen_layers"], seed=self.config["seed"])
        plan = LearningPlan(tuning, self.config["ngram_share"], self.config["held_out"], read_glossaries(GLOSSARIES))
        pieces = Pieces(public.tokenizer_file.read_text(encoding="utf-8"))
        layers = self.config["layers"]
        made_from = digest_of(
            [astuple(example) for example in examples], {name: self.config[name] for name in LEARNING}, self.fingerprint_addon(self.config)
        )
        self.model = KeptModels(Path(self.config["kept_in"])).learned(
            made_from, lambda: learn(examples, lowest_layers(public.load(), layers), Shape(), pieces, plan)
        )
        with self._storage.write_to(self._resource) as folder:
            self.model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Puts intent, ranking, FAQ topic and `understanding` on each message; never fails on odd input."""
        for message in messages:
            text = message.get(TEXT)
            if text is not None and not is_command(text):
                self._understand(message, text)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves the training data as it is: nothing later learns from what this classifier says."""
        return training_data

    def _understand(self, message: Message, text: str) -> None:
        language = message.get("language") or DEFAULT_LANGUAGE
        decision = self._decide(text, language)
        asked = self._asked(text, language, decision)
        if asked:
            message.set(QUESTIONS, [ranked.label for ranked in asked], add_to_output=True)
            decision = Decision(Outcome.UNDERSTOOD, _led_by(main_question(asked), decision.ranking))
        for key, value in as_parse(decision).items():
            message.set(key, value, add_to_output=True)
        thresholds = {name: self.config[name] for name in ("answer_threshold", "suggest_threshold")}
        message.set("understanding", {"outcome": decision.outcome.value, **thresholds}, add_to_output=True)

    def _asked(self, text: str, language: str, whole: Decision) -> list[Ranked]:
        """The questions of a message that clearly asks several different ones, in order; nothing otherwise."""
        parts = questions(text)
        if len(parts) < 2:
            return []
        clear: dict[str, Ranked] = {}
        for part in parts:
            best = next(iter(self._decide(part, language).ranking), None)
            if best is None or best.confidence < self.config["answer_threshold"] or not is_answered(best.label):
                return []
            clear.setdefault(best.label, best)
        known = whole.outcome is Outcome.UNDERSTOOD and whole.ranking[0].label not in clear
        return [] if known or len(clear) < 2 else list(clear.values())

    def _decide(self, text: str, language: str) -> Decision:
        chances = self.model.probabilities(text, language) if self.model else None
        if self.model is None or chances is None:
            return NOTHING
        return decide(self.model.labels, chances, self.config["answer_threshold"])


def as_parse(decision: Decision) -> dict[str, Any]:
    """The decision as Rasa's parse data: `nlu_fallback` first where the assistant is unsure, the full labels behind it."""
    ranking = [_as_intent(ranked) for ranked in decision.ranking]
    if decision.outcome is Outcome.UNSURE:
        fallback = {"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": ranking[0]["confidence"] if ranking else 0.0}
        return {INTENT: fallback, INTENT_RANKING_KEY: [fallback, *ranking]}
    best = decision.ranking[0]
    intent, _, topic = best.label.partition("/")
    parse = {INTENT: {"name": intent, "confidence": best.confidence}, INTENT_RANKING_KEY: ranking}
    return parse | {"response_selector": _as_retrieval(best, decision.ranking)} if topic else parse


def _led_by(best: Ranked, ranking: Sequence[Ranked]) -> list[Ranked]:
    return [best, *(ranked for ranked in ranking if ranked.label != best.label)]


def _as_intent(ranked: Ranked) -> dict[str, Any]:
    return {"name": ranked.label, "confidence": ranked.confidence}


def _as_retrieval(best: Ranked, ranking: Sequence[Ranked]) -> dict[str, Any]:
    """What a response selector would say, so that `utter_faq` works without a second model."""
    topics = [ranked for ranked in ranking if ranked.label.startswith(f"{RETRIEVAL_INTENT}/")]
    response = {"responses": [], "confidence": best.confidence, "intent_response_key": best.label, "utter_action": f"utter_{best.label}"}
    others = [{"confidence": topic.confidence, "intent_response_key": topic.label} for topic in topics]
    return {"all_retrieval_intents": [RETRIEVAL_INTENT], RETRIEVAL_INTENT: {"response": response, "ranking": others}}


def _language(message: Message) -> str:
    """The language of a training example, from its metadata or its intent's."""
    metadata = message.get("metadata") or {}
    language: str = {**metadata, **metadata.get("intent", {}), **metadata.get("example", {})}.get("language", DEFAULT_LANGUAGE)
    return language
