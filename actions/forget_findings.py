"""After a red flag: what the guided choice had found counts no more."""

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import PromptAction


class ForgetFindings(PromptAction):
    """Follows on the advice to see a doctor, which the dialogue itself gives."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_forget_findings"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Empties concern, changes and findings."""
        return [SlotSet(slot, None) for slot in ("concern", "changes", "findings")]
