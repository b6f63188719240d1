"""The tables made from the assistant's events, and what staff adds to a conversation."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.engine import Connection

from bot.practice.booking.models import UtcDateTime
from bot.practice.console.conversations import search

metadata = MetaData()

conversation = Table(
    "console_conversation",
    metadata,
    Column("id", Integer, primary_key=True, doc="of the permanent link; stays when the index is made anew"),
    Column("sender", String(255), nullable=False, unique=True, doc="the assistant's id of the conversation"),
    Column("channel", String(20), nullable=False),
    Column("language", String(2), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    Column("length", Integer, nullable=False, doc="messages of the visitor"),
    Column("outcomes", Integer, nullable=False, doc="flags of `Outcome`"),
    Column("confidence", Float, doc="the lowest of what was typed; None where nothing was"),
    Column("band", Integer, nullable=False, doc="of the confidence, `Band`"),
    Column("opening", String(200), nullable=False, doc="the first thing typed that answers no form, masked"),
    Column("reference", String(12), doc="of the last appointment booked"),
    Column("form_open", Boolean, nullable=False, doc="a form waits for an answer, and it is too early to call it left half-way"),
    Column("last_event", Integer, nullable=False),
    Column("reviewed", Boolean, nullable=False, default=False),
    Column("reviewed_by", String(100)),
    Column("reviewed_at", UtcDateTime),
    Column("flagged", Boolean, nullable=False, default=False),
    # the list reads only this index, whatever is filtered, and the counts only the other
    Index("console_conversation_list", "last_at", "id", "channel", "language", "outcomes", "band", "reviewed", "flagged"),
    Index("console_conversation_counts", "channel", "language", "outcomes", "band", "reviewed", "flagged", "last_at"),
    Index(
        "console_conversation_open",
        "last_at",
        sqlite_where=text("form_open"),
        postgresql_where=text("form_open"),
    ),
    Index("console_conversation_reference", "reference"),
)
"""One row a conversation; all but the last six columns can be made anew from the events."""

message = Table(
    "console_message",
    metadata,
    Column("event", Integer, primary_key=True, autoincrement=False, doc="number of the assistant's event"),
    Column("conversation_id", ForeignKey("console_conversation.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("text", Text, nullable=False, doc="as typed, or the title of the button"),
    Column("tapped", Boolean, nullable=False),
    Column("label", String(100), nullable=False, doc="what it was taken for: faq/<topic> or an intent"),
    Column("confidence", Float, nullable=False),
    Column("understood", String(20), nullable=False, doc="`Understood`"),
    Column("language", String(2), nullable=False),
    Column("answer_ms", Integer, doc="from the message to its last answer; None without one"),
    Index("console_message_understood", "understood", "at", "conversation_id"),
    Index("console_message_label", "label", "at", "conversation_id"),
)
"""One row a message of a visitor."""

day = Table(
    "console_day",
    metadata,
    Column("conversation_id", ForeignKey("console_conversation.id", ondelete="CASCADE"), primary_key=True),
    Column("day", Date, primary_key=True, doc="in the practice's time"),
    Column("previous", Date, doc="the day before on which something was said in it; None: none"),
    Column("channel", String(20), nullable=False),
    Column("language", String(2), nullable=False),
    Column("outcomes", Integer, nullable=False, doc="flags of `Outcome` that came about on this day"),
    Column("steps", Integer, nullable=False, doc="flags of `Step`"),
    Column("slowest_ms", Integer, doc="the longest time to an answer; None where nothing was answered"),
    Index("console_day_day", "day", "outcomes", "steps", "slowest_ms", "conversation_id"),
    Index(
        "console_day_back",
        "day",
        "previous",
        sqlite_where=text("previous IS NOT NULL"),
        postgresql_where=text("previous IS NOT NULL"),
    ),
)
"""One row a conversation and day on which something was said in it."""

topic = Table(
    "console_topic",
    metadata,
    Column("conversation_id", ForeignKey("console_conversation.id", ondelete="CASCADE"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("topic", String(100), primary_key=True, doc="faq/<topic>, or an intent"),
    Column("asked", Integer, nullable=False, doc="messages about it"),
    Column("doubtful", Integer, nullable=False, doc="of them those answered by asking back"),
    Column("missed", Integer, nullable=False, doc="of them those not understood"),
    Index("console_topic_day", "day", "topic", "asked", "doubtful", "missed", "conversation_id"),
    Index("console_topic_topic", "topic", "day", "doubtful", "missed", "conversation_id"),
)
"""One row a conversation, day and topic that was asked about."""

figure = Table(
    "console_figure",
    metadata,
    Column("kind", String(20), primary_key=True, doc="what was counted, `Kind`"),
    Column("name", String(100), primary_key=True, doc="which of the kind, such as a channel"),
    Column("day", Date, primary_key=True),
    Column("number", Integer, nullable=False),
)
"""Sums of all that by day, so that the overview need not count."""

cursor = Table(
    "console_cursor",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("event", Integer, nullable=False, doc="all events up to this one are in the tables"),
)

waiting = Table(
    "console_waiting",
    metadata,
    Column("conversation_id", ForeignKey("console_conversation.id", ondelete="CASCADE"), primary_key=True),
    Column("reasons", Integer, nullable=False, doc="flags of `Outcome` that call for a person, since it was last done"),
    Column("urgency", Integer, nullable=False, doc="the most urgent first: 1 red flag, 2 failed, 3 asked for a person"),
    Column("since", UtcDateTime, nullable=False),
    Column("event", Integer, nullable=False, doc="the latest that calls for a person"),
    Column("taken_by", String(100)),
    Column("taken_at", UtcDateTime),
    Column("done_by", String(100)),
    Column("done_at", UtcDateTime),
    Index("console_waiting_open", "done_at", "urgency", "since"),
)
"""One row a conversation in which a person is needed, or was."""

note = Table(
    "console_note",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("console_conversation.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("staff_name", String(100), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
)

tag = Table(
    "console_tag",
    metadata,
    Column("conversation_id", ForeignKey("console_conversation.id", ondelete="CASCADE"), primary_key=True),
    Column("name", String(40), primary_key=True),
    Index("console_tag_name", "name", "conversation_id"),
)

saved_filter = Table(
    "console_saved_filter",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("staff_id", Integer, nullable=False, index=True),
    Column("name", String(60), nullable=False),
    Column("query", Text, nullable=False, doc="as in the list's address"),
)

searched = Table(
    "console_searched",
    metadata,
    Column("id", String(22), primary_key=True, doc="stands for the words in an address, which may be personal data"),
    Column("staff_id", Integer, nullable=False, index=True),
    Column("words", String(200), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)


def create_index_tables(connection: Connection) -> None:
    """Makes what is missing, the full-text search too; where a later version brings tables, everything is read into them anew."""
    is_complete = inspect(connection).has_table(figure.name)
    metadata.create_all(connection)
    search.create(connection)
    if connection.execute(select(cursor)).first() is None:
        connection.execute(insert(cursor).values(id=1, event=0))
    if not is_complete:
        start_over(connection)


def start_over(connection: Connection) -> None:
    """Lets every event be read anew; numbers of conversations, notes and reviews stay."""
    connection.execute(update(conversation).values(last_event=0))
    connection.execute(update(cursor).values(event=0))
