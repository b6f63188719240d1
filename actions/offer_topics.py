"""When it isn't sure: the nearest topics as buttons, an honest no, and after two misunderstandings a person."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import PromptAction
from actions.list_treatments import treatments
from actions.offer_person import way_to_a_person
from actions.say import Say, payload
from actions.texts import text
from actions.turn import Turn, read_turn

MOST_TOPICS = 3
TASKS = frozenset(
    [
        "ask_price",
        "list_treatments",
        "find_treatment",
        "book_consultation",
        "cancel_appointment",
        "reschedule_appointment",
        "my_appointment",
        "talk_to_human",
        "privacy",
        "practice_info",
        "complaint",
    ]
)
NOT_UNDERSTOOD = frozenset({"nlu_fallback", "out_of_scope"})
COMMANDS = {"stop": "utter_all_right", "back": "utter_what_next", "skip": "utter_what_next", "resume": "utter_what_next"}
"""What is said to a command where nothing is going on that it could be meant for."""


class OfferTopics(PromptAction):
    """Answers `nlu_fallback` and `out_of_scope`."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_offer_topics"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Needs the domain; see `act_with`."""
        return self.act_with(dispatcher, tracker, {})

    def act_with(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """A command, a treatment that is not offered, did you mean, don't know, or a person."""
        turn = read_turn(tracker)
        least = float((tracker.latest_message.get("understanding") or {}).get("suggest_threshold", 1.0))
        near = nearest(turn, domain.get("responses") or {}, least)
        if command := COMMANDS.get(turn.entities.get("command", "")):
            Say(command).through(dispatcher)
        elif "treatment_asked" in turn.entities:
            treatments(self.services.catalogue, turn).through(dispatcher)
        elif misunderstood_before(tracker.events):
            Say("utter_not_understood_again").through(dispatcher)
            way_to_a_person(self.services.settings).through(dispatcher)
        elif len(near) >= 2 and turn.intent == "nlu_fallback":
            none = {"title": text("none_of_these", turn.language), "payload": payload("talk_to_human")}
            Say("utter_did_you_mean", buttons=(*near, none)).through(dispatcher)
        else:
            Say("utter_out_of_scope" if turn.intent == "out_of_scope" else "utter_not_understood").through(dispatcher)
        return []


def nearest(turn: Turn, responses: dict[str, Any], least: float) -> list[dict[str, str]]:
    """The likeliest topics and tasks as buttons.

    Args:
        responses: Rasa's responses by name; a topic's title stands in the metadata of its answer.
        least: confidence below which a topic is no help.
    """
    buttons: list[dict[str, str]] = []
    for label, confidence in turn.ranking:
        if len(buttons) == MOST_TOPICS or confidence < least:
            break
        if label in TASKS:
            buttons.append({"title": text(f"title_{label}", turn.language), "payload": payload(label)})
        elif label.startswith("faq/") and (variants := responses.get(f"utter_{label}")):
            title = variants[0]["metadata"]["title"]
            buttons.append(
                {"title": title.get(turn.language) or title["en"], "payload": payload("ask_topic", topic=label.removeprefix("faq/"))}
            )
    return buttons


def misunderstood_before(events: list[dict[str, Any]]) -> bool:
    """Whether the message before this one was not understood either."""
    intents = [((event.get("parse_data") or {}).get("intent") or {}).get("name") for event in events if event.get("event") == "user"]
    return len(intents) >= 2 and intents[-2] in NOT_UNDERSTOOD
