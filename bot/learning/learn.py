"""Learning from corrections as one step that is done whole or not at all, and the way back."""

import fcntl
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Engine

from bot.checks.project import Project
from bot.checks.table import find_faults
from bot.database import reading, writing
from bot.learning import report
from bot.learning.admission import Admission, Correction, admit, measured_texts
from bot.learning.comparison import compare
from bot.learning.examples import Added, insert, place, remove
from bot.learning.history import History
from bot.learning.journal import ACCEPTED, BEGUN, Journal, write_whole
from bot.learning.workshop import Say, Tools
from bot.practice.console.audit import record as record_in_audit
from bot.practice.console.teaching import judging, keeping
from bot.practice.console.teaching.judging import State
from bot.running.training import TRAINED_FROM, newest_model


class CannotLearn(Exception):
    """Nothing was begun; the message says why."""


@dataclass(frozen=True)
class Places:
    """Where learning reads and writes."""

    root: Path
    """The project's folder."""
    models: Path
    state: Path
    """Folder of its own for the journal, the candidate and the history."""

    @property
    def journal(self) -> Journal:
        """What is under way."""
        return Journal(self.state / "journal", self.root)

    @property
    def history(self) -> History:
        """What was learned before."""
        return History(self.state / "history")

    @property
    def candidate(self) -> Path:
        """Folder of the model that is tried out."""
        return self.state / "candidate"


