"""`make bench-nlu`: this project's understanding beside Rasa's default pipeline, both trained on the same data in the same run.

A benchmark, not a test: it prints figures and judges nothing. Each pipeline trains in a process of its own and reads messages in
another, so that time and memory are its own. Models and data of the run lie in a folder of their own under `var/`.
"""

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

from bot import settings as project
from bot.checks.project import Example, Project
from bot.evaluation.labels import FAQ
from bot.evaluation.metrics import ALL, Report, measure
from bot.evaluation.model import load_agent, newest_model, quiet
from bot.evaluation.page import write_page
from bot.evaluation.results import BENCHMARK, as_data, keep
from bot.evaluation.sampling import sample, with_language
from bot.evaluation.sets import read_sets
from bot.settings import ROOT
from tests.memory import memory_mb

CLASSIFIER = "bot.nlu.classifier.TopicClassifier"
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_INTRA_OP_PARALLELISM_THREADS": "1",
    "TF_INTER_OP_PARALLELISM_THREADS": "1",
}
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "PYTHONWARNINGS": "ignore",
}


@dataclass(frozen=True)
class Trained:
    """What training took and brought."""

    model: Path
    seconds: float
    peak_mb: float

    @property
    def size_mb(self) -> float:
        """The model's archive."""
        return self.model.stat().st_size / 1e6


@dataclass(frozen=True)
class Measured:
    """A pipeline's figures, all that a line of the comparison is made of."""

    trained: Trained
    read: Mapping[str, Any]
    """What `read_phrases_alone` printed."""


@dataclass(frozen=True)
class Line:
    """One figure of both pipelines, as printed."""

    name: str
    ours: str
    rasa: str
    ratio: str


def main() -> None:
    """Trains both, measures both, prints the comparison and puts it on the evaluation's page."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench_nlu")
    parser.add_argument("--part", type=float, default=1.0, help="share of the examples to train on, 0 to 1, for a quick look")
    parser.add_argument("--read", type=Path, metavar="MODEL", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.read:
        print(json.dumps(read_phrases_alone(args.read)))
        return
    folder = project.load().var_dir / "evaluation"
    examples = sample(with_language(Project(ROOT).examples), args.part)
    work = folder / "bench"
    shutil.rmtree(work, ignore_errors=True)
    write_data(work / "data", examples)
    ours, rasa = (run_pipeline(work, name, config) for name, config in configs().items())
    lines = compare(ours, rasa)
    measured = datetime.now(timezone.utc).isoformat(timespec="minutes")
    keep(folder, BENCHMARK, {"measured": measured, "examples": len(examples), "lines": lines})
    show(lines, len(examples), Console())
    print(f"Page: {write_page(folder)}")


def configs() -> dict[str, dict[str, Any]]:
    """The understanding of this project and of `rasa init`, as config files hold them."""
    import rasa.engine.recipes

    [recipes] = rasa.engine.recipes.__path__
    sources = {"ours": ROOT / "config.yml", "rasa": Path(recipes) / "config_files" / "default_config.yml"}
    found = {name: yaml.safe_load(path.read_text(encoding="utf-8")) for name, path in sources.items()}
    keys = ("recipe", "language", "assistant_id", "importers", "pipeline")
    return {name: {key: config[key] for key in keys if key in config} for name, config in found.items()}


def write_data(folder: Path, examples: Sequence[Example]) -> None:
    """Writes examples as training data, with the answers of the topics, from which Rasa's response selector learns too."""
    folder.mkdir(parents=True)
    by_label = sorted(examples, key=lambda example: (example.label, example.language))
    nlu = [
        {"intent": label, "metadata": {"language": language}, "examples": "".join(f"- {example.text}\n" for example in group)}
        for (label, language), group in groupby(by_label, key=lambda example: (example.label, example.language))
    ]
    answers = {
        response.name: [{"text": variant["text"]} for variant in response.variants]
        for response in Project(ROOT).responses
        if response.name.startswith(f"utter_{FAQ}/")
    }
    plain = json.dumps({"version": "3.1", "nlu": nlu, "responses": answers}, ensure_ascii=False)
    (folder / "nlu.yml").write_text(yaml.safe_dump(json.loads(plain), allow_unicode=True), encoding="utf-8")


def run_pipeline(work: Path, name: str, config: Mapping[str, Any]) -> Measured:
    """Trains a pipeline and has it read all test phrases."""
    path = work / f"{name}.yml"
    path.write_text(yaml.safe_dump(dict(learning_anew(config, work))), encoding="utf-8")
    print(f"training {name} ...", flush=True)
    trained = train(work, name, path)
    print(f"  {trained.seconds:.0f} s; reading the test phrases ...", flush=True)
    command = [sys.executable, "-m", "tests.bench_nlu", "--read", str(trained.model)]
    printed = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **QUIET, **ONE_THREAD}, check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    return Measured(trained, json.loads(printed.splitlines()[-1]))


