"""Training the model, only where something that it is made from has changed."""

import hashlib
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from bot.running.environment import environment
from bot.settings import ROOT, Settings

TRAINED_FROM = "trained_from"
"""Name of the file, beside the models, with the fingerprint of what the newest was trained from."""

PROGRESS_SECONDS = 10


class TrainingError(Exception):
    """Training failed; the message says why in one line, and where its log is."""


def newest_model(models: Path) -> Path | None:
    """The newest trained model, or None."""
    return max(models.glob("*.tar.gz"), key=lambda model: model.stat().st_mtime, default=None)


def fingerprint() -> str:
    """A hash over everything that a model is made from."""
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_trained(models: Path) -> bool:
    """Whether the newest model was trained from the files as they are now."""
    known = models / TRAINED_FROM
    return newest_model(models) is not None and known.exists() and known.read_text() == fingerprint()


def train(settings: Settings, say: Callable[[str], None], models: Path | None = None) -> Path:
    """Trains a model, telling what goes on every few seconds.

    Args:
        models: folder that it comes into; the one in use where none is given.

    Raises:
        TrainingError: no model came out of it.
    """
    made_from = fingerprint()
    models = models or settings.models_dir
    models.mkdir(parents=True, exist_ok=True)
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    log = settings.var_dir / "training.log"
    # Rasa's validation would read everything a second time; bot check finds these faults, and more
    command = [sys.executable, "-m", "rasa", "train", "--out", str(models), "--config", str(ROOT / "config.yml"), "--skip-validation"]
    started = time.monotonic()
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment(settings), stdout=output, stderr=subprocess.STDOUT)
        try:
            while (code := _wait(process)) is None:
                say(f"  {_stage(log)} ({time.monotonic() - started:.0f} s)")
        except BaseException:
            process.terminate()
            raise
    model = newest_model(models)
    if code != 0 or model is None:
        raise TrainingError(f"training failed: {_reason(log)} (all of it in {log})")
    (models / TRAINED_FROM).write_text(made_from)
    return model


def _sources() -> Iterable[Path]:
    files = [ROOT / name for name in ("config.yml", "domain.yml")]
    return sorted([*files, *(ROOT / "data").rglob("*.yml"), *(ROOT / "data").rglob("*.tsv"), *(ROOT / "bot" / "nlu").rglob("*.py")])


def _wait(process: "subprocess.Popen[bytes]") -> int | None:
    try:
        return process.wait(PROGRESS_SECONDS)
    except subprocess.TimeoutExpired:
        return None


def _stage(log: Path) -> str:
    """What training is doing now, from the last line of Rasa's log that says so."""
    components = re.findall(r"Starting to train component '(\w+)'", log.read_text(errors="replace"))
    return f"training {components[-1]}" if components else "reading the data"


def _reason(log: Path) -> str:
    """The last line of the log that tells of an error."""
    lines = [line.strip() for line in re.sub(r"\x1b\[\d+m", "", log.read_text(errors="replace")).splitlines() if line.strip()]
    told = [line for line in lines if re.search(r"error|exception|invalid|contradict", line, re.IGNORECASE)]
    return (told or lines or ["no output"])[-1][:300]
