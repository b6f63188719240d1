"""The code of the actions as syntax trees, for tests about what stands in it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from bot.settings import ROOT


def modules() -> dict[Path, ast.Module]:
    """Every module of `actions/` by its path."""
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "actions").rglob("*.py"))}


def calls(function: str) -> list[ast.Call]:
    """Every call of a function by its name."""
    nodes = (node for module in modules().values() for node in ast.walk(module) if isinstance(node, ast.Call))
    return [call for call in nodes if isinstance(call.func, ast.Name) and call.func.id == function]


def literals() -> Iterator[ast.expr]:
    """Every text in the code, with values put in or not."""
    for module in modules().values():
        within = {id(part) for node in ast.walk(module) if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in ast.walk(module):
            if isinstance(node, ast.JoinedStr) or (
                isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in within
            ):
                yield node


def pattern(literal: ast.expr) -> str:
    """A regular expression of what a text can be once its values are put in."""
    parts = literal.values if isinstance(literal, ast.JoinedStr) else [literal]
    return "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in parts)
