"""The command line: `python -m bot <command>`."""

import argparse
import sys

from bot import settings
from bot.commands import ask, check, evaluate, learn, privacy, run, staff, telegram, train
from bot.commands import settings as settings_command

COMMANDS = {
    "run": run,
    "train": train,
    "ask": ask,
    "check": check,
    "evaluate": evaluate,
    "learn": learn,
    "telegram": telegram,
    "staff": staff,
    "privacy": privacy,
    "settings": settings_command,
}
"""Name -> its module with `add_parser(subparsers)` and `run(args, settings)`."""


def main(arguments: list[str] | None = None) -> int:
    """Runs one command and gives its exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot", description="The consultation assistant, for people who work on it.")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="command")
    for command in COMMANDS.values():
        command.add_parser(subparsers)
    args = parser.parse_args(arguments)
    try:
        return COMMANDS[args.command].run(args, settings.load())
    except settings.SettingsError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
