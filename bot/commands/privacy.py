"""`privacy`: what is known about one person: find it, export it, erase it; and let old data go."""

import argparse
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from bot.database import writing
from bot.practice.console.audit import COMMAND_LINE, record
from bot.practice.schema import create_tables
from bot.privacy import erased, erasure, export, retention
from bot.privacy.databases import Databases, open_databases
from bot.privacy.person import Person
from bot.privacy.places import find
from bot.privacy.search import NotReadable, find_person
from bot.settings import Settings


def add_parser(subparsers: Any) -> None:
    """Adds the command to the command line."""
    parser = subparsers.add_parser("privacy", help="what is known about one person: find, export, erase; retain lets old data go")
    tasks = parser.add_subparsers(dest="task", required=True, metavar="task")
    for task, told in (
        ("find", "count what is known, by place"),
        ("export", "write it into a ZIP archive"),
        ("erase", "erase it everywhere"),
    ):
        one = tasks.add_parser(task, help=told)
        one.add_argument("who", nargs="?", help="e-mail address, telephone number, reference or conversation; without it, it is asked for")
        if task == "export":
            one.add_argument("--to", type=Path, default=Path(export.NAME), help=f"the archive ({export.NAME})")
            one.add_argument("--masked", action="store_true", help="with names, numbers and addresses hidden")
        if task == "erase":
            one.add_argument("--yes", action="store_true", help="without asking")
    tasks.add_parser("retain", help="erase now what is older than the settings allow")
    tasks.add_parser("erase-again", help="after a backup was restored: erase again what had been erased")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Does it; 1 where nothing was found or it can't be done now."""
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    with open_databases(settings) as databases:
        create_tables(databases.practice)
        return TASKS[args.task](args, settings, databases, datetime.now(timezone.utc))


def _find(args: argparse.Namespace, _settings: Settings, databases: Databases, now: datetime) -> int:
    person = _person(args, databases)
    if person is None:
        return 1
    _count({place: sum(map(len, tables.values())) for place, tables in find(databases, person).items()})
    _record(databases, "person_found", now)
    return 0


def _export(args: argparse.Namespace, _settings: Settings, databases: Databases, now: datetime) -> int:
    person = _person(args, databases)
    if person is None:
        return 1
    args.to.touch(mode=0o600)
    args.to.write_bytes(export.archive(find(databases, person), now, "en", args.masked))
    _record(databases, "person_exported", now, masked=args.masked)
    print(f"Written to {args.to}.")
    return 0


def _erase(args: argparse.Namespace, settings: Settings, databases: Databases, now: datetime) -> int:
    person = _person(args, databases)
    if person is None:
        return 1
    if not args.yes and input("Erase it? It can't be brought back. Type yes: ").strip() != "yes":
        return 1
    return _do(person, settings, databases, now)


def _erase_again(_args: argparse.Namespace, settings: Settings, databases: Databases, now: datetime) -> int:
    person = erased.come_back(databases, settings.var_dir, settings.key_for("privacy"))
    if not person:
        print("Nothing that was erased has come back.")
        return 0
    return _do(person, settings, databases, now)


def _do(person: Person, settings: Settings, databases: Databases, now: datetime) -> int:
    with writing(databases.practice) as connection:
        number = erasure.ask(connection, person, COMMAND_LINE, now)
        record(connection, None, "person_erased", f"erasure:{number}", now)
    done = erasure.perform(databases, number, settings.var_dir, settings.key_for("privacy"), now)
    if not done.done:
        print("A message is being answered or a database does not answer: `run` does it as soon as it can.", file=sys.stderr)
        return 1
    _count(done.counts)
    print(
        f"Backups still hold it: {settings.backups}"
        if settings.backups
        else "Backups, if there are any, still hold it: say where in BACKUPS."
    )
    return 0


def _retain(_args: argparse.Namespace, settings: Settings, databases: Databases, now: datetime) -> int:
    _count(retention.retain(databases, settings, now))
    return 0


def _person(args: argparse.Namespace, databases: Databases) -> Person | None:
    """Who is meant; what is typed at a prompt stands in no history of a shell."""
    try:
        person = find_person(databases, args.who or input("E-mail address, telephone number, reference or conversation: "))
    except NotReadable:
        print("That is no e-mail address, telephone number, reference or conversation.", file=sys.stderr)
        return None
    if not find(databases, person):
        print("Nothing is known.", file=sys.stderr)
        return None
    return person


def _record(databases: Databases, action: str, now: datetime, **detail: Any) -> None:
    with writing(databases.practice) as connection:
        record(connection, None, action, "", now, **detail)


def _count(counts: Any) -> None:
    for place, number in counts.items():
        print(f"{number:8} {place}")


TASKS = {"find": _find, "export": _export, "erase": _erase, "retain": _retain, "erase-again": _erase_again}
