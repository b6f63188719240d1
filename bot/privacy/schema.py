"""The tables of erasures and retention, in the practice's database."""

from sqlalchemy import Column, Integer, MetaData, String, Table, Text

from bot.practice.booking.models import UtcDateTime

metadata = MetaData()

erasure = Table(
    "privacy_erasure",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("asked_by", String(100), nullable=False, doc="a member of the staff, `visitor` or `command line`"),
    Column("due_at", UtcDateTime, nullable=False, index=True),
    Column("person", Text, doc="whose data, as JSON; emptied when it is done"),
    Column("attempts", Integer, nullable=False, default=0),
    Column("finished_at", UtcDateTime),
    Column("counts", Text, nullable=False, default="{}", doc="rows erased by place, as JSON"),
)
"""One row an erasure that was asked for: one that is cut off is taken up again."""

run = Table(
    "privacy_run",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
)
"""When what is done daily was begun and finished last, so that of several processes one does it."""
