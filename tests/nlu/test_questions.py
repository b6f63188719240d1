"""Messages that ask several things, taken apart."""

import pytest

from bot.nlu.decision import Ranked
from bot.nlu.questions import MOST, is_answered, main_question, questions


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("what is a peel and what does it cost", ["what is a peel", "what does it cost"]),
        ("What is melasma? And can I book a video call?", ["What is melasma?", "can I book a video call?"]),
        ("wat is melasma en hoe duur is laseren?", ["wat is melasma", "hoe duur is laseren?"]),
        ("Hi! how does laser work, and is it safe on dark skin?", ["how does laser work", "is it safe on dark skin?"]),
        ("Helpt camouflage?\nen doet dermatografie pijn", ["Helpt camouflage?", "doet dermatografie pijn"]),
        ("Brown patches since my pregnancy. What can I do? I use factor 50.", ["What can I do?"]),
        ("do you do peels and lasers", ["do you do peels and lasers"]),
        ("Is there a purpose to pigment or is it only for looks?", ["Is there a purpose to pigment or is it only for looks?"]),
        ("Heb van kleins af eczeem. Vreselijk.", []),
        ("hello", []),
        ("?? ?", []),
        ("", []),
    ],
)
def test_the_questions_of_a_message(text: str, parts: list[str]) -> None:
    assert questions(text) == parts


def test_a_wall_of_questions_is_not_read_to_its_end() -> None:
    assert len(questions("what is a peel? " * 500)) == MOST


@pytest.mark.parametrize(
    ("labels", "main"),
    [
        (["faq/melasma", "ask_price"], "faq/melasma"),
        (["faq/melasma", "book_consultation"], "book_consultation"),
        (["ask_price", "faq/peels", "find_treatment", "book_consultation"], "find_treatment"),
    ],
)
def test_a_form_leads_and_else_the_first(labels: list[str], main: str) -> None:
    assert main_question([Ranked(label, 0.9) for label in labels]).label == main


@pytest.mark.parametrize(("label", "answered"), [("faq/acids", True), ("ask_price", True), ("greet", False), ("out_of_scope", False)])
def test_small_talk_is_no_question(label: str, answered: bool) -> None:
    assert is_answered(label) is answered
