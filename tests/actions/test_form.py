from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.forms.form import COMMAND_INTENTS, MOST_ASKS, OTHER_BUSINESS, Form, Progress, advance
from actions.forms.step import SKIPPED, Filled, Heard, Refused, Slots, Step
from actions.say import Say
from actions.turn import Turn
from tests.actions.world import tapped, turn


class Word(Step):
    """A question answered by one of a few words, or ahead by an entity."""

    def __init__(self, slot: str, *words: str, optional: bool = False, eager: bool = False, only_for: str | None = None) -> None:
        self.slot = slot
        self.words = words
        self.optional = optional
        self.eager = eager
        self.only_for = only_for

    @property
    def question(self) -> str:
        return f"ask_{self.slot}"

    def needed(self, slots: Slots) -> bool:
        return self.only_for is None or slots.get("fruit") == self.only_for

    def overhear(self, turn: Turn, slots: Slots) -> Heard | None:
        value = turn.entities.get(self.slot)
        if value == "rotten":
            return Refused(Say("refused"))
        return Filled({self.slot: value}) if value in self.words else None

    def read(self, turn: Turn, slots: Slots) -> Heard | None:
        said = next((word for word in self.words if word in turn.text), None)
        return Filled({self.slot: said}) if said else self.overhear(turn, slots)


class Basket(Form):
    """Fruit, its colour if it is an apple, and how many."""

    steps = (
        Word("fruit", "apple", "pear"),
        Word("colour", "red", "green", only_for="apple"),
        Word("count", "one", "two", optional=True, eager=True),
        Word("sure", "yes"),
    )
    paused = "paused"
    stopped = "stopped"

    def interrupted(self, slots: Slots) -> Progress | None:
        return Progress({"fruit": None}, (Say("no_red"),)) if slots.get("colour") == "red" else None

    def finished(self, slots: Slots, turn: Turn) -> Progress:
        return Progress(self.reset(), (Say("packed", {name: slots.get(name) for name in ("fruit", "colour", "count")}),))


FORM = Basket()
APPLE = {"fruit": "apple", "colour": "green"}


def go(
    said: Turn | None, slots: Mapping[str, Any] | None = None, requested: str | None = None, asked: Mapping[str, int] | None = None
) -> tuple[dict[str, Any], list[str], str | None] | None:
    """What a turn brings: slots, responses, and the slot asked for."""
    progress = advance(FORM, said, slots or {}, requested, asked or {})
    return progress and (dict(progress.slots), [say.response for say in progress.says], progress.requested)


# --- opening


def test_opening_asks_the_first_question() -> None:
    assert go(turn("hello")) == ({}, ["ask_fruit"], "fruit")


def test_everything_told_when_opening_is_kept() -> None:
    assert go(turn("two green apples", fruit="apple", count="two")) == ({"fruit": "apple", "count": "two"}, ["ask_colour"], "colour")


def test_what_was_known_before_is_not_asked_again() -> None:
    assert go(turn("hello"), APPLE) == ({}, ["ask_count"], "count")


def test_a_refusal_when_opening_keeps_what_else_was_told() -> None:
    assert go(turn("", fruit="rotten", count="two")) == ({"count": "two"}, ["refused", "ask_fruit"], "fruit")


def test_words_that_would_answer_a_question_are_not_taken_before_it_is_asked() -> None:
    assert go(turn("an apple")) == ({}, ["ask_fruit"], "fruit")


# --- answers


def test_an_answer_leads_to_the_next_question() -> None:
    assert go(turn("an apple"), {}, "fruit") == ({"fruit": "apple"}, ["ask_colour"], "colour")


def test_a_yes_counts_only_where_it_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FORM.steps[3], "own_turn", True)
    yes = tapped('/choose{"sure": "yes"}')
    assert go(yes, APPLE, "count") is None
    assert go(yes) == ({}, ["ask_fruit"], "fruit")
    assert go(yes, {**APPLE, "count": "two"}, "sure") == (FORM.reset(), ["packed"], None)


def test_a_question_that_is_not_needed_is_passed_over() -> None:
    assert go(turn("a pear"), {}, "fruit") == ({"fruit": "pear"}, ["ask_count"], "count")


def test_a_refused_answer_is_explained_and_asked_again() -> None:
    assert go(turn("", fruit="rotten"), {}, "fruit") == ({}, ["refused", "ask_fruit"], "fruit")


