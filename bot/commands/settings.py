"""`settings`: every setting with its default and what it is for, as an `.env` file."""

import argparse
import textwrap
from typing import Any

from bot.settings import ROOT, Settings


def add_parser(subparsers: Any) -> None:
    """Adds the command to the command line."""
    subparsers.add_parser("settings", help="print every setting with its default, in the form of an .env file")


def run(_args: argparse.Namespace, _settings: Settings) -> int:
    """Prints what `.env.example` holds."""
    print(example(), end="")
    return 0


def example() -> str:
    """The table of settings as an `.env` file in which every line is a comment."""
    blocks = ["# Every setting with its default. Copy to .env and change what differs; the environment goes before this file.\n"]
    for name, field in Settings.__fields__.items():
        default = str(field.default).replace(f"{ROOT}/", "")
        told = textwrap.wrap(field.field_info.description or "", 110)
        blocks.append("\n".join([*(f"# {line}" for line in told), f"#{name.upper()}={default}"]) + "\n")
    return "\n".join(blocks)
