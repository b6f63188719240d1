"""Test phrases: one JSON object a line, what was written and which labels are right."""

import json
from collections.abc import Iterator, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.evaluation.labels import OUT_OF_SCOPE, UnknownLabel, intent_of


class PhraseFault(Exception):
    """A line that can't be used; `path`, `line` (None: the whole file) and `reason` say which and why."""

    def __init__(self, path: Path, line: int | None, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}" if line else f"{path}: {reason}")
        self.path = path
        self.line = line
        self.reason = reason


@dataclass(frozen=True)
class Phrase:
    """What somebody might write, and what it may be understood as."""

    text: str
    """The message."""
    accept: frozenset[str]
    """Full intents that are right, such as `faq/melasma`; never empty."""
    best: str
    """The one of them that is listed first."""
    kind: str | None
    """What kind of out-of-scope text it is, such as `near_miss`."""
    style: str | None
    """How it is written, such as `typo`."""
    line: int
    """Line in its file, from 1."""

    @property
    def in_scope(self) -> bool:
        """Whether the assistant has an answer to it."""
        return self.accept != {OUT_OF_SCOPE}


def read_phrases(path: Path, topics: Set[str]) -> list[Phrase]:
    """All phrases of a file; blank lines are skipped.

    Raises:
        PhraseFault: the first line that can't be used, or a file that can't be read or holds no phrase.
    """
    phrases = []
    for item in scan_phrases(path, topics):
        if isinstance(item, PhraseFault):
            raise item
        phrases.append(item)
    if not phrases:
        raise PhraseFault(path, None, "holds no phrases")
    return phrases


def scan_phrases(path: Path, topics: Set[str]) -> Iterator[Phrase | PhraseFault]:
    """Each line of a file as a phrase, or as what is wrong with it."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        yield PhraseFault(path, None, f"can't be read: {_why(error)}")
        return
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield _phrase(line, number, topics)
            except (ValueError, UnknownLabel) as error:
                yield PhraseFault(path, number, str(error))


def _phrase(line: str, number: int, topics: Set[str]) -> Phrase:
    try:
        data = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"is no JSON: {error.msg} at column {error.colno}") from error
    if not isinstance(data, dict):
        raise ValueError("is no JSON object")
    if not isinstance(data.get("text"), str):
        raise ValueError('"text" must be a string')
    labels = data.get("accept")
    if not isinstance(labels, list) or not labels or not all(isinstance(label, str) for label in labels):
        raise ValueError('"accept" must be a list of one label or more')
    intents = [intent_of(label, topics) for label in labels]
    return Phrase(data["text"], frozenset(intents), intents[0], _word(data, "kind"), _word(data, "style"), number)


def _word(data: dict[str, Any], field: str) -> str | None:
    value = data.get(field)
    if value is not None and not isinstance(value, str):
        raise ValueError(f'"{field}" must be a string')
    return value


def _why(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or "unreadable" if isinstance(error, OSError) else "it is not UTF-8"