def test_the_last_answer_ends_the_form() -> None:
    progress = advance(FORM, turn("yes"), {**APPLE, "count": "two"}, "sure", {})
    assert progress == Progress(FORM.reset(), (Say("packed", {"fruit": "apple", "colour": "green", "count": "two"}),), None)


def test_an_answer_can_end_the_form_early() -> None:
    assert go(turn("red"), {"fruit": "apple"}, "colour") == ({"colour": "red", "fruit": None}, ["no_red"], None)


def test_a_tapped_button_answers_by_its_entity() -> None:
    assert go(tapped('/choose{"fruit": "pear"}'), {}, "fruit") == ({"fruit": "pear"}, ["ask_count"], "count")


def test_a_message_may_answer_another_question_than_the_one_asked() -> None:
    assert go(turn("two of them", count="two"), {}, "fruit") == ({"count": "two"}, ["ask_fruit"], "fruit")


def test_an_answer_to_a_question_that_is_not_needed_is_not_for_the_form() -> None:
    assert go(turn("green", colour="green"), {"fruit": "pear"}, "count") is None


# --- what is not for the form


@pytest.mark.parametrize(
    "said",
    [
        turn("what does it cost", "ask_price"),
        turn("how long does an apple keep?", "faq"),
        turn("an apple is bleeding", "red_flag"),
        turn("blah", "nlu_fallback"),
        turn(""),
        tapped("/thanks"),
        tapped('/choose{"vegetable": "leek"}'),
        tapped('/choose{"fruit": "leek"}'),
    ],
    ids=lambda said: said.text or "empty",
)
def test_other_messages_are_left_to_the_rules(said: Turn) -> None:
    assert go(said, {}, "fruit") is None


@pytest.mark.parametrize("intent", sorted(OTHER_BUSINESS))
def test_other_business_is_left_to_the_rules(intent: str) -> None:
    assert go(turn("one apple please", intent), {}, "fruit") is None


def test_a_question_is_no_answer() -> None:
    assert go(turn("is an apple better?"), {}, "fruit") is None


def test_a_question_answers_where_people_answer_in_questions() -> None:
    assert go(turn("can I have two?"), APPLE, "count") == ({"count": "two"}, ["ask_sure"], "sure")


def test_a_question_about_a_topic_is_no_answer_even_there() -> None:
    assert go(turn("can I have two?", "faq"), APPLE, "count") is None


# --- corrections


@pytest.mark.parametrize("text", ["no, a pear", "actually a pear", "I meant the pear", "sorry, pear", "make it a pear", "nee, liever peer"])
def test_a_correction_changes_an_earlier_answer(text: str) -> None:
    assert go(turn(text, fruit="pear"), APPLE, "count") == ({"fruit": "pear"}, ["ask_count"], "count")


def test_a_correction_may_also_look_like_other_business() -> None:
    assert go(turn("no, make it a pear", "reschedule_appointment", fruit="pear"), APPLE, "count") == (
        {"fruit": "pear"},
        ["ask_count"],
        "count",
    )


def test_a_correction_that_makes_another_question_needed_brings_it() -> None:
    assert go(turn("actually an apple", fruit="apple"), {"fruit": "pear", "count": "two"}, "sure") == (
        {"fruit": "apple"},
        ["ask_colour"],
        "colour",
    )


def test_a_refused_correction_keeps_the_question() -> None:
    assert go(turn("no, rotten", fruit="rotten"), APPLE, "count") == ({}, ["refused", "ask_count"], "count")


def test_a_red_flag_is_never_taken_as_a_correction() -> None:
    assert go(turn("no, a pear", "red_flag", fruit="pear"), APPLE, "count") is None


def test_a_change_by_button_empties_the_answer_and_asks_it() -> None:
    assert go(tapped('/choose{"change": "colour"}'), {**APPLE, "count": "two"}, "sure") == ({"colour": None}, ["ask_colour"], "colour")


# --- back, stop, skip


BACK = [tapped("/go_back"), turn("back", command="back")]
STOP = [tapped("/stop"), turn("stop", command="stop")]
SKIP = [tapped("/skip"), turn("skip it", command="skip")]


