"""Events as Rasa 3.6 sends them to the validation of a form: its own slots and actions stand at their end."""

from typing import Any

import pytest

from actions.booking_client import BookingError
from actions.forms.form import Form, Progress
from actions.forms.step import Filled, Heard, Refused, Slots, Step
from actions.forms.validate import ValidateForm
from actions.say import Say
from actions.services import Services
from actions.turn import Turn
from tests.actions.world import Message, did_user, names, parsed, run, slots_set, tracker

NAME, EMAIL = "utter_booking_name", "utter_booking_email"


class Word(Step):
    """Takes any text but "bad" and questions."""

    def __init__(self, slot: str, question: str) -> None:
        self.slot = slot
        self._question = question

    @property
    def question(self) -> str:
        return self._question

    def read(self, turn: Turn, slots: Slots) -> Heard | None:
        if turn.text == "broken":
            raise BookingError("unavailable", "planted")
        if turn.text == "bug":
            raise ZeroDivisionError("planted words")
        return Refused(Say("utter_booking_name_unclear")) if turn.text == "bad" else Filled({self.slot: turn.text})


class TwoWords(Form):
    steps = (Word("name", NAME), Word("email", EMAIL))
    paused = "utter_booking_paused"
    stopped = "utter_booking_stopped"

    def finished(self, slots: Slots, turn: Turn) -> Progress:
        return Progress(self.reset(), (Say("utter_booked", {"reference": slots["name"] + slots["email"]}),))


class ValidateTwoWords(ValidateForm):
    def name(self) -> str:
        return "validate_two_words"

    def form(self, conversation: str) -> Form:
        return TwoWords()


@pytest.fixture
def action(services: Services) -> ValidateForm:
    return ValidateTwoWords(services)


def did(name: str) -> Message:
    return {"event": "action", "name": name}


def loop(name: str | None) -> Message:
    return {"event": "active_loop", "name": name}


def slot(name: str, value: Any) -> Message:
    return {"event": "slot", "name": name, "value": value}


def bot(response: str) -> Message:
    return {"event": "bot", "metadata": {"utter_action": response}}


def heard(text: str, intent: str = "inform") -> list[Message]:
    return [did("action_listen"), did_user(parsed(text, intent, {}))]


def asked(response: str, requested: str) -> list[Message]:
    """A turn of the form that ends with a question."""
    return [did("two_words"), bot(response), slot("requested_slot", requested)]


OPENING = [*heard("book", "book_consultation"), did("action_deactivate_loop"), loop(None), slot("requested_slot", None)]
OPENED = [*OPENING, did("two_words"), loop("two_words"), bot(NAME), slot("requested_slot", "name")]


def turn(action: ValidateForm, events: list[Message], requested: str | None = None, **slots: Any) -> tuple[list[str], dict[str, Any]]:
    """The form's answer to the last message of the events."""
    message = next(event for event in reversed(events) if event["event"] == "user")["parse_data"]
    seen = [*events, slot("requested_slot", requested), did("two_words")]
    messages, returned = run(action, tracker(message, seen, "two_words", requested_slot=requested, **slots))
    return names(messages), slots_set(returned)


def test_the_message_that_opens_the_form_answers_no_question(action: ValidateForm) -> None:
    assert turn(action, [*OPENING, loop("two_words")]) == ([NAME], {"requested_slot": "name"})


def test_opening_again_counts_from_the_start(action: ValidateForm) -> None:
    events = [*OPENED, *heard("x", "faq"), *asked(NAME, "name"), *OPENING, loop("two_words")]
    assert turn(action, events) == ([NAME], {"requested_slot": "name"})


def test_opening_goes_on_with_what_was_kept(action: ValidateForm) -> None:
    assert turn(action, [*OPENING, loop("two_words")], name="Ada") == ([EMAIL], {"requested_slot": "email"})


def test_opening_after_another_form_takes_nothing_from_it(action: ValidateForm) -> None:
    events = [
        *heard("which one", "find_treatment"),
        did("guided_form"),
        loop("guided_form"),
        bot(NAME),
        bot(NAME),
        *OPENING,
        loop("two_words"),
    ]
    assert turn(action, events) == ([NAME], {"requested_slot": "name"})


