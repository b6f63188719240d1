"""The tables of the messaging platforms' channels. Times are seconds since 1970."""

from sqlalchemy import BigInteger, Column, Float, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

metadata = MetaData()

people = Table(
    "messaging_person",
    metadata,
    Column("conversation", String(64), primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("address", Text, nullable=False, doc="where answers go, as JSON"),
    Column("heard_at", Float, nullable=False, doc="when the person last wrote"),
    Column("greeted_at", Float, doc="when the first message said who this is"),
)
"""One row a person: the only place that holds an address."""

identities = Table(
    "messaging_identity",
    metadata,
    Column("digest", String(64), primary_key=True, doc="keyed hash of an id that the platform gives the person"),
    Column("conversation", String(64), nullable=False, index=True),
)
"""One row an id: which conversation it belongs to."""

updates = Table(
    "messaging_update",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("channel", String(16), nullable=False),
    Column("id", String(64), nullable=False, doc="digest of the platform's id"),
    Column("conversation", String(64), nullable=False, index=True),
    Column("position", BigInteger, nullable=False, doc="the platform's order"),
    Column("content", Text, doc="what was done, as JSON; emptied when the turn is finished"),
    Column("received_at", Float, nullable=False),
    Column("due_at", Float, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("run", String(32), doc="the attempt that may finish the turn"),
    Column("finished_at", Float),
    Column("outcome", String(16), doc="answered or failed"),
    UniqueConstraint("channel", "id", name="messaging_update_once"),
)
"""One row an update taken; the constraint makes a repeated one the same."""

Index(
    "messaging_update_open",
    updates.c.channel,
    updates.c.due_at,
    sqlite_where=updates.c.finished_at.is_(None),
    postgresql_where=updates.c.finished_at.is_(None),
)

sendings = Table(
    "messaging_sending",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("channel", String(16), nullable=False),
    Column("conversation", String(64), nullable=False, index=True),
    Column("key", String(64), nullable=False, unique=True, doc="the turn's id and the message's place in it"),
    Column("request", Text, nullable=False, doc="the platform's request without the address, as JSON"),
    Column("plain", Text, doc="the same as text alone, for a platform that refuses the request"),
    Column("state", String(16), nullable=False, doc="see State"),
    Column("attempts", Integer, nullable=False, default=0),
    Column("queued_at", Float, nullable=False),
    Column("due_at", Float, nullable=False),
    Column("ended_at", Float),
    Column("platform_id", String(255), index=True),
    Column("error", String(64), doc="the last error's code"),
    Index("messaging_sending_open", "channel", "state", "due_at"),
)
"""One row a message to send, kept until it is old."""

leases = Table(
    "messaging_lease",
    metadata,
    Column("key", String(80), primary_key=True, doc="what is being worked on"),
    Column("run", String(32), nullable=False),
    Column("until", Float, nullable=False),
)
"""One row for what a worker has taken for itself; a worker that dies loses it by itself."""

offers = Table(
    "messaging_offer",
    metadata,
    Column("conversation", String(64), primary_key=True),
    Column("key", String(32), primary_key=True, doc="what travels in the payload's place"),
    Column("payload", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("place", Integer, doc="the number that the latest answer shows before it"),
    Column("offered_at", Float, nullable=False, index=True),
)
"""One row a choice that a person was offered."""
