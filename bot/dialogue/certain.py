"""Policies that learn nothing: either certain of the next action, or silent."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from typing_extensions import Self


class CertainPolicy(Policy):
    """Comes before the rules wherever `next_action` knows what follows."""

    @staticmethod
    @abstractmethod
    def next_action(events: Sequence[Event]) -> str | None:
        """The action that is due; None where the rules are to decide."""

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
    ) -> Self:
        """Nothing was kept."""
        return cls(config, model_storage, resource, execution_context)

    def predict_action_probabilities(
        self, tracker: DialogueStateTracker, domain: Domain, rule_only_data: dict[str, Any] | None = None, **kwargs: Any
    ) -> PolicyPrediction:
        """Certain of the action that is due, of nothing otherwise."""
        action = self.next_action(tracker.events)
        probabilities = self._default_predictions(domain)
        if action is None:
            return self._prediction(probabilities)
        probabilities[domain.index_for_action(action)] = 1.0
        return self._prediction(probabilities, is_no_user_prediction=True)
