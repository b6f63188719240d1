from datetime import datetime, timedelta

import pytest

from actions.booking.validate_booking_form import ValidateBookingForm
from actions.forms.step import SKIPPED
from actions.services import Services
from tests.actions.fake_booking import FakeBooking
from tests.actions.world import NOW, Chat, buttons, cards, local, payloads, responses, utc

FRIDAY = "2026-11-27 14:00"
FINDINGS = {"concern": "sunspots", "suggested": "laser_pigment"}
ADA = {"name": "Ada Lovelace", "email": "ada@example.com"}
QUESTIONS = {
    "appointment_type": "utter_booking_appointment_type",
    "start": "utter_booking_start",
    "name": "utter_booking_name",
    "email": "utter_booking_email",
    "phone": "utter_booking_phone",
    "share_findings": "utter_booking_share_findings",
    "confirm": "utter_booking_summary",
}


@pytest.fixture
def chat(services: Services) -> Chat:
    return Chat(ValidateBookingForm(services))


def up_to(chat: Chat, slot: str, start: str = FRIDAY, **given: str) -> Chat:
    """The chat at a question, answered so far by button and in words."""
    answers = {
        "appointment_type": '/choose{"appointment_type": "video"}',
        "start": f'/choose{{"start": "{utc(start).isoformat()}"}}',
        **ADA,
        "phone": "/skip",
        "share_findings": '/choose{"share_findings": "no"}',
    } | given
    chat.open("book_consultation")
    while chat.requested != slot:
        assert chat.requested
        answer = answers[chat.requested]
        assert (chat.tap(answer) if answer.startswith("/") else chat.say(answer, "nlu_fallback")) is not None
    return chat


def yes(chat: Chat) -> list[str] | None:
    return chat.tap('/choose{"confirm": "yes"}')


def start_of(chat: Chat) -> str | None:
    """The time chosen, in Amsterdam."""
    chosen = chat.slots.get("start")
    return local(datetime.fromisoformat(chosen)) if chosen else None


# --- the whole way


def test_a_booking_by_button(chat: Chat, booking: FakeBooking) -> None:
    assert chat.open("book_consultation") == [QUESTIONS["appointment_type"]]
    assert chat.tap('/choose{"appointment_type": "video"}') == [QUESTIONS["start"]]
    assert chat.tap(chat.offered["2026-11-23 09:00"]) == [QUESTIONS["name"]]
    assert chat.say("Ada Lovelace", "nlu_fallback") == [QUESTIONS["email"]]
    assert chat.say("ada@example.com", "nlu_fallback") == [QUESTIONS["phone"]]
    assert chat.tap("/skip") == [QUESTIONS["confirm"]]
    assert booking.calls == []
    assert yes(chat) == ["utter_booked"]
    (made,) = booking.booked
    assert (made.type, local(made.start), made.name) == ("video", "2026-11-23 09:00", "Ada Lovelace")
    assert chat.said[0]["reference"] == made.reference
    assert cards(chat.said[0])[0]["link"]["url"] == made.video_url
    assert not chat.active


def test_a_booking_in_words(chat: Chat, booking: FakeBooking) -> None:
    chat.open("book_consultation", "can I come to the practice next week tuesday 3pm", appointment_type="practice")
    assert chat.requested == "name"
    for text in ("my name is Ada Lovelace", "it's ada@example.com", "06 12345678"):
        assert chat.say(text, "nlu_fallback") is not None
    assert chat.say("yes", "affirm") == ["utter_booked"]
    ((_, content),) = booking.calls
    assert {key: content[key] for key in ("kind", "name", "email", "phone", "language", "findings")} == {
        "kind": "practice",
        "name": "Ada Lovelace",
        "email": "ada@example.com",
        "phone": "+31612345678",
        "language": "en",
        "findings": None,
    }
    assert local(content["start"]) == "2026-11-24 15:00"
    assert "link" not in cards(chat.said[0])[0]


def test_everything_is_read_back_before_it_is_booked(chat: Chat) -> None:
    up_to(chat, "confirm", phone="06 12345678")
    (card,) = cards(chat.said[0])
    assert card["title"]
    told = " ".join(card["facts"])
    for fact in ("Friday 27 November", "14:00", *ADA.values(), "+31612345678"):
        assert fact in told


