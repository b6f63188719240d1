"""Learning whole or not at all, whatever happens in between, and the way back."""

import fcntl
from pathlib import Path

import pytest
from sqlalchemy import insert

from bot.checks.table import find_faults
from bot.database import writing
from bot.learning.learn import CannotLearn
from bot.practice.console.teaching import keeping
from bot.practice.console.teaching.models import kept_test
from bot.running.training import TRAINED_FROM, TrainingError
from tests.learning.workbench import Killed, Workbench
from tests.practice.console.test_index import rows

FILE = "data/faq/melasma.yml"
KEPT = "tests/conversations/kept/what_it_costs.yml"


def keep(bench: Workbench, name: str = "what_it_costs") -> None:
    with writing(bench.world.engine) as connection:
        values = {"name": name, "script": "- open: en\n", "staff_name": "Anna", "at": bench.world.now, "conversation_id": 1}
        connection.execute(insert(kept_test).values(**values))


def kept_states(bench: Workbench) -> list[str]:
    return [row["state"] for row in rows(bench.world, kept_test)]


def test_a_correction_becomes_an_example_and_a_model(bench: Workbench) -> None:
    bench.correct("dark patch on lip")
    before = bench.files()
    assert bench.learning().run()
    after = bench.files()
    assert after.keys() == before.keys() and {path for path in after if after[path] != before[path]} == {FILE}
    assert after[FILE] == before[FILE] + b"    - dark patch on lip\n"
    assert "dark patch on lip" in bench.tools.seen
    assert bench.models() == ["old.tar.gz", "new-1.tar.gz"]
    assert (bench.places.models / TRAINED_FROM).read_text() == "new"
    assert bench.states() == ["learned"] and rows(bench.world, kept_test) == []
    assert bench.tools.calls == ["train", "read models", "read candidate", "test candidate"]
    assert find_faults(bench.root) == []
    assert not bench.places.candidate.exists()


def test_without_corrections_nothing_is_trained(bench: Workbench) -> None:
    assert bench.learning().run()
    assert bench.tools.calls == [] and bench.said == ["There is nothing to learn."]


def test_what_is_known_refused_or_disputed_costs_no_training(bench: Workbench) -> None:
    bench.world.staff(login="piet@practice.example")
    bench.correct("question 3 about melasma")
    bench.correct("what is this patch called")
    bench.correct("a new one")
    bench.correct("a new one", "privacy", "piet@practice.example")
    assert bench.learning().run()
    assert bench.tools.calls == [] and bench.states() == ["known", "refused", "open", "open"]


def test_a_worse_model_is_refused_and_all_is_as_before(bench: Workbench) -> None:
    bench.correct("dark patch on lip")
    bench.tools.wrong = 50
    before = bench.files()
    assert not bench.learning().run()
    assert bench.files() == before and bench.models() == ["old.tar.gz"]
    assert (bench.places.models / TRAINED_FROM).read_text() == "old"
    assert bench.states() == ["open"] and not bench.places.candidate.exists()
    assert any(line.startswith("WORSE: first topic right (en) loses 50") for line in bench.said)
    assert any(line.endswith("worse, first topic right: phrase 7") for line in bench.said)


def test_a_test_that_fails_only_with_the_new_model_refuses_it(bench: Workbench) -> None:
    bench.correct("dark patch on lip")
    bench.tools.failing_tests = {"candidate": ["tests/a", "tests/b"], "models": ["tests/a"]}
    before = bench.files()
    assert not bench.learning().run()
    assert bench.files() == before and "FAILS: tests/b" in bench.said and "FAILS: tests/a" not in bench.said


def test_a_test_that_failed_before_refuses_nothing(bench: Workbench) -> None:
    bench.correct("dark patch on lip")
    bench.tools.failing_tests = {"candidate": ["tests/a"], "models": ["tests/a"]}
    assert bench.learning().run()


def test_a_fault_in_the_data_is_to_be_mended_first(bench: Workbench) -> None:
    bench.correct("dark patch on lip")
    (bench.root / "data/faq/melasma.yml").write_text("nlu: [")
    with pytest.raises(CannotLearn, match="has a fault already"):
        bench.learning().run()
    assert bench.tools.calls == []


def test_when_training_fails_all_is_as_before(bench: Workbench) -> None:
    bench.correct("dark patch on lip")
    before = bench.files()

    def fail() -> None:
        raise TrainingError("no memory")

    bench.tools.on_train = fail
    with pytest.raises(TrainingError):
        bench.learning().run()
    assert bench.files() == before and bench.states() == ["open"] and bench.places.journal.state is None


