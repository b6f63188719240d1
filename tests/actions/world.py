"""What the tests of the actions share: a moment, turns, trackers, and a chat with one form as Rasa leads it."""

import asyncio
import json
import re
from datetime import datetime, timezone
from functools import cache
from typing import Any

import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import PromptAction
from actions.forms.validate import ValidateForm
from actions.spoken import HERE
from actions.turn import Turn
from bot.settings import ROOT

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=timezone.utc)
"""A Sunday, six o'clock in the evening in Amsterdam."""

Message = dict[str, Any]


def utc(local: str) -> datetime:
    """The instant of '2026-11-27 14:00' in Amsterdam, in UTC."""
    return datetime.strptime(local, "%Y-%m-%d %H:%M").replace(tzinfo=HERE).astimezone(timezone.utc)


def local(moment: datetime) -> str:
    """The time of an instant in Amsterdam, as `utc` takes it."""
    return moment.astimezone(HERE).strftime("%Y-%m-%d %H:%M")


def turn(text: str = "", intent: str = "", language: str = "en", **entities: str) -> Turn:
    """A typed message."""
    return Turn(text=text, intent=intent, entities=entities, language=language)


def tapped(payload: str) -> Turn:
    """A button's payload, read as Rasa reads it."""
    intent, entities = read_payload(payload)
    return Turn(text=payload, intent=intent, entities=entities)


def read_payload(payload: str) -> tuple[str, dict[str, str]]:
    """Intent and entities of a payload."""
    match = re.fullmatch(r"/(\w+)(\{.*\})?", payload)
    assert match, f"no payload: {payload}"
    return match[1], json.loads(match[2] or "{}")


def parsed(text: str, intent: str, entities: dict[str, str], **more: Any) -> Message:
    """A message as Rasa hands it on."""
    found = [{"entity": entity, "value": value} for entity, value in entities.items()]
    return {"text": text, "intent": {"name": intent, "confidence": 1.0}, "entities": found, "intent_ranking": []} | more


def did_user(message: Message) -> Message:
    """The event of a message."""
    return {"event": "user", "text": message["text"], "parse_data": message}


def tracker(message: Message | None = None, events: list[Message] | None = None, form: str | None = None, **slots: Any) -> Tracker:
    """What an action is given."""
    return Tracker("conversation-1", slots, message or {}, events or [], False, None, {"name": form} if form else {}, None)


def run(action: PromptAction, given: Tracker, domain: dict[str, Any] | None = None) -> tuple[list[Message], list[Message]]:
    """The messages and events of an action, through Rasa's own entry; checks that they can be said and sent."""
    dispatcher = CollectingDispatcher()
    events = asyncio.run(action.run(dispatcher, given, domain or {}))
    for message in dispatcher.messages:
        assert message["text"] is None, "a sentence in code"
        missing = placeholders(message["response"]) - message.keys()
        assert not missing, f"{message['response']} needs {missing}"
    assert json.loads(json.dumps([dispatcher.messages, events]))
    return dispatcher.messages, events


def names(messages: list[Message]) -> list[str]:
    """Which responses were said."""
    return [message["response"] for message in messages]


def cards(message: Message) -> list[Message]:
    """The cards of a message."""
    return message["custom"].get("cards", [])


def payloads(message: Message) -> list[str]:
    """Payloads of the buttons that the action adds."""
    return [button["payload"] for button in message["buttons"]]


def times(message: Message) -> dict[str, str]:
    """The times a message offers: local time to payload."""
    offered = [entry["payload"] for day in message["custom"]["slots"] for entry in day["times"]]
    return {local(datetime.fromisoformat(next(iter(read_payload(payload)[1].values())))): payload for payload in offered}


def buttons(response: str) -> list[str]:
    """Payloads of a response's own buttons as the visitor's channel gets them."""
    return [button["payload"].replace("{{", "{").replace("}}", "}") for button in responses()[response][0].get("buttons", [])]


def slots_set(events: list[Message]) -> dict[str, Any]:
    """Values of the slots that the events set."""
    return {event["name"]: event["value"] for event in events if event["event"] == "slot"}


