"""The whole system as it runs for a practice: three processes on free ports, with state of their own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from bot.running.processes import Part, is_healthy, parts
from bot.settings import ROOT, Settings
from tests.chat import Chat
from tests.widget.serving import free_socket

START_SECONDS = 240.0
STOP_SECONDS = 15.0
POLL_SECONDS = 0.1

SETTINGS: dict[str, Any] = {
    "secret_key": "a key for the running system of the tests",
    "consultation_hours": "mon-sun 08:00-20:00",
    "practice_minutes": 20,  # as long as a video consultation, so that both have the same times
    "messages_per_minute": 10_000,
    "sessions_per_minute": 10_000,
}
"""What the tests need otherwise than a practice; limits have tests of their own."""


class StartFailed(Exception):
    """A process did not become healthy; the message carries what it printed."""


class System:
    """Practice, action server and assistant as processes; `running` starts and surely ends them."""

    def __init__(self, folder: Path, root: Path = ROOT, **changed: Any) -> None:
        """Takes the folder of all state, the project's folder, and settings that differ from those of the tests."""
        self.root = root
        ports = {f"{name}_port": _free_port() for name in ("assistant", "actions", "practice")}
        self.settings = Settings(_env_file=None, var_dir=folder, **{**SETTINGS, **ports, **changed})
        self._parts = {part.name: part for part in parts(self.settings)}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, *names: str) -> None:
        """Starts processes side by side and waits until all of them work.

        Raises:
            StartFailed: one does not, in time.
        """
        for name in names:
            with self.log(name).open("ab") as log:
                command = [sys.executable, "-m", "bot", "run", name]
                self._processes[name] = subprocess.Popen(
                    command, cwd=self.root, env=self.environment(), stdout=log, stderr=subprocess.STDOUT
                )
        deadline = time.monotonic() + START_SECONDS
        for name in names:
            self._wait_for(self._parts[name], deadline)

    def stop(self, name: str, how: signal.Signals = signal.SIGTERM) -> None:
        """Ends a process and waits for its end; by force where it doesn't come."""
        process = self._processes.pop(name)
        process.send_signal(how)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    @contextmanager
    def without(self, name: str, how: signal.Signals = signal.SIGTERM) -> Iterator[None]:
        """A part is gone inside the block, and back after it."""
        self.stop(name, how)
        try:
            yield
        finally:
            self.start(name)

    def open(self, language: str = "en") -> Chat:
        """A visitor who has just opened the chat."""
        return Chat(self.settings, language)

    def process_ids(self) -> dict[str, int]:
        """The processes that run now."""
        return {name: process.pid for name, process in self._processes.items()}

    def log(self, name: str) -> Path:
        """What a process prints."""
        return self.settings.var_dir / f"{name}.log"

    def _wait_for(self, part: Part, deadline: float) -> None:
        while not is_healthy(part):
            if self._processes[part.name].poll() is not None or time.monotonic() > deadline:
                raise StartFailed(f"{part.name} did not start:\n{self.log(part.name).read_text(errors='replace')[-4000:]}")
            time.sleep(POLL_SECONDS)

    def environment(self) -> dict[str, str]:
        """What a process of this system finds: every setting, so that the project's own .env counts for none."""
        return os.environ | {name.upper(): str(value) for name, value in self.settings.dict().items()}

    def _stop_all(self) -> None:
        with ExitStack() as stack:
            for name in tuple(self._processes):
                stack.callback(self.stop, name)


@contextmanager
def running(folder: Path, root: Path = ROOT, **changed: Any) -> Iterator[System]:
    """The whole system, for as long as the block runs."""
    system = System(folder, root, **changed)
    try:
        system.start(*(part.name for part in parts(system.settings)))
        yield system
    finally:
        system._stop_all()


def _free_port() -> int:
    listener, _ = free_socket()
    with listener:
        return int(listener.getsockname()[1])
