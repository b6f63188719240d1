"""Address, telephone and e-mail of the practice from the settings, hours as staff lets them be told: never invented."""

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.base import PromptAction
from actions.say import Say
from actions.spoken import spoken_week
from actions.turn import read_turn
from bot.practice.catalog.queries import Catalogue
from bot.settings import Settings


class TellPracticeInfo(PromptAction):
    """Answers `practice_info`."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_tell_practice_info"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """What is known, one message each; an honest word where nothing is."""
        hours = told_hours(self.services.catalogue, read_turn(tracker).language)
        for say in practice_info(self.services.settings, hours):
            say.through(dispatcher)
        return []


def told_hours(catalogue: Catalogue, language: str) -> str:
    """The opening hours in words; empty where the practice has given none."""
    told = catalogue.told_hours()
    if told is None:
        return ""
    return spoken_week(told.week, language) if told.week else told.words.get(language) or told.words["en"]


def practice_info(settings: Settings, hours: str) -> list[Say]:
    """What is known of the practice."""
    known = {
        "address": settings.practice_address,
        "hours": hours,
        "phone": settings.practice_phone,
        "email": settings.practice_email,
    }
    facts = [Say(f"utter_practice_{point}", {point: value}) for point, value in known.items() if value]
    if len(facts) == len(known):
        return facts
    return [*facts, Say("utter_practice_rest_unknown" if facts else "utter_practice_unknown")]
