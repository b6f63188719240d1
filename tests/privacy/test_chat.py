"""A visitor of the website has their data deleted in the chat: the whole running system, every file of it looked into."""

import time
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

import pytest

from tests.conversations.facts import facts_for
from tests.system import System

pytestmark = pytest.mark.slow

NAME, WORD = "Geertruida Plantedstra", "aardbeienvlek"


def holding(folder: Path, *needles: str) -> set[str]:
    """Files in which one of these stands as it is."""
    wanted = [needle.encode() for needle in needles]
    return {path.name for path in folder.rglob("*") if path.is_file() and any(needle in path.read_bytes() for needle in wanted)}


def wait_until(condition: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + 90
    while not condition():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.3)


def test_said_booked_and_deleted_everywhere(system: System) -> None:
    folder, email = system.settings.var_dir, facts_for(system.settings, datetime.now(timezone.utc))["email"]
    chat = system.open()
    chat.say(f"my skin has an {WORD} since summer")
    chat.say("book a video consultation")
    chat.tap(chat.last.times[0]["payload"])
    chat.say(NAME)
    chat.say(email)
    chat.tap("/skip")
    assert chat.tap({"confirm": "yes"}).responses == ["utter_booked"]
    assert {"conversations.db", "practice.db"} <= {name.removesuffix("-wal") for name in holding(folder, NAME, email, WORD)}
    wait_until(lambda: "practice" in str(holding(folder, WORD)), "the console has not read it")

    asked = chat.say("please delete my data")
    assert asked.responses == ["utter_delete_data_and_appointments"] and len(asked.cards) == 1
    deleting = chat.post({"id": "11111111-1111-4111-8111-111111111111", "payload": chat.offered({"deletion": "all"})})
    assert "new one" in deleting.json()["messages"][0]["text"]
    wait_until(lambda: not holding(folder, NAME, email, WORD), f"still in {holding(folder, NAME, email, WORD)}")
    assert chat.post({"id": "22222222-2222-4222-8222-222222222222", "text": "hello?"}).status_code == 401
    assert system.open().say("hello").responses == ["utter_greet"]