def test_an_answer_brings_the_next_question(action: ValidateForm) -> None:
    assert turn(action, [*OPENED, *heard("Ada")], "name") == ([EMAIL], {"name": "Ada", "requested_slot": "email"})


def test_the_last_answer_ends_the_form(action: ValidateForm) -> None:
    events = [*OPENED, *heard("Ada"), *asked(EMAIL, "email"), *heard("@")]
    assert turn(action, events, "email", name="Ada") == (["utter_booked"], {"name": None, "email": None, "requested_slot": None})


def test_a_message_not_for_the_form_sets_nothing_so_that_rasa_rejects_it(action: ValidateForm) -> None:
    assert turn(action, [*OPENED, *heard("why?", "faq")], "name") == ([], {})


def test_coming_back_asks_again_and_does_not_read_the_message(action: ValidateForm) -> None:
    events = [*OPENED, *heard("Ada", "faq"), did("utter_faq"), bot("utter_faq/melasma")]
    said, slots = turn(action, events, "name")
    assert (said, slots["requested_slot"], slots["name"]) == ([NAME], "name", None)


def test_a_refused_answer_sets_a_slot_so_that_rasa_does_not_reject_it(action: ValidateForm) -> None:
    assert turn(action, [*OPENED, *heard("bad")], "name") == (
        ["utter_booking_name_unclear", NAME],
        {"name": None, "requested_slot": "name"},
    )


def test_a_question_is_not_asked_a_third_time(action: ValidateForm) -> None:
    events = [*OPENED, *heard("bad"), *asked(NAME, "name"), *heard("bad")]
    assert turn(action, events, "name") == (["utter_booking_name_unclear", "utter_booking_paused"], {"name": None, "requested_slot": None})


def test_nor_after_other_questions_were_answered_in_between(action: ValidateForm) -> None:
    digression = [*heard("why?", "faq"), did("utter_faq"), bot("utter_faq/melasma")]
    events = [*OPENED, *digression, *asked(NAME, "name"), *digression]
    assert turn(action, events, "name")[0] == ["utter_booking_paused"]


def test_an_answer_makes_the_count_begin_again(action: ValidateForm) -> None:
    again = [*heard("email", "inform"), did("two_words"), bot(EMAIL), slot("name", None), slot("requested_slot", "name")]
    events = [*OPENED, *heard("bad"), *asked(NAME, "name"), *heard("Ada"), did("two_words"), bot(EMAIL), slot("name", "Ada"), *again]
    assert turn(action, [*events, *heard("bad")], "name")[0] == ["utter_booking_name_unclear", NAME]


def test_the_same_value_again_is_no_progress(action: ValidateForm) -> None:
    same = [*heard("bad"), did("two_words"), bot(NAME), slot("name", None), slot("requested_slot", "name")]
    assert turn(action, [*OPENED, *same, *heard("bad")], "name")[0][-1] == "utter_booking_paused"


def test_slots_of_others_are_no_progress(action: ValidateForm) -> None:
    other = [*heard("bad"), slot("language", "nl"), *asked(NAME, "name")]
    assert turn(action, [*OPENED, *other, *heard("bad")], "name")[0][-1] == "utter_booking_paused"


@pytest.mark.parametrize("text", ["broken", "bug"])
def test_a_failing_part_is_told_and_leaves_the_form(action: ValidateForm, text: str, caplog: pytest.LogCaptureFixture) -> None:
    events = [*OPENED, *heard(text)]
    seen = [*events, slot("requested_slot", "name"), did("two_words")]
    messages, returned = run(action, tracker(parsed(text, "inform", {}), seen, "two_words", requested_slot="name"))
    assert names(messages) == ["utter_unavailable"]
    assert loop(None).items() <= next(event for event in returned if event["event"] == "active_loop").items()
    assert slots_set(returned) == {"name": None, "requested_slot": None}
    assert "failed" in caplog.text
    assert "planted" not in caplog.text


def test_rasas_own_slot_is_not_handed_to_the_form(action: ValidateForm, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}
    monkeypatch.setattr(TwoWords, "interrupted", lambda self, slots: seen.update(slots))
    turn(action, [*OPENED, *heard("Ada")], "name", email=None)
    assert seen == {"name": "Ada", "email": None}
