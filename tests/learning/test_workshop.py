"""The tests that a new model has to pass, run in a process of their own."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from bot.learning.workshop import NoTestResult, Workshop
from bot.running import training
from tests.practice.world import settings

PRINTED = """\
..F.E
FAILED tests/conversations/test_conversations.py::test_conversation[booking/by_buttons] - AssertionError: step 2
FAILED tests/conversations/test_conversations.py::test_conversation[kept/asks]
ERROR tests/nlu/test_x.py::test_y - StartFailed: practice - did not start
3 failed, 2 passed
"""


@pytest.fixture
def workshop() -> Workshop:
    return Workshop(settings(), lambda _line: None)


def answer(monkeypatch: pytest.MonkeyPatch, code: int, printed: str = "", fault: str = "") -> list[dict[str, Any]]:
    """Lets pytest end like this; gives how it was called."""
    calls: list[dict[str, Any]] = []

    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        calls.append({"command": command, **options})
        return subprocess.CompletedProcess(command, code, printed, fault)

    monkeypatch.setattr(subprocess, "run", run)
    return calls


def test_failing_tests_are_named(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, 1, PRINTED)
    assert workshop.failing(Path("/models")) == [
        "tests/conversations/test_conversations.py::test_conversation[booking/by_buttons]",
        "tests/conversations/test_conversations.py::test_conversation[kept/asks]",
        "tests/nlu/test_x.py::test_y",
    ]


@pytest.mark.parametrize("code", [0, 5])
def test_none_fails(workshop: Workshop, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    answer(monkeypatch, code, "12 passed")
    assert workshop.failing(Path("/models")) == []


@pytest.mark.parametrize("code", [1, 2, 4])
def test_no_result_is_no_success(workshop: Workshop, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    answer(monkeypatch, code, fault="No module named pytest")
    with pytest.raises(NoTestResult, match="No module named pytest"):
        workshop.failing(Path("/models"))


def test_they_know_nothing_of_the_practice(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://the/practice")
    monkeypatch.setenv("SECRET_KEY", "s" * 40)
    calls = answer(monkeypatch, 0)
    workshop.failing(Path("/candidate"), ["tests/a"])
    assert calls[0]["command"][-1] == "tests/a"
    assert not {"DATABASE_URL", "SECRET_KEY"} & calls[0]["env"].keys() and "PATH" in calls[0]["env"]


def test_they_take_an_old_model_as_it_is(workshop: Workshop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tmp_path.joinpath("old.tar.gz").write_text("a model")
    tmp_path.joinpath(training.TRAINED_FROM).write_text("other files than now")
    seen: list[tuple[bool, str]] = []

    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        models = Path(options["env"]["MODELS_DIR"])
        newest = training.newest_model(models)
        seen.append((training.is_trained(models), newest.read_text() if newest else ""))
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", run)
    workshop.failing(tmp_path)
    assert seen == [(True, "a model")]
    assert tmp_path.joinpath(training.TRAINED_FROM).read_text() == "other files than now"
