from datetime import timedelta

import pytest

from actions.appointments.form import TASKS
from actions.appointments.validate_appointment_form import ValidateAppointmentForm
from actions.booking_client import Appointment
from actions.services import Services
from tests.actions.fake_booking import FakeBooking
from tests.actions.world import Chat, buttons, cards, local, utc

FRIDAY = "2026-11-27 14:00"
EMAIL = "ada@example.com"
ASK_REFERENCE = ["utter_appointment_reference"]
ASK_EMAIL = ["utter_appointment_email"]
CANCEL, MOVE, SHOW = "cancel_appointment", "reschedule_appointment", "my_appointment"


@pytest.fixture
def appointment(booking: FakeBooking) -> Appointment:
    """Ada's, on Friday at two."""
    return booking.given(utc(FRIDAY), EMAIL)


@pytest.fixture
def chat(services: Services) -> Chat:
    """A chat of somebody who has said nothing yet."""
    return Chat(ValidateAppointmentForm(services))


@pytest.fixture
def known(services: Services, appointment: Appointment) -> Chat:
    """A chat of somebody who has booked in it."""
    return Chat(ValidateAppointmentForm(services), reference=appointment.reference, email=EMAIL)


def yes(chat: Chat) -> list[str] | None:
    return chat.tap('/choose{"confirm": "yes"}')


def facts(chat: Chat) -> str:
    """What the card of the latest message tells."""
    (card,) = cards(chat.said[-1])
    return " ".join(card["facts"])


# --- finding it


def test_reference_and_email_are_asked_and_the_appointment_is_shown(chat: Chat, appointment: Appointment) -> None:
    assert chat.open(SHOW) == ASK_REFERENCE
    assert chat.say(appointment.reference.lower(), "nlu_fallback") == ASK_EMAIL
    assert chat.say("ADA@example.com", "nlu_fallback") == ["utter_appointment_shown"]
    for fact in ("Friday 27 November", "14:00", appointment.reference):
        assert fact in facts(chat)
    assert cards(chat.said[0])[0]["link"]["url"] == appointment.video_url
    assert not chat.active


def test_reference_and_email_in_the_first_message_are_enough(chat: Chat, appointment: Appointment) -> None:
    assert chat.open(SHOW, f"when is my appointment {appointment.reference}, {EMAIL}?") == ["utter_appointment_shown"]


def test_the_email_may_come_first(chat: Chat, appointment: Appointment) -> None:
    chat.open(SHOW)
    assert chat.say(EMAIL, "nlu_fallback") == ASK_REFERENCE
    assert chat.say(appointment.reference, "nlu_fallback") == ["utter_appointment_shown"]


@pytest.mark.parametrize("typed", ["MD-2222-2222", "md 2222 2222", "md22222222", "it is MD-2222-2222.", "MD–2222–2222"])
def test_a_reference_is_found_however_it_is_typed(chat: Chat, appointment: Appointment, typed: str) -> None:
    assert appointment.reference == "MD-2222-2222"
    chat.open(SHOW)
    assert chat.say(typed, "nlu_fallback") == ASK_EMAIL
    assert chat.slots["reference"] == "MD-2222-2222"


@pytest.mark.parametrize("typed", ["MD-22", "22222222", "2222-2222"])
def test_what_is_no_reference_is_asked_again(chat: Chat, typed: str) -> None:
    chat.open(SHOW)
    assert chat.say(typed, "nlu_fallback") == ["utter_appointment_reference_unclear", *ASK_REFERENCE]


@pytest.mark.parametrize("intent", [SHOW, CANCEL, MOVE])
@pytest.mark.parametrize("given", [("MD-9999-9999", EMAIL), ("MD-2222-2222", "bob@example.com")])
def test_what_is_not_found_is_told_and_forgotten(chat: Chat, appointment: Appointment, intent: str, given: tuple[str, str]) -> None:
    chat.open(intent)
    chat.say(given[0], "nlu_fallback")
    assert chat.say(given[1], "nlu_fallback") == ["utter_appointment_not_found"]
    assert not chat.active
    assert (chat.slots["reference"], chat.slots["email"]) == (None, None)


@pytest.mark.parametrize("intent", [SHOW, CANCEL, MOVE])
def test_what_is_not_found_is_told_also_where_a_day_was_named(chat: Chat, appointment: Appointment, intent: str) -> None:
    assert chat.open(intent, f"my appointment MD-9999-9999 of {EMAIL} on Friday") == ["utter_appointment_not_found"]


def test_reference_and_email_of_a_booking_are_remembered(known: Chat) -> None:
    assert known.open(SHOW) == ["utter_appointment_shown"]
    assert known.open(CANCEL) == ["utter_appointment_confirm_cancel"]


def test_a_cancelled_one_is_shown_as_such(known: Chat, booking: FakeBooking, appointment: Appointment) -> None:
    booking.cancel(appointment.reference, EMAIL)
    assert known.open(SHOW) == ["utter_appointment_already_cancelled"]
    assert "link" not in cards(known.said[0])[0]


