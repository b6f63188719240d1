"""The three processes: how each is started, and when it is healthy."""

import json
import os
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.running.environment import environment
from bot.settings import ROOT, Settings


@dataclass(frozen=True)
class Part:
    """One process."""

    name: str
    port: int
    health: str
    """URL that answers 200 when the process can work."""


def parts(settings: Settings) -> tuple[Part, ...]:
    """The three processes in the order in which they need each other."""
    base = f"http://{settings.host}"
    return (
        Part("practice", settings.practice_port, f"{base}:{settings.practice_port}/health"),
        Part("actions", settings.actions_port, f"{base}:{settings.actions_port}/health"),
        Part("assistant", settings.assistant_port, f"{base}:{settings.assistant_port}/webhooks/web/health"),
    )


def port_in_use(host: str, port: int) -> bool:
    """Whether something listens there already."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((host, port)) == 0


def is_healthy(part: Part) -> bool:
    """Whether the process answers that it can work."""
    try:
        with urllib.request.urlopen(part.health, timeout=1) as answer:
            body: Mapping[str, Any] = json.load(answer)
            return bool(answer.status == 200 and body.get("status") == "ok")
    except (urllib.error.URLError, OSError, ValueError):
        return False


def serve(name: str, settings: Settings) -> None:
    """Becomes one of the processes; returns only when it ends."""
    SERVERS[name](settings)


def _serve_practice(settings: Settings) -> None:
    from bot.practice import app

    app.serve(settings)


def _serve_actions(settings: Settings) -> None:
    _become(settings, "-m", "rasa_sdk", "--actions", "actions", "--port", str(settings.actions_port))


def _serve_assistant(settings: Settings) -> None:
    _become(
        settings,
        *("-m", "rasa", "run", "--model", str(settings.models_dir), "--port", str(settings.assistant_port), "--interface", settings.host),
        *("--endpoints", str(ROOT / "endpoints.yml"), "--credentials", str(ROOT / "credentials.yml")),
    )


def _become(settings: Settings, *arguments: str) -> None:
    """Replaces this process, so that signals reach the real one."""
    os.chdir(ROOT)
    os.execve(sys.executable, [sys.executable, *arguments], environment(settings))


SERVERS: Mapping[str, Callable[[Settings], None]] = {
    "practice": _serve_practice,
    "actions": _serve_actions,
    "assistant": _serve_assistant,
}
