from datetime import date

import pytest

from bot.practice.booking.hours import Period, parse_closed_days, parse_opening_hours, public_holidays
from bot.settings import SettingsError

MONDAY, FRIDAY, SATURDAY, SUNDAY = (date(2026, 11, day) for day in (30, 27, 28, 29))


def test_days_and_breaks_are_read() -> None:
    hours = parse_opening_hours("mon-fri 09:00-12:30 13:00-17:00; sat 10:00-12:00")
    assert hours.on(MONDAY) == hours.on(FRIDAY) == (Period(540, 750), Period(780, 1020))
    assert hours.on(SATURDAY) == (Period(600, 720),)
    assert hours.on(SUNDAY) == ()


def test_periods_of_a_day_in_two_parts_stand_in_order_of_time() -> None:
    assert parse_opening_hours("mon 13:00-17:00; mon 09:00-12:00").on(MONDAY) == (Period(540, 720), Period(780, 1020))


def test_a_period_can_end_at_midnight() -> None:
    assert parse_opening_hours("mon 20:00-24:00").on(MONDAY) == (Period(1200, 1440),)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", "no opening hours"),
        ("mon", "names no times"),
        ("maandag 09:00-10:00", "'maandag' is no day"),
        ("fri-mon 09:00-10:00", "runs backwards"),
        ("mon- 09:00-10:00", "'' is no day"),
        ("mon 9-17", "'9-17' is no period"),
        ("mon 09:00-17:60", "no time of a day"),
        ("mon 09:00-25:00", "no time of a day"),
        ("mon 10:00-10:00", "closes before it opens"),
        ("mon 17:00-09:00", "closes before it opens"),
        ("mon 09:05-17:00", "steps of 10"),
        ("mon 09:00-12:00 11:00-17:00", "mon overlap"),
        ("mon-fri 09:00-12:00; wed 11:00-13:00", "wed overlap"),
    ],
)
def test_faulty_hours_name_what_is_wrong(text: str, names: str) -> None:
    with pytest.raises(SettingsError, match=names) as caught:
        parse_opening_hours(text)
    assert str(caught.value).startswith("CONSULTATION_HOURS")


def test_closed_days_and_periods_are_read_both_ends_closed() -> None:
    closed = parse_closed_days("2026-12-24, 2026-12-28..2027-01-02")
    inside = [date(2026, 12, 24), date(2026, 12, 28), date(2027, 1, 2)]
    outside = [date(2026, 12, 23), date(2026, 12, 25), date(2026, 12, 27), date(2027, 1, 3)]
    assert all(day in closed for day in inside)
    assert not any(day in closed for day in outside)


def test_no_closed_days_is_fine() -> None:
    assert parse_closed_days("  ").ranges == ()


@pytest.mark.parametrize("text", ["31 February", "2027-02-31", "2027-01-02..2026-12-28", "2026-12-28..", "2026-12-24 2026-12-25"])
def test_faulty_closed_days_are_named(text: str) -> None:
    with pytest.raises(SettingsError, match="CLOSED_DAYS"):
        parse_closed_days(text)


def test_public_holidays_are_the_dutch_ones() -> None:
    days = public_holidays([2026, 2027])
    assert {date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1), date(2027, 4, 27)} <= days
    assert date(2026, 12, 24) not in days
