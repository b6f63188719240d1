from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import Engine

from bot.database import reading, writing
from bot.practice.booking import store as store_module
from bot.practice.booking.appointment import Appointment
from bot.practice.booking.availability import Window
from bot.practice.booking.errors import BookingRefused, IdempotencyConflict, NotFound, SlotNotOffered, SlotTaken, TooLate
from bot.practice.booking.models import appointment, appointment_unit, opening_day, therapist
from bot.practice.booking.store import AppointmentStore
from tests.practice.world import NOW, SLOT, request, store, utc

DAY = Window(utc("2026-12-04 00:00"), utc("2026-12-05 00:00"))


def count(engine: Engine, table: Any) -> int:
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def all_at_once(works: list[Callable[[], Appointment]]) -> list[Appointment | BookingRefused]:
    """What each of several simultaneous attempts got."""
    start = Barrier(len(works))

    def attempt(work: Callable[[], Appointment]) -> Appointment | BookingRefused:
        start.wait()
        try:
            return work()
        except BookingRefused as refused:
            return refused

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(attempt, works))


def book(practice: AppointmentStore, person: int = 1, **values: Any) -> Appointment:
    return practice.book(request(person, **values), f"key-of-person-{person}", NOW)


def test_a_booking_takes_its_time_and_is_found_again(engine: Engine) -> None:
    practice = store(engine)
    booked = book(practice, phone="+31612345678", findings={"looks": "brown"})
    assert (booked.starts_at, booked.ends_at, booked.status) == (SLOT, SLOT + timedelta(minutes=20), "booked")
    assert booked.video_url and booked.video_url.startswith("https://video.example/medicadermis-")
    assert practice.find(booked.reference, "p1@example.com") == booked
    assert SLOT not in practice.free_slots("video", DAY, NOW)
    assert count(engine, appointment_unit) == 2


def test_video_rooms_and_references_differ(engine: Engine) -> None:
    practice = store(engine)
    first, second = book(practice, 1), book(practice, 2, start=SLOT + timedelta(minutes=20))
    assert first.video_url != second.video_url
    assert first.reference != second.reference


def test_a_consultation_in_the_practice_has_no_video_room(engine: Engine) -> None:
    assert book(store(engine), type="practice").video_url is None


def test_fifty_people_at_once_one_gets_the_slot_and_49_are_told(engine: Engine) -> None:
    practice = store(engine)
    results = all_at_once([lambda person=person: book(practice, person) for person in range(50)])  # type: ignore[misc]
    assert sum(isinstance(result, Appointment) for result in results) == 1
    taken = [result for result in results if isinstance(result, SlotTaken)]
    assert len(taken) == 49
    assert all(len(result.alternatives) == 3 and SLOT not in result.alternatives for result in taken)
    assert count(engine, appointment) == 1
    assert count(engine, appointment_unit) == 2


def test_with_three_therapists_three_of_twenty_at_once_get_the_slot_each_with_another(engine: Engine) -> None:
    practice = store(engine)
    with writing(engine) as connection:
        connection.execute(insert(therapist), [{"key": key, "name": key, "active": True} for key in ("tess", "tom")])
    results = all_at_once([lambda person=person: book(practice, person) for person in range(20)])  # type: ignore[misc]
    assert sorted(type(result).__name__ for result in results) == ["Appointment"] * 3 + ["SlotTaken"] * 17
    with reading(engine) as connection:
        assert set(connection.execute(select(appointment.c.therapist)).scalars()) == {"practice", "tess", "tom"}
    assert count(engine, appointment_unit) == 6


def test_overlapping_kinds_at_once_only_one_is_booked(engine: Engine) -> None:
    practice = store(engine)
    later = SLOT + timedelta(minutes=20)  # video 14:20 to 14:40 shares ten minutes with practice 14:00 to 14:30
    works: list[Callable[[], Appointment]] = [lambda: book(practice, 1, type="practice"), lambda: book(practice, 2, start=later)]
    results = all_at_once(works)
    assert sorted(type(result).__name__ for result in results) == ["Appointment", "SlotTaken"]


