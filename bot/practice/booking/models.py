"""The tables of the appointments, and of when, with whom and for what they can be made."""

from datetime import datetime, timezone
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Column, Date, DateTime, ForeignKey, Integer, MetaData, String, Table, Text
from sqlalchemy.types import TypeDecorator

metadata = MetaData()


class UtcDateTime(TypeDecorator):  # type: ignore[type-arg]
    """An instant, aware and in UTC on both sides; kept without zone, since SQLite has none."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        """From aware to UTC; a time without zone is refused, since nobody could say when it is."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without zone can't be stored")
        return value.astimezone(timezone.utc).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        """From the database to aware UTC."""
        return value and value.replace(tzinfo=timezone.utc)


appointment = Table(
    "appointment",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reference", String(12), nullable=False, unique=True),
    Column("idempotency_key", String(100), nullable=False, unique=True),
    Column("request_digest", String(64), nullable=False),
    Column("type", String(20), nullable=False),
    Column("starts_at", UtcDateTime, nullable=False, index=True),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("name", String(100), nullable=False),
    Column("email", String(320), nullable=False),
    Column("phone", String(20)),
    Column("findings", Text),
    Column("language", String(2), nullable=False),
    Column("video_url", String(500)),
    Column("status", String(10), CheckConstraint("status IN ('booked', 'cancelled')"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("therapist", String(40), doc="key of the one it is with; None: cancelled before there were several"),
    Column("no_show_at", UtcDateTime, doc="when staff noted that the visitor did not come"),
)

# The primary key is what keeps two people out of one time, even with appointments of different lengths.
appointment_unit = Table(
    "appointment_unit",
    metadata,
    Column("therapist", String(40), primary_key=True),
    Column("unit_start", UtcDateTime, primary_key=True),
    Column("appointment_id", ForeignKey("appointment.id", ondelete="CASCADE"), nullable=False, index=True),
)

appointment_type = Table(
    "appointment_type",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("name_en", String(60), nullable=False),
    Column("name_nl", String(60), nullable=False),
    Column("minutes", Integer, CheckConstraint("minutes > 0"), nullable=False),
    Column("price_cents", Integer, CheckConstraint("price_cents >= 0"), doc="0 is free; None: no price is named"),
    Column("place", String(10), CheckConstraint("place IN ('online', 'practice')"), nullable=False),
    Column("active", Boolean, nullable=False, doc="whether it can be booked"),
    Column("position", Integer, nullable=False, doc="its place in the order in which visitors are offered them"),
)

therapist = Table(
    "therapist",
    metadata,
    Column("id", Integer, primary_key=True, doc="also the order in which free ones are chosen"),
    Column("key", String(40), nullable=False, unique=True, doc="as in appointment_unit"),
    Column("name", String(100), nullable=False),
    Column("active", Boolean, nullable=False, doc="whether appointments can be made with them"),
)

opening_day = Table(
    "opening_day",
    metadata,
    Column("weekday", Integer, primary_key=True, autoincrement=False, doc="0 is Monday"),
    Column("periods", String(200), nullable=False, doc="such as '09:00-12:30 13:00-17:00'; empty: closed"),
)

special_day = Table(
    "special_day",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False, doc="itself included"),
    Column("periods", String(200), nullable=False, doc="hours of their own, holidays or not; empty: closed"),
    Column("note", String(100), nullable=False, doc="for staff"),
)

told_hours = Table(
    "told_hours",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
    Column("source", String(10), CheckConstraint("source IN ('none', 'week', 'own')"), nullable=False),
    Column("text_en", String(300), nullable=False),
    Column("text_nl", String(300), nullable=False),
)
"""What visitors are told who ask for the opening hours: nothing, the week above, or words of the practice's own."""
