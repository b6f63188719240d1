"""A conversation's copy: the same as Rasa's, and apart from its original."""

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from bot.conversation import Conversation
from bot.settings import ROOT

SAID = [
    ActionExecuted("action_session_start"),
    ActionExecuted("action_listen"),
    UserUttered("hello", {"name": "greet"}),
    BotUttered("Hello."),
    SlotSet("language", "nl"),
    ActiveLoop("booking_form"),
    ActionExecuted("booking_form"),
]


@pytest.fixture
def conversation() -> Conversation:
    domain = Domain.load(ROOT / "domain.yml")
    tracker = Conversation("web-1", domain.slots)
    for event in SAID:
        tracker.update(event, domain)
    return tracker


def state(tracker: DialogueStateTracker) -> object:
    return tracker.current_state(EventVerbosity.ALL), tracker.latest_action, tracker.latest_bot_utterance, tracker.followup_action


def test_the_copy_is_what_rasas_would_be(conversation: Conversation) -> None:
    assert state(conversation.copy()) == state(DialogueStateTracker.copy(conversation))


@pytest.mark.parametrize("event", [SlotSet("language", "en"), ActiveLoop(None), UserUttered("stop", {"name": "deny"}), ActionExecuted("x")])
def test_what_happens_to_the_copy_leaves_the_original_alone(conversation: Conversation, event: SlotSet) -> None:
    before = state(conversation)
    twin = conversation.copy()
    twin.update(event)
    twin.interrupt_loop(True)
    assert state(conversation) == before != state(twin)
