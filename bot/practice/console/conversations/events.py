"""The assistant's events, as Rasa's tracker store keeps them; only read here."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cached_property
from typing import Any

from sqlalchemy import Column, Float, Integer, MetaData, String, Table, Text, select
from sqlalchemy.engine import Connection

events = Table(
    "events",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("sender_id", String(255), index=True),
    Column("type_name", String(255)),
    Column("timestamp", Float),
    Column("intent_name", String(255)),
    Column("action_name", String(255)),
    Column("data", Text),
)
"""The tracker store's own table."""

OF_INTEREST = ("user", "bot", "slot", "action", "active_loop")


@dataclass(frozen=True)
class Event:
    """One event."""

    id: int
    type: str
    at: datetime
    raw: str

    @cached_property
    def data(self) -> Mapping[str, Any]:
        """As Rasa writes it.

        Raises:
            ValueError: it is no JSON.
        """
        content: Mapping[str, Any] = json.loads(self.raw)
        return content


def events_of(connection: Connection, senders: Sequence[str]) -> dict[str, list[Event]]:
    """The events of some conversations, each in its order."""
    query = select(events.c.sender_id, events.c.id, events.c.type_name, events.c.timestamp, events.c.data)
    found: dict[str, list[Event]] = defaultdict(list)
    rows = connection.execute(query.where(events.c.sender_id.in_(senders), events.c.type_name.in_(OF_INTEREST)).order_by(events.c.id))
    for sender, number, kind, stamp, data in rows:
        found[sender].append(Event(number, kind, datetime.fromtimestamp(stamp or 0, timezone.utc), data))
    return found
