"""When a model counts as worse than the one before."""

from collections.abc import Sequence

import pytest

from bot.evaluation.outcomes import AlarmOutcome, Outcome
from bot.evaluation.phrases import AlarmPhrase, Phrase
from bot.evaluation.understanding import Label, Understanding
from bot.learning.comparison import Comparison, Figure, Reading, compare

RIGHT, WRONG = "faq/melasma", "faq/freckles"


def phrase(number: int, accept: str = RIGHT, language: str = "en", kind: str | None = None) -> Phrase:
    return Phrase(f"phrase {number}", frozenset({accept}), accept, kind, None, number, language)


def outcomes(phrases: Sequence[Phrase], wrong: Sequence[int] = (), as_what: str = WRONG, flagged: Sequence[int] = ()) -> list[Outcome]:
    found = []
    for place, each in enumerate(phrases):
        label = as_what if place in wrong else each.best
        ranking = (Label(label, 0.9), Label(each.best if label != each.best else WRONG, 0.1))
        found.append(Outcome(each, Understanding(label, ranking, each.language, (), "spot" if place in flagged else None), 1.0))
    return found


def figure(comparison: Comparison, name: str, language: str = "all") -> Figure:
    return next(each for each in comparison.figures if (each.name, each.language) == (name, language))


PHRASES = [phrase(number) for number in range(1000)]


def test_the_same_model_is_not_worse() -> None:
    reading = Reading(outcomes(PHRASES, [1, 2, 3]))
    assert compare(reading, reading).worse == []


@pytest.mark.parametrize(
    ("lost", "gained", "allowed", "worse"),
    [
        (0, 0, 0, False),
        (1, 0, 1, False),
        (2, 0, 2, False),
        (3, 0, 2, True),
        (20, 18, 10, False),
        (20, 10, 8, True),
        (60, 50, 10, False),
        (61, 50, 10, True),  # within chance, and more than one of a hundred
        (0, 30, 8, False),
    ],
)
def test_a_loss_counts_beyond_chance_and_beyond_one_of_a_hundred(lost: int, gained: int, allowed: int, worse: bool) -> None:
    before = Reading(outcomes(PHRASES, range(500, 500 + gained)))
    after = Reading(outcomes(PHRASES, range(lost)))
    found = figure(compare(before, after), "first topic right")
    assert (len(found.lost), len(found.gained), found.is_worse) == (lost, gained, worse)
    assert found.allowed == allowed


def test_a_language_that_loses_is_seen_behind_one_that_gains() -> None:
    phrases = [phrase(number, language="nl" if number < 300 else "en") for number in range(1000)]
    comparison = compare(Reading(outcomes(phrases, range(500, 540))), Reading(outcomes(phrases, range(20))))
    assert [(each.name, each.language) for each in comparison.worse] == [("first topic right", "nl"), ("answered right", "nl")]


def test_out_of_scope_and_near_misses_that_are_let_through() -> None:
    phrases = [phrase(number, "out_of_scope", kind="near_miss" if number < 100 else "other") for number in range(400)]
    comparison = compare(Reading(outcomes(phrases)), Reading(outcomes(phrases, range(6))))
    worse = {each.name for each in comparison.worse}
    assert worse == {"out-of-scope not answered as known", "near misses not answered as known"}


def test_no_red_flag_may_be_lost_whatever_is_gained() -> None:
    phrases = [phrase(number, "red_flag") for number in range(300)]
    comparison = compare(Reading(outcomes(phrases, range(50, 100))), Reading(outcomes(phrases, [7])))
    found = figure(comparison, "red flags found")
    assert found.is_worse and found.lost == ("phrase 7",) and found.allowed == 0


def test_red_flags_and_false_alarms_of_their_own_sets() -> None:
    alarms = [AlarmPhrase("it bleeds", True, "en"), AlarmPhrase("bloedt het?", False, "nl")]
    good = Reading(outcomes(PHRASES[:10]), [AlarmOutcome(alarms[0], True), AlarmOutcome(alarms[1], False)])
    bad = Reading(outcomes(PHRASES[:10], flagged=[0, 1, 2]), [AlarmOutcome(alarms[0], False), AlarmOutcome(alarms[1], True)])
    worse = compare(good, bad).worse
    assert [(each.name, each.language) for each in worse] == [
        ("red flags found", "all"),
        ("red flags found", "en"),
        ("no false alarm", "all"),
        ("no false alarm", "en"),
    ]
    assert figure(compare(good, bad), "no false alarm").lost == ("phrase 0", "phrase 1", "phrase 2", "bloedt het?")
