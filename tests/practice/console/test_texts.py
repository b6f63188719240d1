"""The console's texts: the same in both languages, and as the house rules want them."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.practice.console import texts

FOLDER = Path(texts.__file__).parent
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from flat(each, f"{path}.{key}")
    else:
        yield path, value


def of(language: str) -> dict[str, Any]:
    return dict(flat(yaml.safe_load((FOLDER / f"texts.{language}.yml").read_text(encoding="utf-8"))))


def test_both_languages_have_the_same_texts_with_the_same_placeholders() -> None:
    english, dutch = of("en"), of("nl")
    assert english.keys() == dutch.keys()
    for path, text in english.items():
        assert set(PLACEHOLDER.findall(str(text))) == set(PLACEHOLDER.findall(str(dutch[path]))), path


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_house_rules(language: str) -> None:
    for path, text in of(language).items():
        assert "\u2014" not in str(text), path
        assert not (language == "nl" and re.search(r"\b(je|jij|jouw)\b", str(text), re.IGNORECASE)), path


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("nl-NL,nl;q=0.9,en;q=0.8", "nl"),
        ("en-GB", "en"),
        ("de, fr;q=0.8", "en"),
        ("de,nl;q=0.5,en;q=0.1", "nl"),
        ("", "en"),
        (";;,=", "en"),
    ],
)
def test_the_browsers_language(header: str, language: str) -> None:
    assert texts.preferred(header) == language


def test_every_recorded_action_has_a_name() -> None:
    named = texts.texts("en").actions
    recorded = re.findall(r'record\(\s*connection,(?:\s*\w+,)?\s*"(\w+)"', "".join(p.read_text() for p in FOLDER.rglob("*.py")))
    assert recorded and [action for action in recorded if not hasattr(named, action)] == []
