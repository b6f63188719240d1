"""The first message: who this is, and where the privacy notice stands (EU AI Act, Art. 50; GDPR Art. 13)."""

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.base import PromptAction
from actions.privacy import privacy_link
from actions.say import Say
from actions.turn import read_turn


class GreetVisitor(PromptAction):
    """Opens a conversation."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_greet_visitor"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Says that it is an automated assistant."""
        Say("utter_start", custom=privacy_link(self.services.settings, read_turn(tracker).language)).through(dispatcher)
        return []
