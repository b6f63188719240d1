"""The answers to the other questions of a message."""

import pytest
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, Event, UserUttered

from bot.dialogue.questions import ANSWERS, next_answer
from bot.nlu.questions import ANSWERED

OURS = "policy_1_SeveralQuestionsPolicy"
RULES = "policy_2_IndexedRulePolicy"


def asked(intent: str, *labels: str) -> UserUttered:
    main = next((label for label in labels if label.partition("/")[0] == intent), intent)
    parse = {"intent": {"name": intent, "full_retrieval_intent_name": main if "/" in main else None}, "questions": list(labels)}
    return UserUttered("...", intent={"name": intent}, parse_data=parse)


def by_rules(*names: str) -> list[Event]:
    return [ActionExecuted(name, RULES) for name in names]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([asked("faq", "faq/melasma", "ask_price")], None),
        ([asked("faq", "faq/melasma", "ask_price"), *by_rules("utter_faq")], "action_tell_price"),
        ([asked("faq", "faq/melasma", "faq/acids"), *by_rules("utter_faq")], "utter_faq/acids"),
        ([asked("faq", "faq/melasma", "ask_price"), *by_rules("utter_faq"), ActionExecuted("action_tell_price", OURS)], None),
        (
            [asked("faq", "faq/melasma", "ask_price", "privacy"), *by_rules("utter_faq"), ActionExecuted("action_tell_price", OURS)],
            "action_tell_privacy",
        ),
        ([asked("book_consultation", "faq/melasma", "book_consultation")], "utter_faq/melasma"),
        ([asked("book_consultation", "faq/melasma", "book_consultation"), ActionExecuted("utter_faq/melasma", OURS)], None),
        ([asked("faq", "faq/melasma", "ask_price"), ActionExecutionRejected("guided_form"), *by_rules("utter_faq")], "action_tell_price"),
        ([asked("faq", "faq/melasma", "ask_price"), *by_rules("guided_form")], None),
        ([asked("red_flag", "faq/melasma", "ask_price"), *by_rules("utter_red_flag_spot")], None),
        ([asked("faq", "faq/melasma"), *by_rules("utter_faq")], None),
        ([UserUttered("...", intent={"name": "faq"}), *by_rules("utter_faq")], None),
        ([], None),
    ],
)
def test_each_other_question_gets_its_answer_once_and_in_order(events: list[Event], expected: str | None) -> None:
    assert next_answer(events) == expected


def test_a_new_message_ends_what_the_last_one_asked() -> None:
    events = [asked("faq", "faq/melasma", "ask_price"), *by_rules("utter_faq"), UserUttered("...", intent={"name": "thanks"})]
    assert next_answer([*events, *by_rules("utter_thanks")]) is None


def test_every_task_that_counts_as_answered_has_an_action() -> None:
    assert set(ANSWERS) == ANSWERED