# --- cancelling


def test_cancelling_asks_first(known: Chat, booking: FakeBooking) -> None:
    known.open(CANCEL)
    assert local(booking.booked[0].start) == FRIDAY
    assert "14:00" in facts(known)
    assert yes(known) == ["utter_appointment_cancelled"]
    assert booking.booked == []
    assert "Cancelled" in facts(known)


@pytest.mark.parametrize("text", ["cancel", "yes, cancel it", "annuleren", "annuleer maar", "ja, annuleren"])
def test_the_word_itself_confirms(known: Chat, booking: FakeBooking, text: str) -> None:
    """ "Cancel" ends other questions, but here it is what was asked."""
    known.open(CANCEL)
    entities = {} if "," in text else {"command": "stop"}
    assert known.say(text, "cancel_appointment", **entities) == ["utter_appointment_cancelled"]
    assert booking.booked == []


def test_stop_and_never_mind_leave_it_as_it_is(known: Chat, booking: FakeBooking) -> None:
    for text in ("stop", "laat maar"):
        known.open(CANCEL)
        assert known.say(text, "nlu_fallback", command="stop") == ["utter_appointment_stopped"]
    known.open(MOVE)
    assert known.say("annuleren", "nlu_fallback", command="stop") == ["utter_appointment_stopped"]
    assert len(booking.booked) == 1


@pytest.mark.parametrize(("text", "intent"), [("no", "deny"), ("nee", "nlu_fallback"), ('/choose{"confirm": "no"}', "choose")])
def test_a_no_keeps_it(known: Chat, booking: FakeBooking, text: str, intent: str) -> None:
    known.open(CANCEL)
    said = known.tap(text) if text.startswith("/") else known.say(text, intent)
    assert said == ["utter_appointment_kept"]
    assert (len(booking.booked), booking.calls) == (1, [])


@pytest.mark.parametrize("intent", [CANCEL, MOVE])
def test_a_cancelled_one_can_be_neither_cancelled_nor_moved(
    known: Chat, booking: FakeBooking, appointment: Appointment, intent: str
) -> None:
    booking.cancel(appointment.reference, EMAIL)
    assert known.open(intent) == ["utter_appointment_already_cancelled"]
    assert not known.active


def test_it_is_too_late_once_it_has_begun(known: Chat, booking: FakeBooking) -> None:
    known.open(CANCEL)
    booking.now = lambda: utc(FRIDAY)
    assert yes(known) == ["utter_appointment_too_late"]
    assert len(booking.booked) == 1


# --- moving


def test_moving_offers_free_times_and_asks_first(known: Chat, booking: FakeBooking) -> None:
    assert known.open(MOVE) == ["utter_booking_start"]
    assert known.tap(known.offered["2026-11-24 15:00"]) == ["utter_appointment_confirm_move"]
    assert (known.said[0]["day"], known.said[0]["time"]) == ("Tuesday 24 November", "15:00")
    assert local(booking.booked[0].start) == FRIDAY
    assert yes(known) == ["utter_appointment_moved"]
    assert local(booking.booked[0].start) == "2026-11-24 15:00"
    assert "15:00" in facts(known)


def test_the_new_time_may_be_told_at_once(known: Chat) -> None:
    assert known.open(MOVE, "can I move my appointment to tuesday at 3 pm") == ["utter_appointment_confirm_move"]
    assert (known.said[0]["day"], known.said[0]["time"]) == ("Tuesday 24 November", "15:00")


def test_another_time_can_be_asked_for_before_the_yes(known: Chat, booking: FakeBooking) -> None:
    known.open(MOVE, "to tuesday at 3 pm")
    assert known.say("no, make it 4", "deny") == ["utter_appointment_confirm_move"]
    assert known.said[0]["time"] == "16:00"
    assert known.tap('/choose{"change": "new_start"}') == ["utter_booking_start"]
    assert booking.calls == []


def test_leaving_it_as_it_is(known: Chat, booking: FakeBooking) -> None:
    known.open(MOVE, "to tuesday at 3 pm")
    assert known.tap('/choose{"confirm": "no"}') == ["utter_appointment_kept"]
    assert local(booking.booked[0].start) == FRIDAY


def test_a_new_time_that_was_taken_meanwhile_leads_back_to_the_choice(known: Chat, booking: FakeBooking) -> None:
    known.open(MOVE, "to tuesday at 3 pm")
    booking.given(utc("2026-11-24 15:00"), "other@example.com")
    assert yes(known) == ["utter_booking_slot_taken", "utter_booking_start"]
    assert "2026-11-24 15:00" not in known.offered
    assert local(booking.booked[0].start) == FRIDAY
    known.tap(known.offered["2026-11-24 16:00"])
    assert yes(known) == ["utter_appointment_moved"]


def test_one_that_has_begun_is_not_moved(known: Chat, booking: FakeBooking) -> None:
    known.open(MOVE, "to monday 30 november at 3 pm")
    booking.now = lambda: utc(FRIDAY) + timedelta(minutes=1)
    assert yes(known) == ["utter_appointment_too_late"]


