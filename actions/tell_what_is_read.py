"""The answer to a photo, a voice message or anything else that is not read."""

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.base import PromptAction
from actions.turn import read_turn

KINDS = frozenset({"photo", "voice", "place", "long_text"})
"""What has an answer of its own; a channel says which it was, and nothing of what was in it."""


class TellWhatIsRead(PromptAction):
    """Answers `sent`."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_tell_what_is_read"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """What can be read, and for a photo who can look at it."""
        what = read_turn(tracker).entities.get("what")
        dispatcher.utter_message(response=f"utter_sent_{what if what in KINDS else 'other'}")
        return []
