"""README names what there is, all of it and nothing else."""

import re
from datetime import datetime, timezone
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from bot.__main__ import COMMANDS
from bot.practice.app import create_app
from bot.running.processes import SERVERS
from bot.settings import ROOT, Settings

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
INLINE = re.findall(r"`([^`\n]+)`", re.sub(r"^```\n.*?^```$", "", README, flags=re.DOTALL | re.MULTILINE))
CODE = [*(line for block in BLOCKS for line in block.splitlines()), *INLINE]

MADE_LATER = {line.strip().rstrip("/") for line in (ROOT / ".gitignore").read_text().splitlines()}
"""What running it makes, and git leaves out."""


def named(pattern: str) -> set[str]:
    """What the pattern's group matches within README's code."""
    return {found for code in CODE for found in re.findall(pattern, code)}


def paths() -> list[str]:
    """Paths in backticks: what begins with a file or folder of the project, or ends like one."""
    tops = {path.name for path in ROOT.iterdir()} | MADE_LATER
    words = [word for code in INLINE for word in code.split() if not word.startswith(("/", "-"))]
    looks_like_one = re.compile(r"[\w./-]+(/|\.(py|md|yml|json|jsonl|sh|db|key|log))")
    return sorted({word for word in words if word.split("/")[0] in tops or looks_like_one.fullmatch(word)})


def exists(path: str) -> bool:
    return (ROOT / path).exists() or path.split("/")[0] in MADE_LATER


def routes(tmp_path: Path) -> set[str]:
    """Every address that the assistant and the practice answer."""
    settings = Settings(_env_file=None, var_dir=tmp_path, secret_key="s" * 40)
    app = create_app(settings, create_engine("sqlite://", future=True), lambda: datetime.now(timezone.utc))
    practice = {str(getattr(route, "path", "")) for route in app.routes}
    folder = ROOT / "bot" / "channels"
    channels = {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.py")}
    messaging = {path.parent.name: path.read_text(encoding="utf-8") for path in folder.glob("*/channel.py")}
    shared = messaging.pop("messaging")
    channels |= {name: text + shared for name, text in messaging.items()}
    assistant = {
        f"/webhooks/{name}{route}"
        for name, text in channels.items()
        for route in re.findall(r'@\w+\.(?:get|post|put|delete)\("([^"]+)"', text)
    }
    return practice | assistant


def test_every_make_target_is_named_and_no_other() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert named(r"\bmake ([a-z-]+)") == targets


def test_every_command_is_named_and_no_other() -> None:
    assert named(r"python -m bot (\w+)") == set(COMMANDS)


def test_paths_are_found_in_the_readme() -> None:
    assert {"bot/channels/", "data/red_flags.yml", "config.yml", "var/secret.key"} <= set(paths())


@pytest.mark.parametrize("path", paths())
def test_every_path_exists(path: str) -> None:
    assert exists(path)


def test_a_path_that_does_not_exist_is_noticed() -> None:
    assert not exists("bot/nowhere.py")


def test_every_process_can_be_started_as_described() -> None:
    assert named(r"python -m bot run (\w+)") <= set(SERVERS)


def test_every_endpoint_named_exists(tmp_path: Path) -> None:
    known = routes(tmp_path)
    assert named(r"^(?:GET|POST|PUT|DELETE) (/\S*)") - known == set()


def test_every_endpoint_is_named(tmp_path: Path) -> None:
    """Those of the booking backend stand in `/openapi.json`; files of the chat and the pages are fetched by these themselves."""
    own = {route for route in routes(tmp_path) if not route.startswith(("/api/", "/widget/", "/demo/"))}
    assert own - named(r"^(?:GET|POST|PUT|DELETE) (/\S*)") == set()


def test_every_setting_named_exists() -> None:
    settings = {name.upper() for name in Settings.__fields__}
    foreign = {"SANIC_WORKERS", "FORWARDED_ALLOW_IPS"}  # read by Rasa's and the practice's web servers themselves
    assert named(r"\b([A-Z]+(?:_[A-Z]+)+)\b") - settings == foreign