@pytest.mark.parametrize(("text", "response"), [("31 february", "utter_booking_no_such_date"), ("yesterday", "utter_booking_past")])
def test_a_day_that_cannot_be_is_told(known: Chat, text: str, response: str) -> None:
    known.open(MOVE)
    assert known.say(text, "nlu_fallback") == [response, "utter_booking_start"]


def test_a_practice_appointment_is_moved_to_a_practice_time(
    services: Services, booking: FakeBooking, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = booking.given(utc(FRIDAY), EMAIL, "practice")
    asked_for: list[str] = []
    free_slots = booking.free_slots
    monkeypatch.setattr(booking, "free_slots", lambda kind, *window: asked_for.append(kind) or free_slots(kind, *window))
    Chat(ValidateAppointmentForm(services), reference=made.reference, email=EMAIL).open(MOVE)
    assert set(asked_for) == {"practice"}


# --- in between


def test_a_question_in_between_leads_back(known: Chat) -> None:
    known.open(CANCEL)
    assert known.digress("does laser hurt?", "faq", "utter_faq/laser_pain") == ["utter_appointment_confirm_cancel"]


def test_an_old_yes_changes_nothing(chat: Chat, booking: FakeBooking, appointment: Appointment) -> None:
    chat.open(CANCEL)
    assert yes(chat) is None
    chat.say(appointment.reference, "nlu_fallback")
    assert chat.say(EMAIL, "nlu_fallback") == ["utter_appointment_confirm_cancel"]
    assert booking.calls == []


def test_back_from_the_email_asks_the_reference(chat: Chat, appointment: Appointment) -> None:
    chat.open(SHOW)
    chat.say(appointment.reference, "nlu_fallback")
    assert chat.tap("/go_back") == ASK_REFERENCE


def test_an_answer_makes_the_count_begin_again(chat: Chat, appointment: Appointment) -> None:
    chat.open(SHOW)
    chat.say(appointment.reference, "nlu_fallback")
    chat.say("ada@", "nlu_fallback")
    chat.tap("/go_back")
    assert chat.say(appointment.reference, "nlu_fallback") == ASK_EMAIL


def test_nobody_is_asked_for_the_reference_a_third_time(chat: Chat) -> None:
    chat.open(SHOW)
    chat.say("22", "nlu_fallback")
    assert chat.say("23", "nlu_fallback") == ["utter_appointment_reference_unclear", "utter_appointment_paused"]


def test_stop_changes_nothing(known: Chat, booking: FakeBooking) -> None:
    known.open(CANCEL)
    assert known.tap("/stop") == ["utter_appointment_stopped"]
    assert (len(booking.booked), known.slots["appointment_task"]) == (1, None)


def test_going_on_later_goes_on_with_what_was_begun(known: Chat) -> None:
    known.open(CANCEL)
    known.active = False
    assert known.open(SHOW) == ["utter_appointment_confirm_cancel"]


def test_asking_for_something_else_does_that(known: Chat) -> None:
    known.open(CANCEL)
    known.active = False
    assert known.open(MOVE) == ["utter_booking_start"]


# --- when the backend is down


def test_a_backend_that_is_down_is_told_and_the_reference_kept(chat: Chat, booking: FakeBooking, appointment: Appointment) -> None:
    chat.open(CANCEL)
    chat.say(appointment.reference, "nlu_fallback")
    booking.down = True
    assert chat.say(EMAIL, "nlu_fallback") == ["utter_unavailable"]
    assert not chat.active
    assert chat.slots["reference"] == appointment.reference


def test_a_cancellation_that_failed_can_be_tried_again(known: Chat, booking: FakeBooking) -> None:
    known.open(CANCEL)
    booking.down = True
    assert yes(known) == ["utter_unavailable"]
    booking.down = False
    assert known.open(CANCEL) == ["utter_appointment_confirm_cancel"]
    assert yes(known) == ["utter_appointment_cancelled"]


@pytest.mark.parametrize("intent", TASKS)
def test_odd_texts_are_no_answer(chat: Chat, booking: FakeBooking, intent: str) -> None:
    chat.open(intent)
    before = dict(chat.slots)
    odd = ["", "   ", "x" * 10_000, "🙂" * 50, "\x00\x07", "<b>hi</b>", "明日", "/restart"]
    assert [chat.say(text, "nlu_fallback") for text in odd] == [None] * len(odd)
    assert chat.slots == before
    assert booking.calls == []


@pytest.mark.parametrize(
    ("intent", "payload"),
    [
        (intent, payload)
        for intent, question in ((CANCEL, "utter_appointment_confirm_cancel"), (MOVE, "utter_appointment_confirm_move"))
        for payload in buttons(question)
    ],
)
def test_the_buttons_of_the_last_question_are_understood(known: Chat, intent: str, payload: str) -> None:
    known.open(intent, "tuesday 3 pm")
    assert known.requested == "confirm"
    assert known.tap(payload) is not None
