"""What topics are called, in the words that visitors see them offered in."""

from collections.abc import Mapping
from functools import cache
from types import SimpleNamespace

import yaml

from bot.practice.console.texts import texts
from bot.settings import ROOT

FOLDER = ROOT / "data" / "faq"
PREFIX = "faq/"


def title(topic: str, language: str) -> str:
    """The name of a topic or intent; its label where it has none (any more)."""
    if topic.startswith(PREFIX):
        return _titles().get(topic.removeprefix(PREFIX), {}).get(language) or topic
    wishes: SimpleNamespace = texts(language).wishes
    return str(getattr(wishes, topic, topic))


@cache
def _titles() -> Mapping[str, Mapping[str, str]]:
    """Title by topic and language, from the answers' metadata."""
    found: dict[str, Mapping[str, str]] = {}
    for path in sorted(FOLDER.glob("*.yml")):
        loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for name, answers in (loaded.get("responses") or {}).items():
            for answer in answers:
                if told := (answer.get("metadata") or {}).get("title"):
                    found.setdefault(name.partition(PREFIX)[2], told)
    return found