@pytest.mark.parametrize("said", BACK, ids=["button", "word"])
def test_back_empties_the_answer_before_and_asks_it(said: Turn) -> None:
    assert go(said, APPLE, "count") == ({"colour": None}, ["ask_colour"], "colour")


def test_back_passes_over_questions_that_were_not_needed() -> None:
    assert go(BACK[0], {"fruit": "pear"}, "count") == ({"fruit": None}, ["ask_fruit"], "fruit")


def test_back_comes_to_a_question_that_was_left_open() -> None:
    assert go(BACK[0], {**APPLE, "count": SKIPPED}, "sure") == ({"count": None}, ["ask_count"], "count")


def test_back_at_the_first_question_asks_it_again() -> None:
    assert go(BACK[0], {}, "fruit") == ({}, ["ask_fruit"], "fruit")


@pytest.mark.parametrize("said", STOP, ids=["button", "word"])
@pytest.mark.parametrize("requested", ["fruit", "sure"])
def test_stop_forgets_everything(said: Turn, requested: str) -> None:
    assert go(said, APPLE, requested) == (FORM.reset(), ["stopped"], None)


@pytest.mark.parametrize("said", SKIP, ids=["button", "word"])
def test_an_optional_question_can_be_skipped(said: Turn) -> None:
    assert go(said, APPLE, "count") == ({"count": SKIPPED}, ["ask_sure"], "sure")


@pytest.mark.parametrize("said", SKIP, ids=["button", "word"])
def test_another_question_can_not_be_skipped(said: Turn) -> None:
    assert go(said, {}, "fruit") is None


# --- nobody is asked a third time


def test_a_question_is_asked_twice() -> None:
    assert go(None, {}, "fruit", {"ask_fruit": MOST_ASKS - 1}) == ({}, ["ask_fruit"], "fruit")


def test_an_optional_question_is_then_left_open() -> None:
    assert go(None, APPLE, "count", {"ask_count": MOST_ASKS}) == ({"count": SKIPPED}, ["ask_sure"], "sure")


def test_another_one_pauses_the_form_and_keeps_what_was_said() -> None:
    assert go(None, {"fruit": "apple"}, "colour", {"ask_colour": MOST_ASKS}) == ({}, ["paused"], None)


def test_a_refused_answer_too_is_asked_for_only_twice() -> None:
    assert go(turn("", fruit="rotten"), {}, "fruit", {"ask_fruit": MOST_ASKS}) == ({}, ["refused", "paused"], None)


def test_an_essential_question_is_not_left_open_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FORM.steps[2], "essential", True)
    assert go(None, APPLE, "count", {"ask_count": MOST_ASKS}) == ({}, ["paused"], None)
    assert go(SKIP[0], APPLE, "count") == ({"count": SKIPPED}, ["ask_sure"], "sure")


# --- coming back after another question was answered


def test_coming_back_asks_the_same_question() -> None:
    assert go(None, APPLE, "count", {"ask_count": 1}) == ({}, ["ask_count"], "count")


# --- whatever is said


@settings(max_examples=200, deadline=None)
@given(
    said=st.builds(
        replace,
        st.just(Turn()),
        text=st.one_of(st.text(), st.sampled_from(["no, red", "two?", "yes", "apple", "/stop", "actually"])),
        intent=st.sampled_from(["", "faq", "red_flag", "affirm", *COMMAND_INTENTS.values(), *OTHER_BUSINESS]),
        entities=st.dictionaries(
            st.sampled_from(["fruit", "colour", "count", "sure", "change", "command"]),
            st.sampled_from(["apple", "red", "two", "yes", "count", "back", "rotten", "?"]),
        ),
    ),
    requested=st.sampled_from([None, "fruit", "colour", "count", "sure"]),
    times=st.integers(0, MOST_ASKS),
)
def test_a_turn_always_ends_or_asks_one_question_of_the_form(said: Turn, requested: str | None, times: int) -> None:
    slots = {"sure": {}, "count": APPLE, "colour": {"fruit": "apple"}}.get(requested or "", {})
    progress = advance(FORM, said, slots, requested, {f"ask_{requested}": times})
    if progress is None:
        assert requested is not None
        return
    assert progress.slots.keys() <= FORM.reset().keys()
    assert progress.says
    if progress.requested:
        assert progress.says[-1].response == f"ask_{progress.requested}"
        assert {**slots, **progress.slots}.get(progress.requested) is None
