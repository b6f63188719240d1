"""When the assistant has understood, and when it says that it hasn't."""

import numpy as np
import pytest

from bot.nlu.decision import NOTHING, Decision, Outcome, decide

LABELS = ["faq/melasma", "faq/pih", "ask_price", "out_of_scope"]


def decided(*chances: float) -> Decision:
    return decide(LABELS, np.array(chances), answer_threshold=0.5)


def test_a_likely_label_is_understood() -> None:
    decision = decided(0.2, 0.7, 0.06, 0.04)
    assert decision.outcome is Outcome.UNDERSTOOD
    assert [ranked.label for ranked in decision.ranking] == ["faq/pih", "faq/melasma", "ask_price", "out_of_scope"]
    assert decision.ranking[0].confidence == 0.7


def test_the_threshold_itself_is_enough() -> None:
    assert decided(0.5, 0.3, 0.1, 0.1).outcome is Outcome.UNDERSTOOD


@pytest.mark.parametrize("chances", [(0.49, 0.3, 0.2, 0.01), (0.25, 0.25, 0.25, 0.25), (0.2, 0.2, 0.2, 0.4)])
def test_below_the_threshold_nothing_is_sure(chances: tuple[float, ...]) -> None:
    assert decided(*chances).outcome is Outcome.UNSURE


def test_out_of_scope_is_never_understood_however_sure() -> None:
    assert decided(0.0, 0.0, 0.0, 1.0).outcome is Outcome.OUT_OF_SCOPE
    assert decide(LABELS, np.array([0.1, 0.1, 0.1, 0.7]), answer_threshold=0.0).outcome is Outcome.OUT_OF_SCOPE


def test_ten_labels_are_ranked_at_most() -> None:
    assert len(decide([f"faq/{number}" for number in range(20)], np.full(20, 0.05), 0.5).ranking) == 10


def test_nothing_readable_is_unsure_and_has_no_ranking() -> None:
    assert (NOTHING.outcome, NOTHING.ranking) == (Outcome.UNSURE, ())
