from datetime import datetime, timezone

import pytest

from actions.booking_client import Appointment
from actions.cards import TOPICS, appointment_card, slot_days
from bot.practice.catalog.file import read_catalog
from bot.settings import ROOT
from tests.actions.world import local, read_payload, utc

START = utc("2026-11-27 14:00")


def appointment(**changes: object) -> Appointment:
    content: dict[str, object] = {
        "reference": "MD-2222-2222",
        "type": "video",
        "start": START,
        "end": START,
        "name": "Ada",
        "video_url": "https://video.example/room",
        "status": "booked",
    }
    return Appointment(**content | changes)  # type: ignore[arg-type]


def test_a_video_consultation_carries_its_link() -> None:
    card = appointment_card(appointment(), "Video", "en")
    assert card["link"]["url"] == "https://video.example/room"
    assert [fact in " ".join(card["facts"]) for fact in ("Friday 27 November", "14:00", "MD-2222-2222")] == [True] * 3


@pytest.mark.parametrize("changes", [{"status": "cancelled"}, {"type": "practice", "video_url": None}])
def test_no_link_where_there_is_nothing_to_join(changes: dict[str, object]) -> None:
    assert "link" not in appointment_card(appointment(**changes), "Video", "nl")


def times(starts: list[datetime], **limits: int) -> dict[str, list[str]]:
    """Titles of the times offered, by day."""
    return {day["day"]: [time["title"] for time in day["times"]] for day in slot_days(starts, "start", "en", **limits)}


def test_times_stand_under_their_day_in_amsterdam() -> None:
    late = datetime(2026, 11, 27, 23, 30, tzinfo=timezone.utc)
    assert times([START, late]) == {"Friday 27 November": ["14:00"], "Saturday 28 November": ["00:30"]}


@pytest.mark.parametrize(
    ("day", "title", "in_utc"),
    [("2026-10-23", "10:00", 8), ("2026-10-26", "10:00", 9), ("2027-03-26", "10:00", 9), ("2027-03-29", "10:00", 8)],
    ids=["before summer time ends", "after it", "before it begins", "after it begins"],
)
def test_a_time_is_spoken_right_on_both_sides_of_a_clock_change(day: str, title: str, in_utc: int) -> None:
    start = utc(f"{day} 10:00")
    assert start.hour == in_utc
    assert list(times([start]).values()) == [[title]]


def test_a_time_carries_the_instant_it_stands_for() -> None:
    (day,) = slot_days([START], "new_start", "nl")
    (time,) = day["times"]
    assert time["title"] == "14.00"
    intent, entities = read_payload(time["payload"])
    assert intent == "choose"
    assert datetime.fromisoformat(entities["new_start"]) == START


def test_of_many_days_the_first_ones() -> None:
    starts = [utc(f"2026-11-{day} 10:00") for day in range(23, 28)]
    assert list(times(starts)) == ["Monday 23 November", "Tuesday 24 November", "Wednesday 25 November"]


def test_of_many_times_first_last_and_some_between() -> None:
    starts = [utc(f"2026-11-27 {hour:02}:{minute:02}") for hour in range(9, 17) for minute in (0, 20, 40)]
    (shown,) = times(starts).values()
    assert len(shown) == len(set(shown)) == 8
    assert (shown[0], shown[-1]) == ("09:00", local(starts[-1])[-5:])
    assert shown == sorted(shown)


def test_nothing_free_gives_no_days() -> None:
    assert times([]) == {}


def test_every_treatment_leads_to_the_topic_that_tells_more() -> None:
    topics = {path.stem for path in (ROOT / "data" / "faq").glob("*.yml")}
    assert set(TOPICS) == {treatment.slug for treatment in read_catalog().treatments}
    assert set(TOPICS.values()) <= topics
