"""What comes before all rules and forms: the advice on a red flag, and a word when a failing part left nothing to say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, Event, UserUttered

from bot.dialogue.certain import CertainPolicy
from bot.nlu.red_flag_terms import Kind

KINDS = frozenset(get_args(Kind))
AFTERWARDS = ("action_deactivate_loop", "action_forget_findings")
"""Any form is left, and what it was about to advise is forgotten."""


def next_action(events: Sequence[Event]) -> str | None:
    """What follows on something urgent, in its order; None where the visitor's last message is nothing of the kind."""
    done: list[str] = []
    for event in reversed(events):
        if isinstance(event, UserUttered):
            wanted = _actions(event)
            return next((action for action in wanted if action not in done), ACTION_LISTEN_NAME) if wanted else None
        if isinstance(event, ActionExecuted) and event.action_name:
            done.append(event.action_name)
    return None


def _actions(message: UserUttered) -> tuple[str, ...]:
    """All that follows on a message; nothing where it is not urgent."""
    if message.intent_name == "nothing_said":
        return ("utter_unavailable",)
    if message.intent_name != "red_flag":
        return ()
    kind = next((entity["value"] for entity in message.entities if entity["entity"] == "red_flag_kind"), "spot")
    return (f"utter_red_flag_{kind if kind in KINDS else 'spot'}", *AFTERWARDS)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class UrgentPolicy(CertainPolicy):
    """Predicts it at once; a form would otherwise run first, and ask an action server that may be down."""

    next_action = staticmethod(next_action)
