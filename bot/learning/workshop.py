"""The slow parts of learning, each with the real tool: training, reading phrases, running tests."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from bot.evaluation.model import load_agent, quiet
from bot.evaluation.sets import read_sets
from bot.learning.comparison import Reading
from bot.running.training import TRAINED_FROM, fingerprint, newest_model, train
from bot.settings import ROOT, Settings

Say = Callable[[str], None]

TESTS = ("tests/nlu", "tests/conversations")
"""What an example can break: understanding, and whole conversations with the running system."""
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S.*?)(?: - .*)?$", re.MULTILINE)
TEST_SECONDS = 3600
NO_TESTS = 5
"""pytest's exit code where nothing was chosen."""


class NoTestResult(Exception):
    """The tests did not come to a result; the message says why in one line."""


class Tools(Protocol):
    """What learning needs done."""

    def train(self, models: Path) -> Path:
        """Trains a model into a folder from the files as they are now."""

    def read(self, model: Path) -> Reading:
        """Has a model read all phrases."""

    def failing(self, models: Path, only: Sequence[str] = ()) -> list[str]:
        """Names of the tests that fail with the newest model of a folder."""


@dataclass(frozen=True)
class Workshop:
    """The real tools."""

    settings: Settings
    say: Say

    def train(self, models: Path) -> Path:
        """Trains with Rasa.

        Raises:
            TrainingError: no model came out of it.
        """
        return train(self.settings, self.say, models)

    def read(self, model: Path) -> Reading:
        """Reads the sets of `tests/language/` and of the red flags.

        Raises:
            NoModel: it can't be loaded.
            PhraseFault: a set can't be used.
        """
        # the channel's libraries take a second to import, for which the other commands need not wait
        from bot.evaluation.reading import read, read_alarms

        phrases, alarms = read_sets()

        async def outcomes() -> Reading:
            agent = load_agent(model)
            return Reading(await read(agent, phrases), await read_alarms(agent, alarms))

        with quiet():
            return asyncio.run(outcomes())

    def failing(self, models: Path, only: Sequence[str] = ()) -> list[str]:
        """Runs the tests in a process of their own, which writes to its own folders and takes the model as it is.

        Raises:
            NoTestResult: they did not come to an end, or pytest is not there.
        """
        with TemporaryDirectory() as folder:
            _hand_over(models, Path(folder))
            return self._failing(Path(folder), only)

    def _failing(self, models: Path, only: Sequence[str]) -> list[str]:
        chosen = list(only) or [path for path in TESTS if (ROOT / path).exists()]
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=no", "-rfE", *chosen]
        # the tests bring their own settings; with the practice's they would write into its database
        environment = {name: value for name, value in os.environ.items() if name.lower() not in self.settings.__fields__}
        environment["MODELS_DIR"] = str(models)
        try:
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=TEST_SECONDS, check=False)
        except subprocess.TimeoutExpired as error:
            raise NoTestResult(f"the tests took longer than {TEST_SECONDS} s") from error
        failing = FAILED.findall(done.stdout)
        if done.returncode not in (0, NO_TESTS) and not failing:
            lines = (done.stdout + done.stderr).strip().splitlines()
            raise NoTestResult(f"the tests can't run: {lines[-1] if lines else 'no output'}")
        return failing


def _hand_over(models: Path, folder: Path) -> None:
    """Copies the newest model as if it were trained from the files as they are: tests train anew what they take for an old one."""
    model = newest_model(models)
    if model is not None:
        shutil.copy(model, folder)
        (folder / TRAINED_FROM).write_text(fingerprint())
