"""Messages of both languages in English words."""

import pytest

from bot.nlu.english import LEAST, English
from tests.nlu import tiny

GLOSSARIES = {"nl": {"vlek": "spot", "die": "that", "nou": "", "hè": "", "foto's": "photos", "behandeling": "treatment"}}
TEXTS = [
    *[("brown crown", "en")] * LEAST,
    *[("melasma op mijn wang", "nl")] * LEAST,
    *[("melasma appointment", "en")] * LEAST,
    ("melasmo", "en"),
]


@pytest.fixture
def english() -> English:
    return English.learn(GLOSSARIES, TEXTS, tiny.pieces())


@pytest.mark.parametrize(
    ("text", "language", "read"),
    [
        ("die vlek", "nl", "that spot"),
        ("Die VLEK!", "nl", "that spot!"),
        ("Vlek, of ...?", "nl", "spot, of ...?"),
        ("nou die hè", "nl", "that"),
        ("foto’s en foto's", "nl", "photos en photos"),
        ("laserbehandeling", "nl", "laser treatment"),
        ("behandelnig", "nl", "treatment"),
        ("Melasma 2026 Medicadermis", "nl", "Melasma 2026 Medicadermis"),
        ("melsama", "nl", "melasma"),
        ("die apointment", "en", "die appointment"),
        ("brown", "en", "brown"),
        ("Crown", "en", "Crown"),
        ("die vlek", "fr", "die vlek"),
        ("", "nl", ""),
    ],
)
def test_word_by_word(english: English, text: str, language: str, read: str) -> None:
    assert english(text, language) == read


def test_seldom_words_teach_no_spelling(english: English) -> None:
    assert english("melasmo", "en") == "melasma"


def test_it_comes_back_from_its_data(english: English) -> None:
    again = English(**english.as_data(), pieces=tiny.pieces())
    assert again("die melsama", "nl") == english("die melsama", "nl") == "that melasma"
