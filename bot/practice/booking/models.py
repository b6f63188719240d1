"""The tables of the appointments."""

from datetime import datetime, timezone
from typing import Any

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKey, Integer, MetaData, String, Table, Text
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
    Column("no_show_at", UtcDateTime),
)

# The primary key is what keeps two people out of one time, even with appointments of different lengths.
appointment_unit = Table(
    "appointment_unit",
    metadata,
    Column("therapist", String(40), primary_key=True),
    Column("unit_start", UtcDateTime, primary_key=True),
    Column("appointment_id", ForeignKey("appointment.id", ondelete="CASCADE"), nullable=False, index=True),
)
