"""Faults of the code: sentences for visitors in it, and imports between parts that stay apart."""

import ast
import re
from collections.abc import Iterator
from itertools import chain

from bot.checks.fault import Fault, Faults
from bot.checks.project import Module, Project
from bot.checks.uses import called

SENTENCE = re.compile(r"([^\s\\|^*]+\s+){3,}[^\s\\|^*]*[.?!]\s*")
"""Four words or more that end like a sentence; what has a regular expression's signs in it is none."""

FORBIDDEN_IN_ACTIONS = ("bot.channels", "bot.nlu", "rasa")
LOGGING = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log", "warn"})


def text_in_code(project: Project) -> Faults:
    """No sentence that a visitor reads stands in code: it belongs in data/ under a response's name."""
    for module in project.modules:
        if module.path.parts[0] == "actions" or module.path.parts[:3] == ("bot", "practice", "console"):
            yield from _sentences(module)
        elif module.path.parts[:2] != ("bot", "channels"):
            continue
        yield from _uttered(module)


def layers(project: Project) -> Faults:
    """The action server knows nothing of channels, understanding or Rasa itself."""
    for module in project.actions:
        for node in module.nodes:
            for name in _imported(node):
                for forbidden in FORBIDDEN_IN_ACTIONS:
                    if name == forbidden or name.startswith(f"{forbidden}."):
                        yield Fault(module.path, getattr(node, "lineno", 0), f"actions/ must not import {forbidden}")
                        break


def _uttered(module: Module) -> Faults:
    """Literal texts handed to `utter_message`."""
    for call in module.nodes:
        if isinstance(call, ast.Call) and called(call) == "utter_message":
            given = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "text")]
            for value in given:
                if isinstance(value, ast.JoinedStr) or isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield Fault(module.path, value.lineno, "utter_message(text=...): say a response by its name")


def _sentences(module: Module) -> Faults:
    """Literals that read like a sentence and are not for developers."""
    for_developers = set(map(id, chain.from_iterable(ast.walk(part) for part in _developers_parts(module))))
    for node in module.nodes:
        if id(node) not in for_developers and (text := _text(node)) and SENTENCE.fullmatch(text):
            yield Fault(module.path, getattr(node, "lineno", 0), f"a sentence in code: {text[:60]!r} belongs in data/")


def _developers_parts(module: Module) -> Iterator[ast.AST]:
    """Docstrings, what is raised or asserted, what is logged or handed to an error, and literals within an f-string."""
    for node in module.nodes:
        if isinstance(node, ast.Raise | ast.Assert):
            yield node
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        elif isinstance(node, ast.Call) and (called(node) in LOGGING or called(node).endswith(("Error", "Exception"))):
            yield node
        elif isinstance(node, ast.JoinedStr):
            yield from node.values


def _text(node: ast.AST) -> str | None:
    """A literal text; of an f-string, with a word for each value that is put in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    return None


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []
