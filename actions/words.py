"""Words by which the forms know a typed answer, from `words.yml`; a visitor may mix languages, so all of them are looked for."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

SHAPES: Mapping[str, str] = {
    "begins": r"^\W*(?:{})(?![\w'])",
    "says": r"(?<!\w)(?:{})(?!\w)",
    "stems": r"(?<!\w)(?:{})",
    "alone": r"^\W*(?:{})\W*$",
}
"""How the words of a kind stand in a message."""


def plain(text: str) -> str:
    """Lower case without accents, with straight apostrophes and single blanks.

    >>> plain("Één  crème, da’s alles")
    "een creme, da's alles"
    """
    decomposed = unicodedata.normalize("NFD", text.lower().replace("’", "'"))
    return " ".join("".join(sign for sign in decomposed if not unicodedata.combining(sign)).split())


def says(kind: str, text: str) -> bool:
    """Whether a message speaks of something.

    >>> says("no", "Nee hoor"), says("yes", "zeker niet")
    (True, False)
    """
    return kind in _words() and bool(pattern(kind).search(plain(text)))


def answer(question: str, text: str) -> str | None:
    """The answer to a question that a message names, if it does.

    >>> answer("skin_tone", "vrij licht"), answer("skin_tone", "Tuesday")
    ('light', None)
    """
    message = plain(text)
    named = _words()["answers"].get(question, {}).items()
    return next((value for value, languages in named if re.search(SHAPES["says"].format(_joined(languages)), message)), None)


@cache
def pattern(kind: str) -> re.Pattern[str]:
    """Finds the words of a kind in a `plain` text."""
    return re.compile("|".join(SHAPES[shape].format(_joined(languages)) for shape, languages in _words()[kind].items()))


@cache
def alternatives(kind: str, shape: str) -> str:
    """The words of a kind to be put in another pattern; empty where there are none."""
    return _joined(_words().get(kind, {}).get(shape, {}))


def _joined(languages: Mapping[str, list[str]]) -> str:
    return "|".join(word for words in languages.values() for word in words)


@cache
def _words() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("words.yml").read_text(encoding="utf-8"))
    return loaded
