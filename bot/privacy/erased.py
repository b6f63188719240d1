"""The list of what was erased, for a backup that is restored: digests in a file of its own, which no database's backup brings back.

A line is a day and the keyed digest of a conversation's name or an appointment's reference: nobody is found by it without the key.
"""

import hmac
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from bot.channels.messaging.schema import people
from bot.database import reading
from bot.practice.booking.models import appointment
from bot.practice.console.conversations.events import events
from bot.practice.console.conversations.models import conversation
from bot.privacy.databases import Databases
from bot.privacy.person import Person

FILE = "erased.txt"


def note(databases: Databases, person: Person, folder: Path, key: str, now: datetime) -> None:
    """Adds a person's records to the list, before they are erased."""
    with reading(databases.practice) as connection:
        references = connection.execute(select(appointment.c.reference).where(appointment.c.id.in_(person.appointments))).scalars().all()
    path = folder / FILE
    path.touch(mode=0o600)
    with path.open("a", encoding="ascii") as file:
        file.writelines(f"{now:%Y-%m-%d} {_digest(key, name)}\n" for name in (*sorted(person.senders), *references))


def come_back(databases: Databases, folder: Path, key: str) -> Person:
    """The records on the list that are there again."""
    path = folder / FILE
    listed = {line.split()[-1] for line in path.read_text(encoding="ascii").splitlines() if line} if path.exists() else set()
    senders: set[str] = set()
    for name, column in (("assistant", events.c.sender_id), ("messaging", people.c.conversation), ("practice", conversation.c.sender)):
        if databases.has(name, column.table.name):
            with reading(databases.engine(name)) as connection:
                senders |= _listed(connection.execute(select(column).distinct()).scalars(), listed, key)
    with reading(databases.practice) as connection:
        rows = connection.execute(select(appointment.c.id, appointment.c.reference)).all()
    return Person(frozenset(senders), frozenset(row.id for row in rows if _digest(key, row.reference) in listed))


def _listed(names: Iterable[str], listed: set[str], key: str) -> set[str]:
    return {name for name in names if _digest(key, name) in listed}


def _digest(key: str, name: str) -> str:
    return hmac.new(key.encode(), name.encode(), "sha256").hexdigest()
