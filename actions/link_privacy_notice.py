"""Where the privacy notice stands, told at the start (GDPR Art. 13)."""

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.base import PromptAction
from actions.privacy import privacy_link
from actions.say import Say
from actions.turn import read_turn


class LinkPrivacyNotice(PromptAction):
    """Follows on the first words, which say without any action that this is an automated assistant (EU AI Act, Art. 50)."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_link_privacy_notice"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """The link, and what can be done here."""
        Say("utter_start_privacy", custom=privacy_link(self.services.settings, read_turn(tracker).language)).through(dispatcher)
        return []
