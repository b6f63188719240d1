"""Whatever is said to visitors stands in English and in Dutch, with the same facts and the same ways on."""

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
INFORMAL = re.compile(r"\b(je|jij|jou|jouw|jullie|jezelf|jouwe)\b", re.IGNORECASE)
DASHES = re.compile("[\u2013\u2014]")


def twins(response: str) -> tuple[Message, Message]:
    """The English and the Dutch variant."""
    english, dutch = responses()[response]
    return english, dutch


@pytest.mark.parametrize("response", sorted(responses()))
def test_a_response_has_a_twin(response: str) -> None:
    english, dutch = twins(response)
    assert "condition" not in english
    assert dutch["condition"] == DUTCH
    assert dutch["text"].strip() != english["text"].strip()
    assert facts(dutch["text"]) == facts(english["text"])


@pytest.mark.parametrize("response", sorted(responses()))
def test_its_buttons_lead_to_the_same_places(response: str) -> None:
    english, dutch = (variant.get("buttons", []) for variant in twins(response))
    assert [button["payload"] for button in dutch] == [button["payload"] for button in english]
    assert len({button["title"] for button in dutch}) == len(dutch)


@pytest.mark.parametrize("response", sorted(name for name in responses() if name.startswith("utter_faq/")))
def test_a_topic_is_titled_in_both_languages_in_one_place(response: str) -> None:
    english, dutch = twins(response)
    assert english["metadata"]["title"].keys() == {"en", "nl"}
    assert "metadata" not in dutch


def facts(text: str) -> set[str]:
    """The placeholders of a text."""
    return set(re.findall(r"\{(\w+)\}", text))


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


def test_dutch_is_polite_and_without_dashes() -> None:
    texts = list(spoken_dutch())
    assert len(texts) > 400
    assert [(place, text) for place, text in texts if INFORMAL.search(text) or DASHES.search(text)] == []


def test_the_catalogue_speaks_both_languages() -> None:
    content = yaml.safe_load(CATALOG_FILE.read_text(encoding="utf-8"))
    assert len(list(of_language(content, "en"))) == len(list(of_language(content, "nl"))) > 30
