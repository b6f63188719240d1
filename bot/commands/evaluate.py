"""`evaluate`: how well the newest model understands phrases with known labels."""

import argparse
import asyncio
import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.checks.project import Project
from bot.evaluation.metrics import Confusion, Report, Scope, Share, measure
from bot.evaluation.model import NoModel, load_agent, newest_model, quiet
from bot.evaluation.phrases import PhraseFault, read_phrases
from bot.settings import ROOT, Settings

CONFUSIONS_SHOWN = 30


def add_parser(subparsers: Any) -> None:
    """Adds the command to the command line."""
    parser = subparsers.add_parser("evaluate", help="measure the understanding on phrases with known labels")
    lines = 'lines {"text": ..., "accept": ["faq/melasma", "task/price", "oos"]}'
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE.jsonl", help=lines)
    parser.add_argument("--model", type=Path, help="model to measure instead of the newest in models/")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")


def run(args: argparse.Namespace, _settings: Settings) -> int:
    """Measures and prints; 2 when a file can't be used, 1 without a model."""
    # the channel's libraries take a second to import, for which the other commands need not wait
    from bot.evaluation.reading import read

    try:
        topics = Project(ROOT).topics.keys()
        phrases = [phrase for file in args.files for phrase in read_phrases(file, topics)]
    except PhraseFault as fault:
        print(fault, file=sys.stderr)
        return 2
    try:
        with quiet():
            outcomes = asyncio.run(read(load_agent(args.model or newest_model()), phrases))
    except NoModel as error:
        print(error, file=sys.stderr)
        return 1
    report = measure(outcomes)
    if args.json:
        print(json.dumps(as_data(report), indent=2, ensure_ascii=False))
    else:
        show(report, Console())
    return 0


def as_data(report: Report) -> dict[str, Any]:
    """The report as plain data: each share with its count, total and fraction."""
    return _plain(report)


def _plain(value: Any) -> Any:
    if isinstance(value, Share):
        return {"count": value.count, "total": value.total, "fraction": value.fraction}
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list) else value


def show(report: Report, console: Console) -> None:
    """Prints the report for people."""
    console.print(_figures(report))
    if report.by_style:
        console.print(_styles(report.by_style))
    if report.confusions:
        console.print(_confused(report.confusions))


def _figures(report: Report) -> Table:
    table = Table("figure", "share", "count", title="Understanding")
    rows = [
        ("first topic right", report.scope.first),
        ("right in the first three", report.scope.in_three),
        ("answered right", report.scope.answered_right),
        ("not answered though in scope", report.scope.unsure),
        ("out-of-scope let through", report.let_through),
        *((f"  {kind}", share) for kind, share in report.let_through_by_kind.items()),
        ("red flags found", report.red_flags_found),
        ("false alarms", report.false_alarms),
    ]
    for name, share in rows:
        table.add_row(name, _percent(share), f"{share.count} of {share.total}")
    table.add_row("macro-F1", f"{report.macro_f1:.3f}", "")
    table.add_row("time a message", f"p50 {report.latency.p50:.1f} ms", f"p95 {report.latency.p95:.1f} ms")
    return table


def _styles(styles: dict[str, Scope]) -> Table:
    table = Table("style", "first", "first three", "answered right", "phrases", title="By style")
    for style, scope in styles.items():
        shares = (scope.first, scope.in_three, scope.answered_right)
        table.add_row(style, *(_percent(share) for share in shares), str(scope.first.total))
    return table


def _confused(confusions: Sequence[Confusion]) -> Table:
    table = Table("expected", "answered as", "times", title="Confusions")
    for confusion in confusions[:CONFUSIONS_SHOWN]:
        table.add_row(confusion.expected, confusion.got, str(confusion.count))
    if len(confusions) > CONFUSIONS_SHOWN:
        table.caption = f"and {len(confusions) - CONFUSIONS_SHOWN} more; --json lists all"
    return table


def _percent(share: Share) -> str:
    return "-" if share.fraction is None else f"{100 * share.fraction:.1f} %"