def test_only_reference_and_email_are_kept_after_the_booking(chat: Chat, booking: FakeBooking) -> None:
    up_to(chat, "confirm")
    yes(chat)
    kept = {slot: value for slot, value in chat.slots.items() if value is not None}
    reference = booking.booked[0].reference
    assert kept == {"language": "en", "email": "ada@example.com", "reference": reference, "booked": reference}


def test_a_second_booking_is_another_one(chat: Chat, booking: FakeBooking) -> None:
    for _ in range(2):
        up_to(chat, "confirm")
        yes(chat)
        booking.cancel(chat.slots["reference"], "ada@example.com")
    assert len({content["idempotency_key"] for name, content in booking.calls if name == "book"}) == 2


def test_the_buttons_of_every_question_are_understood(services: Services) -> None:
    for slot, question in QUESTIONS.items():
        for payload in buttons(question):
            chat = up_to(Chat(ValidateBookingForm(services), findings=FINDINGS), slot)
            assert chat.tap(payload) is not None, payload


def test_dutch_visitors_get_dutch_facts(services: Services, booking: FakeBooking) -> None:
    chat = up_to(Chat(ValidateBookingForm(services), language="nl"), "confirm")
    assert "vrijdag 27 november om 14.00 uur" in cards(chat.said[0])[0]["facts"]
    yes(chat)
    assert booking.calls[0][1]["language"] == "nl"


# --- day and time


def test_free_times_come_by_day_with_a_way_to_later_ones(chat: Chat) -> None:
    up_to(chat, "start")
    assert list(chat.offered)[0] == "2026-11-23 09:00"
    assert {moment[:10] for moment in chat.offered} == {"2026-11-23", "2026-11-24", "2026-11-25"}
    (later,) = payloads(chat.said[0])
    chat.tap(later)
    assert list(chat.offered)[0] == "2026-11-26 09:00"


def test_the_last_page_has_no_later_one(chat: Chat, booking: FakeBooking) -> None:
    booking.offered = booking.offered[:8]
    up_to(chat, "start")
    assert payloads(chat.said[0]) == []


@pytest.mark.parametrize(
    ("text", "intent", "first"),
    [
        ("Friday afternoon", "nlu_fallback", "2026-11-27 14:00"),
        ("can we do friday afternoon?", "book_consultation", "2026-11-27 14:00"),
        ("after 4 on thursday", "nlu_fallback", "2026-11-26 16:00"),
        ("volgende week dinsdagmiddag", "nlu_fallback", "2026-11-24 14:00"),
        ("kan het vrijdagmiddag?", "book_consultation", "2026-11-27 14:00"),
        ("donderdag na vieren", "nlu_fallback", "2026-11-26 16:00"),
        ("vanaf de 15e", "nlu_fallback", "2026-12-15 09:00"),
        ("na vrijdag", "nlu_fallback", "2026-11-30 09:00"),
        ("dinsdag of woensdag", "nlu_fallback", "2026-11-24 09:00"),
        ("overmorgen", "nlu_fallback", "2026-11-24 09:00"),
        ("morgenochtend", "nlu_fallback", "2026-11-23 09:00"),
        ("in two weeks", "nlu_fallback", "2026-11-30 09:00"),
    ],
)
def test_a_wish_narrows_what_is_offered(chat: Chat, text: str, intent: str, first: str) -> None:
    up_to(chat, "start")
    assert chat.say(text, intent) == ["utter_booking_start_fitting"]
    assert list(chat.offered)[0] == first


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("next week tuesday 3pm", "2026-11-24 15:00"),
        ("vrijdag half drie", "2026-11-27 14:30"),
        ("volgende week dinsdag, doe maar drie uur", "2026-11-24 15:00"),
        ("zo snel mogelijk", "2026-11-23 09:00"),
        ("doe de eerste maar", "2026-11-23 09:00"),
        ("vrijdag 4 december om 15.00 uur", "2026-12-04 15:00"),
        ("as soon as possible", "2026-11-23 09:00"),
        ("the first available on friday afternoon", "2026-11-27 14:00"),
        ("4 december 14:00", "2026-12-04 14:00"),
    ],
)
def test_a_wish_for_one_free_time_takes_it(chat: Chat, text: str, chosen: str) -> None:
    up_to(chat, "start")
    assert chat.say(text, "nlu_fallback") == [QUESTIONS["name"]]
    assert start_of(chat) == chosen


