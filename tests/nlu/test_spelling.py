"""Mistyped words and what is meant."""

import pytest

from bot.nlu.spelling import Speller

LEXICON = {"treatment": 90, "appointment": 40, "spots": 30, "spotz": 1, "brown": 20, "cream": 9}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tretment", "treatment"),
        ("treatmnet", "treatment"),
        ("apointmnet", "appointment"),
        ("spotts", "spots"),
        ("bronw", "brown"),
        ("crown", None),
        ("crea", None),
        ("vream", None),
        ("trtmnt", None),
        ("brwon", "brown"),
        ("zzzzz", None),
    ],
)
def test_what_is_meant(typed: str, meant: str | None) -> None:
    assert Speller(LEXICON)(typed) == meant


def test_of_two_as_near_the_more_frequent_is_meant() -> None:
    assert Speller({"hands": 1, "hangs": 5})("hanbs") == "hangs"