@dataclass(frozen=True)
class Learning:
    """One run, with all that it needs."""

    at: Places
    engine: Engine
    """The practice's database."""
    tools: Tools
    clock: Callable[[], datetime]
    say: Say

    def run(self) -> bool:
        """Learns what was agreed on and takes the better model over; False where the model was refused and all is as before.

        Raises:
            CannotLearn: another run is under way, or the files have faults already.
            TrainingError, NoModel, PhraseFault, NoTestResult: a tool failed; all is as before.
        """
        with self._alone():
            self._finish_what_was_begun()
            with reading(self.engine) as connection:
                corrections = [_correction(row) for row in judging.accepted(connection)]
                tests = keeping.waiting(connection)
            admission = self._admit(corrections)
            if not admission.new and not tests:
                self.say(report.NOTHING_TO_LEARN)
                return True
            return self._try(admission.new, tests)

    def back(self) -> bool:
        """Takes back what was learned last: model, examples and tests; False where there is nothing to go back to."""
        with self._alone():
            self._finish_what_was_begun()
            record = self.at.history.latest()
            if record is None:
                self.say(report.NOTHING_TO_TAKE_BACK)
                return False
            before, learned = record["model_before"], record["model"]
            if before and learned != before and not (self.at.models / before).exists():
                raise CannotLearn(report.MODEL_IS_GONE.format(model=before))
            self.at.journal.accept({**record, "back": True})
            self._finish_what_was_begun(quietly=True)
            self.say(report.TAKEN_BACK.format(number=len(record["added"]), model=before or "none"))
            return True

    def _admit(self, corrections: Sequence[Correction]) -> Admission:
        faults = find_faults(self.at.root)
        if faults:
            raise CannotLearn(report.FAULTS_BEFORE.format(fault=faults[0]))
        project = Project(self.at.root)
        admission = admit(corrections, project, measured_texts(project))
        now = self.clock()
        with writing(self.engine) as connection:
            judging.conclude(connection, [one.id for one in admission.known], State.KNOWN, now)
            for correction, refusal in admission.refused:
                judging.conclude(connection, [correction.id], State.REFUSED, now, refusal.value)
        report.tell_admission(admission, self.say)
        return admission

    def _try(self, new: Sequence[Correction], tests: Sequence[Mapping[str, Any]]) -> bool:
        journal, project = self.at.journal, Project(self.at.root)
        added = [Added(place(project, one.label, one.language).path.as_posix(), one.label, one.text) for one in new]
        kept = {keeping.path_of(row["name"]): row for row in tests}
        journal.begin([Path(one.path) for one in added] + list(kept))
        try:
            self._write_examples(new, project)
            for path, row in kept.items():
                write_whole(self.at.root / path, row["script"].encode())
            accepted = self._judge(bool(new), kept)
        except BaseException:
            journal.restore()
            self._drop_candidate()
            raise
        if accepted is None:
            journal.restore()
            self._drop_candidate()
            self.say(report.REFUSED)
            return False
        model, failing = accepted
        written = [row for path, row in kept.items() if path not in failing]
        before = newest_model(self.at.models)
        journal.accept(
            {
                "at": self.clock().strftime("%Y%m%d-%H%M%S-%f"),
                "model": model.name,
                "model_before": before.name if before else None,
                "trained_from_before": _read(self.at.models / TRAINED_FROM),
                "added": [asdict(one) for one in added],
                "judgements": [one.id for one in new],
                "tests": [row["id"] for row in written],
                "test_files": [keeping.path_of(row["name"]).as_posix() for row in written],
                "failing": [row["id"] for path, row in kept.items() if path in failing],
            }
        )
        self._finish_what_was_begun(quietly=True)
        self.say(report.TAKEN_OVER.format(model=model.name) if new else report.TESTS_KEPT.format(number=len(written)))
        return True

    def _write_examples(self, new: Sequence[Correction], project: Project) -> None:
        blocks: dict[tuple[Path, int], list[str]] = defaultdict(list)
        for one in new:
            found = place(project, one.label, one.language)
            blocks[found.path, found.last_line].append(one.text)
        # from the last line up, so that the lines above keep their numbers
        for (path, line), texts in sorted(blocks.items(), reverse=True):
            file = self.at.root / path
            write_whole(file, insert(file.read_bytes().decode("utf-8"), line, texts).encode())

    def _judge(self, learns: bool, kept: Mapping[Path, Any]) -> tuple[Path, set[Path]] | None:
        """The model to go on with and the new tests that it fails; None where it is refused."""
        faults = find_faults(self.at.root)
        if faults:
            self.say("\n".join(map(str, faults)))
            return None
        old = newest_model(self.at.models)
        model = self._candidate() if learns else old
        if model is None:
            raise CannotLearn(report.NO_MODEL)
        if learns and old is not None:
            comparison = compare(self.tools.read(old), self.tools.read(model))
            report.tell_comparison(comparison, self.say)
            if comparison.worse:
                return None
        failing = set(self.tools.failing(model.parent))
        new_tests = {keeping.test_of(path): path for path in kept}
        fails_anew = failing & new_tests.keys()
        others = failing - fails_anew
        if others and old is not None and learns:
            others -= set(self.tools.failing(self.at.models, sorted(others)))
        report.tell_tests(sorted(others), sorted(fails_anew), self.say)
        if others:
            return None
        for name in fails_anew:
            (self.at.root / new_tests[name]).unlink()
        return model, {new_tests[name] for name in fails_anew}

    def _candidate(self) -> Path:
        self._drop_candidate()
        self.say(report.TRAINING)
        return self.tools.train(self.at.candidate)

    def _drop_candidate(self) -> None:
        shutil.rmtree(self.at.candidate, ignore_errors=True)

    def _finish_what_was_begun(self, quietly: bool = False) -> None:
        """Undoes what was not decided on when a run ended, and does again what was."""
        journal = self.at.journal
        if journal.state == BEGUN:
            restored = journal.restore()
            self._drop_candidate()
            self.say(report.RESTORED.format(paths=", ".join(restored) or "nothing"))
        elif journal.state == ACCEPTED:
            if not quietly:
                self.say(report.FINISHING)
            record = journal.record
            (self._take_back if record.get("back") else self._take_over)(record)
            journal.close()

    def _take_over(self, record: Mapping[str, Any]) -> None:
        """Everything that follows on a good model; doing it again changes nothing."""
        candidate = self.at.candidate / record["model"]
        if candidate.exists():
            _copy_whole(candidate, self.at.models / record["model"])
            write_whole(self.at.models / TRAINED_FROM, _read(self.at.candidate / TRAINED_FROM).encode())
        self.at.history.add(record)
        now = self.clock()
        with writing(self.engine) as connection:
            judging.conclude(connection, record["judgements"], State.LEARNED, now)
            keeping.conclude(connection, record["tests"], keeping.WRITTEN)
            keeping.conclude(connection, record["failing"], keeping.FAILING)
            record_in_audit(connection, None, "learned", "", now, examples=len(record["added"]), tests=len(record["tests"]))
        self._drop_candidate()

    def _take_back(self, record: Mapping[str, Any]) -> None:
        """The other way; doing it again changes nothing."""
        for one in (Added(**each) for each in record["added"]):
            file = self.at.root / one.path
            if file.exists():  # no example stands in the data twice, so a line that is gone can't be taken for another
                write_whole(file, remove(file.read_bytes().decode("utf-8"), one.text).encode())
        for path in record["test_files"]:
            (self.at.root / path).unlink(missing_ok=True)
        before = record["model_before"]
        if before and before != record["model"]:
            # the newest counts: the one before gets a new date and goes on from here
            (self.at.models / before).touch()
            (self.at.models / record["model"]).unlink(missing_ok=True)
            write_whole(self.at.models / TRAINED_FROM, record["trained_from_before"].encode())
        now = self.clock()
        with writing(self.engine) as connection:
            judging.conclude(connection, record["judgements"], State.TAKEN_BACK, now)
            keeping.conclude(connection, record["tests"], keeping.TAKEN_BACK)
            record_in_audit(connection, None, "learning_taken_back", "", now, examples=len(record["added"]))
        self.at.history.drop(record)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One run at a time; the lock goes with the process, however that ends."""
        self.at.state.mkdir(parents=True, exist_ok=True)
        with (self.at.state / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise CannotLearn(report.UNDER_WAY) from error
            yield


def _correction(row: Mapping[str, Any]) -> Correction:
    return Correction(row["id"], row["text"], row["label"], row["language"])


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _copy_whole(source: Path, target: Path) -> None:
    """A copy that has its name only once it is whole: the running assistant looks for models in this folder."""
    draft = target.with_name(f".{target.name}.part")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, draft)
    draft.replace(target)
