"""The chat's texts and scripts as files."""

import gzip
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot.widget.files import CONTENT_TYPES, WIDGET

BUDGET = 15 * 1024
SCRIPTS = sorted(WIDGET.glob("*.js"))
STRING = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`")
NOT_SEEN = re.compile(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*|throw new TypeError\([^\n]*|^import [^\n]*", re.DOTALL | re.MULTILINE)
SENTENCE = re.compile(r"[A-Za-z]{2,}[,.]? [A-Za-z]{2,}[,.!?]? [a-z]{2,}|[A-Z][a-z]+ [a-z]+|[a-z]{2,}[.!?]\s")


def leaves(texts: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(texts, str):
        yield path, texts
        return
    for key, value in texts.items():
        yield from leaves(value, f"{path}.{key}".lstrip("."))


def texts(language: str) -> dict[str, str]:
    return dict(leaves(json.loads((WIDGET / f"texts.{language}.json").read_text(encoding="utf-8"))))


def code(script: str) -> str:
    """The script without comments, imports and what is told to developers alone."""
    return NOT_SEEN.sub("", script)


def sentences(script: str) -> list[str]:
    return [found for found in STRING.findall(code(script)) if SENTENCE.search(found)]


def test_both_languages_have_the_same_texts() -> None:
    assert texts("en").keys() == texts("nl").keys()


@pytest.mark.parametrize("language", ["en", "nl"])
def test_no_text_is_empty(language: str) -> None:
    assert [key for key, text in texts(language).items() if not text.strip()] == []


def test_dutch_says_u() -> None:
    assert [text for text in texts("nl").values() if re.search(r"\b(je|jij|jou|jouw)\b", text, re.IGNORECASE)] == []


def test_the_scripts_use_every_text_and_no_other() -> None:
    script = "".join(path.read_text() for path in SCRIPTS)
    used = set(re.findall(r"texts\.(\w+)", script)) - {"json"}
    assert used == {key.split(".")[0] for key in texts("en")}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_speaks_to_visitors(path: Any) -> None:
    assert sentences(path.read_text()) == []


@pytest.mark.parametrize(
    "line", ['say("Please try again");', "note(`We are closed today`)", 'alert("Something went wrong.")', 'make("p", {}, "Try again")']
)
def test_the_scan_finds_a_sentence(line: str) -> None:
    assert sentences(line)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_makes_html_or_code_from_text(path: Any) -> None:
    assert (
        re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|setHTML|srcdoc", path.read_text()) == []
    )


def test_the_chat_stays_small() -> None:
    files = [path for path in WIDGET.iterdir() if path.suffix in CONTENT_TYPES and path.name != "texts.nl.json"]
    size = sum(len(gzip.compress(path.read_bytes())) for path in files)
    print(f"chat in one language: {size} bytes gzipped of {BUDGET}")
    assert size < BUDGET
