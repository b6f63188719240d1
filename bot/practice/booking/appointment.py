"""What an appointment is: what was asked for, and what is stored."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bot.practice.booking.rules import TypeId


@dataclass(frozen=True)
class BookingRequest:
    """What somebody wants to book; texts are trimmed and valid."""

    type: TypeId
    start: datetime
    """UTC."""
    name: str
    email: str
    language: Literal["en", "nl"]
    phone: str | None = None
    """E.164."""
    findings: Mapping[str, str] | None = None
    """What the guided choice found, if the visitor wants the therapist to have it."""

    def findings_text(self) -> str | None:
        """The findings as they are stored: JSON."""
        return json.dumps(dict(self.findings), sort_keys=True, ensure_ascii=False) if self.findings else None

    def digest(self) -> str:
        """The same for the same content, also after the appointment has been moved; tells a repeated request from another one."""
        content = [self.type, self.start.isoformat(), self.name, self.email, self.language, self.phone, self.findings_text()]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


@dataclass(frozen=True)
class Appointment:
    """A stored appointment, as far as the visitor who made it sees it."""

    id: int
    reference: str
    type: TypeId
    starts_at: datetime
    """UTC."""
    ends_at: datetime
    name: str
    video_url: str | None
    status: Literal["booked", "cancelled"]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Appointment":
        """The appointment in a row of the table."""
        return cls(**{field: row[field] for field in cls.__dataclass_fields__})


@dataclass(frozen=True)
class Owned:
    """The appointment of a visitor, who knows both."""

    reference: str
    email: str


@dataclass(frozen=True)
class Numbered:
    """An appointment that staff looks at."""

    number: int
    seen: int | None = None
    """Its version (see `bot.practice.changes`) when they looked; None where that doesn't matter."""


Which = Owned | Numbered
