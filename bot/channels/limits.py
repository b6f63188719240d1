"""How often something may happen within a minute, counted across all workers."""

import json
import math

from sqlalchemy import Column, Float, MetaData, String, Table, Text, delete, select, update
from sqlalchemy.engine import Connection

from bot.channels.errors import ChannelError
from bot.channels.upsert import insert_new

WINDOW_SECONDS = 60.0


def rate_table(metadata: MetaData) -> Table:
    """The table of what happened within the last minute, one row for each who is counted."""
    return Table(
        "web_rate",
        metadata,
        Column("key", String(64), primary_key=True),
        Column("times", Text, nullable=False),
        Column("latest", Float, nullable=False),
    )


def admit(connection: Connection, rates: Table, key: str, most: int, now: float) -> None:
    """Counts one more for `key`, whose row stays locked until the transaction ends.

    Raises:
        ChannelError: too_many; what is rolled back then is not counted.
    """
    insert_new(connection, rates, {"key": key, "times": "[]", "latest": now})
    stored = connection.execute(select(rates.c.times).where(rates.c.key == key).with_for_update()).scalar_one()
    times = [time for time in json.loads(stored) if time > now - WINDOW_SECONDS]
    if len(times) >= most:
        raise ChannelError("too_many", retry_after=max(1, math.ceil(times[-most] + WINDOW_SECONDS - now)))
    connection.execute(update(rates).where(rates.c.key == key).values(times=json.dumps([*times, now]), latest=now))


def forget_idle(connection: Connection, rates: Table, now: float) -> None:
    """Deletes those who did nothing within the last minute."""
    connection.execute(delete(rates).where(rates.c.latest < now - WINDOW_SECONDS))
