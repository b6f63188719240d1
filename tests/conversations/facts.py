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
    """Placeholders and their values: free afternoon times on two days, and an e-mail address."""
    first, same_time, other = three_free_times(settings, now)
    times = {**_moment("", first), **_moment("other_", other), "same_time_other_day": _iso(same_time)}
    return {"email": f"visitor-{uuid4().hex[:12]}@example.com", **times}


def three_free_times(settings: Settings, now: datetime) -> tuple[datetime, datetime, datetime]:
    """A time, the same on another day, and another time on that day; free for every kind of consultation."""
    client = BookingClient(settings.internal_practice_url, settings.key_for("practice-api"))
    kinds = [set(client.free_slots(kind, now + SOONEST, now + LATEST, limit=2000)) for kind in ("video", "practice")]
    afternoons = sorted(start for start in map(_here, kinds[0] & kinds[1]) if 12 <= start.hour < 18)
    for first in afternoons:
        for same_time in (start for start in afternoons if start.date() > first.date() and start.time() == first.time()):
            for other in (start for start in afternoons if start.date() == same_time.date() and start != same_time):
                return first, same_time, other
    raise AssertionError("the practice of the tests has not enough free afternoons")


def fill(text: str, facts: Mapping[str, str]) -> str:
    """The text with its placeholders filled in; other braces stay."""
    for name, value in facts.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _moment(prefix: str, start: datetime) -> dict[str, str]:
    day = spoken_day(start.date(), "en")
    parts = {"weekday": day.split()[0], "date": day, "time": spoken_time(start, "en"), "start": _iso(start)}
    return {prefix + name: value for name, value in parts.items()}


def _here(moment: datetime) -> datetime:
    return moment.astimezone(HERE)


def _iso(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).isoformat()