def test_day_and_time_may_come_one_after_the_other(chat: Chat) -> None:
    up_to(chat, "start")
    assert chat.say("friday", "nlu_fallback") == ["utter_booking_start_fitting"]
    assert chat.say("at 3", "nlu_fallback") == [QUESTIONS["name"]]
    assert start_of(chat) == "2026-11-27 15:00"


def test_day_and_time_may_come_one_after_the_other_in_dutch(chat: Chat) -> None:
    up_to(chat, "start")
    assert chat.say("vrijdag", "nlu_fallback") == ["utter_booking_start_fitting"]
    assert chat.say("half vijf", "nlu_fallback") == [QUESTIONS["name"]]
    assert start_of(chat) == "2026-11-27 16:30"


def test_an_open_end_looks_no_further_than_can_be_booked(chat: Chat, booking: FakeBooking, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[datetime] = []
    free = booking.free_slots
    monkeypatch.setattr(booking, "free_slots", lambda kind, start, until: asked.append(until) or free(kind, start, until))
    up_to(chat, "start")
    chat.say("vanaf morgen", "nlu_fallback")
    assert max(asked) <= NOW + timedelta(days=61)


@pytest.mark.parametrize(
    ("text", "entities", "kind"),
    [
        ("beeldbellen", {"appointment_type": "video"}, "video"),
        ("de gratis", {}, "video"),
        ("praktijk", {}, "practice"),
        ("liever bij u langs", {}, "practice"),
        ("practice", {}, "practice"),
    ],
)
def test_the_kind_in_words(chat: Chat, text: str, entities: dict[str, str], kind: str) -> None:
    chat.open("book_consultation")
    assert chat.say(text, "nlu_fallback", **entities) == [QUESTIONS["start"]]
    assert chat.slots["appointment_type"] == kind


def test_where_nothing_is_free_the_nearest_times_are_offered(chat: Chat) -> None:
    up_to(chat, "start")
    assert chat.say("friday at 8 pm", "nlu_fallback") == ["utter_booking_start_nearest"]
    assert list(chat.offered)[0] == "2026-11-27 09:00"
    assert chat.say("saturday", "nlu_fallback") == ["utter_booking_start_nearest"]


def test_where_nothing_is_free_at_all_a_person_can_help(chat: Chat, booking: FakeBooking) -> None:
    booking.offered = []
    assert up_to(chat, "start").said[0]["response"] == "utter_booking_nothing_free"
    assert "/talk_to_human" in buttons("utter_booking_nothing_free")


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("31 February", "utter_booking_no_such_date"),
        ("yesterday", "utter_booking_past"),
        ("1 november 2026", "utter_booking_past"),
        ("1 july 2027", "utter_booking_too_far"),
    ],
)
def test_a_day_that_cannot_be_is_told(chat: Chat, text: str, response: str) -> None:
    up_to(chat, "start")
    assert chat.say(text, "nlu_fallback") == [response, QUESTIONS["start"]]
    assert start_of(chat) is None


def test_a_wish_told_when_opening_is_used_once_the_kind_is_known(chat: Chat) -> None:
    assert chat.open("book_consultation", "I'd like to come on friday afternoon") == [QUESTIONS["appointment_type"]]
    assert chat.tap('/choose{"appointment_type": "practice"}') == ["utter_booking_start_fitting"]
    assert list(chat.offered)[0] == FRIDAY


def test_an_unknown_payload_is_not_taken(chat: Chat) -> None:
    up_to(chat, "start")
    assert chat.tap('/choose{"slot": "42"}') is None
    assert chat.tap('/choose{"appointment_type": "moon"}') is None


