"""The tables of the web channel."""

from sqlalchemy import Column, Float, Integer, MetaData, String, Table, Text, UniqueConstraint

metadata = MetaData()

turns = Table(
    "web_turn",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("session", String(64), nullable=False),
    Column("id", String(36), nullable=False, doc="made by the client"),
    Column("said", Text, doc="the visitor's message as the chat shows it"),
    Column("digest", String(64), nullable=False, doc="of the message's content"),
    Column("run", String(32), nullable=False, doc="the attempt that may finish the turn"),
    Column("started_at", Float, nullable=False, index=True),
    Column("finished_at", Float),
    Column("messages", Text, doc="the answer as JSON"),
    UniqueConstraint("session", "id", name="web_turn_once"),
)
"""One row a message taken; the constraint decides who runs its turn. Times are seconds since 1970."""

offers = Table(
    "web_offer",
    metadata,
    Column("session", String(64), primary_key=True),
    Column("digest", String(64), primary_key=True, doc="of the payload"),
    Column("title", Text, nullable=False),
    Column("offered_at", Float, nullable=False, index=True),
)
"""One row a payload that a session was offered."""

rates = Table(
    "web_rate",
    metadata,
    Column("key", String(64), primary_key=True, doc="a session, or what stands for an address"),
    Column("times", Text, nullable=False, doc="of the last minute, as JSON"),
    Column("latest", Float, nullable=False),
)
"""One row for each who is counted."""
