"""Learning without a model: a tiny project, and tools that answer as told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.evaluation.phrases import Phrase
from bot.learning.comparison import Reading
from bot.learning.learn import Learning, Places
from bot.practice.console.staff.accounts import Role, account
from bot.practice.console.teaching import judging
from bot.running.training import TRAINED_FROM
from tests.commands.tree import plant, write
from tests.learning.test_comparison import outcomes
from tests.practice.console.test_index import rows, say
from tests.practice.console.test_teaching import events, lost
from tests.practice.console.world import World

PHRASES = [Phrase(f"phrase {number}", frozenset({"faq/melasma"}), "faq/melasma", None, None, number) for number in range(400)]


class Killed(BaseException):
    """The end of the process at some moment."""


@dataclass
class FakeTools:
    """Trains in no time; `wrong` says how many phrases the new model gets wrong."""

    root: Path
    wrong: int = 0
    failing_tests: dict[str, list[str]] = field(default_factory=dict)
    """Failing tests by the name of the models' folder."""
    on_train: Callable[[], None] = lambda: None
    calls: list[str] = field(default_factory=list)
    seen: str = ""
    """The topic's file as it was when the model was trained."""

    def train(self, models: Path) -> Path:
        self.calls.append("train")
        self.seen = (self.root / "data/faq/melasma.yml").read_text(encoding="utf-8")
        self.on_train()
        models.mkdir(parents=True)
        (models / TRAINED_FROM).write_text("new")
        model = models / f"new-{len(self.calls)}.tar.gz"
        model.write_text("a model")
        return model

    def read(self, model: Path) -> Reading:
        self.calls.append(f"read {model.parent.name}")
        return Reading(outcomes(PHRASES, range(self.wrong if model.parent.name == "candidate" else 0)))

    def failing(self, models: Path, only: Sequence[str] = ()) -> list[str]:
        self.calls.append(f"test {models.name}")
        failing = self.failing_tests.get(models.name, [])
        return [name for name in failing if not only or name in only]


class Workbench:
    """A project, its console and the tools."""

    def __init__(self, folder: Path, world: World) -> None:
        self.world = world
        self.root = plant(folder / "project")
        write(self.root, "tests/nlu/red_flags.jsonl", '{"text": "my mole bleeds", "red_flag": true}\n')
        self.places = Places(self.root, folder / "models", folder / "state")
        self.places.models.mkdir()
        (self.places.models / "old.tar.gz").write_text("the model before")
        (self.places.models / TRAINED_FROM).write_text("old")
        self.tools = FakeTools(self.root)
        self.said: list[str] = []
        world.staff(Role.REVIEWER, "anna@practice.example")

    def clock(self) -> datetime:
        self.world.pass_time(seconds=1)
        return self.world.now

    def learning(self) -> Learning:
        """A new run, as a new process would make it."""
        return Learning(self.places, self.world.engine, self.tools, self.clock, self.said.append)

    def correct(self, text: str, label: str = "faq/melasma", login: str = "anna@practice.example") -> None:
        """Somebody says what a message is about."""
        from bot.database import writing
        from bot.practice.console.teaching.inbox import message_of

        if text not in events(self.world):
            say(self.world, lost(text), sender=f"web-{len(events(self.world)) + 1}")
        with writing(self.world.engine) as connection:
            said = message_of(connection, events(self.world)[text])
            assert said is not None
            judging.judge(connection, said, account(connection, login=login), label, text, "en", "", self.world.now)

    def states(self) -> list[str]:
        return [row["state"] for row in rows(self.world, judging.judgement)]

    def files(self) -> dict[str, bytes]:
        """All files of the project."""
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in self.root.rglob("*") if path.is_file()}

    def models(self) -> list[str]:
        """Names of the models, the one in use last."""
        return [path.name for path in sorted(self.places.models.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime_ns)]
