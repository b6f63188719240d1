"""A red flag: plain advice to see a doctor, whatever else was going on; no treatment, nothing to buy."""

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import PromptAction
from actions.turn import read_turn

KINDS = frozenset({"spot", "after_treatment", "emergency"})


class WarnRedFlag(PromptAction):
    """Answers `red_flag` and ends any form."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_warn_red_flag"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """By what the detector found; the advice for a spot where it isn't told."""
        kind = read_turn(tracker).entities.get("red_flag_kind", "spot")
        dispatcher.utter_message(response=f"utter_red_flag_{kind if kind in KINDS else 'spot'}")
        emptied = [SlotSet(slot, None) for slot in ("requested_slot", "concern", "changes", "findings")]
        return [ActiveLoop(None), *emptied] if (tracker.active_loop or {}).get("name") else emptied[-1:]
