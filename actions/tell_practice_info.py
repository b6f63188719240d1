"""Address, hours, telephone and e-mail of the practice: from the settings, never invented."""

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.base import PromptAction
from actions.say import Say
from bot.settings import Settings


class TellPracticeInfo(PromptAction):
    """Answers `practice_info`."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_tell_practice_info"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """What is known, one message each; an honest word where nothing is."""
        for say in practice_info(self.services.settings):
            say.through(dispatcher)
        return []


def practice_info(settings: Settings) -> list[Say]:
    """What the settings tell of the practice."""
    known = {
        "address": settings.practice_address,
        "hours": settings.practice_opening_hours,
        "phone": settings.practice_phone,
        "email": settings.practice_email,
    }
    facts = [Say(f"utter_practice_{point}", {point: value}) for point, value in known.items() if value]
    if len(facts) == len(known):
        return facts
    return [*facts, Say("utter_practice_rest_unknown" if facts else "utter_practice_unknown")]