def test_the_constraint_alone_keeps_two_out_of_one_time(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    practice = store(engine)
    book(practice, 1)
    monkeypatch.setattr(store_module, "_somebody_free", lambda *_, **__: "practice")
    with pytest.raises(SlotTaken):
        book(practice, 2)
    assert count(engine, appointment) == 1


def test_back_to_back_appointments_are_both_booked(engine: Engine) -> None:
    practice = store(engine)
    for person in range(3):
        assert book(practice, person, start=SLOT + timedelta(minutes=20 * person)).status == "booked"


def test_the_same_key_and_content_again_is_the_same_appointment(engine: Engine) -> None:
    practice = store(engine)
    assert book(practice) == book(practice)
    assert count(engine, appointment) == 1


def test_the_same_key_in_parallel_books_once_and_gives_everyone_that(engine: Engine) -> None:
    practice = store(engine)
    for person in range(4):
        start = SLOT + timedelta(minutes=20 * person)
        results = all_at_once([lambda person=person, start=start: book(practice, person, start=start)] * 10)  # type: ignore[misc]
        assert len(set(results)) == 1
        assert isinstance(results[0], Appointment)
    assert count(engine, appointment) == 4


def test_the_same_key_after_a_move_is_still_the_same_appointment(engine: Engine) -> None:
    practice = store(engine)
    booked = book(practice)
    moved = practice.move(booked.reference, "p1@example.com", SLOT + timedelta(hours=1), NOW)
    assert book(practice) == moved


def test_the_same_key_with_other_content_is_a_conflict(engine: Engine) -> None:
    practice = store(engine)
    book(practice)
    with pytest.raises(IdempotencyConflict):
        book(practice, name="Somebody Else")


@pytest.mark.parametrize(
    "start",
    [
        "2026-11-27 13:00",
        "2026-11-30 09:00",
        "2026-12-04 06:00",
        "2026-12-04 13:10",
        "2026-12-05 13:00",
        "2026-12-25 13:00",
        "2027-02-01 13:00",
    ],
    ids=["past", "within notice", "before opening", "between two starts", "Saturday", "holiday", "beyond horizon"],
)
def test_a_start_that_is_not_offered_is_refused_with_the_nearest_ones(engine: Engine, start: str) -> None:
    practice = store(engine)
    with pytest.raises(SlotNotOffered) as caught:
        book(practice, start=utc(start))
    assert len(caught.value.alternatives) == 3
    assert set(caught.value.alternatives) <= set(practice.free_slots("video", Window(NOW, NOW + timedelta(days=90)), NOW))
    assert count(engine, appointment) == 0


def test_alternatives_are_the_nearest_on_both_sides(engine: Engine) -> None:
    practice = store(engine)
    book(practice)
    with pytest.raises(SlotTaken) as caught:
        book(practice, 2)
    minutes = [(start - SLOT) / timedelta(minutes=1) for start in caught.value.alternatives]
    assert minutes in ([-40, -20, 20], [-20, 20, 40])


@pytest.mark.parametrize("change", [str.lower, lambda text: text.replace("-", ""), lambda text: f" {text.replace('-', ' ')} "])
def test_a_reference_is_read_whatever_its_case_spaces_and_dashes(engine: Engine, change: Callable[[str], str]) -> None:
    practice = store(engine)
    booked = book(practice)
    assert practice.find(change(booked.reference), "P1@Example.COM ") == booked


@pytest.mark.parametrize("work", ["find", "move", "cancel"])
def test_wrong_email_and_unknown_reference_can_not_be_told_apart(engine: Engine, work: str) -> None:
    practice = store(engine)
    booked = book(practice)
    rest: dict[str, tuple[Any, ...]] = {"find": (), "move": (SLOT + timedelta(hours=1), NOW), "cancel": (NOW,)}
    errors = []
    for reference, email in [(booked.reference, "p2@example.com"), ("MD-2222-2222", "p1@example.com"), ("nonsense\x00", "p1@example.com")]:
        with pytest.raises(NotFound) as caught:
            getattr(practice, work)(reference, email, *rest[work])
        errors.append((type(caught.value), str(caught.value)))
    assert len(set(errors)) == 1
    assert practice.find(booked.reference, "p1@example.com") == booked


def test_cancelling_frees_the_time_and_twice_is_the_same(engine: Engine) -> None:
    practice = store(engine)
    booked = book(practice)
    cancelled = practice.cancel(booked.reference, "p1@example.com", NOW)
    assert cancelled.status == "cancelled"
    assert practice.cancel(booked.reference, "p1@example.com", NOW) == cancelled
    assert book(practice, 2).starts_at == SLOT


def test_moving_frees_the_old_time_and_takes_the_new_one(engine: Engine) -> None:
    practice = store(engine)
    booked = book(practice)
    target = SLOT + timedelta(hours=1)
    moved = practice.move(booked.reference, "p1@example.com", target, NOW)
    assert (moved.reference, moved.starts_at, moved.ends_at) == (booked.reference, target, target + timedelta(minutes=20))
    assert practice.move(booked.reference, "p1@example.com", target, NOW) == moved
    free = practice.free_slots("video", DAY, NOW)
    assert SLOT in free
    assert target not in free
    assert count(engine, appointment_unit) == 2


def test_moving_by_less_than_its_length_overlaps_only_itself(engine: Engine) -> None:
    booked = book(store(engine), type="practice")
    with writing(engine) as connection:
        connection.execute(update(opening_day).values(periods="13:40-17:00"))  # a grid that has 14:10
    assert store(engine).move(booked.reference, "p1@example.com", SLOT + timedelta(minutes=10), NOW).starts_at == SLOT + timedelta(
        minutes=10
    )


def test_moving_to_a_taken_time_changes_nothing(engine: Engine) -> None:
    practice = store(engine)
    mine, theirs = book(practice, 1), book(practice, 2, start=SLOT + timedelta(hours=1))
    with pytest.raises(SlotTaken):
        practice.move(mine.reference, "p1@example.com", theirs.starts_at, NOW)
    assert practice.find(mine.reference, "p1@example.com") == mine
    assert count(engine, appointment_unit) == 4


def test_move_race_for_one_time_has_one_winner(engine: Engine) -> None:
    practice = store(engine)
    booked = [book(practice, person, start=SLOT + timedelta(minutes=20 * person)) for person in range(5)]
    target = utc("2026-12-03 08:00")
    moves = [lambda own=own, n=n: practice.move(own.reference, f"p{n}@example.com", target, NOW) for n, own in enumerate(booked)]  # type: ignore[misc]
    results = all_at_once(moves)
    assert sum(isinstance(result, Appointment) for result in results) == 1
    assert sum(isinstance(result, SlotTaken) for result in results) == 4
    assert count(engine, appointment_unit) == 10


def test_one_appointment_moved_two_ways_at_once_keeps_one_time(engine: Engine) -> None:
    practice = store(engine)
    booked = book(practice)
    targets = [SLOT + timedelta(hours=1), SLOT + timedelta(hours=2)]
    moves = [lambda target=target: practice.move(booked.reference, "p1@example.com", target, NOW) for target in targets]  # type: ignore[misc]
    all_at_once(moves)
    assert count(engine, appointment_unit) == 2
    final = practice.find(booked.reference, "p1@example.com").starts_at
    with reading(engine) as connection:
        assert final in set(connection.execute(select(appointment_unit.c.unit_start)).scalars())


def test_a_cancelled_appointment_is_not_moved(engine: Engine) -> None:
    practice = store(engine)
    booked = book(practice)
    practice.cancel(booked.reference, "p1@example.com", NOW)
    with pytest.raises(NotFound):
        practice.move(booked.reference, "p1@example.com", SLOT + timedelta(hours=1), NOW)


def test_what_has_begun_is_neither_moved_nor_cancelled(engine: Engine) -> None:
    practice = store(engine)
    booked = book(practice)
    with pytest.raises(TooLate):
        practice.cancel(booked.reference, "p1@example.com", SLOT)
    with pytest.raises(TooLate):
        practice.move(booked.reference, "p1@example.com", SLOT + timedelta(days=3), SLOT)
    assert practice.cancel(booked.reference, "p1@example.com", SLOT - timedelta(minutes=1)).status == "cancelled"


def test_free_slots_are_limited_from_the_first_on(engine: Engine) -> None:
    practice = store(engine)
    assert practice.free_slots("video", DAY, NOW, limit=2) == practice.free_slots("video", DAY, NOW)[:2]
