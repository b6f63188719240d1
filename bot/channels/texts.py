"""Short texts that a platform asks for beside the messages, from `texts.yml`."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("en", "nl")


def text(key: str, language: str, **facts: Any) -> str:
    """A text in the visitor's language, with its facts filled in.

    Raises:
        KeyError: there is no such text.
    """
    return _texts()[key][language if language in LANGUAGES else "en"].format(**facts)


@cache
def _texts() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = yaml.safe_load(Path(__file__).with_name("texts.yml").read_text(encoding="utf-8"))
    return loaded
