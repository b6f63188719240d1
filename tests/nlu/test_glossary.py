"""Dutch read word by word in English."""

from pathlib import Path

import pytest

from bot.nlu.classifier import GLOSSARIES
from bot.nlu.glossary import Glossaries, Glossary

WORDS = {
    "vlek": "spot",
    "vlekken": "spots",
    "zon": "sun",
    "behandeling": "treatment",
    "ik": "i",
    "die": "that",
    "nou": "",
    "hè": "",
    "foto's": "photos",
    "ing": "ing",
    "lijk": "body",
}


@pytest.fixture
def glossary() -> Glossary:
    return Glossary(WORDS)


@pytest.mark.parametrize(
    ("dutch", "english"),
    [
        ("die vlek", "that spot"),
        ("Die VLEK!", "that spot!"),
        ("Vlek, of ...?", "spot, of ...?"),
        ("nou ik hè", "i"),
        ("foto’s en foto's", "photos en photos"),
        ("laserbehandeling", "laser treatment"),
        ("zonvlekken", "sun spots"),
        ("zonnevlekken", "zonne spots"),
        ("vlekkenbehandeling", "spots treatment"),
        ("vleksbehandeling", "spot treatment"),
        ("zonvlekkenbehandeling", "sun spots treatment"),
        ("reiniging", "reiniging"),
        ("vleklijk", "vleklijk"),
        ("Medicadermis 2026", "Medicadermis 2026"),
        ("", ""),
    ],
)
def test_word_by_word(glossary: Glossary, dutch: str, english: str) -> None:
    assert glossary(dutch) == english


def test_remarks_and_empty_meanings_of_a_file(tmp_path: Path) -> None:
    tmp_path.joinpath("nl.tsv").write_text("# a remark\nja\tyes\nnou\t\n", encoding="utf-8")
    glossaries = Glossaries.read(tmp_path)
    assert glossaries.words == {"nl": {"ja": "yes", "nou": ""}}
    assert glossaries("nou ja", "nl") == "yes"
    assert glossaries("nou ja", "en") == "nou ja"


@pytest.mark.parametrize(
    ("dutch", "english"), [("room", "cream"), ("been", "leg"), ("want", "because"), ("nee", "no"), ("huidtherapeute", "skin therapist")]
)
def test_words_that_look_english_have_their_dutch_meaning(dutch: str, english: str) -> None:
    assert Glossaries.read(GLOSSARIES)(dutch, "nl") == english
