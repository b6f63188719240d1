"""`make bench`: how fast the whole system answers over the web channel, and what it weighs.

A benchmark, not a test: it prints figures and judges nothing. Each kind of message is said in fresh conversations, so that the
figure is not that of a long one.
"""

import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import requests

from bot.running.training import newest_model
from tests import bench_widget
from tests.memory import memory_mb
from tests.system import System, running

ROUNDS = 40
WARM_UP = 5


class Visitor:
    """One conversation, timed from request to answer."""

    def __init__(self, system: System, session: requests.Session) -> None:
        """Opens the conversation."""
        self._session = session
        self._url = f"http://{system.settings.host}:{system.settings.assistant_port}/webhooks/web"
        opened = session.post(f"{self._url}/session", json={}).json()
        self._headers = {"Authorization": f"Bearer {opened['token']}"}
        self.messages: list[dict[str, Any]] = opened["messages"]

    def say(self, **said: str) -> float:
        """Says a text or taps a payload; the time to the answer in milliseconds."""
        started = time.perf_counter()
        answer = self._session.post(f"{self._url}/messages", json={"id": str(uuid.uuid4()), **said}, headers=self._headers)
        elapsed = (time.perf_counter() - started) * 1000
        answer.raise_for_status()
        self.messages = answer.json()["messages"]
        return elapsed

    def tap_first_time(self) -> float:
        """Chooses the first free time offered."""
        times = (time_ for message in self.messages for day in message.get("slots") or [] for time_ in day["times"])
        return self.say(payload=next(times)["payload"])


def faq(visitor: Visitor) -> Iterable[tuple[str, float]]:
    """A question."""
    yield "FAQ", visitor.say(text="what is melasma and who gets it")


def price(visitor: Visitor) -> Iterable[tuple[str, float]]:
    """A price."""
    yield "price", visitor.say(text="how much is laser for the spots on my hands")


def guided(visitor: Visitor) -> Iterable[tuple[str, float]]:
    """The first steps of the guided choice."""
    yield "guided choice opens", visitor.say(text="which treatment would suit me")
    yield "guided choice step", visitor.say(payload='/choose{"concern": "sunspots"}')


def booking(visitor: Visitor) -> Iterable[tuple[str, float]]:
    """A booking up to its summary."""
    yield "booking opens, free times", visitor.say(payload='/book_consultation{"appointment_type": "video"}')
    yield "booking step: time", visitor.tap_first_time()
    yield "booking step: name", visitor.say(text="Anna Jansen")
    yield "booking step: e-mail", visitor.say(text="anna@example.com")
    yield "booking step: no phone, summary", visitor.say(payload="/skip")


SCENES: tuple[Callable[[Visitor], Iterable[tuple[str, float]]], ...] = (faq, price, guided, booking)


def measure(system: System) -> dict[str, list[float]]:
    """Milliseconds by kind of message."""
    times: dict[str, list[float]] = {}
    with requests.Session() as session:
        for round_ in range(WARM_UP + ROUNDS):
            for scene in SCENES:
                for kind, milliseconds in scene(Visitor(system, session)):
                    if round_ >= WARM_UP:
                        times.setdefault(kind, []).append(milliseconds)
    return times


def main() -> None:
    """Starts the system, measures, prints."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        with running(Path(folder)) as system:
            print(f"start to healthy: {time.monotonic() - started:.1f} s")
            print(f"{'answer over the web channel':34} {'p50':>8} {'p95':>8}  ({ROUNDS} each)")
            for kind, values in measure(system).items():
                p95 = statistics.quantiles(values, n=20)[-1]
                print(f"{kind:34} {statistics.median(values):5.1f} ms {p95:5.1f} ms")
            for kind, values in bench_widget.measure(system).items():
                print(f"{kind:34} {statistics.median(values):5.1f} ms {statistics.quantiles(values, n=20)[-1]:5.1f} ms")
            print(f"chat, all files, gzipped: {bench_widget.loaded_bytes() / 1024:.1f} KB")
            for name, process in system.process_ids().items():
                print(f"memory of {name:10} {memory_mb(process):6.0f} MB")
            model = newest_model(system.settings.models_dir)
            print(f"model: {model.stat().st_size / 1e6:.1f} MB" if model else "no model")


if __name__ == "__main__":
    main()
