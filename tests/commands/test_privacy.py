"""`privacy`: one person, from the command line."""

import argparse
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.commands import privacy as command
from tests.privacy.house import ANNA, BERT, House, opened


def privacy(house: House, *arguments: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers(dest="command"))
    return command.run(parser.parse_args(["privacy", *arguments]), house.settings)


def test_find_export_erase_and_again(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    both = f"{ANNA.email},{ANNA.phone}"
    folder = tmp_path / "var"
    folder.mkdir()
    with opened(folder) as house:
        for who in (ANNA, BERT):
            house.lives_in(who)
        assert privacy(house, "find", both) == 0
        assert " conversations" in capsys.readouterr().out
        assert privacy(house, "export", both, "--to", str(tmp_path / "a.zip"), "--masked") == 0
        with zipfile.ZipFile(tmp_path / "a.zip") as archive:
            assert ANNA.name not in archive.read("data.json").decode()
        monkeypatch.setattr(command, "datetime", SimpleNamespace(now=lambda _: house.now))
        monkeypatch.setattr("builtins.input", lambda _: "no")
        assert privacy(house, "erase", both) == 1
        assert privacy(house, "erase", both, "--yes") == 0
        assert "on the NAS" in capsys.readouterr().out
        assert house.holding(ANNA) == set() and house.holding(BERT)
        assert privacy(house, "find", both) == 1
        assert privacy(house, "find", "no such thing at all") == 1
        assert privacy(house, "erase-again") == 0
        assert privacy(house, "retain") == 0
