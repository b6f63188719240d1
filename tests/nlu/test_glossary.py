"""What words and compounds mean in English."""

from pathlib import Path

import pytest

from bot.nlu.classifier import GLOSSARIES
from bot.nlu.glossary import Glossary, read_glossaries

WORDS = {"vlek": "spot", "vlekken": "spots", "zon": "sun", "behandeling": "treatment", "nou": "", "ing": "ing", "lijk": "body"}


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("vlek", "spot"),
        ("nou", ""),
        ("laserbehandeling", "laser treatment"),
        ("zonvlekken", "sun spots"),
        ("zonnevlekken", "zonne spots"),
        ("vlekkenbehandeling", "spots treatment"),
        ("vleksbehandeling", "spot treatment"),
        ("zonvlekkenbehandeling", "sun spots treatment"),
        ("reiniging", None),
        ("vleklijk", None),
        ("xyzzy", None),
        ("", None),
    ],
)
def test_meanings(word: str, meaning: str | None) -> None:
    assert Glossary(WORDS)(word) == meaning


def test_remarks_and_empty_meanings_of_a_file(tmp_path: Path) -> None:
    tmp_path.joinpath("nl.tsv").write_text("# a remark\nja\tyes\nnou\t\n", encoding="utf-8")
    assert read_glossaries(tmp_path) == {"nl": {"ja": "yes", "nou": ""}}


@pytest.mark.parametrize(
    ("dutch", "english"), [("room", "cream"), ("been", "leg"), ("want", "because"), ("nee", "no"), ("huidtherapeute", "skin therapist")]
)
def test_words_that_look_english_have_their_dutch_meaning(dutch: str, english: str) -> None:
    assert Glossary(read_glossaries(GLOSSARIES)["nl"])(dutch) == english
