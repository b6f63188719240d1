"""Rasa's rules, found without walking through all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTIVE_LOOP, LOOP_NAME, PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

from bot.dialogue.questions import is_other_answer

PARTS = ((PREVIOUS_ACTION, ACTION_NAME), (USER, INTENT), (ACTIVE_LOOP, LOOP_NAME))

Moment = tuple[str | None, str | None, str | None]
"""Where a conversation stands: what was done last, what the visitor wants, and the form that is open; None for any."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class IndexedRulePolicy(RulePolicy):
    """Predicts what Rasa's RulePolicy predicts.

    That one compares every rule with every state of the conversation, three times for each action: some 10 ms a turn with 230 rules.
    Here only the rules whose last state fits the moment are compared, and only with as many states as a rule has. The differences
    hold because no rule of this project is written over a text, and no slot steers one.
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> None:
        """Rasa's arguments."""
        super().__init__(config, model_storage, resource, execution_context, **kwargs)
        self._indexes: dict[int, dict[Moment, list[str]]] = {}

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> tuple[str | None, str | None, bool]:
        if use_text_for_last_user_input:
            return None, None, False
        return super()._find_action_from_rules(tracker, domain, use_text_for_last_user_input)

    def _prediction_states(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        use_text_for_last_user_input: bool = False,
        rule_only_data: dict[str, Any] | None = None,
    ) -> list[State]:
        """The states before each action, and now; those after an answer to another question of the same message left out."""
        states = super()._prediction_states(tracker, domain, use_text_for_last_user_input, rule_only_data)
        actions = [event for event in tracker.applied_events() if isinstance(event, ActionExecuted)]
        seen = [state for state, action in zip(states[1:], actions, strict=True) if not is_other_answer(action)]
        return [states[0], *seen]

    def _get_possible_keys(self, lookup: dict[str, str], states: list[State]) -> set[str]:
        if id(lookup) not in self._indexes:
            self._indexes[id(lookup)] = _index({key: self._rule_key_to_state(key) for key in lookup})
        index = self._indexes[id(lookup)]
        fitting = {key: lookup[key] for moment in _moments_that_fit(states[-1]) for key in index.get(moment, ())}
        return super()._get_possible_keys(fitting, states)


def _index(rules: Mapping[str, Sequence[State]]) -> dict[Moment, list[str]]:
    index: dict[Moment, list[str]] = {}
    for key, states in rules.items():
        index.setdefault(_moment(states[-1]), []).append(key)
    return index


def _moment(state: State) -> Moment:
    names = (state.get(part, {}).get(name) for part, name in PARTS)
    action, intent, form = (None if name == SHOULD_NOT_BE_SET else name for name in names)
    return action, intent, form


def _moments_that_fit(state: State) -> list[Moment]:
    """The moment of a state, and those that leave a part of it open."""
    action, intent, form = _moment(state)
    return list(product({action, None}, {intent, None}, {form, None}))
