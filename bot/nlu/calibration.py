"""Scores turned into probabilities that keep their word: of the answers given with 80 %, four in five are right."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar


def softmax(scores: NDArray[Any]) -> NDArray[Any]:
    """Probabilities along the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    share: NDArray[Any] = powers / powers.sum(axis=-1, keepdims=True)
    return share


def surprise(scores: NDArray[Any], labels: NDArray[Any], temperature: float) -> float:
    """Mean negative log-likelihood of the right labels: (texts, labels) scores, (texts,) label numbers."""
    chances = softmax(scores / temperature)[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(chances, 1e-12)).mean())


def fit_temperature(scores: NDArray[Any], labels: NDArray[Any]) -> float:
    """What scores must be divided by, found on examples that the model has not learned from."""
    found = minimize_scalar(lambda log: surprise(scores, labels, float(np.exp(log))), bounds=(-3, 3), method="bounded")
    return float(np.exp(found.x))


def calibration_error(confidences: NDArray[Any], right: NDArray[Any], bins: int = 10) -> float:
    """Expected gap between confidence and share of right answers, 0 to 1."""
    numbers = np.minimum((confidences * bins).astype(int), bins - 1)
    gaps = [abs(float(confidences[numbers == n].sum() - right[numbers == n].sum())) for n in range(bins)]
    return sum(gaps) / len(confidences)
