"""The console's tables about staff: accounts, sessions, log-in attempts and the audit trail."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text

from bot.practice.booking.models import UtcDateTime

metadata = MetaData()

staff = Table(
    "console_staff",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("login", String(100), nullable=False, unique=True, doc="in lower case"),
    Column("name", String(100), nullable=False),
    Column("role", String(20), nullable=False),
    Column("password", String(200), nullable=False, doc="argon2id, with its parameters"),
    Column("must_change", Boolean, nullable=False, doc="the password was made by somebody else"),
    Column("code_secret", String(64), doc="of the one-time codes, where they are on"),
    Column("code_used", Integer, nullable=False, default=0, doc="time step of the last code taken, so that none works twice"),
    Column("language", String(2), doc="None: the browser's"),
    Column("shortcuts", Boolean, nullable=False, default=True, doc="whether single keys do things"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("disabled_at", UtcDateTime),
)

session = Table(
    "console_session",
    metadata,
    Column("digest", String(64), primary_key=True, doc="of the cookie, which is kept nowhere"),
    Column("staff_id", ForeignKey("console_staff.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

attempt = Table(
    "console_attempt",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(80), nullable=False, doc="an account or an address, as a digest"),
    Column("at", UtcDateTime, nullable=False),
    Index("console_attempt_key_at", "key", "at"),
)
"""One row a log-in that was tried; a success takes its own away again."""

audit = Table(
    "console_audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("staff_id", Integer, index=True, doc="None: the command line"),
    Column("staff_name", String(100), nullable=False, doc="kept, since accounts can go"),
    Column("action", String(40), nullable=False),
    Column("subject", String(100), nullable=False, default="", doc="kind and number of what it was done to, such as conversation:12"),
    Column("detail", Text, nullable=False, default="{}", doc="JSON, without personal data"),
)
"""Who saw, changed, exported or erased what, and when; rows are only added."""
