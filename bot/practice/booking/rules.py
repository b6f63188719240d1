"""What can be booked and when, as the settings say."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from bot.practice.booking.hours import ClosedDays, OpeningHours, parse_closed_days, parse_opening_hours
from bot.settings import Settings

TypeId = Literal["video", "practice"]


@dataclass(frozen=True)
class AppointmentType:
    """A kind of consultation that visitors can book."""

    id: TypeId
    minutes: int
    price_cents: int | None
    """0 is free; None where the practice's page names no price."""
    place: Literal["online", "practice"]


@dataclass(frozen=True)
class Rules:
    """When consultations can be booked."""

    opening: OpeningHours
    closed: ClosedDays
    notice: timedelta
    """Shortest time between booking and consultation."""
    horizon_days: int
    """The last day that can be booked is this many days after today."""


def appointment_types(settings: Settings) -> tuple[AppointmentType, ...]:
    """The free video consultation and the no-obligation consultation in the practice."""
    return (
        AppointmentType("video", settings.video_minutes, 0, "online"),
        AppointmentType("practice", settings.practice_minutes, None, "practice"),
    )


def booking_rules(settings: Settings) -> Rules:
    """The rules of the settings.

    Raises:
        SettingsError: opening hours or closed days can't be read.
    """
    return Rules(
        opening=parse_opening_hours(settings.consultation_hours),
        closed=parse_closed_days(settings.closed_days),
        notice=timedelta(hours=settings.booking_notice_hours),
        horizon_days=settings.booking_horizon_days,
    )
