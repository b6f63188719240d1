"""The answer to a topic that was chosen by button."""

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.base import PromptAction
from actions.turn import read_turn


class AnswerTopic(PromptAction):
    """Answers `ask_topic`."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_answer_topic"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """The topic's own response."""
        dispatcher.utter_message(response=f"utter_faq/{read_turn(tracker).entities.get('topic', '')}")
        return []
