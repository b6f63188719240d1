import ast
import re
from pathlib import Path
from string import Formatter

import pytest
import yaml

import actions.texts
from actions.texts import text
from tests.actions.source import calls, literals, pattern
from tests.actions.world import responses

TEXTS: dict[str, dict[str, str]] = yaml.safe_load(Path(actions.texts.__file__).with_name("texts.yml").read_text(encoding="utf-8"))
NO_RESPONSE = "utter_action"
"""A field of Rasa's events."""


def placeholders(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name is not None}


@pytest.mark.parametrize("key", TEXTS)
def test_a_text_stands_in_both_languages_with_the_same_facts(key: str) -> None:
    assert TEXTS[key].keys() == {"en", "nl"}
    assert all(words.strip() for words in TEXTS[key].values())
    assert placeholders(TEXTS[key]["en"]) == placeholders(TEXTS[key]["nl"])


def test_facts_are_filled_in() -> None:
    assert "MD-2222-2222" in text("reference", "nl", reference="MD-2222-2222")


def test_a_text_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError):
        text("unheard_of", "en")


def test_every_text_that_is_used_exists_and_every_one_is_used() -> None:
    keys = [branch for call in calls("text") for branch in branches(call.args[0])]
    used = {pattern(key) for key in keys}
    assert [key for key in used if not any(re.fullmatch(key, existing) for existing in TEXTS)] == []
    assert [existing for existing in TEXTS if not any(re.fullmatch(key, existing) for key in used)] == []


def branches(key: ast.expr) -> list[ast.expr]:
    """What an expression can be."""
    return [key.body, key.orelse] if isinstance(key, ast.IfExp) else [key]


def test_every_response_that_is_used_exists() -> None:
    used = {pattern(literal) for literal in literals() if re.match(r"utter_\w", pattern(literal))} - {NO_RESPONSE}
    assert len(used) > 50
    assert [name for name in used if not any(re.fullmatch(name, existing) for existing in responses())] == []
