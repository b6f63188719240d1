"""What `python -m bot check` does not look at in the texts of both languages."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

import actions.texts
from actions.suitability.rules import load_rules
from bot.practice.catalog.file import CATALOG_FILE
from tests.actions.world import Message, responses

DUTCH = [{"type": "slot", "name": "language", "value": "nl"}]
DASHES = re.compile("[\u2013\u2014]")


def twins(response: str) -> tuple[Message, Message]:
    """The English and the Dutch variant."""
    english, dutch = responses()[response]
    return english, dutch


@pytest.mark.parametrize("response", sorted(responses()))
def test_dutch_is_said_where_the_language_is_dutch_with_a_title_for_each_button(response: str) -> None:
    english, dutch = twins(response)
    assert "condition" not in english and dutch["condition"] == DUTCH
    buttons = dutch.get("buttons", [])
    assert len({button["title"] for button in buttons}) == len(buttons)


@pytest.mark.parametrize("response", sorted(name for name in responses() if name.startswith("utter_faq/")))
def test_a_topic_is_titled_in_both_languages_in_one_place(response: str) -> None:
    english, dutch = twins(response)
    assert english["metadata"]["title"].keys() == {"en", "nl"}
    assert "metadata" not in dutch


def spoken_dutch() -> Iterator[tuple[str, str]]:
    """Every Dutch text, by the place where it stands."""
    for name in responses():
        english, dutch = twins(name)
        yield name, dutch["text"]
        yield from ((name, button["title"]) for button in dutch.get("buttons", []))
        yield from ((name, title["nl"]) for title in [english.get("metadata", {}).get("title")] if title)
    yield from ((rule.id, rule.text["nl"]) for rule in load_rules())
    yield from ((key, text["nl"]) for key, text in actions.texts.text._texts.items())
    yield from ((CATALOG_FILE.name, text) for text in of_language(yaml.safe_load(CATALOG_FILE.read_text(encoding="utf-8")), "nl"))


def of_language(content: Any, language: str) -> Iterator[str]:
    """The texts of one language in nested content."""
    parts = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, part in parts:
        if key == language and isinstance(part, str):
            yield part
        yield from of_language(part, language)


def test_dutch_is_without_dashes() -> None:
    texts = list(spoken_dutch())
    assert len(texts) > 400
    assert [(place, text) for place, text in texts if DASHES.search(text)] == []
