"""What can be booked, with whom and when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from bot.practice.booking.hours import ClosedDays, OpeningHours, Period, parse_closed_days, parse_opening_hours
from bot.settings import Settings

TypeId = str
"""Names a kind of consultation; `video` and `practice` are those that visitors can name in words of their own."""

Place = Literal["online", "practice"]


@dataclass(frozen=True)
class AppointmentType:
    """A kind of consultation that visitors can book."""

    id: TypeId
    name: Mapping[str, str]
    """By language."""
    minutes: int
    price_cents: int | None
    """0 is free; None where the practice names no price."""
    place: Place
    active: bool = True
    """Whether it can be booked."""


@dataclass(frozen=True)
class Limits:
    """How soon and how far ahead consultations can be booked."""

    notice: timedelta
    """Shortest time between booking and consultation."""
    horizon_days: int
    """The last day that can be booked is this many days after today."""

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        """Those of the settings."""
        return cls(timedelta(hours=settings.booking_notice_hours), settings.booking_horizon_days)


@dataclass(frozen=True)
class Rules:
    """When consultations can be booked."""

    opening: OpeningHours
    closed: ClosedDays
    notice: timedelta
    horizon_days: int
    other_hours: Mapping[date, tuple[Period, ...]] = field(default_factory=dict)
    """Days with hours of their own: these hold, whatever the week, the holidays and the closed days say."""


@dataclass(frozen=True)
class Diary:
    """All that decides about an appointment, as it is at one moment."""

    rules: Rules
    types: Mapping[TypeId, AppointmentType]
    """In the order in which visitors are offered them; also those that can't be booked now."""
    therapists: tuple[str, ...]
    """Keys of those who work, in the order in which free ones are chosen."""


def booking_rules(settings: Settings) -> Rules:
    """The rules of the first start, as the settings say.

    Raises:
        SettingsError: opening hours or closed days can't be read.
    """
    limits = Limits.of(settings)
    return Rules(
        opening=parse_opening_hours(settings.consultation_hours),
        closed=parse_closed_days(settings.closed_days),
        notice=limits.notice,
        horizon_days=limits.horizon_days,
    )
