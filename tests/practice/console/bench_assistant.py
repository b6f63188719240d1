"""Whether visitors notice that the console is used: the time to an answer over the web channel, alone and beside a reviewer.

Turn by turn, so that whatever else the machine does slows both alike.
"""

import re
import statistics
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from bot.database import open_database
from bot.practice.console.staff.accounts import Role
from bot.practice.schema import create_tables
from bot.settings import Settings
from tests.bench import Visitor
from tests.practice.console.generator import fill, keep_appointments
from tests.practice.console.world import PASSWORD, World
from tests.system import System, running

CONVERSATIONS = 5_000
TURNS = 6
QUESTIONS = 20
"""In each turn, alone and beside the reviewer."""
WARM_UP = 10
PAUSE_SECONDS = 0.5
"""Between two pages of the reviewer, who is a quick reader."""
PAGES = (
    "/overview",
    "/conversations",
    "/conversations?outcome=booked",
    "/conversations/{number}",
    "/overview?span=months_12",
    "/conversations?label=faq/melasma",
    "/waiting",
)


def report() -> None:
    """Starts the system, measures, prints."""
    with tempfile.TemporaryDirectory() as folder:
        login = prepare(Path(folder))
        with running(Path(folder)) as system:
            reviewer = Reviewer(system.settings, login)
            alone: list[float] = []
            beside: list[float] = []
            ask(system, WARM_UP)
            for _ in range(TURNS):
                alone += ask(system, QUESTIONS)
                with reviewer.reading():
                    beside += ask(system, QUESTIONS)
    print(f"\n{'answer to a visitor':34} {'p50':>8} {'p95':>8}  ({TURNS * QUESTIONS} each, {CONVERSATIONS} conversations, SQLite)")
    for kind, values in (("console not used", alone), (f"while {reviewer.opened} pages are opened", beside)):
        print(f"{kind:34} {statistics.median(values):5.1f} ms {statistics.quantiles(values, n=20)[-1]:5.1f} ms")


def prepare(folder: Path) -> str:
    """The state of a practice with conversations in the console; gives the login of a reviewer."""
    engine = open_database(f"sqlite:///{folder / 'practice.db'}")
    create_tables(engine)
    world = World(folder, engine)
    fill(world.assistant, CONVERSATIONS, world.now)
    world.index.catch_up_wholly(world.now)
    keep_appointments(engine)
    login = world.staff(Role.REVIEWER)
    world.close()
    engine.dispose()
    return login


def ask(system: System, number: int) -> list[float]:
    """Milliseconds until each of some questions is answered, each in a conversation of its own."""
    with requests.Session() as session:
        return [Visitor(system, session).say(text="what is melasma and who gets it") for _ in range(number)]


class Reviewer:
    """Somebody of the staff who goes through the console's pages."""

    def __init__(self, settings: Settings, login: str) -> None:
        """Logs in."""
        self._base = f"http://{settings.host}:{settings.practice_port}/staff"
        self._session = requests.Session()
        token = re.search(r'name="csrf" value="(\w+)"', self._session.get(f"{self._base}/log-in").text)
        assert token, "the log-in has no form"
        self._session.post(f"{self._base}/log-in", data={"csrf": token[1], "login": login, "password": PASSWORD, "code": ""})
        self.opened = 0

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Opens a page after the other beside what runs in the block."""
        ended = threading.Event()
        thread = threading.Thread(target=self._read, args=(ended,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _read(self, ended: threading.Event) -> None:
        while not ended.wait(PAUSE_SECONDS):
            path = PAGES[self.opened % len(PAGES)].format(number=1 + self.opened)
            answer = self._session.get(f"{self._base}{path}", allow_redirects=False, timeout=60)
            assert answer.status_code == 200, f"{path}: {answer.status_code}"
            self.opened += 1
