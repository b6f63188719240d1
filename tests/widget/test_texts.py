"""The chat's texts and scripts as files."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.widget.bundle import bundle
from bot.widget.files import DEMO, WIDGET, chat_files

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
    """All that a website's visitor loads, with the texts of both languages."""
    sizes = {address: len(file.small) for address, file in chat_files({}).items()}
    print(f"the whole chat: {sum(sizes.values())} bytes gzipped of {BUDGET}: {sizes}")
    assert sum(sizes.values()) <= BUDGET


def test_every_module_is_in_the_bundle_once() -> None:
    script = chat_files({})["/widget/chat.js"].content
    assert not re.findall(r"^(?:import|export)\b", script, re.MULTILINE)
    for path in SCRIPTS:
        for name in re.findall(r"^(?:export )?(?:async )?(?:function|class) (\w+)", path.read_text(), re.MULTILINE):
            assert len(re.findall(rf"\b(?:function|class) {name}\b", script)) == 1, name


def test_modules_with_a_name_in_common_are_not_bundled(tmp_path: Path) -> None:
    (tmp_path / "one.js").write_text('import { two } from "./two.js";\nfunction same() {}\n')
    (tmp_path / "two.js").write_text("export function two() {}\nfunction same() {}\n")
    with pytest.raises(ValueError, match="same"):
        bundle(tmp_path / "one.js")


def pages(language: str) -> dict[str, str]:
    """Texts of the demonstration pages; lists by their place."""
    return dict(leaves(listed(json.loads((DEMO / f"texts.{language}.json").read_text(encoding="utf-8")))))


def listed(texts: Any) -> Any:
    if isinstance(texts, list):
        return {str(index): listed(each) for index, each in enumerate(texts)}
    return {key: listed(each) for key, each in texts.items()} if isinstance(texts, dict) else texts


def test_the_pages_have_the_same_texts_in_both_languages() -> None:
    assert pages("en").keys() == pages("nl").keys()


def test_the_dutch_pages_say_u() -> None:
    assert [text for text in pages("nl").values() if re.search(r"\b(je|jij|jou|jouw)\b", text, re.IGNORECASE)] == []


def test_no_text_has_a_long_dash() -> None:
    assert [
        text for each in ("en", "nl") for text in [*texts(each).values(), *pages(each).values()] if "\u2014" in text or "\u2013" in text
    ] == []