# --- name, e-mail, phone


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ada Lovelace", "Ada Lovelace"),
        ("my name is Ada.", "Ada"),
        ("ik ben Jan van der Berg", "Jan van der Berg"),
        ("Mijn naam is Noor de Boer", "Noor de Boer"),
        ("m'n naam is Jan", "Jan"),
        ("op naam van Eléonore Mertens", "Eléonore Mertens"),
        ("u spreekt met Anne-Fleur", "Anne-Fleur"),
        ("ik heet Im", "Im"),
        ("Im", "Im"),
        ("José", "José"),
        ("Jose\u0301", "Jose\u0301"),
        ("O'Neil-Brown", "O'Neil-Brown"),
        ("Fatima Zahra el Amrani", "Fatima Zahra el Amrani"),
        ("प्रिया", "प्रिया"),
        ("李 小龙", "李 小龙"),
        ("x" * 100, "x" * 100),
    ],
    ids=lambda text: text[:20],
)
def test_a_name_is_taken_as_it_is(chat: Chat, text: str, name: str) -> None:
    up_to(chat, "name")
    assert chat.say(text, "nlu_fallback") == [QUESTIONS["email"]]
    assert chat.slots["name"] == name


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("x" * 300, "utter_booking_name_too_long"),
        ("Ada " * 75, "utter_booking_name_too_long"),
        ("12345", "utter_booking_name_unclear"),
        ("<b>Ada</b>", "utter_booking_name_unclear"),
        ("🙂", "utter_booking_name_unclear"),
        ("Ada\x00", "utter_booking_name_unclear"),
    ],
    ids=lambda text: text[:20],
)
def test_what_is_no_name_is_asked_again(chat: Chat, text: str, response: str) -> None:
    up_to(chat, "name")
    assert chat.say(text, "nlu_fallback") == [response, QUESTIONS["name"]]
    assert chat.slots.get("name") is None


@pytest.mark.parametrize(
    ("text", "intent", "entities"),
    [
        ("no", "deny", {}),
        ("yes", "affirm", {}),
        ("why do you need my name?", "privacy", {}),
        ("does laser hurt on dark skin", "faq", {"treatment": "laser_pigment"}),
        ("tell me more about the melasma mask", "faq", {}),
        ("laser", "faq", {"treatment": "laser_pigment"}),
        ("hello", "greet", {}),
        ("talk to a person", "talk_to_human", {}),
        ("my mole bleeds", "red_flag", {"red_flag_kind": "spot"}),
    ],
    ids=lambda text: text if isinstance(text, str) else "",
)
def test_what_is_meant_otherwise_is_no_name(chat: Chat, text: str, intent: str, entities: dict[str, str]) -> None:
    up_to(chat, "name")
    assert chat.say(text, intent, **entities) is None


@pytest.mark.parametrize("text", ["ada@EXAMPLE.com", "it's ada@example.com.", "<ada@example.com>", "ada@example.com!"])
def test_an_email_address_is_found_in_the_text(chat: Chat, text: str) -> None:
    up_to(chat, "email")
    assert chat.say(text, "nlu_fallback") == [QUESTIONS["phone"]]
    assert chat.slots["email"] == "ada@example.com"


@pytest.mark.parametrize("text", ["ada@", "ada@example", "@example.com", "ada.example.com", "ada@@example.com", "ada@exa mple.com"])
def test_an_incomplete_email_address_is_asked_again(chat: Chat, text: str) -> None:
    up_to(chat, "email")
    assert chat.say(text, "nlu_fallback") == ["utter_booking_email_invalid", QUESTIONS["email"]]
    assert chat.slots.get("email") is None


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("06 12345678", "+31612345678"),
        ("06-12 34 56 78", "+31612345678"),
        ("no, it is 06-12 34 56 78", "+31612345678"),
        ("+32 470 12 34 56", "+32470123456"),
    ],
)
def test_a_telephone_number_is_kept_in_one_form(chat: Chat, text: str, phone: str) -> None:
    up_to(chat, "phone")
    assert chat.say(text, "nlu_fallback") == [QUESTIONS["confirm"]]
    assert chat.slots["phone"] == phone
    assert start_of(chat) == FRIDAY