@cache
def responses() -> dict[str, list[Message]]:
    """Every response of the project's data."""
    files = [*(ROOT / "data" / "responses").glob("*.yml"), *(ROOT / "data" / "faq").glob("*.yml")]
    found: dict[str, list[Message]] = {}
    for path in files:
        found.update(yaml.safe_load(path.read_text(encoding="utf-8"))["responses"])
    return found


def placeholders(response: str) -> set[str]:
    """Facts that a response needs, in whatever language; KeyError where there is no such response."""
    return {name for variant in responses()[response] for name in re.findall(r"\{(\w+)\}", variant["text"])}


def domain_slots() -> frozenset[str]:
    """Slots of the domain."""
    return frozenset(_domain()["slots"])


def domain_forms() -> frozenset[str]:
    """Forms of the domain."""
    return frozenset(_domain()["forms"])


@cache
def _domain() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    return loaded


class Chat:
    """A conversation with one form; keeps events and slots in the order in which Rasa 3.6 sends them."""

    def __init__(self, action: ValidateForm, **slots: Any) -> None:
        self.action = action
        self.form = action.name().removeprefix("validate_")
        self.slots: dict[str, Any] = {"language": "en", "requested_slot": None} | slots
        self.events: list[Message] = []
        self.said: list[Message] = []
        """Messages of the latest turn."""
        self.active = False
        self._latest: Message = {}

    @property
    def requested(self) -> str | None:
        """The slot that is asked for."""
        return self.slots["requested_slot"]

    @property
    def offered(self) -> dict[str, str]:
        """Free times in the latest message."""
        return times(self.said[-1])

    def open(self, intent: str, text: str = "", **entities: str) -> list[str]:
        """Opens the form, or opens it again."""
        self._hear(parsed(text or f"/{intent}", intent, entities))
        self._apply([{"event": "action", "name": "action_deactivate_loop"}, *LEFT, {"event": "active_loop", "name": self.form}])
        self.active = True
        answer = self._form()
        assert answer is not None
        return answer

    def say(self, text: str, intent: str = "", **entities: str) -> list[str] | None:
        """Types something; None where the form leaves it to the rules."""
        assert self.active, "the form has ended"
        self._hear(parsed(text, intent, entities))
        return self._form()

    def tap(self, payload: str) -> list[str] | None:
        """Taps a button."""
        intent, entities = read_payload(payload)
        return self.say(payload, intent, **entities)

    def digress(self, text: str, intent: str, response: str) -> list[str]:
        """Asks something else, which a rule answers before the form comes back."""
        assert self.say(text, intent) is None
        self._apply([{"event": "action", "name": response}, {"event": "bot", "metadata": {"utter_action": response}}])
        answer = self._form()
        assert answer is not None
        return answer

    def _hear(self, message: Message) -> None:
        self._latest = message
        self._apply([{"event": "action", "name": "action_listen"}, did_user(message)])

    def _form(self) -> list[str] | None:
        asked_for = self.requested
        seen = [*self.events, {"event": "slot", "name": "requested_slot", "value": asked_for}, {"event": "action", "name": self.form}]
        given = tracker(self._latest, seen, self.form, **self.slots)
        self.said, returned = run(self.action, given)
        if not returned and asked_for:
            assert not self.said, "said something and left the message to the rules"
            return None
        changed = slots_set(returned)
        assert changed.keys() <= domain_slots() | {"requested_slot"}
        assert not asked_for or changed.keys() - {"requested_slot"}, "Rasa rejects a form that sets no slot of its own"
        self._apply([{"event": "action", "name": self.form}])
        self._apply([{"event": "bot", "metadata": {"utter_action": name}} for name in names(self.said)])
        self._apply(returned)
        if self.requested is None:
            self._apply(LEFT)
            self.active = False
        return names(self.said)

    def _apply(self, events: list[Message]) -> None:
        self.events += events
        self.slots |= slots_set(events)


LEFT: list[Message] = [{"event": "active_loop", "name": None}, {"event": "slot", "name": "requested_slot", "value": None}]
"""Events that end a form."""
