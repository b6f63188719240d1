"""Mistyped words and what is meant."""

import pytest

from bot.nlu.spelling import Speller

LEXICON = {"treatment": 90, "appointment": 40, "spots": 30, "spotz": 1, "brown": 20, "cream": 9}
KNOWN = {*LEXICON, "crown"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tretment", "treatment"),
        ("treatmnet", "treatment"),
        ("apointmnet", "appointment"),
        ("spotts", "spots"),
        ("bronw", "brown"),
        ("crown", "crown"),
        ("crea", "crea"),
        ("vream", "vream"),
        ("trtmnt", "trtmnt"),
        ("brwon", "brown"),
        ("zzzzz", "zzzzz"),
    ],
)
def test_what_is_meant(typed: str, meant: str) -> None:
    assert Speller(LEXICON, KNOWN.__contains__)(typed) == meant


def test_of_two_as_near_the_more_frequent_is_meant() -> None:
    assert Speller({"hands": 1, "hangs": 5}, {"hands", "hangs"}.__contains__)("hanbs") == "hangs"
