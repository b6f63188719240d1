"""The days of the overview."""

from datetime import date, timedelta

import pytest

from bot.practice.console.conversations.days import day_of, start_of
from bot.practice.console.overview.period import DEFAULT, MOST_COLUMNS, Bucket, Period, Span, Unit
from tests.practice.console.world import at

TODAY = date(2026, 11, 26)  # a Thursday


@pytest.mark.parametrize(
    ("span", "since", "buckets"),
    [
        (Span.DAYS_7, date(2026, 11, 20), 7),
        (Span.DAYS_28, date(2026, 10, 30), 28),
        (Span.WEEKS_12, date(2026, 9, 7), 12),
        (Span.MONTHS_12, date(2025, 12, 1), 12),
    ],
)
def test_spans_end_today_and_begin_with_a_whole_unit(span: Span, since: date, buckets: int) -> None:
    period = span.period(TODAY)
    assert (period.since, period.until, len(period.buckets)) == (since, TODAY, buckets)


@pytest.mark.parametrize("unit", list(Unit))
def test_the_parts_of_a_period_follow_each_other_without_a_gap(unit: Unit) -> None:
    period = Period.of({"since": "2024-12-20", "until": "2025-03-10", "by": unit.value}, TODAY)
    assert period.since == unit.start(date(2024, 12, 20))
    days = [bucket.first + timedelta(days=number) for bucket in period.buckets for number in range((bucket.last - bucket.first).days + 1)]
    assert days == [period.since + timedelta(days=number) for number in range(period.days)]
    assert all(bucket.first == unit.start(bucket.first) for bucket in period.buckets)


def test_weeks_go_across_the_turn_of_the_year() -> None:
    period = Period.of({"since": "2026-12-31", "until": "2027-01-04", "by": "week"}, TODAY)
    assert period.buckets == [Bucket(date(2026, 12, 28), date(2027, 1, 3)), Bucket(date(2027, 1, 4), date(2027, 1, 4))]


def test_the_period_before_is_as_long_and_directly_before() -> None:
    before = Period(date(2026, 3, 1), date(2026, 3, 31), Unit.DAY).before
    assert (before.since, before.until, before.days) == (date(2026, 1, 29), date(2026, 2, 28), 31)


def test_what_a_chart_cant_show_is_put_together() -> None:
    for since, unit in (("2026-08-01", Unit.DAY), ("2025-08-01", Unit.WEEK), ("2019-01-01", Unit.MONTH)):
        period = Period.of({"since": since, "until": "2026-10-31", "by": "day"}, TODAY)
        assert period.by is unit and len(period.buckets) <= MOST_COLUMNS


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"since": "x", "until": "y"},
        {"since": "2026-11-02", "until": "2026-11-01"},
        {"since": "2026-11-02"},
        {"since": "0001-01-01", "until": "2026-11-01"},
        {"since": "2026-01-01", "until": "9999-12-31"},
        {"since": "2000-01-01", "until": "2026-11-01"},
        {"span": "ever"},
    ],
)
def test_what_makes_no_sense_gives_the_default(query: dict[str, str]) -> None:
    assert Period.of(query, TODAY) == DEFAULT.period(TODAY)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-03-28T22:59:59", date(2026, 3, 28)),
        ("2026-03-28T23:00", date(2026, 3, 29)),  # the clock goes forward: 23 hours
        ("2026-03-29T21:59:59", date(2026, 3, 29)),
        ("2026-03-29T22:00", date(2026, 3, 30)),
        ("2026-10-24T22:00", date(2026, 10, 25)),  # and back: 25 hours
        ("2026-10-25T22:59:59", date(2026, 10, 25)),
        ("2026-10-25T23:00", date(2026, 10, 26)),
    ],
)
def test_a_day_is_one_of_the_practice_where_the_clock_changes(instant: str, day: date) -> None:
    assert day_of(at(instant)) == day
    assert start_of(day) <= at(instant) < start_of(day + timedelta(days=1))
