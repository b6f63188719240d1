"""What comes before all rules and forms: the advice on a red flag, and a word when a failing part left nothing to say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

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
class UrgentPolicy(Policy):
    """Predicts it at once; a form would otherwise run first, and ask an action server that may be down."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Above the rules, which have 6."""
        return {"priority": 7}

    @staticmethod
    def supported_data() -> SupportedData:
        """Learns nothing, and so takes whatever there is."""
        return SupportedData.ML_AND_RULE_DATA

    def train(self, training_trackers: Any, domain: Domain, **kwargs: Any) -> Resource:
        """Nothing to learn."""
        return self._resource

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext, **kwargs: Any
    ) -> UrgentPolicy:
        """Nothing was kept."""
        return cls(config, model_storage, resource, execution_context)

    def predict_action_probabilities(
        self, tracker: DialogueStateTracker, domain: Domain, rule_only_data: dict[str, Any] | None = None, **kwargs: Any
    ) -> PolicyPrediction:
        """Certain of the next action after something urgent, of nothing otherwise."""
        action = next_action(tracker.events)
        probabilities = self._default_predictions(domain)
        if action is None:
            return self._prediction(probabilities)
        probabilities[domain.index_for_action(action)] = 1.0
        return self._prediction(probabilities, is_no_user_prediction=True)
