"""Figures, each computed by hand."""

import pytest

from bot.evaluation.metrics import Confusion, confusions, macro_f1, measure
from bot.evaluation.shares import Share, percentile
from tests.evaluation.outcomes import alarm, outcome


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
    figures = report.figures["all"]
    assert (figures.scope.first, figures.scope.in_three) == (Share(1, 5), Share(2, 5))
    assert (figures.scope.answered_right, figures.scope.unsure) == (Share(1, 5), Share(2, 5))
    assert figures.let_through == Share(2, 3)
    assert figures.let_through_by_kind == {"near_miss": Share(1, 1), "unrelated": Share(1, 2)}
    assert {style: scope.first for style, scope in report.by_style.items()} == {"short": Share(0, 1), "typo": Share(1, 2)}
    assert (figures.red_flags_found, figures.false_alarms) == (Share(1, 2), Share(1, 6))


def test_what_was_made_to_look_like_a_red_flag_counts_apart() -> None:
    figures = measure(
        [
            outcome("faq/pih", "red_flag"),
            outcome("faq/pih", "faq/pih"),
            outcome("out_of_scope", "red_flag", near_red_flag=True),
            outcome("red_flag", "red_flag"),
        ],
        [alarm(red_flag=True, flagged=False), alarm(red_flag=False, flagged=True), alarm(red_flag=False, flagged=False)],
    ).figures["all"]
    assert figures.red_flags_found == Share(1, 2)
    assert figures.false_alarms == Share(1, 2)
    assert figures.near_misses_flagged == Share(2, 3)


def test_each_language_has_its_figures_where_there_are_several() -> None:
    outcomes = [
        outcome("faq/pih", "faq/pih"),
        outcome("faq/pih", "ask_price", language="nl"),
        outcome("faq/pih", "faq/pih", language="nl"),
    ]
    report = measure(outcomes, [alarm(red_flag=True, flagged=True, language="nl")])
    assert list(report.figures) == list(report.trade_off) == ["all", "en", "nl"]
    assert {language: figures.scope.first for language, figures in report.figures.items()} == {
        "all": Share(2, 3),
        "en": Share(1, 1),
        "nl": Share(1, 2),
    }
    assert {language: figures.red_flags_found.total for language, figures in report.figures.items()} == {"all": 1, "en": 0, "nl": 1}
    assert list(measure(outcomes[1:]).figures) == ["all"]


def test_the_language_counts_from_three_words_on() -> None:
    figures = measure(
        [
            outcome("faq/pih", "faq/pih", text="two words", understood_as="nl"),
            outcome("faq/pih", "faq/pih", text="three words now", understood_as="nl"),
            outcome("faq/pih", "faq/pih", text="drie woorden nu", language="nl", understood_as="nl"),
        ]
    ).figures["all"]
    assert figures.language_right == Share(1, 2)


def test_topics_come_worst_first_and_without_what_is_out_of_scope() -> None:
    report = measure(
        [
            outcome("ask_price", "ask_price"),
            outcome("faq/melasma", "nlu_fallback", "faq/melasma"),
            outcome("faq/pih", "greet"),
            outcome("out_of_scope", "greet"),
        ]
    )
    assert list(report.by_topic) == ["faq/pih", "faq/melasma", "ask_price"]


def test_nothing_of_a_kind_has_no_fraction() -> None:
    assert measure([outcome("faq/pih", "faq/pih")]).figures["all"].let_through.fraction is None
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


def test_confusions_come_most_frequent_first_with_some_of_their_texts() -> None:
    outcomes = [
        outcome("ask_price", "greet", text="price?"),
        *(outcome("faq/pih", "nlu_fallback", "faq/pih", text=f"text {number}") for number in range(4)),
        outcome("faq/pih", "out_of_scope", text="text 4"),
        outcome("faq/pih", "faq/pih"),
    ]
    assert confusions(outcomes) == [
        Confusion("faq/pih", "out_of_scope", 5, ["text 0", "text 1", "text 2"]),
        Confusion("ask_price", "greet", 1, ["price?"]),
    ]


@pytest.mark.parametrize(("share", "value"), [(0.5, 5.0), (0.95, 10.0), (0.9, 9.0), (0.0, 1.0), (1.0, 10.0)])
def test_percentile_is_the_nearest_rank(share: float, value: float) -> None:
    assert percentile([float(number) for number in range(10, 0, -1)], share) == value


def test_percentile_of_one_value_is_that_value() -> None:
    assert percentile([3.0], 0.95) == 3.0
