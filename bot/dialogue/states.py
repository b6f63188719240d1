"""What the rules compare: where a conversation stood before each action, read off its events in one pass."""

from __future__ import annotations

from collections.abc import Iterable

from rasa.shared.core.constants import ACTIVE_LOOP, LOOP_NAME, PREVIOUS_ACTION, USER
from rasa.shared.core.domain import State, SubState
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, UserUttered
from rasa.shared.nlu.constants import INTENT

from bot.dialogue.questions import is_other_answer


def states_of(applied: Iterable[Event]) -> list[State]:
    """The state before each action, and now; those after an answer to another question of the same message left out.

    The same as Rasa's domain makes by replaying the whole conversation in a second tracker, where no slot, entity or text steers
    a rule.
    """
    now: State = {}
    states: list[State] = []
    unseen = False
    for event in applied:
        if isinstance(event, UserUttered):
            _put(now, USER, {INTENT: event.intent_name} if event.intent_name else {})
        elif isinstance(event, ActiveLoop):
            _put(now, ACTIVE_LOOP, {LOOP_NAME: event.name} if event.name else {})
        elif isinstance(event, ActionExecuted):
            if not unseen:
                states.append(dict(now))
            unseen = is_other_answer(event)
            _put(now, PREVIOUS_ACTION, event.as_sub_state())
    return states if unseen else [*states, now]


def _put(state: State, part: str, content: SubState) -> None:
    """Sets a part of a state; an empty one is left out."""
    if content:
        state[part] = content
    else:
        state.pop(part, None)
