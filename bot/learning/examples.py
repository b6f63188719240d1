"""Adding examples to the files of `data/` and taking them out again: every other byte stays as it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.checks.examples import ANNOTATED
from bot.checks.located import Text, block, items
from bot.checks.project import Document, Project

BULLETS = re.compile(r"^[\s\-•*/]+")


@dataclass(frozen=True)
class Place:
    """Where the examples of a label stand in one language."""

    path: Path
    """Seen from the project's root."""
    last_line: int
    """Line of the last example, from 1."""


@dataclass(frozen=True)
class Added:
    """One example that was put into a file."""

    path: str
    """Seen from the project's root."""
    label: str
    text: str


class NoPlace(Exception):
    """No file has examples of this label in this language; the message names both."""


def as_example(text: str) -> str:
    """A message in the form in which it can stand as an example: one line, nothing before it that YAML or Rasa would take for a sign."""
    return BULLETS.sub("", " ".join(text.split()))


def is_plain(text: str) -> bool:
    """Whether Rasa takes the example as it stands, and for nothing but text."""
    return bool(text) and text == as_example(text) and not ANNOTATED.search(text)


def place(project: Project, label: str, language: str) -> Place:
    """The end of the last block of a label's examples.

    Raises:
        NoPlace: there is none.
    """
    found = [Place(document.path, written.line + _height(written)) for document, written in _blocks(project, label, language)]
    if not found:
        raise NoPlace(f"{label} in {language}")
    return found[-1]


def insert(content: str, after_line: int, texts: list[str]) -> str:
    """The content of a file with examples below a line, written as that one is."""
    lines = content.split("\n")
    before = lines[after_line - 1]
    indent = before[: len(before) - len(before.lstrip())]
    ending = "\r" if before.endswith("\r") else ""
    return "\n".join([*lines[:after_line], *(f"{indent}- {text}{ending}" for text in texts), *lines[after_line:]])


def remove(content: str, text: str) -> str:
    """The content of a file without the last line that holds just this example; without one, as it was."""
    lines = content.split("\n")
    found = [number for number, line in enumerate(lines) if line.strip() == f"- {text}"]
    return "\n".join(lines[: found[-1]] + lines[found[-1] + 1 :]) if found else content


def _blocks(project: Project, label: str, language: str) -> Iterator[tuple[Document, Text]]:
    for document in project.data:
        for entry in items(block(document.content).get("nlu")):
            written = block(entry).get("examples")
            spoken = str(block(block(entry).get("metadata")).get("language", ""))
            if block(entry).get("intent") == label and spoken == language and isinstance(written, Text) and written.strip():
                yield document, written


def _height(written: Text) -> int:
    """Lines from the key to the last example."""
    return len(written.rstrip().split("\n"))
