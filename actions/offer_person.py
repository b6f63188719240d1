"""A person, at every point of every conversation."""

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import PromptAction
from actions.say import Say, payload
from actions.texts import text
from actions.turn import read_turn
from bot.settings import Settings

RESUME = {"guided_form": "find_treatment", "booking_form": "book_consultation", "appointment_form": "my_appointment"}
"""The intent that takes a form up again."""


class OfferPerson(PromptAction):
    """Answers `talk_to_human`; a form is left, with what was said kept, and can be taken up again."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_offer_person"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """How to reach somebody, and the way back."""
        form = (tracker.active_loop or {}).get("name")
        buttons = ({"title": text("go_on", read_turn(tracker).language), "payload": payload(RESUME[form])},) if form else ()
        say = way_to_a_person(self.services.settings)
        Say(say.response, say.facts, buttons).through(dispatcher)
        return [ActiveLoop(None), SlotSet("requested_slot", None)] if form else []


def way_to_a_person(settings: Settings) -> Say:
    """By telephone and e-mail where the practice has set them, else by the consultation."""
    if settings.practice_phone and settings.practice_email:
        return Say("utter_person_phone_email", {"phone": settings.practice_phone, "email": settings.practice_email})
    if settings.practice_phone:
        return Say("utter_person_phone", {"phone": settings.practice_phone})
    if settings.practice_email:
        return Say("utter_person_email", {"email": settings.practice_email})
    return Say("utter_person_consultation")
