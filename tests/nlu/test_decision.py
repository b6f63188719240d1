"""When the assistant answers, offers topics, or says that it doesn't know."""

import numpy as np

from bot.nlu.decision import NOTHING, Decision, Outcome, Thresholds, decide

LABELS = ["faq/melasma", "faq/pih", "ask_price", "affirm", "out_of_scope"]
THRESHOLDS = Thresholds(answer=0.5, suggest=0.1)


def decided(*chances: float) -> Decision:
    return decide(LABELS, np.array(chances), THRESHOLDS, never_offered=["affirm"])


def test_a_likely_label_is_an_answer() -> None:
    decision = decided(0.7, 0.2, 0.05, 0.03, 0.02)
    assert decision.outcome is Outcome.ANSWER
    assert [ranked.label for ranked in decision.ranking] == LABELS
    assert decision.offers == ()


def test_the_threshold_itself_answers() -> None:
    assert decided(0.5, 0.3, 0.1, 0.05, 0.05).outcome is Outcome.ANSWER


def test_an_unsure_message_brings_the_nearest_topics() -> None:
    decision = decided(0.4, 0.3, 0.2, 0.06, 0.04)
    assert decision.outcome is Outcome.SUGGEST
    assert [offer.label for offer in decision.offers] == ["faq/melasma", "faq/pih", "ask_price"]


def test_unlikely_topics_small_talk_and_out_of_scope_are_never_offered() -> None:
    assert [offer.label for offer in decided(0.05, 0.15, 0.05, 0.35, 0.4).offers] == ["faq/pih"]


def test_three_topics_are_offered_at_most() -> None:
    labels = [f"faq/{number}" for number in range(5)]
    assert len(decide(labels, np.full(5, 0.2), THRESHOLDS, ()).offers) == 3


def test_nothing_likely_is_unknown() -> None:
    many = [f"faq/{number}" for number in range(20)]
    decision = decide(many, np.full(20, 0.05), THRESHOLDS, ())
    assert decision.outcome is Outcome.UNKNOWN
    assert len(decision.ranking) == 10


def test_out_of_scope_is_never_an_answer_however_sure() -> None:
    for chances in ((0.0, 0.0, 0.0, 0.0, 1.0), (0.1, 0.1, 0.05, 0.05, 0.7), (0.2, 0.2, 0.2, 0.15, 0.25)):
        assert decided(*chances).outcome is not Outcome.ANSWER
    assert decided(0.1, 0.1, 0.05, 0.05, 0.7).known_out_of_scope
    assert not decided(0.2, 0.2, 0.2, 0.15, 0.25).known_out_of_scope


def test_nothing_readable_has_no_ranking() -> None:
    assert (NOTHING.outcome, NOTHING.ranking) == (Outcome.UNKNOWN, ())
