"""What the messaging channels keep about a person: to hand it out, and to erase it."""

from typing import Any

from sqlalchemy import Table, delete, select
from sqlalchemy.engine import Engine

from bot.channels.messaging.schema import identities, leases, offers, people, sendings, updates
from bot.channels.schema import rates
from bot.database import reading, writing

ABOUT_A_PERSON: tuple[Table, ...] = (people, identities, updates, sendings, offers)
"""Every table that has a column `conversation`."""


def export(engine: Engine, conversation: str) -> dict[str, list[dict[str, Any]]]:
    """All rows about a person, by table."""
    with reading(engine) as connection:
        return {
            table.name: [dict(row) for row in connection.execute(select(table).where(table.c.conversation == conversation)).mappings()]
            for table in ABOUT_A_PERSON
        }


def erase(engine: Engine, conversation: str) -> int:
    """Deletes all rows about a person and gives their number; who writes again is somebody new."""
    with writing(engine) as connection:
        connection.execute(delete(leases).where(leases.c.key.in_([f"in:{conversation}", f"out:{conversation}"])))
        connection.execute(delete(rates).where(rates.c.key == conversation))
        return sum(connection.execute(delete(table).where(table.c.conversation == conversation)).rowcount for table in ABOUT_A_PERSON)
