"""The topics and intents that staff can choose from, with their names in both languages."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace

import yaml

from bot.evaluation.labels import CHATS, FAQ, OUT_OF_SCOPE, TASKS
from bot.practice.console.texts import named
from bot.settings import ROOT

TOPICS = ROOT / "data" / "faq"


@lru_cache(maxsize=4)
def titles(folder: Path, changed: float) -> Mapping[str, Mapping[str, str]]:  # noqa: ARG001
    """Title of each topic by language, from the answers' files.

    Args:
        changed: when the folder last changed, so that a new topic is noticed.
    """
    found = {}
    for path in sorted(folder.glob("*.yml")):
        answers = (yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader) or {}).get("responses") or {}
        variants = answers.get(f"utter_{FAQ}/{path.stem}") or []
        titled = [variant.get("metadata", {}).get("title") for variant in variants if variant.get("metadata", {}).get("title")]
        found[f"{FAQ}/{path.stem}"] = {str(language): str(title) for language, title in titled[0].items()} if titled else {}
    return found


def labels(texts: SimpleNamespace, language: str, folder: Path = TOPICS) -> dict[str, str]:
    """Every label that can be learned, with its name: topics by title, then tasks and small talk.

    Args:
        texts: the console's texts of the language.
    """
    topics = titles(folder, folder.stat().st_mtime)
    by_title = sorted((title.get(language) or title.get("en") or label, label) for label, title in topics.items())
    others = sorted((named(texts.labels, intent), intent) for intent in (*TASKS.values(), *CHATS))
    return {label: name for name, label in (*by_title, *others)} | {OUT_OF_SCOPE: named(texts.labels, OUT_OF_SCOPE)}


def name_of(label: str, texts: SimpleNamespace, known: Mapping[str, str]) -> str:
    """What staff reads for a label; the label itself where it has none."""
    return known.get(label) or named(texts.labels, label)
