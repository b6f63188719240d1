"""`staff`: accounts for the console."""

import argparse
import sys
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.database import open_database, reading, writing
from bot.practice.console.audit import record
from bot.practice.console.models import staff
from bot.practice.console.staff import accounts, log_in
from bot.practice.console.staff.accounts import LoginTaken, NoSuchAccount, Role
from bot.practice.schema import create_tables
from bot.settings import Settings

HOW_TO_GET_IN = ".venv/bin/python -m bot staff add you@practice.example --role administrator"


def add_parser(subparsers: Any) -> None:
    """Adds the command to the command line."""
    parser = subparsers.add_parser("staff", help="accounts for the console: add, list, password, disable, enable")
    tasks = parser.add_subparsers(dest="task", required=True, metavar="task")
    adding = tasks.add_parser("add", help="make an account and print its first password")
    adding.add_argument("login", help="e-mail address or login name")
    adding.add_argument("--name", help="as colleagues see it (the login)")
    adding.add_argument("--role", choices=[role.key for role in Role], default=Role.READER.key, help="what it may do (reader)")
    tasks.add_parser("list", help="every account")
    for task, told in (
        ("password", "print a new password and log out everywhere"),
        ("disable", "lock out at once"),
        ("enable", "let in again"),
    ):
        tasks.add_parser(task, help=told).add_argument("login")
    tasks.choices["password"].add_argument("--drop-codes", action="store_true", help="switch one-time codes off as well")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Does it; 1 where it can't be done."""
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    engine = open_database(settings.practice_database)
    create_tables(engine)
    now = datetime.now(timezone.utc)
    try:
        with writing(engine) as connection:
            TASKS[args.task](connection, args, now)
    except LoginTaken:
        print(f"{args.login} is in use.", file=sys.stderr)
        return 1
    except NoSuchAccount:
        print(f"There is no account {args.login}.", file=sys.stderr)
        return 1
    finally:
        engine.dispose()
    if args.task == "add":
        print(f"The console: {settings.public_practice_url}/staff/")
    return 0


def has_accounts(settings: Settings) -> bool:
    """Whether anybody can get into the console."""
    engine = open_database(settings.practice_database)
    try:
        return _any(engine)
    except SQLAlchemyError:
        return False
    finally:
        engine.dispose()


def _any(engine: Engine) -> bool:
    with reading(engine) as connection:
        return connection.execute(select(staff.c.id).where(staff.c.disabled_at.is_(None)).limit(1)).first() is not None


def _add(connection: Connection, args: argparse.Namespace, now: datetime) -> None:
    number, password = accounts.add(connection, args.login, args.name or args.login, Role.named(args.role), now)
    record(connection, None, "account_added", f"staff:{number}", now, role=args.role)
    _print_password(args.login, password)


def _list(connection: Connection, _args: argparse.Namespace, _now: datetime) -> None:
    for each in accounts.all_accounts(connection):
        print(f"{each.login:32} {each.role.key:14} {each.name}" + (" (disabled)" if each.disabled else ""))


def _password(connection: Connection, args: argparse.Namespace, now: datetime) -> None:
    found = accounts.account(connection, login=args.login)
    password = accounts.reset_password(connection, found.id, args.drop_codes)
    log_in.forgive(connection, found.login)
    record(connection, None, "password_reset", f"staff:{found.id}", now)
    _print_password(found.login, password)


def _disable(connection: Connection, args: argparse.Namespace, now: datetime) -> None:
    found = accounts.account(connection, login=args.login)
    accounts.disable(connection, found.id, now)
    record(connection, None, "account_disabled", f"staff:{found.id}", now)


def _enable(connection: Connection, args: argparse.Namespace, now: datetime) -> None:
    found = accounts.account(connection, login=args.login)
    accounts.enable(connection, found.id)
    record(connection, None, "account_enabled", f"staff:{found.id}", now)


def _print_password(login: str, password: str) -> None:
    print(f"Password of {login}: {password}\nIt is shown only now, and has to be changed at the first log-in.")


TASKS = {"add": _add, "list": _list, "password": _password, "disable": _disable, "enable": _enable}
