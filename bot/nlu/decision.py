"""What follows from the probabilities: an answer, a sure "that's not my field", or being unsure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

OUT_OF_SCOPE = "out_of_scope"
RANKED = 10
"""Labels that a ranking shows."""


class Outcome(Enum):
    """How well a message was understood."""

    UNDERSTOOD = "understood"
    OUT_OF_SCOPE = "out_of_scope"
    UNSURE = "unsure"


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
    """The likeliest labels, best first; empty where nothing could be read, and then the outcome is to be unsure."""


NOTHING = Decision(Outcome.UNSURE, ())
"""Nothing readable was written."""


def decide(labels: Sequence[str], chances: NDArray[Any], answer_threshold: float) -> Decision:
    """Weighs the probabilities of the labels: only a likely best label counts as understood, and out of scope never does."""
    best_first = np.argsort(-chances, kind="stable")[:RANKED]
    ranking = [Ranked(labels[number], float(chances[number])) for number in best_first]
    if ranking[0].confidence < answer_threshold:
        return Decision(Outcome.UNSURE, ranking)
    return Decision(Outcome.OUT_OF_SCOPE if ranking[0].label == OUT_OF_SCOPE else Outcome.UNDERSTOOD, ranking)
