"""`train`: makes a model if the files it is made from have changed."""

import argparse
import sys
import time
from typing import Any

from bot.running.training import TrainingError, is_trained, train
from bot.settings import Settings


def add_parser(subparsers: Any) -> None:
    """Adds the command to the command line."""
    parser = subparsers.add_parser("train", help="train the model, if something it is made from has changed")
    parser.add_argument("--force", action="store_true", help="train in any case")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Trains; 1 when it failed."""
    return 0 if ensure_trained(settings, args.force) else 1


def ensure_trained(settings: Settings, force: bool = False) -> bool:
    """Trains where needed and tells what it does; False when it failed."""
    if is_trained(settings.models_dir) and not force:
        print("The model is up to date.")
        return True
    print("Training the assistant: a few minutes.", flush=True)
    started = time.monotonic()
    try:
        model = train(settings, lambda line: print(line, flush=True))
    except TrainingError as error:
        print(error, file=sys.stderr)
        return False
    print(f"Trained {model.name} in {time.monotonic() - started:.0f} s.")
    return True
