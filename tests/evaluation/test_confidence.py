"""Calibration and thresholds, each computed by hand or by the classifier's own formula."""

import random

import numpy as np
import pytest

from bot.evaluation.confidence import THRESHOLDS, calibration, let_through_when_kept, trade_off
from bot.evaluation.outcomes import Outcome
from bot.evaluation.shares import Share
from bot.nlu.calibration import calibration_error
from tests.evaluation.outcomes import outcome


def answered(right: bool, confidence: float) -> Outcome:
    return outcome("faq/pih", "faq/pih" if right else "greet", confidence=confidence)


def outside(confidence: float, label: str = "greet") -> Outcome:
    return outcome("out_of_scope", label, confidence=confidence)


def test_bins_hold_mean_confidence_and_share_right() -> None:
    found = calibration([answered(True, 0.81), answered(False, 0.85), answered(True, 1.0)])
    assert [(one.low, one.high, one.right) for one in found.bins] == [(0.8, 0.9, Share(1, 2)), (0.9, 1.0, Share(1, 1))]
    assert found.bins[0].confidence == pytest.approx(0.83)
    assert found.error == pytest.approx((abs(0.83 - 0.5) * 2 + 0) / 3)


def test_the_expected_gap_is_the_classifiers_own() -> None:
    source = random.Random(1)
    pairs = [(source.random() < 0.6, source.random()) for _ in range(200)]
    expected = calibration_error(np.array([confidence for _, confidence in pairs]), np.array([right for right, _ in pairs]))
    assert calibration([answered(right, confidence) for right, confidence in pairs]).error == pytest.approx(expected)


def test_what_is_not_ranked_has_no_calibration() -> None:
    nothing = outcome("faq/pih", "nlu_fallback")
    assert calibration([nothing]).bins == [] and calibration([nothing]).error == 0.0


def test_a_higher_threshold_answers_less_of_both() -> None:
    steps = trade_off(
        [answered(True, 0.9), answered(False, 0.5), outside(0.6), outside(0.99, "out_of_scope"), outcome("faq/pih", "nlu_fallback")]
    )
    assert [step.threshold for step in steps] == THRESHOLDS
    at = {step.threshold: step for step in steps}
    assert (at[0.0].accepted, at[0.0].right, at[0.0].let_through) == (Share(2, 3), Share(1, 3), Share(1, 2))
    assert (at[0.6].accepted, at[0.6].let_through) == (Share(1, 3), Share(1, 2))
    assert (at[0.95].accepted, at[0.95].let_through) == (Share(0, 3), Share(0, 2))


def test_an_unsure_answer_is_judged_by_its_best_label() -> None:
    unsure = outcome("faq/pih", "nlu_fallback", "faq/pih", confidence=0.4)
    at = {step.threshold: step.right for step in trade_off([unsure])}
    assert (at[0.4], at[0.45]) == (Share(1, 1), Share(0, 1))


def test_let_through_where_a_share_of_the_right_answers_is_kept() -> None:
    right = [answered(True, number / 100) for number in range(81, 101)]  # 95 % of these 20 are as sure as 0.82
    wrong = [answered(False, 0.1)]
    assert let_through_when_kept([*right, *wrong, outside(0.81), outside(0.82), outside(0.99, "out_of_scope")]) == Share(1, 3)


def test_without_a_right_answer_everything_is_let_through() -> None:
    assert let_through_when_kept([answered(False, 0.9), outside(0.1)]) == Share(1, 1)
