"""`check`: every fault of the language data and of the code that uses it, in seconds."""

import argparse
import time
from pathlib import Path
from typing import Any

from bot.checks.table import CHECKS, find_faults
from bot.settings import ROOT, Settings


def add_parser(subparsers: Any) -> None:
    """Adds the command to the command line."""
    parser = subparsers.add_parser("check", help="find faults in data/, domain.yml and the code that uses them")
    parser.add_argument("--root", type=Path, default=ROOT, help="the project's folder (this one)")


def run(args: argparse.Namespace, _settings: Settings) -> int:
    """Prints each fault with its place; 1 when there are any."""
    start = time.perf_counter()
    faults = find_faults(args.root)
    for fault in faults:
        print(fault)
    seconds = time.perf_counter() - start
    if faults:
        files = len({fault.path for fault in faults})
        print(f"\n{len(faults)} faults in {files} files ({len(CHECKS)} checks, {seconds:.1f} s)")
        return 1
    print(f"no faults ({len(CHECKS)} checks, {seconds:.1f} s)")
    return 0
