"""The answer to a question about the topic before that no topic answers."""

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.base import PromptAction
from actions.turn import read_turn


class AnswerFollowUp(PromptAction):
    """Answers `follow_up`."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_answer_follow_up"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """What is known about it, or honestly that the practice's page does not tell."""
        dispatcher.utter_message(response=f"utter_follow_up_{read_turn(tracker).entities.get('follow_up', '')}")
        return []
