"""The visitor's own wish to have their data deleted."""

from datetime import timedelta

import pytest

from actions.delete_data import DeleteData
from actions.hear_yes import HearYes
from actions.services import Services
from tests.actions.fake_booking import FakeBooking
from tests.actions.world import NOW, did_user, names, parsed, run, tracker

TYPED = parsed("delete my data", "delete_data", {})


def tapped(choice: str) -> dict[str, object]:
    return parsed(f'/delete_data{{"deletion": "{choice}"}}', "delete_data", {"deletion": choice})


def said(response: str) -> list[dict[str, object]]:
    return [did_user(TYPED), {"event": "bot", "metadata": {"utter_action": response}}]


def test_asks_first(services: Services, booking: FakeBooking) -> None:
    messages, events = run(DeleteData(services), tracker(TYPED))
    assert (names(messages), events) == (["utter_delete_data"], [])
    assert booking.erased == []


def test_names_the_appointment_that_would_go(services: Services, booking: FakeBooking) -> None:
    booking.belonging["conversation-1"] = [booking.given(NOW + timedelta(days=1)), booking.given(NOW - timedelta(days=1))]
    messages, _ = run(DeleteData(services), tracker(TYPED))
    assert names(messages) == ["utter_delete_data_and_appointments"]
    assert len(messages[0]["custom"]["cards"]) == 1


@pytest.mark.parametrize(
    ("choice", "response", "erased"),
    [
        ("all", "utter_deleting_data", [("conversation-1", False)]),
        ("keep", "utter_deleting_data_but_appointments", [("conversation-1", True)]),
        ("no", "utter_data_kept", []),
    ],
)
def test_does_what_the_button_says(
    services: Services, booking: FakeBooking, choice: str, response: str, erased: list[tuple[str, bool]]
) -> None:
    messages, _ = run(DeleteData(services), tracker(tapped(choice)))
    assert names(messages) == [response]
    assert booking.erased == erased


def test_typed_entities_delete_nothing(services: Services, booking: FakeBooking) -> None:
    messages, _ = run(DeleteData(services), tracker(parsed("all of it", "delete_data", {"deletion": "all"})))
    assert names(messages) == ["utter_delete_data"]
    assert booking.erased == []


@pytest.mark.parametrize(
    ("before", "response", "count"),
    [
        ("utter_delete_data", "utter_deleting_data", 1),
        ("utter_delete_data_and_appointments", "utter_deleting_data", 1),
        ("utter_greet", "utter_what_next", 0),
    ],
)
def test_a_typed_yes(services: Services, booking: FakeBooking, before: str, response: str, count: int) -> None:
    messages, _ = run(HearYes(services), tracker(parsed("yes", "affirm", {}), said(before)))
    assert names(messages) == [response]
    assert len(booking.erased) == count


def test_nothing_is_promised_where_the_practice_does_not_answer(services: Services, booking: FakeBooking) -> None:
    booking.down = True
    messages, _ = run(DeleteData(services), tracker(tapped("all")))
    assert names(messages) == ["utter_unavailable"]
