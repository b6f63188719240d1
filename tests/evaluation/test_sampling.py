"""Parts of the training examples."""

from collections import Counter
from pathlib import Path

import pytest

from bot.checks.project import Example
from bot.evaluation.sampling import sample, with_language


def examples(**counts: int) -> list[Example]:
    """So many of each, named `<label>_<language>`."""
    named = {name: name.split("_") for name in counts}
    return [
        Example(label, language, f"{label} {language} {number}", Path("x.yml"), number)
        for name, (label, language) in named.items()
        for number in range(counts[name])
    ]


def counted(found: list[Example]) -> dict[str, int]:
    return dict(Counter(f"{example.label}_{example.language}" for example in found))


ALL = examples(price_en=40, price_nl=8, greet_en=20, greet_nl=1)


def test_takes_the_same_part_of_each_label_and_language_and_one_at_least() -> None:
    assert counted(sample(ALL, 0.25)) == {"price_en": 10, "price_nl": 2, "greet_en": 5, "greet_nl": 1}


def test_takes_a_part_of_one_language_alone() -> None:
    assert counted(sample(ALL, 0.25, "nl")) == {"price_en": 40, "price_nl": 2, "greet_en": 20, "greet_nl": 1}


def test_all_of_it_is_all_of_it_in_its_order() -> None:
    assert sample(ALL, 1.0) == ALL


@pytest.mark.parametrize(("smaller", "larger"), [(0.25, 0.5), (0.5, 0.75), (0.75, 1.0)])
def test_a_larger_part_holds_the_smaller_one(smaller: float, larger: float) -> None:
    assert set(sample(ALL, smaller)) < set(sample(ALL, larger))


def test_two_draws_are_alike_and_two_seeds_are_not() -> None:
    assert sample(ALL, 0.5) == sample(ALL, 0.5)
    assert sample(ALL, 0.5) != sample(ALL, 0.5, seed=8)


def test_the_draw_of_a_label_does_not_change_with_other_labels() -> None:
    assert [one for one in sample(ALL, 0.5) if one.label == "greet"] == sample([one for one in ALL if one.label == "greet"], 0.5)


def test_an_example_without_a_language_is_english() -> None:
    assert [one.language for one in with_language([*examples(greet_nl=1), Example("greet", "", "hi", Path("x.yml"), 1)])] == ["nl", "en"]
