import numpy as np
import pytest

from bot.nlu.calibration import calibration_error, fit_temperature, softmax, surprise


def test_softmax_sums_to_one_and_bears_large_scores() -> None:
    chances = softmax(np.array([[1000.0, 1000.0, 0.0], [-5.0, 0.0, 5.0]]))
    np.testing.assert_allclose(chances.sum(axis=1), 1)
    np.testing.assert_allclose(chances[0], [0.5, 0.5, 0], atol=1e-9)


@pytest.mark.parametrize("temperature", [0.4, 1.0, 3.0])
def test_temperature_is_found_again(temperature: float) -> None:
    random = np.random.default_rng(1)
    honest = random.normal(0, 1.5, (4000, 5))
    labels = np.array([random.choice(5, p=row) for row in softmax(honest)])
    assert fit_temperature(honest * temperature, labels) == pytest.approx(temperature, rel=0.1)


def test_calibrated_scores_surprise_less() -> None:
    random = np.random.default_rng(2)
    honest = random.normal(0, 1.5, (2000, 4))
    labels = np.array([random.choice(4, p=row) for row in softmax(honest)])
    assert surprise(honest * 5, labels, fit_temperature(honest * 5, labels)) < surprise(honest * 5, labels, 1.0)


def test_calibration_error_is_the_gap() -> None:
    confidences = np.full(10, 0.9)
    assert calibration_error(confidences, np.array([True] * 9 + [False])) == pytest.approx(0)
    assert calibration_error(confidences, np.array([True] * 4 + [False] * 6)) == pytest.approx(0.5)
    assert calibration_error(np.array([1.0]), np.array([True])) == 0
