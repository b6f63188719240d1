from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.learning.workbench import Workbench
from tests.practice.console.conftest import begun, console  # noqa: F401 - fixtures
from tests.practice.console.world import World


@pytest.fixture
def bench(tmp_path: Path, console: World) -> Iterator[Workbench]:  # noqa: F811
    """A tiny project with a console."""
    yield Workbench(tmp_path, console)