@pytest.mark.parametrize(
    ("text", "intent"), [("no", "deny"), ("no thanks", "deny"), ("nee", "nlu_fallback"), ("hoeft niet", "nlu_fallback"), ("/skip", "skip")]
)
def test_the_telephone_number_is_left_out_on_wish(chat: Chat, booking: FakeBooking, text: str, intent: str) -> None:
    up_to(chat, "phone")
    assert chat.say(text, intent) == [QUESTIONS["confirm"]]
    assert chat.slots["phone"] == SKIPPED
    yes(chat)
    assert booking.calls[0][1]["phone"] is None


def test_a_wrong_telephone_number_is_asked_again(chat: Chat) -> None:
    up_to(chat, "phone")
    assert chat.say("123456", "nlu_fallback") == ["utter_booking_phone_invalid", QUESTIONS["phone"]]


# --- what the guided choice found


@pytest.mark.parametrize(("answer", "sent"), [("yes", FINDINGS), ("no", None)])
def test_findings_go_along_only_after_a_yes(services: Services, booking: FakeBooking, answer: str, sent: dict[str, str] | None) -> None:
    chat = up_to(
        Chat(ValidateBookingForm(services), findings=FINDINGS), "confirm", share_findings=f'/choose{{"share_findings": "{answer}"}}'
    )
    yes(chat)
    assert booking.calls[0][1]["findings"] == sent


def test_findings_stay_here_where_the_question_was_left_open(services: Services, booking: FakeBooking) -> None:
    chat = up_to(Chat(ValidateBookingForm(services), findings=FINDINGS), "share_findings")
    for _ in range(2):
        chat.digress("hm", "nlu_fallback", "utter_not_understood_in_form")
    assert chat.slots["share_findings"] == SKIPPED
    yes(chat)
    assert booking.calls[0][1]["findings"] is None


def test_without_findings_nothing_is_asked_about_them(chat: Chat) -> None:
    up_to(chat, "phone")
    assert chat.tap("/skip") == [QUESTIONS["confirm"]]


# --- corrections, back, stop


def test_actually_make_it_thursday_at_the_email_question(chat: Chat) -> None:
    up_to(chat, "email")
    assert chat.say("actually make it Thursday", "reschedule_appointment") == [QUESTIONS["email"]]
    assert start_of(chat) == "2026-11-26 14:00"


@pytest.mark.parametrize("text", ["doe toch maar donderdag", "sorry, ik bedoel donderdag", "nee, het moet donderdag zijn"])
def test_a_correction_in_dutch(chat: Chat, text: str) -> None:
    up_to(chat, "email")
    assert chat.say(text, "reschedule_appointment") == [QUESTIONS["email"]]
    assert start_of(chat) == "2026-11-26 14:00"


def test_a_correction_to_a_taken_time_offers_that_day(chat: Chat, booking: FakeBooking) -> None:
    booking.given(utc("2026-11-26 14:00"), "other@example.com")
    up_to(chat, "email")
    assert chat.say("actually make it Thursday", "nlu_fallback") == ["utter_booking_start_nearest"]
    assert list(chat.offered)[0] == "2026-11-26 09:00"


def test_a_correction_of_the_time_alone_keeps_the_day(chat: Chat) -> None:
    up_to(chat, "name")
    assert chat.say("no, rather at 4", "nlu_fallback") == [QUESTIONS["name"]]
    assert start_of(chat) == "2026-11-27 16:00"


def test_another_kind_asks_for_a_time_again(chat: Chat) -> None:
    up_to(chat, "name")
    assert chat.say("actually in the practice", "book_consultation", appointment_type="practice") == [QUESTIONS["start"]]


def test_the_same_kind_again_keeps_the_time(chat: Chat) -> None:
    up_to(chat, "name")
    chat.active = False
    assert chat.open("book_consultation", appointment_type="video") == [QUESTIONS["name"]]
    assert start_of(chat) == FRIDAY


