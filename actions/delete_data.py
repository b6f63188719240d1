"""The visitor's own wish to have everything about them deleted: asked back once, then handed to the practice."""

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.base import PromptAction
from actions.booking_client import Appointment
from actions.cards import appointment_card
from actions.say import Say
from actions.turn import read_turn

ASKED = ("utter_delete_data", "utter_delete_data_and_appointments")
"""The questions before anything is deleted."""


class DeleteData(PromptAction):
    """Answers `delete_data`: typed it asks, tapped it does what the button says.

    What is deleted is this conversation and the appointments that it made or proved to be the visitor's. An e-mail address that is
    only told deletes nobody's appointment: the practice looks into the conversation itself.
    """

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_delete_data"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Asks, deletes, or leaves it."""
        turn = read_turn(tracker)
        chosen = turn.entities.get("deletion") if turn.tapped else None
        if chosen == "no":
            Say("utter_data_kept").through(dispatcher)
        elif chosen in ("all", "keep"):
            delete(self, dispatcher, tracker, keep_appointments=chosen == "keep")
        else:
            question(self.services.booking.upcoming(tracker.sender_id), turn.language).through(dispatcher)
        return []


def question(upcoming: tuple[Appointment, ...], language: str) -> Say:
    """Whether to delete, naming the appointments that would go."""
    if not upcoming:
        return Say("utter_delete_data")
    return Say("utter_delete_data_and_appointments", custom={"cards": [appointment_card(each, language) for each in upcoming]})


def delete(action: PromptAction, dispatcher: CollectingDispatcher, tracker: Tracker, keep_appointments: bool) -> None:
    """Asks the practice to do it, and says that it is being done.

    Raises:
        BookingError: the practice's application can't be reached.
    """
    action.services.booking.erase(tracker.sender_id, keep_appointments)
    Say("utter_deleting_data_but_appointments" if keep_appointments else "utter_deleting_data").through(dispatcher)


def was_asked(tracker: Tracker) -> bool:
    """Whether the last thing said to the visitor is the question whether to delete."""
    said = (event for event in reversed(tracker.events) if event.get("event") == "bot")
    return ((next(said, None) or {}).get("metadata") or {}).get("utter_action") in ASKED
