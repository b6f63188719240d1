"""The command line as a whole."""

import pytest

from bot import settings as project
from bot.__main__ import COMMANDS, main
from bot.settings import SettingsError


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([command, "--help"])
    assert end.value.code == 0
    assert command in capsys.readouterr().out


def test_an_unknown_command_lists_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["fly"])
    assert end.value.code == 2
    assert all(command in capsys.readouterr().err for command in ["evaluate"])


def test_a_setting_that_cannot_be_used_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> None:
        raise SettingsError("settings that can't be used: ACTIONS_PORT: value is not a valid integer")

    monkeypatch.setattr(project, "load", broken)
    assert main(["check"]) == 2
    assert capsys.readouterr().err == "settings that can't be used: ACTIONS_PORT: value is not a valid integer\n"
