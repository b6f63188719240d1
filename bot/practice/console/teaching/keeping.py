"""Conversations that wait to become tests; `python -m bot learn` writes their files, since the web application changes no source."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.engine import Connection

from bot.practice.console.staff.accounts import Account
from bot.practice.console.teaching.models import kept_test

FOLDER = Path("tests/conversations/kept")
OPEN = "open"
WRITTEN = "written"
FAILING = "failing"
"""The assistant does not do it yet; it is tried again with each learning."""
TAKEN_BACK = "taken_back"

Row = Mapping[str, Any]


def path_of(name: str) -> Path:
    """The file of a kept test, seen from the project's root."""
    return FOLDER / f"{name}.yml"


def test_of(path: Path) -> str:
    """The name under which the suite runs a conversation's file."""
    return f"tests/conversations/test_conversations.py::test_conversation[{FOLDER.name}/{path.stem}]"


def waiting(connection: Connection) -> list[Row]:
    """What is to be written and tried."""
    query = select(kept_test).where(kept_test.c.state.in_([OPEN, FAILING])).order_by(kept_test.c.id)
    return list(connection.execute(query).mappings())


def of_conversation(connection: Connection, number: int) -> Row | None:
    """The test that a conversation was kept as."""
    query = select(kept_test).where(kept_test.c.conversation_id == number).order_by(kept_test.c.id.desc()).limit(1)
    return connection.execute(query).mappings().first()


def is_free(connection: Connection, name: str, number: int) -> bool:
    """Whether a conversation can be kept under a name: no other has it, and no file of its own."""
    others = kept_test.c.conversation_id != number
    query = select(kept_test.c.id).where(kept_test.c.name == name, or_(others, kept_test.c.state == WRITTEN))
    return connection.execute(query).first() is None


def keep(connection: Connection, number: int, name: str, script: str, who: Account, now: datetime) -> None:
    """Keeps a conversation as a test under a free name, in the place of what there is no file of."""
    connection.execute(delete(kept_test).where(kept_test.c.conversation_id == number, kept_test.c.state != WRITTEN))
    connection.execute(insert(kept_test).values(conversation_id=number, name=name, script=script, staff_name=who.name, at=now))


def conclude(connection: Connection, numbers: Sequence[int], state: str) -> None:
    """Sets what became of tests."""
    connection.execute(update(kept_test).where(kept_test.c.id.in_(numbers)).values(state=state))
