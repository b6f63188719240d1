"""Opening hours in the console: the week, days that differ, what visitors are told; appointments that a change would strand."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.database import reading
from bot.practice import changes
from bot.practice.booking.availability import Window
from bot.practice.booking.models import opening_day, special_day
from bot.practice.booking.seed import seed_booking
from bot.practice.changes import Thing
from bot.practice.console.staff.accounts import Role
from tests.practice.console.practice import administrator, catalogue, changed, edit, form_on, post, visitors
from tests.practice.console.world import World
from tests.practice.world import SLOT, request, utc

HOURS = "/practice/hours"
DAYS = "/practice/days"
FRIDAY = Window(utc("2026-12-04 00:00"), utc("2026-12-05 00:00"))
CHRISTMAS = Window(utc("2026-12-25 00:00"), utc("2026-12-26 00:00"))


def free(world: World, window: Window = FRIDAY) -> list[Any]:
    return visitors(world).free_slots("video", window, world.now)


def weekdays(world: World) -> list[str]:
    with reading(world.engine) as connection:
        return list(connection.execute(select(opening_day.c.periods).order_by(opening_day.c.weekday)).scalars())


def specials(world: World) -> list[tuple[date, date, str]]:
    with reading(world.engine) as connection:
        return [(row.first, row.last, row.periods) for row in connection.execute(select(special_day).order_by(special_day.c.id))]


def test_the_first_start_takes_the_hours_of_the_settings_and_the_next_leaves_them(console: World) -> None:
    assert weekdays(console) == ["09:00-12:30 13:00-17:00"] * 5 + ["", ""]
    edit(administrator(console), HOURS, day_4=["10:00", "11:00"])
    seed_booking(console.engine, console.settings.copy(update={"consultation_hours": "mon 08:00-09:00"}))
    assert weekdays(console) == ["09:00-12:30 13:00-17:00"] * 4 + ["10:00-11:00", "", ""]


def test_changed_hours_are_what_visitors_can_book_next(any_console: World) -> None:
    browser = administrator(any_console)
    answer = edit(browser, HOURS, day_4=["09:00", "09:40", "", "", "16:00", "00:00"], day_5=["", ""])
    assert answer.status_code == 303
    assert weekdays(any_console)[4] == "09:00-09:40 16:00-24:00"
    found = free(any_console)
    assert (found[0], found[1], found[2]) == (utc("2026-12-04 08:00"), utc("2026-12-04 08:20"), utc("2026-12-04 15:00"))
    assert found[-1] == utc("2026-12-04 22:40")
    with reading(any_console.engine) as connection:
        (kept,) = changes.history(connection, Thing("hours"))
    assert (kept.field, kept.before, kept.after) == ("day_4", "09:00-12:30 13:00-17:00", "09:00-09:40 16:00-24:00")
    assert "09:00-09:40 16:00-24:00" in browser.get(HOURS).text


@pytest.mark.parametrize(
    "times",
    [
        ["12:00", "09:00"],
        ["09:00", "09:00"],
        ["09:00", "12:00", "11:00", "13:00"],
        ["09:05", "12:00"],
        ["09:00", ""],
        ["", "12:00"],
        ["25:00", "26:00"],
        ["nine", "ten"],
        ["09:00", "12:60"],
    ],
)
def test_hours_that_can_not_be_are_named_and_the_input_stays(console: World, times: list[str]) -> None:
    answer = edit(administrator(console), HOURS, day_2=times, day_3=["10:00", "10:30"])
    assert answer.status_code == 422
    assert 'id="day_2-fault"' in answer.text and 'id="day_3-fault"' not in answer.text
    form = form_on(answer.text, HOURS)
    assert [value for name, value in form if name == "day_3"][:2] == ["10:00", "10:30"]
    assert weekdays(console)[2] == "09:00-12:30 13:00-17:00"


def test_appointments_outside_new_hours_are_shown_and_have_to_be_agreed_to(any_console: World) -> None:
    booked = visitors(any_console).book(request(), "key-of-person-1", any_console.now)
    browser = administrator(any_console)
    asked = edit(browser, HOURS, day_4=["09:00", "12:00"])
    assert asked.status_code == 409
    assert booked.reference in asked.text and f"/staff/appointments/{booked.id}" in asked.text
    assert weekdays(any_console)[4] == "09:00-12:30 13:00-17:00"
    assert post(browser, HOURS, form_on(asked.text, HOURS)).status_code == 303
    assert weekdays(any_console)[4] == "09:00-12:00"
    assert visitors(any_console).find(booked.reference, "p1@example.com") == booked


def test_who_books_before_it_is_agreed_to_is_asked_about_as_well(console: World) -> None:
    visitors(console).book(request(), "key-of-person-1", console.now)
    browser = administrator(console)
    asked = edit(browser, HOURS, day_4=["09:00", "12:00"])
    visitors(console).book(request(2, start=SLOT + timedelta(minutes=20)), "key-of-person-2", console.now)
    again = post(browser, HOURS, form_on(asked.text, HOURS))
    assert again.status_code == 409
    assert weekdays(console)[4] == "09:00-12:30 13:00-17:00"
    assert post(browser, HOURS, form_on(again.text, HOURS)).status_code == 303


def test_what_is_outside_already_is_not_asked_about_again(console: World) -> None:
    visitors(console).book(request(), "key-of-person-1", console.now)
    browser = administrator(console)
    post(browser, HOURS, form_on(edit(browser, HOURS, day_4=["09:00", "12:00"]).text, HOURS))
    assert edit(browser, HOURS, day_4=["09:00", "11:00"]).status_code == 303


def test_a_closed_day_offers_nothing_and_comes_back_when_it_is_removed(any_console: World) -> None:
    browser = administrator(any_console)
    assert edit(browser, HOURS, DAYS, first="2026-12-03", last="2026-12-04", note="Course").status_code == 303
    assert specials(any_console) == [(date(2026, 12, 3), date(2026, 12, 4), "")]
    assert free(any_console) == []
    assert "Course" in browser.get(HOURS).text
    assert edit(browser, HOURS, f"{DAYS}/1/remove").status_code == 303
    assert free(any_console) and specials(any_console) == []
    with reading(any_console.engine) as connection:
        kept = [(each.before, each.after) for each in changes.history(connection, Thing("days"))]
    assert kept == [("2026-12-03..2026-12-04 Course", None), (None, "2026-12-03..2026-12-04 Course")]


def test_a_day_with_hours_of_its_own_is_open_on_a_holiday(any_console: World) -> None:
    assert free(any_console, CHRISTMAS) == []
    answer = edit(administrator(any_console), HOURS, DAYS, first="2026-12-25", periods=["10:00", "10:40", "", ""])
    assert answer.status_code == 303
    assert free(any_console, CHRISTMAS) == [utc("2026-12-25 09:00"), utc("2026-12-25 09:20")]


def test_closing_a_day_with_appointments_has_to_be_agreed_to(any_console: World) -> None:
    booked = visitors(any_console).book(request(), "key-of-person-1", any_console.now)
    browser = administrator(any_console)
    asked = edit(browser, HOURS, DAYS, first="2026-12-04")
    assert asked.status_code == 409 and booked.reference in asked.text and specials(any_console) == []
    assert post(browser, DAYS, form_on(asked.text, DAYS)).status_code == 303
    assert specials(any_console) == [(date(2026, 12, 4), date(2026, 12, 4), "")]


def test_taking_away_hours_of_their_own_has_to_be_agreed_to(console: World) -> None:
    browser = administrator(console)
    edit(browser, HOURS, DAYS, first="2026-12-25", periods=["10:00", "12:00"])
    visitors(console).book(request(start=utc("2026-12-25 09:00")), "key-of-person-1", console.now)
    remove = f"{DAYS}/1/remove"
    asked = edit(browser, HOURS, remove)
    assert asked.status_code == 409 and len(specials(console)) == 1
    assert post(browser, remove, [("agreed", "1"), ("csrf", browser.token())]).status_code == 303
    assert specials(console) == []


@pytest.mark.parametrize(
    ("days", "wrong"),
    [
        ({"first": ""}, "first"),
        ({"first": "2026-02-30"}, "first"),
        ({"first": "2026-12-04", "last": "2026-12-03"}, "last"),
        ({"first": "2026-12-04", "last": "2036-12-03"}, "last"),
        ({"first": "2026-12-04", "periods": ["12:00", "10:00"]}, "periods"),
        ({"first": "2026-12-04", "note": "x" * 101}, "note"),
    ],
)
def test_days_that_can_not_be_are_named(console: World, days: dict[str, Any], wrong: str) -> None:
    answer = edit(administrator(console), HOURS, DAYS, **days)
    assert answer.status_code == 422 and f'id="{wrong}-fault"' in answer.text
    assert specials(console) == []


def test_what_visitors_are_told_is_none_own_words_or_the_week(any_console: World) -> None:
    browser, told = administrator(any_console), "/practice/told-hours"
    assert catalogue(any_console).told_hours() is None
    assert edit(browser, HOURS, told, source="own", text_en="Mornings", text_nl="").status_code == 422
    edit(browser, HOURS, told, source="own", text_en="Mornings", text_nl="Ochtenden")
    words = catalogue(any_console).told_hours()
    assert words and (words.week, words.words["nl"]) == (None, "Ochtenden")
    edit(browser, HOURS, told, source="week")
    week = catalogue(any_console).told_hours()
    assert week and week.week and len(week.week.weekdays[0]) == 2


def test_two_who_change_the_week_at_once(console: World) -> None:
    first, second = administrator(console, "first@practice.example"), administrator(console, "second@practice.example")
    opened = form_on(second.get(HOURS).text, HOURS)
    edit(first, HOURS, day_0=["08:00", "09:00"])
    late = post(second, HOURS, changed(opened, day_1=["08:00", "09:00"]))
    assert late.status_code == 409 and "08:00-09:00" in late.text
    assert weekdays(console)[:2] == ["08:00-09:00", "09:00-12:30 13:00-17:00"]


def test_readers_see_the_hours(console: World) -> None:
    page = console.browser(console.staff(Role.READER)).get(HOURS)
    assert page.status_code == 200 and '/practice/days"' not in page.text
