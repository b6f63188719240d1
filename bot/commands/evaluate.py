"""`evaluate`: how well the newest model understands phrases with known labels, and what more examples would bring."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

from bot.checks.project import Project
from bot.evaluation import printing
from bot.evaluation.learning_curve import LearningCurve, learn_topics, learning_curve
from bot.evaluation.metrics import Report, measure
from bot.evaluation.model import NoModel, load_agent, newest_model, quiet
from bot.evaluation.page import write_page
from bot.evaluation.phrases import AlarmPhrase, Phrase, PhraseFault
from bot.evaluation.results import CURVE, REPORT, as_json, keep
from bot.evaluation.sampling import with_language
from bot.evaluation.sets import read_sets
from bot.settings import ROOT, Settings
from bot.texts import LANGUAGES

CLASSIFIER = "bot.nlu.classifier.TopicClassifier"


def add_parser(subparsers: Any) -> None:
    """Adds the command to the command line."""
    parser = subparsers.add_parser("evaluate", help="measure the understanding on phrases with known labels")
    lines = 'lines {"text": ..., "accept": ["faq/melasma", "task/price", "oos"]}; without a file all of tests/language/ and the red flags'
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE.jsonl", help=lines)
    alarms = 'lines {"text": ..., "language": "en", "red_flag": true}'
    parser.add_argument("--red-flags", nargs="+", type=Path, default=[], metavar="FILE.jsonl", help=alarms)
    parser.add_argument("--model", type=Path, help="model to measure instead of the newest in models/")
    parser.add_argument("--learning-curve", action="store_true", help="train on 25 to 100 %% of the examples instead, and measure each")
    parser.add_argument("--vary", choices=LANGUAGES, help="the same with a part of this language's examples, beside all of the others'")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Measures, prints and writes the page; 2 when a file can't be used, 1 without a model."""
    try:
        phrases, alarms = read_sets(args.files, args.red_flags)
    except PhraseFault as fault:
        print(fault, file=sys.stderr)
        return 2
    folder = settings.var_dir / "evaluation"
    measured = datetime.now(timezone.utc).isoformat(timespec="minutes")
    if args.learning_curve or args.vary:
        curve = _learning_curve(phrases, args.vary)
        keep(folder, f"{CURVE}_{args.vary}" if args.vary else CURVE, {"measured": measured, "curve": curve})
        _show(curve, [printing.curve_table(curve)], write_page(folder), args.json)
        return 0
    try:
        model = args.model or newest_model(settings.models_dir)
        report = _report(model, phrases, alarms)
    except NoModel as error:
        print(error, file=sys.stderr)
        return 1
    keep(folder, REPORT, {"measured": measured, "model": model.name, "report": report})
    _show(report, list(printing.tables(report)), write_page(folder), args.json)
    return 0


def _report(model: Path, phrases: Sequence[Phrase], alarms: Sequence[AlarmPhrase]) -> Report:
    # the channel's libraries take a second to import, for which the other commands need not wait
    from bot.evaluation.reading import read, read_alarms

    async def outcomes() -> Report:
        agent = load_agent(model)
        return measure(await read(agent, phrases), await read_alarms(agent, alarms))

    with quiet():
        return asyncio.run(outcomes())


def _learning_curve(phrases: Sequence[Phrase], varied: str | None) -> LearningCurve:
    pipeline = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    config = next(component for component in pipeline if component["name"] == CLASSIFIER)
    sizes = []
    with quiet():
        for size in learning_curve(with_language(Project(ROOT).examples), phrases, learn_topics(config), varied):
            print(f"{100 * size.part:.0f} %: learned from {size.examples} examples in {size.seconds:.0f} s", file=sys.stderr, flush=True)
            sizes.append(size)
    return LearningCurve(varied, sizes)


def _show(result: Report | LearningCurve, tables: Sequence[Table], page: Path, as_data: bool) -> None:
    if as_data:
        print(as_json(result))
        return
    console = Console()
    for table in tables:
        console.print(table)
    console.print(f"Page with plots: {page}", soft_wrap=True, markup=False, highlight=False)
