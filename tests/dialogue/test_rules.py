"""The indexed rules: what Rasa's RulePolicy predicts, found without walking through all rules."""

import itertools
from pathlib import Path
from typing import Any

import pytest
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, ActiveLoop, UserUttered
from rasa.shared.core.generator import TrainingDataGenerator
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph

from bot.dialogue.rules import IndexedRulePolicy
from bot.settings import ROOT

INTENTS = ("faq", "ask_price", "greet", "thanks", "affirm", "deny", "stop", "choose", "nlu_fallback", "talk_to_human", "find_treatment")
FORMS = (None, "guided_form", "booking_form", "appointment_form")


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.load([ROOT / "domain.yml", ROOT / "data" / "responses", ROOT / "data" / "faq"])


@pytest.fixture(scope="module")
def policies(domain: Domain, tmp_path_factory: pytest.TempPathFactory) -> tuple[RulePolicy, IndexedRulePolicy]:
    """Rasa's policy, and ours with what Rasa's has learned."""
    folder: Path = tmp_path_factory.mktemp("rules")
    made: list[Any] = []
    for policy in (RulePolicy, IndexedRulePolicy):
        config = {**policy.get_default_config(), "core_fallback_action_name": "utter_not_understood", "check_for_contradictions": False}
        storage = LocalModelStorage(folder)
        made.append(policy.create(config, storage, Resource(policy.__name__), ExecutionContext(GraphSchema({}))))
    steps = [step for file in sorted((ROOT / "data" / "dialogue").glob("*.yml")) for step in YAMLStoryReader().read_from_file(file)]
    made[0].train(TrainingDataGenerator(StoryGraph(steps), domain, augmentation_factor=0).generate(), domain)
    made[1].lookup = made[0].lookup
    return made[0], made[1]


def conversations(domain: Domain) -> list[DialogueStateTracker]:
    """Every intent, in and outside each form, before and after an action and after a form that declined."""
    trackers = []
    for number, (intent, form) in enumerate(itertools.product(INTENTS, FORMS)):
        events: list[Any] = [ActionExecuted("action_listen"), UserUttered("hello", {"name": "greet"}), ActionExecuted("utter_greet")]
        events += [ActionExecuted("action_listen")]
        events += [UserUttered("book", {"name": "book_consultation"}), ActionExecuted(form), ActiveLoop(form)] if form else []
        events += [ActionExecuted("action_listen"), UserUttered("text", {"name": intent})]
        for more in ([], [ActionExecutionRejected(form)] if form else [], [ActionExecuted("utter_faq")], [ActionExecuted("utter_thanks")]):
            tracker = DialogueStateTracker.from_events(f"c{number}", events + more, domain.slots, domain=domain)
            trackers.append(tracker)
    return trackers


def test_it_predicts_what_rasa_predicts(policies: tuple[RulePolicy, IndexedRulePolicy], domain: Domain) -> None:
    rasas, ours = policies
    predicted = set()
    for tracker in conversations(domain):
        expected, found = (policy.predict_action_probabilities(tracker, domain) for policy in (rasas, ours))
        assert (found.probabilities, found.events, found.hide_rule_turn) == (
            expected.probabilities,
            expected.events,
            expected.hide_rule_turn,
        )
        predicted.add(expected.max_confidence_index)
    assert len(predicted) > 10