@pytest.mark.parametrize("text", ["ja hoor", "ja graag", "is goed", "klopt", "doe maar", "prima", "boek maar"])
def test_a_yes_in_dutch_books(chat: Chat, booking: FakeBooking, text: str) -> None:
    up_to(chat, "confirm")
    assert chat.say(text, "nlu_fallback") == ["utter_booked"]
    assert len(booking.booked) == 1


@pytest.mark.parametrize("text", ["nee", "nee hoor", "dat klopt niet", "zeker niet", "nog niet"])
def test_a_no_in_dutch_books_nothing(chat: Chat, booking: FakeBooking, text: str) -> None:
    up_to(chat, "confirm")
    assert chat.say(text, "nlu_fallback") == ["utter_booking_what_to_change"]
    assert booking.booked == []


def test_a_no_at_the_end_asks_what_to_change(chat: Chat) -> None:
    up_to(chat, "confirm")
    assert chat.say("no", "deny") == ["utter_booking_what_to_change"]
    assert chat.requested == "confirm"


@pytest.mark.parametrize("payload", buttons("utter_booking_what_to_change"))
def test_each_thing_can_be_changed(chat: Chat, booking: FakeBooking, payload: str) -> None:
    up_to(chat, "confirm")
    chat.tap('/choose{"confirm": "no"}')
    assert chat.tap(payload) is not None
    if "change" in payload:
        assert chat.requested in QUESTIONS.keys() - {"confirm"}
        assert chat.slots[chat.requested] is None
    else:
        assert not chat.active
    assert bool(booking.booked) == ("confirm" in payload)


def test_a_new_email_address_at_the_end_is_read_back(chat: Chat, booking: FakeBooking) -> None:
    up_to(chat, "confirm")
    assert chat.say("no, bob@example.com", "deny") == [QUESTIONS["confirm"]]
    assert "bob@example.com" in cards(chat.said[0])[0]["facts"]
    assert booking.calls == []


def test_an_old_yes_does_not_book_what_was_not_read_back(chat: Chat, booking: FakeBooking) -> None:
    up_to(chat, "confirm")
    chat.tap('/choose{"confirm": "no"}')
    chat.tap('/choose{"change": "email"}')
    assert yes(chat) is None
    assert chat.say("bob@example.com", "nlu_fallback") == [QUESTIONS["confirm"]]
    assert booking.calls == []


def test_back_from_the_email_asks_the_name(chat: Chat) -> None:
    up_to(chat, "email")
    assert chat.tap("/go_back") == [QUESTIONS["name"]]
    assert chat.slots["name"] is None


def test_back_at_the_first_question_stays_there(chat: Chat) -> None:
    chat.open("book_consultation")
    assert chat.tap("/go_back") == [QUESTIONS["appointment_type"]]


@pytest.mark.parametrize("slot", [slot for slot in QUESTIONS if slot != "share_findings"])
def test_stop_forgets_and_books_nothing(chat: Chat, booking: FakeBooking, slot: str) -> None:
    up_to(chat, slot)
    assert chat.say("stop", command="stop") == ["utter_booking_stopped"]
    assert not chat.active
    assert {value for slot, value in chat.slots.items() if slot in QUESTIONS} <= {None}
    assert booking.calls == []


# --- digressions


@pytest.mark.parametrize("slot", [slot for slot in QUESTIONS if slot != "share_findings"])
def test_a_question_in_between_leads_back_to_the_same_one(chat: Chat, slot: str) -> None:
    up_to(chat, slot)
    kept = {name: value for name, value in chat.slots.items() if value is not None}
    assert chat.digress("does laser hurt?", "faq", "utter_faq/laser_pain") == [QUESTIONS[slot]]
    assert {name: value for name, value in chat.slots.items() if value is not None} == kept


def test_nobody_is_asked_for_the_email_a_third_time(chat: Chat) -> None:
    up_to(chat, "email")
    assert chat.say("ada@", "nlu_fallback") == ["utter_booking_email_invalid", QUESTIONS["email"]]
    assert chat.say("ada@", "nlu_fallback") == ["utter_booking_email_invalid", "utter_booking_paused"]
    assert not chat.active
    assert chat.slots["name"] == "Ada Lovelace"
    assert chat.open("book_consultation") == [QUESTIONS["email"]]


