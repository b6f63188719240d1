"""A visitor of the website chat, with what a test wants to know of each answer."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any
from uuid import uuid4

import requests
from sqlalchemy import text as sql

from bot.channels.tokens import Tokens
from bot.database import open_database, reading
from bot.evaluation.understanding import Understanding, from_parse
from bot.settings import Settings

ANSWER_SECONDS = 15.0
"""Longer than the channel lets anybody wait."""

Message = Mapping[str, Any]
Button = Mapping[str, str]


@dataclass(frozen=True)
class Reply:
    """What came of one message of the visitor."""

    messages: list[Message]
    responses: list[str]
    """Names of the responses, in order."""
    understood: Understanding
    slots: Mapping[str, Any]
    """All slots that have a value."""
    form: str | None
    """The form that goes on after this answer."""
    asks: str | None
    """The slot that is asked for now."""

    @property
    def buttons(self) -> list[Button]:
        """Every button below a message or on a card."""
        return [button for message in self.messages for part in (message, *message["cards"]) for button in part["buttons"]]

    @property
    def times(self) -> list[Button]:
        """The free times offered."""
        return [button for message in self.messages for day in message["slots"] for button in day["times"]]

    @property
    def cards(self) -> list[Message]:
        """All cards, in order."""
        return [card for message in self.messages for card in message["cards"]]

    @property
    def words(self) -> str:
        """All that is to be read in the answer."""
        return "\n".join(str(part) for message in self.messages for part in _readable(message))


class Chat:
    """One conversation over the web channel."""

    def __init__(self, settings: Settings, language: str = "en") -> None:
        """Opens the conversation."""
        self._channel = f"http://{settings.host}:{settings.assistant_port}/webhooks/web"
        self._database = settings.conversations_database
        opened = requests.post(f"{self._channel}/session", json={"language": language}, timeout=ANSWER_SECONDS)
        assert opened.status_code == 201, f"no conversation: {opened.status_code} {opened.text}"
        self.bearer = f"Bearer {opened.json()['token']}"
        self.session = Tokens(settings.key_for("web-session")).session(self.bearer, datetime.now(timezone.utc))
        self.last = self._read(opened.json()["messages"])

    def say(self, text: str) -> Reply:
        """Types a message."""
        return self._answered(self.post({"id": str(uuid4()), "text": text}))

    def tap(self, wanted: str | Mapping[str, str]) -> Reply:
        """Taps what the last answer offers: a button by its title or payload, or the choice that it stands for."""
        return self._answered(self.post({"id": str(uuid4()), "payload": self.offered(wanted)}))

    def offered(self, wanted: str | Mapping[str, str]) -> str:
        """The payload of a button in the last answer."""
        choices = [*self.last.buttons, *self.last.times]
        found = next((button["payload"] for button in choices if _is_meant(button, wanted)), None)
        assert found, f"{wanted!r} is not offered, but {[button['title'] for button in choices]}"
        return found

    def post(self, body: Any, **options: Any) -> requests.Response:
        """Sends a body as it is."""
        headers = {"Authorization": self.bearer} | options.pop("headers", {})
        return requests.post(f"{self._channel}/messages", json=body, headers=headers, timeout=ANSWER_SECONDS, **options)

    def history(self) -> list[Message]:
        """The conversation as a reloaded page gets it."""
        answer = requests.get(f"{self._channel}/messages", headers={"Authorization": self.bearer}, timeout=ANSWER_SECONDS)
        return list(self._content(answer))

    def said(self) -> list[str]:
        """Every message of the visitor that the dialogue took, as kept in the conversation."""
        return [event["text"] for event in self._events() if event["event"] == "user"]

    def _answered(self, answer: requests.Response) -> Reply:
        self.last = self._read(self._content(answer))
        return self.last

    def _content(self, answer: requests.Response) -> list[Message]:
        assert answer.status_code == 200, f"{answer.status_code}: {answer.text}"
        return list(answer.json()["messages"])

    def _read(self, messages: list[Message]) -> Reply:
        events = self._events()
        state = _state(events)
        since = max(index for index, event in enumerate(events) if event["event"] == "user")
        responses = [(event.get("metadata") or {}).get("utter_action") for event in events[since:] if event["event"] == "bot"]
        return Reply(
            messages=messages,
            responses=[name for name in responses if name],
            understood=from_parse(events[since].get("parse_data") or {}),
            slots={name: value for name, value in state.items() if value is not None and not name.startswith("/")},
            form=state.get("/form"),
            asks=state.get("requested_slot"),
        )

    def _events(self) -> list[Mapping[str, Any]]:
        engine = open_database(self._database)
        with reading(engine) as connection:
            rows = connection.execute(sql("SELECT data FROM events WHERE sender_id = :sender ORDER BY id"), {"sender": self.session}).all()
        engine.dispose()
        return [json.loads(row.data) for row in rows]


def _state(events: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The slots as the events leave them, and the form under a name that no slot has."""
    state: dict[str, Any] = {}
    for event in events:
        if event["event"] == "slot":
            state[event["name"]] = event["value"]
        elif event["event"] == "active_loop":
            state["/form"] = event["name"]
    return state


def _is_meant(button: Button, wanted: str | Mapping[str, str]) -> bool:
    if isinstance(wanted, str):
        return wanted in (button["title"], button["payload"])
    _, brace, entities = button["payload"].partition("{")
    return bool(brace) and dict(wanted) == json.loads(brace + entities)


def _readable(message: Message) -> Iterator[Any]:
    yield message["text"]
    for card in message["cards"]:
        yield from (card.get("title"), card.get("text"), card.get("price"), *card.get("facts", ()))
        yield from (card.get("link") or {}).values()
    yield from (message["link"] or {}).values()
    for day in message["slots"]:
        yield day["day"]
