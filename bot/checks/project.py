"""The project's files, read once, as the checks look at them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from bot.checks.fault import Fault
from bot.checks.located import Text, block, items, line_of, names, read_yaml, texts
from bot.evaluation.labels import FAQ
from bot.evaluation.phrases import Phrase, PhraseFault, scan_phrases


@dataclass(frozen=True)
class Document:
    """A YAML file."""

    path: Path
    content: Any
    """None where it does not parse."""
    faults: list[Fault]


@dataclass(frozen=True)
class Module:
    """A Python file."""

    path: Path
    tree: ast.Module
    """Empty where it does not parse."""
    faults: list[Fault]

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node of the tree, walked once for all checks."""
        return list(ast.walk(self.tree))


@dataclass(frozen=True)
class Response:
    """One definition of a response."""

    name: str
    path: Path
    variants: tuple[Any, ...]
    """As written: `text`, `buttons`, `condition`, `metadata`."""


@dataclass(frozen=True)
class Example:
    """One training example."""

    label: str
    """Intent or `faq/<topic>`."""
    language: str
    text: str
    path: Path
    line: int


@dataclass(frozen=True)
class Step:
    """One step of a rule or story, or one condition of a rule."""

    path: Path
    line: int
    content: Any


@dataclass(frozen=True)
class Project:
    """Everything under one root; paths in it are seen from there."""

    root: Path

    @cached_property
    def topics(self) -> dict[str, Path]:
        """Topic -> its file."""
        return {document.path.stem: document.path for document in self.data if document.path.parent == Path("data/faq")}

    @cached_property
    def domain(self) -> Document:
        """domain.yml."""
        return self._document(self.root / "domain.yml")

    @cached_property
    def data(self) -> list[Document]:
        """The training data."""
        return self._documents("data")

    @cached_property
    def other_documents(self) -> list[Document]:
        """YAML outside the training data that may name responses: the policies' settings and what stands beside code."""
        config = [self._document(path) for path in self.root.glob("config.yml")]
        return [*config, *self._documents("actions"), *self._documents("bot")]

    @cached_property
    def modules(self) -> list[Module]:
        """The code that speaks with visitors: bot/ and actions/."""
        paths = [path for folder in ("actions", "bot") for path in sorted((self.root / folder).rglob("*.py"))]
        return [self._module(path) for path in paths]

    @cached_property
    def actions(self) -> list[Module]:
        """The code of the action server."""
        return [module for module in self.modules if module.path.parts[0] == "actions"]

    @cached_property
    def phrases(self) -> list[tuple[Path, Phrase | PhraseFault]]:
        """Every line of the test phrases, with its file."""
        files = sorted((self.root / "tests/language").glob("*.jsonl"))
        return [(file.relative_to(self.root), item) for file in files for item in scan_phrases(file, self.topics.keys())]

    @cached_property
    def intents(self) -> frozenset[str]:
        """Intents of the domain, and the full names of the topics."""
        return self.named("intents") | {f"{FAQ}/{topic}" for topic in self.topics}

    @cached_property
    def responses(self) -> list[Response]:
        """Every definition of a response, the same name possibly twice."""
        return [
            Response(name, document.path, tuple(items(variants)))
            for document in self.data
            for name, variants in block(block(document.content).get("responses")).items()
        ]

    @cached_property
    def examples(self) -> list[Example]:
        """Every training example."""
        return [
            example
            for document in self.data
            for entry in items(block(document.content).get("nlu"))
            for example in _examples(document.path, block(entry))
        ]

    @cached_property
    def steps(self) -> list[Step]:
        """Every step and condition of the rules and stories, those within `or` too."""
        return [
            step
            for document in self.data
            for kind in ("rules", "stories")
            for story in items(block(document.content).get(kind))
            for part in ("condition", "steps")
            for step in _steps(document.path, block(story).get(part))
        ]

    def named(self, section: str) -> frozenset[str]:
        """Names that a section of the domain declares, such as `slots`."""
        return frozenset(names(block(self.domain.content).get(section)))

    def line_in_domain(self, section: str, name: str) -> int:
        """Where the domain declares a name; 0 when it does not."""
        return next((line_of(found) for found in names(block(self.domain.content).get(section)) if found == name), 0)

    def _documents(self, folder: str) -> list[Document]:
        return [self._document(path) for path in sorted((self.root / folder).rglob("*.y*ml"))]

    def _document(self, path: Path) -> Document:
        shown = path.relative_to(self.root)
        if not path.is_file():
            return Document(shown, None, [Fault(shown, 0, "is missing")])
        return Document(shown, *read_yaml(path, shown))

    def _module(self, path: Path) -> Module:
        shown = path.relative_to(self.root)
        try:
            return Module(shown, ast.parse(path.read_bytes()), [])
        except (SyntaxError, ValueError) as error:  # ValueError: a NUL byte
            return Module(shown, ast.Module([], []), [Fault(shown, getattr(error, "lineno", 0), f"does not parse: {error}")])


def _examples(path: Path, entry: Any) -> Iterator[Example]:
    label = entry.get("intent")
    if label is None:
        return
    language = str(block(entry.get("metadata")).get("language", ""))
    for written in _written(entry.get("examples")):
        # a block's text starts on the line after `examples: |`
        for number, line in enumerate(written.splitlines(), start=written.line + 1):
            text = line.strip().removeprefix("-").strip()
            if text:
                yield Example(label, language, text, path, number)


def _written(examples: Any) -> Iterator[Text]:
    """The text of `examples: |`, or of each entry where they are a list."""
    yield from [examples] if isinstance(examples, Text) else texts(examples)


def _steps(path: Path, steps: Any) -> Iterator[Step]:
    for content in items(steps):
        yield Step(path, line_of(content), content)
        yield from _steps(path, block(content).get("or"))
