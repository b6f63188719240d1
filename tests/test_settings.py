"""The table of settings: defaults, what is refused, and the secret."""

import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from bot import settings as project
from bot.commands.settings import example
from bot.settings import ROOT, Settings, SettingsError, load

CALLERS = 16


@pytest.fixture(autouse=True)
def _only_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting from this machine: neither its environment nor its .env."""
    for name in Settings.__fields__:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(Settings.__config__, "env_file", None)


def given(tmp_path: Path, **values: Any) -> Settings:
    return Settings(**{"var_dir": tmp_path / "var", **values})


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_example_file_is_made_from_the_table() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == example()


def test_the_example_names_every_setting_once_and_sets_none() -> None:
    lines = example().splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == []
    names = [line[1:].partition("=")[0] for line in lines if line.startswith("#") and not line.startswith("# ")]
    assert names == [name.upper() for name in Settings.__fields__]


@pytest.mark.parametrize("name", Settings.__fields__)
def test_every_setting_says_what_it_is_for(name: str) -> None:
    assert Settings.__fields__[name].field_info.description


def test_the_defaults_load() -> None:
    settings = load()
    assert settings.var_dir == ROOT / "var"
    assert settings.conversations_database == f"sqlite:///{ROOT / 'var' / 'conversations.db'}"
    assert settings.practice_database == f"sqlite:///{ROOT / 'var' / 'practice.db'}"


def test_the_environment_goes_before_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("ASSISTANT_PORT=6001\nACTIONS_PORT=6002\n")
    monkeypatch.setattr(Settings.__config__, "env_file", file)
    monkeypatch.setenv("ASSISTANT_PORT", "7001")
    settings = load()
    assert (settings.assistant_port, settings.actions_port) == (7001, 6002)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ASSISTANT_PORT", "many"),
        ("ACTIONS_PORT", ""),
        ("SESSION_HOURS", "0"),
        ("MESSAGES_PER_MINUTE", "-1"),
        ("VIDEO_MINUTES", "15"),
        ("BOOKING_NOTICE_HOURS", "-1"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        load()


def test_all_values_that_cannot_be_used_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_PORT", "many")
    monkeypatch.setenv("SESSION_HOURS", "0")
    with pytest.raises(SettingsError, match="ASSISTANT_PORT.*SESSION_HOURS"):
        load()


def test_a_short_secret_is_refused_without_telling_it(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="SECRET_KEY") as refusal:
        _ = given(tmp_path, secret_key="x" * 31).master_secret
    assert "xxx" not in str(refusal.value)


def test_a_secret_of_ones_own_is_used_and_nothing_is_written(tmp_path: Path) -> None:
    assert given(tmp_path, secret_key="x" * 32).master_secret == "x" * 32
    assert not (tmp_path / "var").exists()


def test_the_generated_secret_is_long_kept_and_private(tmp_path: Path) -> None:
    secret = given(tmp_path).master_secret
    assert len(secret) >= 32
    assert given(tmp_path).master_secret == secret
    assert [(path.name, mode(path)) for path in (tmp_path / "var").iterdir()] == [("secret.key", 0o600)]


def test_two_installations_have_different_secrets(tmp_path: Path) -> None:
    assert given(tmp_path / "one").master_secret != given(tmp_path / "other").master_secret


def test_callers_that_all_find_no_secret_end_up_with_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    everybody = threading.Barrier(CALLERS)
    write_once = project._write_once

    def write_together(path: Path, content: str) -> None:
        everybody.wait(10)  # nobody writes before all have seen that there is none
        write_once(path, content)

    monkeypatch.setattr(project, "_write_once", write_together)
    find_secret = Settings.master_secret.func  # like processes: without the lock that the property holds among threads
    with ThreadPoolExecutor(CALLERS) as threads:
        secrets = list(threads.map(lambda _: find_secret(given(tmp_path)), range(CALLERS)))
    assert len(set(secrets)) == 1
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret.key"]


def test_keys_differ_by_purpose_and_by_secret_and_stay_the_same(tmp_path: Path) -> None:
    settings, other = given(tmp_path, secret_key="x" * 32), given(tmp_path, secret_key="y" * 32)
    keys = [settings.key_for("web-session"), settings.key_for("practice-api"), other.key_for("web-session")]
    assert len(set(keys)) == len(keys)
    assert settings.key_for("web-session") == keys[0]
    assert settings.master_secret not in keys


def test_a_page_of_this_machine_may_call_under_both_of_its_names(tmp_path: Path) -> None:
    assert given(tmp_path, practice_port=8123).allowed_origins == {"http://localhost:8123", "http://127.0.0.1:8123"}


def test_a_public_address_takes_the_place_of_this_machine(tmp_path: Path) -> None:
    assert given(tmp_path, practice_url="https://practice.example/").allowed_origins == {"https://practice.example"}


def test_other_websites_are_added_without_spaces_slashes_and_gaps(tmp_path: Path) -> None:
    settings = given(tmp_path, practice_url="https://practice.example", widget_origins=" https://a.example/ ,, https://b.example")
    assert settings.allowed_origins == {"https://practice.example", "https://a.example", "https://b.example"}


def test_one_database_holds_all_where_it_is_set(tmp_path: Path) -> None:
    settings = given(tmp_path, database_url="postgresql://user@host/name")
    assert settings.conversations_database == settings.practice_database == "postgresql://user@host/name"


def test_addresses_have_no_slash_at_the_end(tmp_path: Path) -> None:
    settings = given(tmp_path, assistant_url="https://a.example/", practice_url="https://b.example/")
    assert (settings.public_assistant_url, settings.public_practice_url) == ("https://a.example", "https://b.example")


def test_the_privacy_notice_is_the_applications_own_unless_set(tmp_path: Path) -> None:
    assert given(tmp_path, practice_port=8123).privacy_notice_url == "http://localhost:8123/privacy"
    assert given(tmp_path, privacy_url="https://p.example/privacy").privacy_notice_url == "https://p.example/privacy"