def learning_anew(config: Mapping[str, Any], work: Path) -> dict[str, Any]:
    """The config with the project's classifier keeping what it learns with the run, so that it takes nothing learned before."""
    kept = {CLASSIFIER: {"kept_in": str(work / "kept")}}
    return {**config, "pipeline": [{**component, **kept.get(component["name"], {})} for component in config["pipeline"]]}


def train(work: Path, name: str, config: Path) -> Trained:
    """Trains with `rasa train nlu`, without its cache, and watches what it takes.

    Raises:
        SystemExit: training failed; the message names its log.
    """
    models, log = work / name, work / f"{name}.log"
    places = ["--nlu", str(work / "data"), "--config", str(config), "--out", str(models), "--domain", str(ROOT / "domain.yml")]
    cache = {"RASA_CACHE_DIRECTORY": str(work / f"{name}-cache"), "RASA_MAX_CACHE_SIZE": "0"}
    started = time.perf_counter()
    with log.open("w") as output:
        command = [sys.executable, "-m", "rasa", "train", "nlu", *places]
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **QUIET, **cache}, stdout=output, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"training {name} failed: see {log}")
    per_mb = 1024 * 1024 if sys.platform == "darwin" else 1024  # macOS counts in bytes
    return Trained(newest_model(models), seconds, used.ru_maxrss / per_mb)


def read_phrases_alone(model: Path) -> dict[str, Any]:
    """Loads a model in this process, has it read all test phrases, and tells what that took and brought."""
    from bot.evaluation.reading import read, read_alarms

    phrases, alarms = read_sets()

    async def understand() -> tuple[float, Report]:
        started = time.perf_counter()
        agent = load_agent(model)
        seconds = time.perf_counter() - started
        return seconds, measure(await read(agent, phrases), await read_alarms(agent, alarms))

    with quiet():
        from rasa.utils.tensorflow.environment import setup_tf_environment

        setup_tf_environment()  # the number of threads, as `rasa run` sets it
        load_seconds, report = asyncio.run(understand())
    return {"load_seconds": load_seconds, "memory_mb": memory_mb(os.getpid()), "report": as_data(report)}


def compare(ours: Measured, rasa: Measured) -> list[Line]:
    """Every figure side by side."""
    return [
        Line(name, _shown(form, mine), _shown(form, theirs), ratio(mine, theirs))
        for (name, form, mine), (_, _, theirs) in zip(figures(ours), figures(rasa), strict=True)
    ]


def figures(one: Measured) -> list[tuple[str, str, float | None]]:
    """Name, how it is shown, and value of what a pipeline takes and brings."""
    trained, read, found = one.trained, one.read, one.read["report"]["figures"][ALL]
    shares = {
        "first topic right": found["scope"]["first"],
        "right in the first three": found["scope"]["in_three"],
        "answered right": found["scope"]["answered_right"],
        "out-of-scope let through": found["let_through"],
        "the same, where 95 % of the right are kept": found["let_through_when_kept"],
        "red flags found": found["red_flags_found"],
        "false alarms among all else": found["false_alarms"],
    }
    return [
        ("training", "{:.0f} s", trained.seconds),
        ("peak memory in training", "{:.0f} MB", trained.peak_mb),
        ("model", "{:.1f} MB", trained.size_mb),
        ("loading", "{:.1f} s", read["load_seconds"]),
        ("memory of the process", "{:.0f} MB", read["memory_mb"]),
        ("a message, p50", "{:.1f} ms", read["report"]["latency"]["p50"]),
        ("a message, p95", "{:.1f} ms", read["report"]["latency"]["p95"]),
        *((name, "{:.1f} %", _in_percent(share)) for name, share in shares.items()),
    ]


def ratio(ours: float | None, rasa: float | None) -> str:
    """The first as a multiple of the second; a dash where there is nothing to compare."""
    return "-" if ours is None or not rasa else f"{ours / rasa:.2f}"


def show(lines: Sequence[Line], examples: int, console: Console) -> None:
    """Prints the comparison."""
    table = Table("figure", "ours", "Rasa's default", "ours / Rasa's", title=f"Trained on the same {examples} examples")
    for line in lines:
        table.add_row(line.name, line.ours, line.rasa, line.ratio)
    console.print(table)


def _in_percent(share: Mapping[str, Any]) -> float | None:
    return None if share["fraction"] is None else 100 * float(share["fraction"])


def _shown(form: str, value: float | None) -> str:
    return "-" if value is None else form.format(value)


if __name__ == "__main__":
    main()
