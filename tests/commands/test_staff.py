"""`staff`: accounts from the command line."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.commands import staff as command
from bot.commands.staff import has_accounts
from bot.database import open_database, reading
from bot.practice.console.models import audit
from bot.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, var_dir=tmp_path, secret_key="s" * 40)


def staff(settings: Settings, *arguments: str) -> int:
    import argparse

    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers(dest="command"))
    return command.run(parser.parse_args(["staff", *arguments]), settings)


def test_the_first_account(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert not has_accounts(settings)
    assert staff(settings, "add", "Anna@Practice.example", "--role", "administrator") == 0
    told = capsys.readouterr().out
    assert re.search(r"Password of Anna@Practice.example: \S{20}", told) and "/staff/" in told
    assert has_accounts(settings)
    assert staff(settings, "add", "anna@practice.example") == 1
    assert staff(settings, "list") == 0
    assert re.search(r"anna@practice.example\s+administrator", capsys.readouterr().out)


def test_later(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    staff(settings, "add", "anna")
    first = capsys.readouterr().out
    assert staff(settings, "password", "anna", "--drop-codes") == 0
    assert capsys.readouterr().out.splitlines()[0] != first.splitlines()[0]
    assert staff(settings, "disable", "anna") == 0
    assert not has_accounts(settings)
    assert staff(settings, "enable", "anna") == 0
    assert has_accounts(settings)
    assert staff(settings, "disable", "nobody") == 1
    with reading(open_database(settings.practice_database)) as connection:
        recorded = connection.execute(select(audit.c.action, audit.c.staff_name)).all()
    assert [tuple(row) for row in recorded] == [
        (action, "command line") for action in ("account_added", "password_reset", "account_disabled", "account_enabled")
    ]
