"""Kinds of consultation and therapists in the console, and what follows for who can book what and when."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.database import reading
from bot.practice.booking.availability import Window
from bot.practice.booking.errors import SlotNotOffered, SlotTaken, UnknownType
from bot.practice.booking.models import appointment, appointment_unit, therapist
from tests.practice.console.practice import administrator, catalogue, edit, form_on, post, visitors
from tests.practice.console.world import World
from tests.practice.world import SLOT, request, utc

DAY = Window(utc("2026-12-04 00:00"), utc("2026-12-05 00:00"))
TYPES, THERAPISTS = "/practice/types", "/practice/therapists"


def book(world: World, person: int, **values: Any) -> Any:
    return visitors(world).book(request(person, **values), f"key-of-person-{person}", world.now)


def whom(world: World) -> list[str]:
    with reading(world.engine) as connection:
        query = select(therapist.c.name).join(appointment, appointment.c.therapist == therapist.c.key).order_by(appointment.c.id)
        return list(connection.execute(query).scalars())


def test_a_changed_kind_is_what_visitors_book_next(any_console: World) -> None:
    answer = edit(administrator(any_console), f"{TYPES}/video", name_nl="Beeldbelconsult", minutes="40")
    assert answer.status_code == 303
    kind = catalogue(any_console).consultations()["video"]
    assert (kind.name["nl"], kind.minutes, kind.price_cents) == ("Beeldbelconsult", 40, 0)
    assert book(any_console, 1, start=utc("2026-12-04 13:20")).ends_at == utc("2026-12-04 14:00")


def test_what_is_booked_keeps_its_length(console: World) -> None:
    booked = book(console, 1)
    edit(administrator(console), f"{TYPES}/video", minutes="60")
    assert visitors(console).find(booked.reference, "p1@example.com").ends_at == SLOT + timedelta(minutes=20)


def test_a_kind_that_is_off_can_not_be_booked(any_console: World) -> None:
    edit(administrator(any_console), f"{TYPES}/video", active=None)
    assert visitors(any_console).free_slots("video", DAY, any_console.now) == []
    assert [kind.id for kind in visitors(any_console).types()] == ["practice"]
    with pytest.raises(SlotNotOffered):
        book(any_console, 1)


def test_a_new_kind_can_be_booked(any_console: World) -> None:
    words = {"name_en": "Follow-up visit!", "name_nl": "Controle", "minutes": "10", "place": "online", "price_cents": "25"}
    assert edit(administrator(any_console), f"{TYPES}/new", TYPES, **words).status_code == 303
    kind = catalogue(any_console).consultations()["follow_up_visit"]
    assert (kind.minutes, kind.price_cents, kind.place, kind.active) == (10, 2500, "online", True)
    assert book(any_console, 1, type="follow_up_visit").video_url


@pytest.mark.parametrize(("field", "value"), [("minutes", "15"), ("minutes", "0"), ("minutes", "x"), ("minutes", "250"), ("name_en", "")])
def test_what_can_not_be_is_named(console: World, field: str, value: str) -> None:
    answer = edit(administrator(console), f"{TYPES}/practice", **{field: value})
    assert answer.status_code == 422 and f'id="{field}-fault"' in answer.text


def test_the_free_video_consultation_stays_free(console: World) -> None:
    browser = administrator(console)
    fields = form_on(browser.get(f"{TYPES}/video").text, f"{TYPES}/video")
    assert "price_cents" not in dict(fields)
    post(browser, f"{TYPES}/video", [*fields, ("price_cents", "50")])
    assert catalogue(console).consultations()["video"].price_cents == 0


def test_an_unknown_kind_is_refused(console: World) -> None:
    with pytest.raises(UnknownType):
        book(console, 1, type="massage")


def test_two_therapists_are_two_at_one_time_and_the_first_free_one_gets_it(any_console: World) -> None:
    edit(administrator(any_console), THERAPISTS, name="Tess")
    book(any_console, 1)
    assert SLOT in visitors(any_console).free_slots("video", DAY, any_console.now)
    book(any_console, 2)
    assert SLOT not in visitors(any_console).free_slots("video", DAY, any_console.now)
    with pytest.raises(SlotTaken):
        book(any_console, 3)
    assert whom(any_console) == ["Medicadermis", "Tess"]
    with reading(any_console.engine) as connection:
        assert len(connection.execute(select(appointment_unit)).all()) == 4


def test_who_does_not_work_gets_no_appointments_and_theirs_have_to_be_agreed_to(any_console: World) -> None:
    booked = book(any_console, 1)
    browser = administrator(any_console)
    edit(browser, THERAPISTS, name="Tess")
    asked = edit(browser, f"{THERAPISTS}/1", active=None)
    assert asked.status_code == 409 and booked.reference in asked.text
    assert post(browser, f"{THERAPISTS}/1", form_on(asked.text, f"{THERAPISTS}/1")).status_code == 303
    book(any_console, 2, start=SLOT + timedelta(hours=1))
    assert whom(any_console) == ["Medicadermis", "Tess"]
    assert visitors(any_console).find(booked.reference, "p1@example.com") == booked


def test_a_move_stays_with_the_same_therapist_where_they_are_free(console: World) -> None:
    edit(administrator(console), THERAPISTS, name="Tess")
    book(console, 1)
    second = book(console, 2)
    visitors(console).move(second.reference, "p2@example.com", SLOT + timedelta(hours=1), console.now)
    assert whom(console) == ["Medicadermis", "Tess"]


def test_without_anybody_nothing_is_free(console: World) -> None:
    edit(administrator(console), f"{THERAPISTS}/1", active=None)
    assert visitors(console).free_slots("video", DAY, console.now) == []


@pytest.mark.parametrize("page", [f"{TYPES}/no_such", f"{THERAPISTS}/99"])
def test_what_does_not_exist_is_not_found(console: World, page: str) -> None:
    assert administrator(console).get(page).status_code == 404
