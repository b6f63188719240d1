"""The appointments in the console: seen, found, moved, cancelled, handed over, booked by telephone, noted as missed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from bot.database import reading, writing
from bot.practice import changes
from bot.practice.booking.errors import SlotTaken
from bot.practice.booking.models import appointment, therapist
from bot.practice.changes import Thing
from bot.practice.console.models import audit
from bot.practice.console.staff.accounts import Role
from tests.practice.console.practice import changed, edit, form_on, post, visitors
from tests.practice.console.world import Browser, World
from tests.practice.world import SLOT, request, utc

LATER = "2026-12-04T14:00:00Z"


def book(world: World, person: int = 1, **values: Any) -> Any:
    return visitors(world).book(request(person, **values), f"key-of-person-{person}", world.now)


def reviewer(world: World, login: str = "") -> Browser:
    return world.browser(world.staff(Role.REVIEWER, login=login))


def row(world: World, number: int = 1) -> Any:
    with reading(world.engine) as connection:
        return connection.execute(select(appointment).where(appointment.c.id == number)).mappings().one()


def kept(world: World, number: int = 1) -> list[tuple[str, Any, Any, str | None]]:
    with reading(world.engine) as connection:
        found = changes.history(connection, Thing("appointment", str(number)))
    return [(each.field, each.before, each.after, each.name) for each in found]


def recorded(world: World) -> list[str]:
    with reading(world.engine) as connection:
        return list(connection.execute(select(audit.c.action).order_by(audit.c.id)).scalars())


def test_a_week_and_a_day_with_filters(any_console: World) -> None:
    book(any_console, 1)
    book(any_console, 2, start=utc("2026-12-03 08:00"), type="practice")
    cancelled = book(any_console, 3, start=utc("2026-12-03 12:00"))
    visitors(any_console).cancel(cancelled.reference, "p3@example.com", any_console.now)
    browser = reviewer(any_console)

    def shown(query: str) -> list[int]:
        html = browser.get(f"/appointments?{query}").text
        return [person for person in (1, 2, 3) if f"Person {person}<" in html]

    assert shown("start=2026-12-04") == [1, 2, 3]
    assert shown("start=2026-12-04&view=day") == [1]
    assert shown("start=2026-12-04&kind=practice") == [2]
    assert shown("start=2026-12-04&state=cancelled") == [3]
    assert shown("start=2026-12-04&state=no_show") == []
    assert shown("start=2026-12-04&therapist=2") == []
    assert shown("start=2026-12-11") == []
    assert shown("start=nonsense&view=x&kind=%27&state=y&therapist=-1") == []
    assert "appointments_seen" in recorded(any_console)


@pytest.mark.parametrize("words", ["{reference}", "{lower}", "p1@example.com", "son 1", "0612345678", "06 12 34 56 78", "PERSON 1"])
def test_one_that_fits_is_opened(any_console: World, words: str) -> None:
    booked = book(any_console, 1, phone="+31612345678")
    book(any_console, 22, start=SLOT + timedelta(hours=1))
    words = words.format(reference=booked.reference, lower=booked.reference.lower().replace("-", " "))
    answer = reviewer(any_console).send("/appointments/find", page="/appointments", words=words)
    assert (answer.status_code, answer.headers.get("location")) == (303, f"/staff/appointments/{booked.id}")


@pytest.mark.parametrize(
    ("words", "number"), [("person", 2), ("nobody here", 0), ("", 0), ("%", 0), ("__", 0), ("%%%", 0), ("MD-2222-2222", 0)]
)
def test_others_are_listed_and_what_was_looked_for_is_in_no_address(any_console: World, words: str, number: int) -> None:
    book(any_console, 1)
    book(any_console, 2, start=SLOT + timedelta(hours=1))
    answer = reviewer(any_console).send("/appointments/find", page="/appointments", words=words)
    assert answer.status_code == 200 and "location" not in answer.headers
    assert answer.text.count('class="row-link"') == number


def test_one_is_moved_by_staff_and_the_visitor_finds_it_there(any_console: World) -> None:
    booked = book(any_console)
    answer = edit(reviewer(any_console), "/appointments/1", "/appointments/1/move", start=LATER)
    assert answer.status_code == 303
    assert visitors(any_console).find(booked.reference, "p1@example.com").starts_at == SLOT + timedelta(hours=1)
    assert SLOT in visitors(any_console).free_slots("video", _day(), any_console.now)
    assert kept(any_console) == [
        ("starts_at", SLOT.isoformat(), (SLOT + timedelta(hours=1)).isoformat(), "Reviewer"),
        ("status", None, "booked", None),
    ]
    assert recorded(any_console)[-1] == "appointment_moved"


def test_a_time_that_was_taken_meanwhile_is_refused_and_nothing_changes(any_console: World) -> None:
    book(any_console, 1)
    browser = reviewer(any_console)
    opened = changed(form_on(browser.get("/appointments/1").text, "/appointments/1/move"), start=LATER)
    book(any_console, 2, start=SLOT + timedelta(hours=1))
    answer = post(browser, "/appointments/1/move", opened)
    assert answer.status_code == 409 and row(any_console)["starts_at"] == SLOT
    assert "appointment_moved" not in recorded(any_console)


def test_staff_and_a_visitor_at_once_for_one_time(any_console: World) -> None:
    book(any_console, 1)
    browser = reviewer(any_console)
    opened = changed(form_on(browser.get("/appointments/1").text, "/appointments/1/move"), start=LATER)

    def visitor() -> str:
        try:
            book(any_console, 2, start=SLOT + timedelta(hours=1))
        except SlotTaken:
            return "taken"
        return "booked"

    with ThreadPoolExecutor(2) as pool:
        got, answer = pool.submit(visitor), pool.submit(post, browser, "/appointments/1/move", opened)
        assert (got.result(), answer.result().status_code) in {("taken", 303), ("booked", 409)}


def test_of_two_who_change_one_the_second_is_told(any_console: World) -> None:
    book(any_console)
    first, second = reviewer(any_console, "first@practice.example"), reviewer(any_console, "second@practice.example")
    opened = form_on(second.get("/appointments/1").text, "/appointments/1/cancel")
    edit(first, "/appointments/1", "/appointments/1/move", start=LATER)
    late = post(second, "/appointments/1/cancel", changed(opened, sure="yes"))
    assert late.status_code == 409 and "First" in late.text
    assert row(any_console)["status"] == "booked"


def test_a_visitors_own_change_counts_as_one(console: World) -> None:
    booked = book(console)
    browser = reviewer(console)
    opened = form_on(browser.get("/appointments/1").text, "/appointments/1/move")
    visitors(console).move(booked.reference, "p1@example.com", utc("2026-12-03 08:00"), console.now)
    assert post(browser, "/appointments/1/move", changed(opened, start=LATER)).status_code == 409
    assert row(console)["starts_at"] == utc("2026-12-03 08:00")


def test_one_is_cancelled_only_after_a_tick_and_its_time_is_free(any_console: World) -> None:
    book(any_console)
    browser = reviewer(any_console)
    assert edit(browser, "/appointments/1", "/appointments/1/cancel").status_code == 409
    assert row(any_console)["status"] == "booked"
    assert edit(browser, "/appointments/1", "/appointments/1/cancel", sure="yes").status_code == 303
    assert row(any_console)["status"] == "cancelled"
    assert SLOT in visitors(any_console).free_slots("video", _day(), any_console.now)
    page = browser.get("/appointments/1")
    assert page.status_code == 200 and "/appointments/1/move" not in page.text


def test_who_did_not_come_is_noted_after_the_beginning_and_can_be_taken_back(any_console: World) -> None:
    book(any_console)
    browser = reviewer(any_console)
    version = dict(form_on(browser.get("/appointments/1").text, "/appointments/1/cancel"))["version"]
    early = browser.send("/appointments/1/no-show", version=version)
    assert early.status_code == 409 and row(any_console)["no_show_at"] is None
    any_console.now = SLOT + timedelta(minutes=20)
    browser = any_console.browser("reviewer@practice.example")
    assert edit(browser, "/appointments/1", "/appointments/1/no-show").status_code == 303
    assert row(any_console)["no_show_at"] == any_console.now
    assert "Person 1<" in browser.get("/appointments?start=2026-12-04&state=no_show").text
    assert edit(browser, "/appointments/1", "/appointments/1/came").status_code == 303
    assert row(any_console)["no_show_at"] is None
    assert recorded(any_console)[-2:] != [] and {"appointment_no_show", "appointment_came"} <= set(recorded(any_console))


def test_what_has_begun_is_not_moved(console: World) -> None:
    book(console)
    browser = reviewer(console)
    opened = form_on(browser.get("/appointments/1").text, "/appointments/1/move")
    console.pass_time(minutes=20)
    console.now = SLOT
    browser = console.browser("reviewer@practice.example")
    fields = changed(opened, start="2026-12-07T13:00:00Z", csrf=browser.token())
    assert post(browser, "/appointments/1/move", fields).status_code == 409
    assert row(console)["starts_at"] == SLOT


def test_one_is_handed_over_to_a_therapist_who_is_free(any_console: World) -> None:
    with writing(any_console.engine) as connection:
        connection.execute(
            insert(therapist), [{"key": "tess", "name": "Tess", "active": True}, {"key": "off", "name": "Off", "active": False}]
        )
    book(any_console, 1)
    browser = reviewer(any_console)
    assert edit(browser, "/appointments/1", "/appointments/1/therapist", therapist="off").status_code == 409
    assert edit(browser, "/appointments/1", "/appointments/1/therapist", therapist="tess").status_code == 303
    assert row(any_console)["therapist"] == "tess"
    book(any_console, 2)
    assert row(any_console, 2)["therapist"] == "practice"
    assert edit(browser, "/appointments/2", "/appointments/2/therapist", therapist="tess").status_code == 409
    assert row(any_console, 2)["therapist"] == "practice"


NEW = "/appointments/new?kind=video&day=2026-12-04"
CALLER = {"name": "Ada Caller", "email": "ada@example.com", "phone": "06 12345678", "language": "nl", "start": LATER}


def test_somebody_who_calls_is_booked_once_also_when_it_is_sent_twice(any_console: World) -> None:
    browser = reviewer(any_console)
    form = changed(form_on(browser.get(NEW).text, "/appointments"), **CALLER)
    for answer in (post(browser, "/appointments", form), post(browser, "/appointments", form)):
        assert answer.headers["location"] == "/staff/appointments/1"
    made = row(any_console)
    assert (made["name"], made["phone"], made["starts_at"], made["language"]) == (
        "Ada Caller",
        "+31612345678",
        SLOT + timedelta(hours=1),
        "nl",
    )
    assert visitors(any_console).find(made["reference"], "ada@example.com").video_url
    assert kept(any_console) == [("status", None, "booked", "Reviewer")]


def test_staff_can_book_at_short_notice_and_visitors_can_not(console: World) -> None:
    soon = console.now + timedelta(minutes=20)
    assert soon not in visitors(console).free_slots("video", _day("2026-11-30"), console.now)
    browser = reviewer(console)
    form = form_on(browser.get("/appointments/new?kind=video&day=2026-11-30").text, "/appointments")
    answer = post(browser, "/appointments", changed(form, **CALLER | {"start": soon.strftime("%Y-%m-%dT%H:%M:%SZ")}))
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "x" * 101), ("email", "ada"), ("email", ""), ("phone", "12"), ("start", ""), ("start", "2026-12-05T14:00:00Z")],
)
def test_what_can_not_be_is_named_and_the_input_stays(console: World, field: str, value: str) -> None:
    browser = reviewer(console)
    answer = post(browser, "/appointments", changed(form_on(browser.get(NEW).text, "/appointments"), **CALLER | {field: value}))
    assert answer.status_code == 422 and f'id="{field}-fault"' in answer.text
    assert "Ada Caller" in answer.text or field == "name"
    with reading(console.engine) as connection:
        assert connection.execute(select(func.count()).select_from(appointment)).scalar_one() == 0


def test_hostile_names_are_only_shown(console: World) -> None:
    book(console, name="<script>alert(1)</script>", findings={"looks": "<img src=x>"})
    browser = reviewer(console)
    for page in ("/appointments?start=2026-12-04", "/appointments/1"):
        assert "<script>alert" not in browser.get(page).text and "<img" not in browser.get(page).text


def test_readers_see_an_appointment_and_can_change_nothing(console: World) -> None:
    book(console)
    page = console.browser(console.staff(Role.READER)).get("/appointments/1")
    assert page.status_code == 200 and "Person 1" in page.text
    assert "/appointments/1/" not in page.text


def test_no_personal_data_in_the_audit_trail(console: World) -> None:
    book(console)
    browser = reviewer(console)
    browser.send("/appointments/find", page="/appointments", words="p1@example.com")
    edit(browser, "/appointments/1", "/appointments/1/move", start=LATER)
    with reading(console.engine) as connection:
        lines = connection.execute(select(audit.c.subject, audit.c.detail)).all()
    assert not any("example.com" in str(line) or "Person" in str(line) for line in lines)


def _day(day: str = "2026-12-04") -> Any:
    from bot.practice.booking.availability import Window

    return Window(utc(f"{day} 00:00"), utc(f"{day} 23:00"))