class TestEndInBetween:
    """The process ends without a chance to clean up; the next run finds what is left."""

    def test_while_it_trains(self, bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
        bench.correct("dark patch on lip")
        before = bench.files()

        def die() -> None:
            raise Killed

        bench.tools.on_train = die
        with monkeypatch.context() as patch:
            patch.setattr("bot.learning.journal.Journal.restore", lambda _self: [])
            with pytest.raises(Killed):
                bench.learning().run()
        assert bench.files() != before
        bench.tools.on_train = lambda: None
        assert bench.learning().run()
        assert any(line.startswith("The last run did not come to its end") and FILE in line for line in bench.said)
        assert bench.files()[FILE] == before[FILE] + b"    - dark patch on lip\n"

    @pytest.mark.parametrize(
        "step", ["bot.learning.learn._copy_whole", "bot.learning.history.History.add", "bot.learning.learn.judging.conclude"]
    )
    def test_after_the_model_was_accepted(self, bench: Workbench, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
        bench.correct("dark patch on lip")

        def die(*_args: object) -> None:
            raise Killed

        with monkeypatch.context() as patch:
            patch.setattr("bot.learning.learn.Learning._admit", _admit_before(patch, step, die))
            with pytest.raises(Killed):
                bench.learning().run()
        assert bench.learning().run()
        assert bench.models() == ["old.tar.gz", "new-1.tar.gz"] and bench.states() == ["learned"]
        assert bench.tools.calls.count("train") == 1
        assert bench.files()[FILE].count(b"dark patch on lip") == 1
        assert bench.learning().back() and bench.models() == ["old.tar.gz"]

    def test_while_it_goes_back(self, bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
        bench.correct("dark patch on lip")
        before = bench.files()
        bench.learning().run()

        def die(*_args: object) -> None:
            raise Killed

        with monkeypatch.context() as patch:
            patch.setattr("bot.learning.learn.judging.conclude", die)
            with pytest.raises(Killed):
                bench.learning().back()
        assert bench.learning().run()
        assert bench.files() == before and bench.models() == ["old.tar.gz"] and bench.states() == ["taken_back"]


def _admit_before(patch: pytest.MonkeyPatch, step: str, die: object) -> object:
    """Learning's own step, after which another one is the last thing that the process does."""
    from bot.learning.learn import Learning

    admit = Learning._admit

    def admitted(learning: Learning, corrections: object) -> object:
        admission = admit(learning, corrections)  # type: ignore[arg-type]
        patch.setattr(step, die)
        return admission

    return admitted


class TestBack:
    def test_model_examples_and_corrections(self, bench: Workbench) -> None:
        bench.correct("dark patch on lip")
        before = bench.files()
        bench.learning().run()
        assert bench.learning().back()
        assert bench.files() == before and bench.models() == ["old.tar.gz"]
        assert (bench.places.models / TRAINED_FROM).read_text() == "old"
        assert bench.states() == ["taken_back"]

    def test_step_by_step_to_the_first(self, bench: Workbench) -> None:
        before = bench.files()
        for text in ("dark patch", "grey patch"):
            bench.correct(text)
            assert bench.learning().run()
        assert bench.learning().back() and b"dark patch" in bench.files()[FILE] and b"grey" not in bench.files()[FILE]
        assert bench.learning().back() and bench.files() == before
        assert not bench.learning().back()
        assert bench.said[-1] == "Nothing was learned that could be taken back."

    def test_what_was_written_by_hand_meanwhile_stays(self, bench: Workbench) -> None:
        bench.correct("dark patch")
        bench.learning().run()
        file = bench.root / FILE
        file.write_text(file.read_text() + "    - by hand\n# a comment\n")
        assert bench.learning().back()
        assert file.read_text().endswith("    - by hand\n# a comment\n") and "dark patch\n" not in file.read_text()

    def test_it_is_not_learned_again_by_itself_but_can_be_judged_anew(self, bench: Workbench) -> None:
        bench.correct("dark patch")
        bench.learning().run()
        bench.learning().back()
        bench.tools.calls.clear()
        assert bench.learning().run() and bench.tools.calls == []
        bench.correct("dark patch")
        assert bench.learning().run() and bench.models()[-1] == "new-1.tar.gz"

    def test_without_the_model_before_nothing_is_done(self, bench: Workbench) -> None:
        bench.correct("dark patch")
        bench.learning().run()
        (bench.places.models / "old.tar.gz").unlink()
        with pytest.raises(CannotLearn, match="old.tar.gz"):
            bench.learning().back()
        assert b"dark patch" in bench.files()[FILE]


class TestKeptConversations:
    def test_one_alone_needs_no_training(self, bench: Workbench) -> None:
        bench.correct("dark patch", "new_topic")
        keep(bench)
        assert bench.learning().run()
        assert bench.tools.calls == ["test models"]
        assert bench.files()[KEPT] == b"- open: en\n" and kept_states(bench) == ["written"]
        assert bench.models() == ["old.tar.gz"]

    def test_one_that_fails_waits_and_refuses_nothing(self, bench: Workbench) -> None:
        bench.correct("dark patch")
        keep(bench)
        bench.tools.failing_tests = {"candidate": [keeping.test_of(Path(KEPT))]}
        assert bench.learning().run()
        assert KEPT not in bench.files() and kept_states(bench) == ["failing"] and bench.states() == ["learned"]
        bench.tools.failing_tests = {}
        assert bench.learning().run() and KEPT in bench.files() and kept_states(bench) == ["written"]

    def test_it_goes_back_with_what_was_learned(self, bench: Workbench) -> None:
        bench.correct("dark patch")
        keep(bench)
        bench.learning().run()
        assert bench.learning().back()
        assert KEPT not in bench.files() and kept_states(bench) == ["taken_back"]


def test_only_one_run_at_a_time(bench: Workbench) -> None:
    bench.places.state.mkdir()
    with (bench.places.state / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(CannotLearn, match="under way"):
            bench.learning().run()


def test_personal_data_is_not_printed(bench: Workbench) -> None:
    bench.correct("mail me at anna@example.com")
    bench.learning().run()
    assert bench.states() == ["refused"] and "anna@" not in "".join(bench.said)
