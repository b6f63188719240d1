"""What the API takes and gives: the shape of each body, and what makes a value valid."""

import json
import unicodedata
from datetime import datetime, timezone
from typing import Any, Literal

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from pydantic import BaseModel, Extra, Field, StrictStr, validator

from bot.practice.booking.appointment import Appointment, BookingRequest
from bot.practice.booking.rules import AppointmentType, Place, TypeId

REGION = "NL"
"""Where a telephone number without a country code belongs."""

FINDINGS_MAX_CHARS = 2000


class Content(BaseModel):
    """A body that the API takes; an unknown field is a fault."""

    class Config:
        extra = Extra.forbid


class Identified(Content):
    """Whose appointment: both must fit."""

    reference: StrictStr = Field(max_length=100)
    email: StrictStr = Field(max_length=320)


class MoveContent(Identified):
    """Where an appointment moves to."""

    start: datetime

    @validator("start", pre=True)
    def _start_is_instant(cls, value: Any) -> datetime:
        return instant(value)


class BookContent(Content):
    """What somebody wants to book."""

    type: StrictStr = Field(max_length=20)
    start: datetime
    name: StrictStr = Field(max_length=400)
    email: StrictStr = Field(max_length=320)
    phone: StrictStr | None = Field(None, max_length=60, description=f"stored in E.164; without country code: {REGION}")
    findings: dict[StrictStr, StrictStr] | None = Field(None, description=f"at most {FINDINGS_MAX_CHARS} characters as JSON")
    language: Literal["en", "nl"]

    @validator("start", pre=True)
    def _start_is_instant(cls, value: Any) -> datetime:
        return instant(value)

    @validator("name")
    def _name_is_readable(cls, value: str) -> str:
        name = unicodedata.normalize("NFC", value).strip()
        if not 1 <= len(name) <= 100:
            raise ValueError("must have 1 to 100 characters")
        return readable(name)

    @validator("email")
    def _email_is_valid(cls, value: str) -> str:
        try:
            return validate_email(value.strip(), check_deliverability=False).normalized
        except EmailNotValidError:
            # Without its cause, whose message can carry the address.
            raise ValueError("is no e-mail address") from None

    @validator("phone")
    def _phone_is_valid(cls, value: str | None) -> str | None:
        return telephone(value) if value and value.strip() else None

    @validator("findings")
    def _findings_are_short(cls, value: dict[str, str] | None) -> dict[str, str] | None:
        findings = {readable(key): readable(text, "\n") for key, text in (value or {}).items()}
        if len(json.dumps(findings, ensure_ascii=False)) > FINDINGS_MAX_CHARS:
            raise ValueError(f"must have at most {FINDINGS_MAX_CHARS} characters")
        return findings or None

    def request(self) -> BookingRequest:
        """The same for the store."""
        return BookingRequest(**self.dict())


class AppointmentReply(BaseModel):
    """An appointment as its owner sees it; instants in UTC."""

    reference: str
    type: TypeId
    start: str
    end: str
    name: str
    video_url: str | None
    status: Literal["booked", "cancelled"]

    @classmethod
    def of(cls, found: Appointment) -> "AppointmentReply":
        """The reply for a stored appointment."""
        return cls(
            reference=found.reference,
            type=found.type,
            start=iso(found.starts_at),
            end=iso(found.ends_at),
            name=found.name,
            video_url=found.video_url,
            status=found.status,
        )


class TypeReply(BaseModel):
    """A kind of consultation."""

    id: TypeId
    name: dict[str, str] = Field(description="by language")
    minutes: int
    price_cents: int | None = Field(description="0 is free; null: the practice names no price")
    place: Place

    @classmethod
    def of(cls, kind: AppointmentType) -> "TypeReply":
        """The reply for a kind of consultation."""
        return cls(id=kind.id, name=dict(kind.name), minutes=kind.minutes, price_cents=kind.price_cents, place=kind.place)


class SlotsReply(BaseModel):
    """Free starts in UTC, in order of time."""

    slots: list[str]


def instant(value: Any) -> datetime:
    """The UTC instant in an ISO 8601 text with a zone, such as 2026-12-04T13:00:00Z.

    Raises:
        ValueError: it is something else, or so far away that nobody means it.
    """
    fault = ValueError("must be an instant with its zone, such as 2026-12-04T13:00:00Z")
    if not isinstance(value, str):
        raise fault
    try:
        moment = datetime.fromisoformat(value[:-1] + "+00:00" if value.endswith(("Z", "z")) else value)
    except ValueError:
        raise fault from None
    if moment.tzinfo is None or not 2000 <= moment.year <= 2200:
        raise fault
    return moment.astimezone(timezone.utc)


def iso(moment: datetime) -> str:
    """A UTC instant as the API writes it: 2026-12-04T13:00:00Z."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def telephone(text: str) -> str:
    """A telephone number in E.164.

    Raises:
        ValueError: it is none.
    """
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        raise ValueError("is no telephone number") from None
    if not phonenumbers.is_valid_number(number):
        raise ValueError("is no telephone number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def readable(text: str, allowed: str = "") -> str:
    """The text itself.

    Raises:
        ValueError: it has control characters or broken Unicode, which no database and no mail takes well.
    """
    if any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") and sign not in allowed for sign in text):
        raise ValueError("has control characters")
    return text
