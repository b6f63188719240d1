"""The other questions of a message that asks several: answered in their order, around what the rules do about its intent."""

from __future__ import annotations

from collections.abc import Sequence

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, Event, UserUttered

from bot.dialogue.certain import CertainPolicy
from bot.nlu.questions import FORMS, QUESTIONS

ANSWERS = {
    "ask_price": "action_tell_price",
    "list_treatments": "action_list_treatments",
    "practice_info": "action_tell_practice_info",
    "privacy": "action_tell_privacy",
    "talk_to_human": "action_offer_person",
}
"""What answers a task; a topic is answered by its own text."""


def next_answer(events: Sequence[Event]) -> str | None:
    """The action that answers the next of the other questions; None where the rules are to go on."""
    message, done = _since_the_message(events)
    if message is None:
        return None
    labels = list(message.parse_data.get(QUESTIONS) or ())
    intent = message.intent_name or ""
    if len(labels) < 2 or intent not in {label.partition("/")[0] for label in labels}:
        return None
    main = message.parse_data["intent"].get("full_retrieval_intent_name") or intent
    others = [label for label in labels if label != main]
    opens_a_form = intent in FORMS
    by_rules = [action for action in done if not is_other_answer(action)]
    if not opens_a_form and (not by_rules or _took_it_for_an_answer(by_rules)):
        return None
    given = len(done) - len(by_rules)
    return _answer_to(others[given]) if given < len(others) else None


def is_other_answer(action: ActionExecuted) -> bool:
    """Whether an action answered one of the other questions."""
    return bool(action.policy and action.policy.endswith(SeveralQuestionsPolicy.__name__))


def _since_the_message(events: Sequence[Event]) -> tuple[UserUttered | None, list[ActionExecuted]]:
    """The visitor's last message, and what was done since, without a form that declined it."""
    done: list[ActionExecuted] = []
    for event in reversed(events):
        if isinstance(event, UserUttered):
            return event, done
        if isinstance(event, ActionExecuted) and event.action_name != ACTION_LISTEN_NAME:
            done.append(event)
    return None, []


def _took_it_for_an_answer(done: Sequence[ActionExecuted]) -> bool:
    """Whether an open form went on with the message before anything else did; `done` stands latest first."""
    return (done[-1].action_name or "").endswith("_form")


def _answer_to(label: str) -> str:
    return ANSWERS.get(label) or f"utter_{label}"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class SeveralQuestionsPolicy(CertainPolicy):
    """Puts the answers to the other questions behind the first answer, or before a form that the message opens.

    The rules don't see these actions (bot/dialogue/rules.py), and so need not know that a message can ask several things.
    """

    next_action = staticmethod(next_answer)
