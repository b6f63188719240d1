"""What more examples would bring: the classifier alone, learned from a part of them and measured."""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.checks.project import Example
from bot.evaluation.metrics import Figures, figures_by_language
from bot.evaluation.outcomes import Outcome
from bot.evaluation.phrases import Phrase
from bot.evaluation.sampling import sample
from bot.evaluation.understanding import from_parse

PARTS = (0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Size:
    """What one size of the training data brings."""

    part: float
    """Share of the examples, 0 to 1."""
    examples: int
    seconds: float
    """Time to learn from them."""
    figures: dict[str, Figures]


@dataclass(frozen=True)
class LearningCurve:
    """What each size brings, smallest first."""

    varied: str | None
    """The language whose examples were fewer, beside all of the others'; None: all languages."""
    sizes: list[Size]


Learn = Callable[[Sequence[Example]], Callable[[Phrase], Outcome]]
"""From examples to something that reads a phrase."""


def learning_curve(
    examples: Sequence[Example], phrases: Sequence[Phrase], learn: Learn, varied: str | None = None, parts: Sequence[float] = PARTS
) -> Iterator[Size]:
    """Learns from each part of the examples and measures, smallest part first."""
    for part in parts:
        some = sample(examples, part, varied)
        started = time.perf_counter()
        read = learn(some)
        seconds = time.perf_counter() - started
        yield Size(part, len(some), seconds, figures_by_language([read(phrase) for phrase in phrases]))


def learn_topics(config: dict[str, Any]) -> Learn:
    """Learning with the project's classifier and its settings in config.yml; it is told the language of each phrase."""
    # Rasa takes seconds to import
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData

    from bot.nlu.classifier import TopicClassifier

    def learn(examples: Sequence[Example]) -> Callable[[Phrase], Outcome]:
        messages = [Message.build(example.text, example.label, intent_metadata={"language": example.language}) for example in examples]
        with tempfile.TemporaryDirectory() as folder:
            # a folder of its own for the learned: nothing learned before is taken, and nothing that the project keeps is pushed out
            settings = {**TopicClassifier.get_default_config(), **config, "kept_in": str(Path(folder, "kept"))}
            classifier = TopicClassifier(settings, LocalModelStorage(Path(folder)), Resource("topics"))
            classifier.train(TrainingData(messages))

        def read(phrase: Phrase) -> Outcome:
            started = time.perf_counter()
            [message] = classifier.process([Message({"text": phrase.text, "language": phrase.language})])
            milliseconds = 1000 * (time.perf_counter() - started)
            parse = {"language": phrase.language, **message.as_dict(only_output_properties=True)}
            return Outcome(phrase, from_parse(parse), milliseconds)

        return read

    return learn
