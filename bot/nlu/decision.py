"""What follows from the probabilities: an answer, an offer of topics, or an honest "I don't know"."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

OUT_OF_SCOPE = "out_of_scope"
RANKED = 10
"""Labels that a ranking shows."""
OFFERED = 3
"""Topics offered at most."""


class Outcome(str, Enum):
    """What the assistant does with a message."""

    ANSWER = "answer"
    SUGGEST = "suggest"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Thresholds:
    """From which probability on something is done."""

    answer: float
    """The best label counts as understood."""
    suggest: float
    """A label may be offered as "did you mean"."""


@dataclass(frozen=True)
class Ranked:
    """A label and its probability."""

    label: str
    confidence: float


@dataclass(frozen=True)
class Decision:
    """What a message is about, as far as it is known."""

    outcome: Outcome
    ranking: Sequence[Ranked]
    """The likeliest labels, best first; empty where nothing could be read."""
    offers: Sequence[Ranked]
    """Topics worth offering, best first; empty unless the outcome is to suggest."""
    known_out_of_scope: bool = False
    """It is sure that the message is about something else."""


NOTHING = Decision(Outcome.UNKNOWN, (), ())
"""Nothing readable was written."""


def decide(labels: Sequence[str], chances: NDArray[Any], thresholds: Thresholds, never_offered: Collection[str]) -> Decision:
    """Weighs the probabilities of the labels; a message out of scope is known to be so only when that is sure."""
    best_first = np.argsort(-chances, kind="stable")[:RANKED]
    ranking = [Ranked(labels[number], float(chances[number])) for number in best_first]
    best = ranking[0]
    if best.confidence >= thresholds.answer:
        if best.label == OUT_OF_SCOPE:
            return Decision(Outcome.UNKNOWN, ranking, (), known_out_of_scope=True)
        return Decision(Outcome.ANSWER, ranking, ())
    fit = [one for one in ranking if one.confidence >= thresholds.suggest and one.label != OUT_OF_SCOPE and one.label not in never_offered]
    return Decision(Outcome.SUGGEST if fit else Outcome.UNKNOWN, ranking, fit[:OFFERED])
