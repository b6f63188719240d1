import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.actions.source import modules

FORBIDDEN = ("bot.channels", "bot.nlu", "rasa", "tests")


def imported(module: ast.Module) -> Iterator[str]:
    """Full names of everything that a module imports."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written out in full"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def forbidden(name: str) -> bool:
    return any(name == part or name.startswith(f"{part}.") for part in FORBIDDEN)


@pytest.mark.parametrize("path", modules(), ids=lambda path: "/".join(path.parts[path.parts.index("actions") :]))
def test_actions_know_nothing_of_channels_understanding_and_rasa(path: Path) -> None:
    assert [name for name in imported(modules()[path]) if forbidden(name)] == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("import rasa", True),
        ("from rasa.core import actions", True),
        ("from bot import nlu", True),
        ("from bot.channels.web import x", True),
        ("from rasa_sdk import Tracker", False),
        ("from bot.settings import Settings", False),
    ],
)
def test_a_forbidden_import_would_be_seen(line: str, found: bool) -> None:
    assert any(forbidden(name) for name in imported(ast.parse(line))) == found
