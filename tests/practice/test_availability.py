from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.practice.booking.availability import Window, free_starts
from bot.practice.booking.rules import booking_rules
from bot.practice.booking.units import units
from tests.practice.world import NOW, SLOT, settings, utc

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def starts(
    first: str, last: str, minutes: int = 30, now: datetime = NOW, claimed: tuple[datetime, ...] = (), **values: object
) -> list[str]:
    """Free starts of the local days from `first` to `last`, as local times."""
    window = Window(*(datetime.fromisoformat(day).replace(tzinfo=AMSTERDAM) for day in (first, last)))
    window = Window(window.start, window.end + timedelta(days=1))
    found = free_starts(booking_rules(settings(**values)), minutes, [set(claimed)], window, now)
    assert found == sorted(found)
    return [start.astimezone(AMSTERDAM).strftime("%d %H:%M") for start in found]


def test_a_day_offers_whole_appointments_within_each_period() -> None:
    assert starts("2026-12-04", "2026-12-04", 50, consultation_hours="fri 09:00-11:00 13:00-14:00") == ["04 09:00", "04 09:50", "04 13:00"]


def test_a_period_shorter_than_the_appointment_offers_nothing() -> None:
    assert starts("2026-12-04", "2026-12-04", 30, consultation_hours="fri 09:00-09:20") == []


def test_the_last_start_ends_exactly_at_closing() -> None:
    assert starts("2026-12-04", "2026-12-04", 30)[-1] == "04 16:30"


def test_closed_weekdays_offer_nothing() -> None:
    assert starts("2026-12-05", "2026-12-06") == []


@pytest.mark.parametrize("holiday", ["2026-12-25", "2027-04-27"])
def test_public_holidays_offer_nothing(holiday: str) -> None:
    now = datetime.fromisoformat(holiday).replace(tzinfo=AMSTERDAM) - timedelta(days=7)
    assert starts(holiday, holiday, now=now) == []


def test_closed_days_offer_nothing_and_their_neighbours_do() -> None:
    days = {start[:2] for start in starts("2026-12-01", "2026-12-04", closed_days="2026-12-02..2026-12-03")}
    assert days == {"01", "04"}


def test_back_to_back_a_neighbour_on_either_side_leaves_the_slot_free() -> None:
    claimed = units(SLOT - timedelta(minutes=30), 30) + units(SLOT + timedelta(minutes=30), 30)
    found = starts("2026-12-04", "2026-12-04", claimed=claimed)
    assert "04 14:00" in found
    assert "04 13:30" not in found
    assert "04 14:30" not in found


def test_one_shared_unit_of_another_length_takes_the_slot() -> None:
    found = starts("2026-12-04", "2026-12-04", 30, claimed=units(SLOT + timedelta(minutes=20), 20))
    assert "04 14:00" not in found
    assert "04 14:30" not in found
    assert "04 15:00" in found


def test_notice_a_start_exactly_at_its_end_is_offered_and_one_before_is_not() -> None:
    assert starts("2026-11-30", "2026-11-30", now=utc("2026-11-30 08:00"))[0] == "30 13:00"
    assert starts("2026-11-30", "2026-11-30", now=utc("2026-11-30 08:01"))[0] == "30 13:30"


def test_notice_runs_over_midnight() -> None:
    now = utc("2026-12-03 22:30")  # half past eleven in Amsterdam
    assert starts("2026-12-03", "2026-12-04", now=now, booking_notice_hours=10)[0] == "04 09:30"


def test_without_notice_the_past_is_still_not_offered() -> None:
    assert starts("2026-11-30", "2026-11-30", now=utc("2026-11-30 08:10"), booking_notice_hours=0)[0] == "30 09:30"


def test_horizon_the_last_day_is_offered_whole_and_the_next_is_not() -> None:
    found = starts("2026-11-30", "2026-12-31", booking_horizon_days=4)
    assert found[-1] == "04 16:30"


def test_horizon_counts_local_days_just_after_midnight() -> None:
    now = utc("2026-11-29 23:30")  # Monday 30 November, half past midnight in Amsterdam
    assert starts("2026-11-30", "2026-12-31", now=now, booking_horizon_days=1)[-1] == "01 16:30"


def test_midnight_a_period_may_end_there_and_the_next_day_begins_there() -> None:
    found = starts("2026-12-01", "2026-12-02", 60, consultation_hours="tue 22:00-24:00; wed 00:00-01:00")
    assert found == ["01 22:00", "01 23:00", "02 00:00"]


def test_a_window_without_length_offers_nothing() -> None:
    assert free_starts(booking_rules(settings()), 30, [set()], Window(SLOT, SLOT), NOW) == []


def test_a_window_starts_included_and_ends_excluded() -> None:
    window = Window(SLOT, SLOT + timedelta(minutes=30))
    assert free_starts(booking_rules(settings()), 30, [set()], window, NOW) == [SLOT]


@pytest.mark.parametrize(
    ("friday", "sunday", "monday", "before", "after"),
    [("2027-03-26", "2027-03-28", "2027-03-30", 8, 7), ("2026-10-23", "2026-10-25", "2026-10-26", 7, 8)],
    ids=["spring", "autumn"],
)
def test_clock_change_opening_stays_at_nine_local(friday: str, sunday: str, monday: str, before: int, after: int) -> None:
    now = datetime.fromisoformat(friday).replace(tzinfo=AMSTERDAM) - timedelta(days=7)
    days = [datetime.fromisoformat(day).replace(tzinfo=AMSTERDAM) for day in (friday, monday)]
    rules = booking_rules(settings(consultation_hours="mon-sun 09:00-10:00"))
    found = free_starts(rules, 60, [set()], Window(days[0] - timedelta(days=1), days[1] + timedelta(days=1)), now)
    hours = {start.astimezone(AMSTERDAM).date().isoformat(): start.hour for start in found}
    assert set(hours.values()) == {before, after}
    assert hours[monday] == after
    assert all(start.astimezone(AMSTERDAM).hour == 9 for start in found)
    assert sunday in hours or sunday == "2027-03-28"  # Easter Sunday is closed


def test_clock_change_spring_the_night_has_one_hour_less() -> None:
    # 2028: the change falls on no holiday.
    found = starts("2028-03-26", "2028-03-26", 60, now=utc("2028-03-20 08:00"), consultation_hours="sun 01:00-05:00")
    assert found == ["26 01:00", "26 03:00", "26 04:00"]


def test_clock_change_autumn_the_night_has_one_hour_more() -> None:
    found = starts("2026-10-25", "2026-10-25", 60, now=utc("2026-10-20 08:00"), consultation_hours="sun 01:00-05:00")
    assert found == ["25 01:00", "25 02:00", "25 02:00", "25 03:00", "25 04:00"]


def test_clock_change_skipped_opening_time_counts_on_and_gives_no_start_twice() -> None:
    found = starts("2028-03-26", "2028-03-26", 30, now=utc("2028-03-20 08:00"), consultation_hours="sun 00:00-02:30 03:00-04:00")
    assert found == sorted(set(found))
