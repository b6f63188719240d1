"""A yes outside of a form."""

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.base import PromptAction
from actions.delete_data import delete, was_asked
from actions.say import Say


class HearYes(PromptAction):
    """Answers `affirm` where no form is open: to the question whether to delete, else nothing was asked."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_hear_yes"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Deletes, or asks what next."""
        if was_asked(tracker):
            delete(self, dispatcher, tracker, keep_appointments=False)
        else:
            Say("utter_what_next").through(dispatcher)
        return []
