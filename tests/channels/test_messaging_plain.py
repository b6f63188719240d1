"""Rich messages as text, and texts in pieces."""

import re
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import bot.channels.texts
from bot.channels.messaging import plain
from bot.channels.messaging.payloads import Choice
from bot.channels.output import as_message
from bot.channels.texts import text
from bot.channels.whatsapp import rendering as whatsapp
from bot.settings import ROOT
from tests.channels import fake_whatsapp

TEXTS: dict[str, dict[str, str]] = yaml.safe_load(Path(bot.channels.texts.__file__).with_name("texts.yml").read_text(encoding="utf-8"))
CARD = {"title": "Laser", "text": "for spots", "price": "from € 95", "facts": ["a fact"], "link": {"title": "More", "url": "https://x.nl"}}
BUTTON = {"title": "Yes", "payload": "/yes"}


def message(**content: Any) -> dict[str, Any]:
    return as_message({"text": "Hello", **content})


def test_cards_and_links_are_written_out() -> None:
    rich = message(custom={"cards": [CARD], "link": {"title": "Privacy", "url": "https://y.nl"}})
    assert plain.text_of(rich) == "Hello\n\nLaser\nfor spots\nfrom € 95\na fact\nMore: https://x.nl\n\nPrivacy: https://y.nl"


def test_choices_come_from_buttons_and_cards_each_once() -> None:
    rich = message(buttons=[BUTTON], custom={"cards": [CARD | {"buttons": [BUTTON, {"title": "Book", "payload": "/book"}]}]})
    assert [choice.payload for choice in plain.choices_of(rich)] == ["/yes", "/book"]


def test_a_time_is_named_with_its_day() -> None:
    rich = message(buttons=[BUTTON], custom={"slots": [{"day": "Monday", "times": [{"title": "9:00", "payload": "/nine"}]}]})
    assert plain.numbered(plain.in_full(rich)) == "1. Monday, 9:00\n2. Yes"


@pytest.mark.parametrize(
    ("title", "most", "short"),
    [
        ("Face", 20, "Face"),
        ("exactly twenty chars", 20, "exactly twenty chars"),
        ("Which treatment may suit me?", 20, "Which treatment may…"),
        ("Something else, or I don't know", 16, "Something else…"),
        ("Donaudampfschifffahrtsgesellschaft", 20, "Donaudampfschifffah…"),
        ("  spaces \n within ", 20, "spaces within"),
    ],
)
def test_titles_are_cut_behind_a_word(title: str, most: int, short: str) -> None:
    assert plain.cut(title, most) == short
    assert len(short) <= most


@given(st.text(max_size=400), st.integers(8, 60))
def test_pieces_fit_and_lose_nothing_but_white_space(words: str, most: int) -> None:
    pieces = plain.split(words, most, plain.utf16)
    assert all(0 < plain.utf16(piece) <= most for piece in pieces)
    assert re.sub(r"\s", "", "".join(pieces)) == re.sub(r"\s", "", words)


def test_a_text_is_divided_between_paragraphs_before_words() -> None:
    assert plain.split("One two.\n\nThree four five", 18) == ["One two.", "Three four five"]


@given(
    st.lists(st.tuples(st.text(min_size=1, max_size=120).filter(str.strip), st.text(min_size=1, max_size=300)), max_size=30),
    st.text(max_size=3000),
)
def test_whatsapp_takes_whatever_is_rendered(buttons: list[tuple[str, str]], words: str) -> None:
    rich = message(text=words, buttons=[{"title": title, "payload": payload} for title, payload in buttons])
    rendered = whatsapp.render([rich], "nl")
    for request in rendered.requests:
        for content in filter(None, (request.content, request.plain)):
            fake_whatsapp.check({"messaging_product": "whatsapp", "recipient_type": "individual", "to": "1", **content})
    assert {choice.payload for choice in rendered.choices} == {payload for _, payload in buttons}


def test_keys_are_short_whatever_the_payload() -> None:
    assert len(Choice("t", "/choose" + "é" * 5000).key.encode()) <= 64


def test_every_text_stands_in_both_languages_with_the_same_facts_and_is_used() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot" / "channels").rglob("*.py"))
    for key, words in TEXTS.items():
        assert words.keys() == {"en", "nl"}
        facts = [{name for _, name, _, _ in Formatter().parse(word) if name} for word in words.values()]
        assert facts[0] == facts[1]
        assert f'"{key}"' in code or key.startswith("command_")
    assert text("choose", "de") == text("choose", "en")
