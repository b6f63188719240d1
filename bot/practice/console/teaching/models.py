"""The tables of what was not understood, of what staff says about it, and of conversations kept as tests."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text
from sqlalchemy.engine import Connection

from bot.practice.booking.models import UtcDateTime
from bot.practice.console.conversations.models import metadata

unclear = Table(
    "console_unclear",
    metadata,
    Column("event", ForeignKey("console_message.event", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("wording", String(32), nullable=False, doc="the same for messages of the same words; see `wording`"),
    Column("at", UtcDateTime, nullable=False),
    # the inbox reads only these
    Index("console_unclear_at", "at", "wording", "event"),
    Index("console_unclear_wording", "wording", "at", "event"),
)
"""One row a typed message that was in doubt, not understood, or taken for out of scope."""

judgement = Table(
    "console_judgement",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("wording", String(32), nullable=False),
    # with the conversation goes what was said about it: nobody has to look for it when a visitor is forgotten
    Column("conversation_id", ForeignKey("console_conversation.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("event", Integer, nullable=False, index=True),
    Column("label", String(100), nullable=False, doc="faq/<topic> or an intent; `new_topic` where one is missing"),
    Column("text", Text, nullable=False, doc="as it will be learned, without personal data"),
    Column("language", String(2), nullable=False),
    Column("note", Text, nullable=False, default=""),
    Column("staff_id", Integer, nullable=False),
    Column("staff_name", String(100), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("settles", Boolean, nullable=False, default=False, doc="an administrator's word in a disagreement"),
    Column("state", String(12), nullable=False, default="open", doc="`State`"),
    Column("reason", String(20), nullable=False, default="", doc="why it was refused, `Refusal`"),
    Column("done_at", UtcDateTime, doc="since when it is not open any more"),
    Index("console_judgement_wording", "wording", "done_at"),
    Index("console_judgement_state", "state", "id"),
)
"""One row a message, or all of the same words, and member of staff."""

kept_test = Table(
    "console_kept_test",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("console_conversation.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", String(60), nullable=False, unique=True, doc="of the file in tests/conversations/kept/"),
    Column("script", Text, nullable=False, doc="the file's content"),
    Column("staff_name", String(100), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("state", String(12), nullable=False, default="open", doc="open, written, or failing: the assistant does not yet do it"),
)
"""Conversations to become tests."""


def create_teaching_tables(connection: Connection) -> None:
    """Makes what is missing, once the index has its tables."""
    metadata.create_all(connection, tables=[unclear, judgement, kept_test])
