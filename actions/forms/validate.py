"""Rasa's side of a form: called at every turn of it, sets the slots and asks the next question."""

from abc import abstractmethod
from collections import Counter
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import PromptAction
from actions.forms.form import Form, advance
from actions.turn import Turn, read_turn


class ValidateForm(PromptAction):
    """Runs one form. Returning no event makes Rasa reject the form, so that the rules answer the message."""

    @abstractmethod
    def form(self, conversation: str) -> Form:
        """The form with its services, for the conversation of this id."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """As every action; sets a slot in any case, since Rasa rejects a form whose slots all stay untouched, after its words were said."""
        events = await super().run(dispatcher, tracker, domain)
        requested = tracker.get_slot("requested_slot")
        if requested and events and not any(event["event"] == "slot" and event["name"] != "requested_slot" for event in events):
            events = [SlotSet(requested, tracker.get_slot(requested)), *events]
        return events

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """One turn of the form."""
        name = self.name().removeprefix("validate_")
        since = _since_opened(tracker.events, name)
        opening = since is None
        coming_back = not opening and _another_action_ran(tracker.events, name)
        turn: Turn | None = None if coming_back else read_turn(tracker)
        requested = None if opening else tracker.get_slot("requested_slot")
        slots = {key: value for key, value in tracker.slots.items() if key != "requested_slot"}
        form = self.form(tracker.sender_id)
        asked = Counter[str]() if opening else _asked(tracker.events[since:], {*form.reset(), *(step.slot for step in form.steps)})
        progress = advance(form, turn, slots, requested, asked)
        if progress is None:
            return []
        for say in progress.says:
            say.through(dispatcher)
        return [SlotSet(slot, value) for slot, value in progress.slots.items()] + [SlotSet("requested_slot", progress.requested)]


def _since_opened(events: list[dict[str, Any]], name: str) -> int | None:
    """Where the form was last opened; None where it is being opened now: the visitor has said nothing since."""
    said = False
    for index in range(len(events) - 1, -1, -1):
        said = said or events[index].get("event") == "user"
        if events[index].get("event") == "active_loop":
            return index if said and events[index].get("name") == name else None
    return None


def _another_action_ran(events: list[dict[str, Any]], name: str) -> bool:
    """Whether the rules have answered the visitor's message before the form was called again."""
    for event in reversed(events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "action" and event.get("name") not in (name, "action_listen"):
            return True
    return False


def _asked(events: list[dict[str, Any]], slots: set[str]) -> Counter[str]:
    """How often each response was said since an answer last brought the form on; a question has a response of its own.

    Args:
        slots: the form's own slots; setting one of them to a new value is what brings it on.
    """
    values: dict[str, Any] = {}
    turn: list[str] = []
    asked: Counter[str] = Counter()
    for event in events:
        if event.get("event") == "user":
            turn = []
        elif event.get("event") == "bot" and (response := (event.get("metadata") or {}).get("utter_action")):
            turn.append(response)
            asked[response] += 1
        elif event.get("event") == "slot" and event.get("name") in slots and values.get(event["name"]) != event.get("value"):
            values[event["name"]] = event.get("value")
            asked = Counter(turn)
    return asked
