"""The languages of the assistant, and short texts in them from YAML files; whole messages are Rasa responses."""

from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("en", "nl")
"""The first stands in where a language is none of them."""


class Texts:
    """The texts of one file, which maps a key to the text in each language."""

    def __init__(self, file: Path) -> None:
        """Reads the file when a text is first asked for."""
        self._file = file

    def __call__(self, key: str, language: str, **facts: Any) -> str:
        """A text in the visitor's language, with its facts filled in.

        Raises:
            KeyError: there is no such text.
        """
        return self._texts[key][language if language in LANGUAGES else LANGUAGES[0]].format(**facts)

    @cached_property
    def _texts(self) -> dict[str, dict[str, str]]:
        loaded: dict[str, dict[str, str]] = yaml.safe_load(self._file.read_text(encoding="utf-8"))
        return loaded
