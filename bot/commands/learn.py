"""`learn`: what staff corrected becomes examples and a better model, or nothing changes."""

import argparse
import os
import sys
from datetime import datetime, timezone
from typing import Any

from bot.database import open_database
from bot.evaluation.model import NoModel
from bot.evaluation.phrases import PhraseFault
from bot.learning.learn import CannotLearn, Learning, Places
from bot.learning.workshop import NoTestResult, Workshop
from bot.practice.schema import create_tables
from bot.running.training import TrainingError
from bot.settings import ROOT, Settings

NICENESS = 10
"""Visitors of the running assistant come first."""


def add_parser(subparsers: Any) -> None:
    """Adds the command to the command line."""
    parser = subparsers.add_parser("learn", help="learn from the staff's corrections; a model that is worse is refused")
    parser.add_argument("--back", action="store_true", help="take back what was learned last: model, examples and tests")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Learns; 1 where nothing was learned because it can't be or is refused."""
    os.nice(NICENESS)
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    engine = open_database(settings.practice_database)
    create_tables(engine)
    learning = Learning(
        Places(ROOT, settings.models_dir, settings.var_dir / "learning"),
        engine,
        Workshop(settings, _say),
        lambda: datetime.now(timezone.utc),
        _say,
    )
    try:
        return 0 if (learning.back() if args.back else learning.run()) else 1
    except (CannotLearn, TrainingError, NoModel, PhraseFault, NoTestResult) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        engine.dispose()


def _say(line: str) -> None:
    print(line, flush=True)
