import ast
import doctest
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import actions.words
from actions.appointments.form import TASKS
from actions.words import SHAPES, answer, says
from tests.actions.source import calls

WORDS: dict[str, Any] = yaml.safe_load(Path(actions.words.__file__).with_name("words.yml").read_text(encoding="utf-8"))

SAID = {
    "yes": ["yes", "sure, go on", "ja", "ja hoor", "jaa", "jazeker", "zeker weten", "prima", "dat klopt", "klopt hoor", "is goed", "dat is goed",
            "doe maar", "graag", "ja graag", "mag", "mag wel", "van mij mag het", "ben ik", "heb ik wel", "inderdaad", "boek maar"],
    "no": ["no", "nope, never", "nee", "neen", "nee hoor", "nooit", "niets", "nog niet", "nog nooit", "zeker niet", "absoluut niet", "helemaal niets",
           "ben ik niet", "heb ik niet", "dat heb ik niet", "ik heb nog niets", "hoeft niet", "dat hoeft niet", "niet nodig", "klopt niet", "n.v.t.",
           "ik denk het niet", "ik gebruik geen medicijnen"],
    "unsure": ["not sure", "maybe", "weet ik niet", "ik weet het niet", "dat weet ik eigenlijk niet", "geen idee", "geen flauw idee", "misschien",
               "ik twijfel", "zou kunnen", "ik denk het wel", "volgens mij wel", "niet zeker", "kweenie"],
    "correction": ["no, the left cheek", "actually Thursday", "nee, de linkerwang", "sorry, ik bedoel donderdag", "doe maar vrijdag", "toch liever video",
                   "wacht, het moet vrijdag zijn", "foutje: 12 december", "kunt u de dag aanpassen", "ik heb me vergist"],
    "question": ["what is it", "hoe lang duurt het", "is het pijnlijk", "mag ik zwemmen", "hoeveel kost dat", "waarvoor is dat"],
    "no_question": ["is goed", "is prima", "mag wel", "kan ook", "mag"],
    "cancel": ["cancel", "cancel it please", "annuleren", "annuleer maar", "afzeggen"],
}  # fmt: skip
NOT_SAID = {
    "yes": ["zeker niet", "klopt niet", "natuurlijk niet", "dat wil ik niet", "Jan", "Jacob", "jas"],
    "no": ["ja", "zeker", "Noor", "Nienke"],
    "unsure": ["ja", "nee", "ik denk het niet", "volgens mij niet"],
    "correction": ["Norah", "vrijdag", "neef"],
    "question": ["Isabel", "Willem", "don't", "can't", "doe maar"],
    "cancel": ["cancel my appointment on Friday", "niet annuleren"],
}


def test_the_examples_in_the_code_are_true() -> None:
    failed, tried = doctest.testmod(actions.words)
    assert tried
    assert not failed


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in SAID.items() for text in texts])
def test_words_of_a_kind_are_known(kind: str, text: str) -> None:
    assert says(kind, text)
    assert says(kind, text.upper())


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in NOT_SAID.items() for text in texts])
def test_other_words_are_not_taken_for_them(kind: str, text: str) -> None:
    assert not says(kind, text)


@pytest.mark.parametrize(
    ("question", "text", "value"),
    [
        ("skin_tone", "licht", "light"),
        ("skin_tone", "lichtgetint", "medium"),
        ("skin_tone", "light brown", "medium"),
        ("skin_tone", "getint", "brown"),
        ("skin_tone", "vrij donker", "dark"),
        ("body_part", "mijn enkel", "legs"),
        ("body_part", "bij mijn oog", "around_eyes"),
        ("body_part", "overal", "elsewhere"),
        ("concern", "grotere bruine vlekken in het gezicht", "melasma"),
        ("concern", "donkere vlekken na puistjes", "pih"),
        ("concern", "koffiekleurige vlek", "cafe_au_lait"),
        ("concern", "iets anders", "unknown"),
        ("medicine", "antibiotica", "unsure"),
        ("medicine", "ik slik helemaal niets", "none"),
        ("tried", "een crèmepje", "creams"),
        ("tried", "nachtcrème", "creams"),
        ("tried", "nog niets", "nothing"),
        ("appointment_type", "de gratis", "video"),
        ("appointment_type", "liever langs", "practice"),
        ("skin_tone", "dinsdag", None),
        ("appointment_type", "dinsdag", None),
        ("phone", "licht", None),
    ],
)
def test_an_answer_to_one_question(question: str, text: str, value: str | None) -> None:
    assert answer(question, text) == value


@pytest.mark.parametrize("kind", sorted(WORDS.keys() - {"answers"}))
def test_a_kind_is_well_formed(kind: str) -> None:
    assert WORDS[kind].keys() <= SHAPES.keys()
    for languages in WORDS[kind].values():
        assert languages.keys() <= {"en", "nl"}
        assert all(isinstance(word, str) and re.compile(word) for words in languages.values() for word in words)


def test_an_answer_is_well_formed() -> None:
    for values in WORDS["answers"].values():
        for languages in values.values():
            assert languages.keys() == {"en", "nl"}
            assert all(isinstance(word, str) and re.compile(word) for words in languages.values() for word in words)


def test_the_words_are_plain() -> None:
    """A word in capitals or with accents would never be found."""
    written = re.sub(r"#.*", "", Path(actions.words.__file__).with_name("words.yml").read_text(encoding="utf-8"))
    assert re.findall(r"[^\x00-\x7f]|(?<!\\)[A-Z]", written) == []


def test_every_kind_is_used() -> None:
    named = {
        arg.value
        for name in ("says", "pattern", "alternatives")
        for call in calls(name)
        for arg in call.args[:1]
        if isinstance(arg, ast.Constant)
    }
    of_questions = {
        f"{question}{ending}" for question in ("changes", "pregnancy", "sun") for ending in ("", "_no", "_denied", "_denied_before")
    }
    by_name_elsewhere = {"correction", *TASKS.values(), "answers"}
    assert WORDS.keys() <= named | of_questions | by_name_elsewhere
