import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import settings as project
from bot.running import training
from tests.system import System, running

WEB = ("tests/practice/", "tests/privacy/", "tests/learning/", "tests/actions/test_booking_client.py")
"""Tests that open the practice's web application and its database, most of them anew."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks by folder what `make test-fast` leaves out."""
    for item in items:
        if item.nodeid.startswith(WEB):
            item.add_marker(pytest.mark.web)


def pytest_collection_finish() -> None:
    """Leaves libraries and collected tests, which stay to the end, out of the garbage collector's way: a third less time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def trained_model() -> Path:
    """The newest model, trained now if it does not fit the files as they are."""
    settings = project.load()
    model = training.newest_model(settings.models_dir) if training.is_trained(settings.models_dir) else None
    return model or training.train(settings, print)


@pytest.fixture(scope="session")
def system(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """The whole system, started once for all tests that talk to it."""
    with running(tmp_path_factory.mktemp("system")) as system:
        yield system
