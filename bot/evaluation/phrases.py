"""Test phrases: one JSON object a line, what was written and which labels are right."""

import json
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from bot.evaluation.labels import OUT_OF_SCOPE, PARTS, UnknownLabel, intent_of
from bot.texts import LANGUAGES

DEFAULT_LANGUAGE = "en"
"""Language of a line that names none."""

Made = TypeVar("Made")


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
    language: str = DEFAULT_LANGUAGE
    """What it is written in."""
    near_red_flag: bool = False
    """Whether it is harmless and made to look like a red flag."""

    @property
    def in_scope(self) -> bool:
        """Whether the assistant has an answer to it."""
        return self.accept != {OUT_OF_SCOPE}


@dataclass(frozen=True)
class AlarmPhrase:
    """What somebody might write, and whether it is a red flag; nothing is said about its topic."""

    text: str
    """The message."""
    red_flag: bool
    """Whether it must raise an alarm; otherwise it must not, though it is near."""
    language: str
    """What it is written in."""


def read_phrases(path: Path, topics: Set[str]) -> list[Phrase]:
    """All phrases of a file; blank lines are skipped.

    Raises:
        PhraseFault: the first line that can't be used, or a file that can't be read or holds no phrase.
    """
    return _sound(path, scan_phrases(path, topics))


def read_alarm_phrases(path: Path) -> list[AlarmPhrase]:
    """All phrases of a file of red flags and near misses, such as tests/nlu/red_flags.jsonl.

    Raises:
        PhraseFault: as `read_phrases`.
    """
    return _sound(path, _scan(path, lambda data, _line: _alarm_phrase(data)))


def scan_phrases(path: Path, topics: Set[str]) -> Iterator[Phrase | PhraseFault]:
    """Each line of a file as a phrase, or as what is wrong with it."""
    return _scan(path, lambda data, line: _phrase(data, line, topics))


def _sound(path: Path, items: Iterable[Made | PhraseFault]) -> list[Made]:
    phrases = []
    for item in items:
        if isinstance(item, PhraseFault):
            raise item
        phrases.append(item)
    if not phrases:
        raise PhraseFault(path, None, "holds no phrases")
    return phrases


def _scan(path: Path, make: Callable[[dict[str, Any], int], Made]) -> Iterator[Made | PhraseFault]:
    """What is made of each line's object and number, or what is wrong with it."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        yield PhraseFault(path, None, f"can't be read: {_why(error)}")
        return
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield make(_object(line), number)
            except (ValueError, UnknownLabel) as error:
                yield PhraseFault(path, number, str(error))


def _object(line: str) -> dict[str, Any]:
    try:
        data = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"is no JSON: {error.msg} at column {error.colno}") from error
    if not isinstance(data, dict):
        raise ValueError("is no JSON object")
    if not isinstance(data.get("text"), str):
        raise ValueError('"text" must be a string')
    return data


def _phrase(data: dict[str, Any], line: int, topics: Set[str]) -> Phrase:
    labels = data.get("accept")
    if not isinstance(labels, list) or not labels or not all(isinstance(label, str) for label in labels):
        raise ValueError('"accept" must be a list of one label or more')
    intents = [intent_of(label, topics) for label in labels]
    return Phrase(
        text=data["text"],
        accept=frozenset(intents).union(*(PARTS.get(intent, ()) for intent in intents)),
        best=intents[0],
        kind=_word(data, "kind"),
        style=_word(data, "style"),
        line=line,
        language=_language(data),
        near_red_flag=_truth(data, "near_red_flag", default=False),
    )


def _alarm_phrase(data: dict[str, Any]) -> AlarmPhrase:
    return AlarmPhrase(data["text"], _truth(data, "red_flag", default=None), _language(data))


def _word(data: dict[str, Any], field: str) -> str | None:
    value = data.get(field)
    if value is not None and not isinstance(value, str):
        raise ValueError(f'"{field}" must be a string')
    return value


def _truth(data: dict[str, Any], field: str, default: bool | None) -> bool:
    value = data.get(field, default)
    if not isinstance(value, bool):
        raise ValueError(f'"{field}" must be true or false')
    return value


def _language(data: dict[str, Any]) -> str:
    value = data.get("language", DEFAULT_LANGUAGE)
    if value not in LANGUAGES:
        raise ValueError(f'"language" must be one of {", ".join(LANGUAGES)}')
    return str(value)


def _why(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or "unreadable" if isinstance(error, OSError) else "it is not UTF-8"