# --- when it can't be booked


def test_a_time_taken_at_the_end_leads_back_to_the_choice(chat: Chat, booking: FakeBooking) -> None:
    up_to(chat, "confirm")
    booking.given(utc(FRIDAY), "other@example.com")
    said = yes(chat)
    assert said == ["utter_booking_slot_taken", QUESTIONS["start"]]
    assert len(booking.booked) == 1
    assert FRIDAY not in chat.offered
    assert (start_of(chat), chat.slots["confirm"], chat.slots["name"]) == (None, None, "Ada Lovelace")
    chat.tap(chat.offered["2026-11-23 10:00"])
    assert chat.requested == "confirm"
    assert yes(chat) == ["utter_booked"]


def test_a_time_that_is_not_offered_leads_back_to_the_choice(chat: Chat, booking: FakeBooking) -> None:
    up_to(chat, "confirm", start="2026-11-27 03:33")
    assert yes(chat) == ["utter_booking_slot_taken", QUESTIONS["start"]]
    assert booking.booked == []


def test_a_backend_that_is_down_keeps_everything_for_another_try(chat: Chat, booking: FakeBooking) -> None:
    up_to(chat, "confirm")
    booking.down = True
    assert yes(chat) == ["utter_booking_not_booked_now"]
    assert (chat.requested, start_of(chat), chat.slots["email"]) == ("confirm", FRIDAY, "ada@example.com")
    booking.down = False
    assert yes(chat) == ["utter_booked"]
    assert len({content["idempotency_key"] for _, content in booking.calls}) == 1
    assert len(booking.booked) == 1


def test_a_booking_whose_answer_got_lost_is_not_made_twice(chat: Chat, booking: FakeBooking) -> None:
    up_to(chat, "confirm")
    booking.loses_answer = True
    assert yes(chat) == ["utter_booking_not_booked_now"]
    assert yes(chat) == ["utter_booked"]
    assert len(booking.booked) == 1


def test_a_failed_try_offers_another_one_a_person_and_an_end() -> None:
    assert buttons("utter_booking_not_booked_now") == ['/choose{"confirm": "yes"}', "/talk_to_human", "/stop"]


def test_a_backend_that_is_down_when_times_are_looked_up_is_told(chat: Chat, booking: FakeBooking) -> None:
    chat.open("book_consultation")
    booking.down = True
    assert chat.tap('/choose{"appointment_type": "video"}') == ["utter_unavailable"]
    assert not chat.active
    booking.down = False
    assert chat.open("book_consultation", appointment_type="video") == [QUESTIONS["start"]]


def test_what_the_backend_refuses_is_asked_once_more(chat: Chat, booking: FakeBooking) -> None:
    up_to(chat, "confirm")
    chat.slots["name"] = ""
    assert yes(chat) == ["utter_booking_refused", QUESTIONS["name"]]
    assert (chat.slots["email"], chat.slots["start"]) == (None, utc(FRIDAY).isoformat())
    assert booking.booked == []


def test_a_time_that_passes_while_somebody_types_is_not_booked(chat: Chat, booking: FakeBooking) -> None:
    up_to(chat, "confirm")
    booking.now = lambda: utc(FRIDAY) + timedelta(minutes=1)
    assert yes(chat) == ["utter_booking_slot_taken", QUESTIONS["start"]]
    assert booking.booked == []


ODD = ["", "   ", "🙂" * 50, "\x00\x07", "明日の午後に行きたいです、お願いします", "/restart", "/book{...}"]


@pytest.mark.parametrize("slot", ["appointment_type", "start", "email", "phone", "confirm"])
def test_odd_texts_are_no_answer(chat: Chat, booking: FakeBooking, slot: str) -> None:
    up_to(chat, slot)
    before = dict(chat.slots)
    assert [chat.say(text, "nlu_fallback") for text in ODD] == [None] * len(ODD)
    assert chat.slots == before
    assert booking.calls == []


def test_every_question_has_a_response() -> None:
    assert set(QUESTIONS.values()) <= responses().keys()
