"""Figures, each computed by hand."""

import pytest

from bot.evaluation.metrics import Confusion, Outcome, Share, confusions, macro_f1, measure, percentile
from bot.evaluation.phrases import Phrase
from bot.evaluation.understanding import from_parse


def outcome(
    accept: str, intent: str, ranking: str = "", *, kind: str | None = None, style: str | None = None, flag: bool = False, ms: float = 1.0
) -> Outcome:
    """Labels in `accept` and `ranking` stand with spaces between them; the ranking begins with the intent unless given."""
    labels = accept.split()
    phrase = Phrase("x", frozenset(labels), labels[0], kind, style, 1)
    names = (ranking or intent).split()
    parse = {
        "intent": {"name": "faq" if intent.startswith("faq/") else intent, "confidence": 0.9, "full_retrieval_intent_name": intent},
        "intent_ranking": [{"name": name, "confidence": 0.9} for name in names],
        "red_flag": {"kind": "mole"} if flag else None,
    }
    return Outcome(phrase, from_parse(parse), ms)


def test_a_right_answer_is_right_in_every_way() -> None:
    right = outcome("faq/pih faq/melasma", "faq/melasma")
    assert (right.first, right.in_three, right.answered_right) == (True, True, True)


def test_an_unsure_answer_counts_as_first_by_its_best_label_and_not_as_answered() -> None:
    unsure = outcome("faq/pih", "nlu_fallback", "nlu_fallback faq/pih ask_price")
    assert (unsure.first, unsure.in_three, unsure.answered_right) == (True, True, False)


def test_the_third_label_counts_and_the_fourth_does_not_with_the_fallback_left_out() -> None:
    third = outcome("faq/pih", "nlu_fallback", "nlu_fallback greet deny faq/pih")
    fourth = outcome("faq/pih", "nlu_fallback", "nlu_fallback greet deny affirm faq/pih")
    assert (third.first, third.in_three, fourth.in_three) == (False, True, False)


@pytest.mark.parametrize("intent", ["nlu_fallback", "out_of_scope"])
def test_not_answering_is_right_for_what_is_out_of_scope(intent: str) -> None:
    declined = outcome("out_of_scope", intent, "greet deny affirm thanks")
    assert (declined.first, declined.in_three, declined.answered_right) == (True, True, True)


def test_what_is_in_scope_is_wrong_when_taken_for_out_of_scope() -> None:
    declined = outcome("faq/pih", "out_of_scope")
    assert (declined.first, declined.answered_right) == (False, False)


def test_a_red_flag_found_by_rules_is_the_first_label_when_the_intent_says_so() -> None:
    flagged = outcome("red_flag", "red_flag", "faq/cause_sun red_flag")
    assert flagged.first


def test_measures_scope_kinds_styles_and_red_flags() -> None:
    report = measure(
        [
            outcome("faq/pih", "faq/pih", style="typo"),
            outcome("faq/pih", "nlu_fallback", "greet faq/pih", style="typo"),
            outcome("ask_price", "greet", style="short"),
            outcome("red_flag", "nlu_fallback", "faq/pih", flag=True),
            outcome("red_flag", "faq/pih"),
            outcome("out_of_scope", "nlu_fallback", "greet", kind="unrelated"),
            outcome("out_of_scope", "greet", kind="unrelated"),
            outcome("out_of_scope", "red_flag", kind="near_miss"),
        ]
    )
    assert (report.scope.first, report.scope.in_three) == (Share(1, 5), Share(2, 5))
    assert (report.scope.answered_right, report.scope.unsure) == (Share(1, 5), Share(2, 5))
    assert report.let_through == Share(2, 3)
    assert report.let_through_by_kind == {"near_miss": Share(1, 1), "unrelated": Share(1, 2)}
    assert {style: scope.first for style, scope in report.by_style.items()} == {"short": Share(0, 1), "typo": Share(1, 2)}
    assert (report.red_flags_found, report.false_alarms) == (Share(1, 2), Share(1, 6))


def test_nothing_of_a_kind_has_no_fraction() -> None:
    assert measure([outcome("faq/pih", "faq/pih")]).let_through.fraction is None
    assert Share(1, 4).fraction == 0.25


def test_macro_f1() -> None:
    # pih: 1 of 2 right, nothing else taken for it: 2*1/(2+1) = 2/3; price: right, and once wrongly: 2*1/(1+2) = 2/3; out of scope: 1
    outcomes = [
        outcome("faq/pih", "faq/pih"),
        outcome("faq/pih faq/melasma", "ask_price"),
        outcome("ask_price", "ask_price"),
        outcome("out_of_scope", "nlu_fallback", "greet"),
    ]
    assert macro_f1(outcomes) == pytest.approx((2 / 3 + 2 / 3 + 1) / 3)


def test_macro_f1_takes_an_accepted_neighbour_as_the_expected_one() -> None:
    assert macro_f1([outcome("faq/pih faq/melasma", "faq/melasma")]) == 1.0


def test_confusions_come_most_frequent_first() -> None:
    outcomes = [
        outcome("ask_price", "greet"),
        outcome("faq/pih", "nlu_fallback", "faq/pih"),
        outcome("faq/pih", "out_of_scope"),
        outcome("faq/pih", "faq/pih"),
    ]
    assert confusions(outcomes) == [Confusion("faq/pih", "out_of_scope", 2), Confusion("ask_price", "greet", 1)]


@pytest.mark.parametrize(("share", "value"), [(0.5, 5.0), (0.95, 10.0), (0.9, 9.0), (0.0, 1.0), (1.0, 10.0)])
def test_percentile_is_the_nearest_rank(share: float, value: float) -> None:
    assert percentile([float(number) for number in range(10, 0, -1)], share) == value


def test_percentile_of_one_value_is_that_value() -> None:
    assert percentile([3.0], 0.95) == 3.0
