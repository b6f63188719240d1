"""What happens with what a visitor writes."""

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.base import PromptAction
from actions.privacy import privacy_link
from actions.say import Say
from actions.turn import read_turn


class TellPrivacy(PromptAction):
    """Answers `privacy`."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_tell_privacy"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """In short, with the notice."""
        Say("utter_privacy", custom=privacy_link(self.services.settings, read_turn(tracker).language)).through(dispatcher)
        return []
