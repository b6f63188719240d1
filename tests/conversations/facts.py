"""The facts that a conversation speaks of and no file can know: free times of this week, an e-mail address of its own."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from uuid import uuid4

from actions.booking_client import BookingClient
from actions.spoken import HERE, spoken_day, spoken_time
from bot.settings import Settings

SOONEST = timedelta(days=2)
LATEST = timedelta(days=6)
"""Within a week, so that a weekday alone names the day."""


def facts_for(settings: Settings, now: datetime) -> dict[str, str]:
    """Placeholders and their values: two afternoons with a free time each, on different days, and an e-mail address."""
    first, second = two_free_times(settings, now)
    return {"email": f"visitor-{uuid4().hex[:12]}@example.com", **_moment("", first), **_moment("other_", second)}


def two_free_times(settings: Settings, now: datetime) -> tuple[datetime, datetime]:
    """Free in the afternoon of two days, for a video consultation and for one in the practice."""
    client = BookingClient(settings.internal_practice_url, settings.key_for("practice-api"))
    kinds = [client.free_slots(kind, now + SOONEST, now + LATEST, limit=2000) for kind in ("video", "practice")]
    free = sorted(start.astimezone(HERE) for start in set(kinds[0]) & set(kinds[1]))
    afternoons = {start.date(): start for start in free if 13 <= start.hour < 17}
    assert len(afternoons) >= 2, "the practice of the tests has no two free afternoons"
    first, *_, second = afternoons.values()
    return first, second


def fill(text: str, facts: Mapping[str, str]) -> str:
    """The text with its placeholders filled in; other braces stay."""
    for name, value in facts.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _moment(prefix: str, start: datetime) -> dict[str, str]:
    day = spoken_day(start.date(), "en")
    parts = {"weekday": day.split()[0], "date": day, "time": spoken_time(start, "en"), "start": start.astimezone(timezone.utc).isoformat()}
    return {prefix + name: value for name, value in parts.items()}
