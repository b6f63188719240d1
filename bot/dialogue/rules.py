"""Rasa's rules, found without walking through all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTIVE_LOOP, LOOP_NAME, PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

from bot.dialogue.states import states_of

PARTS = ((PREVIOUS_ACTION, ACTION_NAME), (USER, INTENT), (ACTIVE_LOOP, LOOP_NAME))

Moment = tuple[str | None, str | None, str | None]
"""Where a conversation stands: what was done last, what the visitor wants, and the form that is open; None for any."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class IndexedRulePolicy(RulePolicy):
    """Predicts what Rasa's RulePolicy predicts.

    That one replays the conversation and compares every rule with every state of it, three times for each action: some 10 ms a
    turn with 230 rules. Here only the rules whose last state fits the moment are compared, and only with as many states as the
    longest of them has. The differences hold because no rule of this project is written over a text, and no slot or entity steers
    one.
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
        self._indexes: dict[int, Index] = {}

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
        """The latest states, as many as a rule may look at."""
        longest = max(self._index(self.lookup[rules]).longest for rules in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH))
        return states_of(tracker.applied_events())[-longest:]

    def _get_possible_keys(self, lookup: dict[str, str], states: list[State]) -> set[str]:
        keys = self._index(lookup).keys
        fitting = {key: lookup[key] for moment in _moments_that_fit(states[-1]) for key in keys.get(moment, ()) if key in lookup}
        return super()._get_possible_keys(fitting, states)

    def _index(self, lookup: dict[str, str]) -> Index:
        if id(lookup) not in self._indexes:
            self._indexes[id(lookup)] = Index.of(lookup, {key: self._rule_key_to_state(key) for key in lookup})
        return self._indexes[id(lookup)]


@dataclass(frozen=True)
class Index:
    """Rules by the moment at which they apply."""

    lookup: dict[str, str]
    """What is indexed; held here so that no other can get its place in memory."""
    keys: Mapping[Moment, list[str]]
    longest: int
    """States of the longest rule; 1 at least."""

    @classmethod
    def of(cls, lookup: dict[str, str], rules: Mapping[str, list[State]]) -> Index:
        """Indexes rules, given by their key, by their last state."""
        keys: dict[Moment, list[str]] = {}
        for key, states in rules.items():
            keys.setdefault(_moment(states[-1]), []).append(key)
        return cls(lookup, keys, max(map(len, rules.values()), default=1))


def _moment(state: State) -> Moment:
    names = (state.get(part, {}).get(name) for part, name in PARTS)
    action, intent, form = (None if name == SHOULD_NOT_BE_SET else name for name in names)
    return action, intent, form


def _moments_that_fit(state: State) -> list[Moment]:
    """The moment of a state, and those that leave a part of it open."""
    action, intent, form = _moment(state)
    return list(product({action, None}, {intent, None}, {form, None}))
