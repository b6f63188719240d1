"""What the dialogue answers, as the web channel's messages."""

import logging
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from rasa.core.channels.channel import OutputChannel

from bot.texts import LANGUAGES

logger = logging.getLogger(__name__)

Message = dict[str, Any]


class WebOutput(OutputChannel):
    """Collects the answer of one turn: one message of the dialogue becomes one message in the chat."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    @classmethod
    def name(cls) -> str:
        """The channel's name in response variations."""
        return "web"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keeps a message; one that can't be understood is left out, since an error here would undo the turn."""
        try:
            web = as_message(message)
        except (AttributeError, TypeError, ValueError) as error:
            logger.error("a message to session %s was left out: %s", recipient_id, type(error).__name__)
            return
        if any(web[part] for part in ("text", "buttons", "cards", "link", "slots")):
            self.messages.append(web)

    async def send_text_message(self, recipient_id: str, text: str, **_: Any) -> None:
        """Keeps plain text, which is also what Rasa's other kinds of message fall back to."""
        await self.send_response(recipient_id, {"text": text})


def as_message(message: dict[str, Any]) -> Message:
    """A message of Rasa's dialogue in the form that the chat shows."""
    custom = message.get("custom") or {}
    return {
        "id": uuid4().hex,
        "text": message.get("text") or "",
        "lang": _language(message),
        "buttons": _buttons(message.get("buttons") or message.get("quick_replies")),
        "cards": [{**card, "buttons": _buttons(card.get("buttons"))} for card in custom.get("cards") or []],
        "link": custom.get("link"),
        "slots": [{**day, "times": _buttons(day.get("times"))} for day in custom.get("slots") or []],
    }


def _language(message: dict[str, Any]) -> str | None:
    """The language of the response's words: a variation in another than the first has a condition that names it."""
    conditions = {each.get("name"): each.get("value") for each in message.get("condition") or []}
    return conditions.get("language", LANGUAGES[0] if "utter_action" in message else None)


def offered(messages: list[Message]) -> dict[str, str]:
    """Every payload that the messages offer, with the title of its button."""
    return {button["payload"]: button["title"] for message in messages for button in _all_buttons(message)}


def _all_buttons(message: Message) -> Iterator[dict[str, str]]:
    yield from message["buttons"]
    for card in message["cards"]:
        yield from card["buttons"]
    for day in message["slots"]:
        yield from day["times"]


def _buttons(buttons: Any) -> list[dict[str, str]]:
    return [{"title": str(button["title"]), "payload": str(button["payload"])} for button in buttons or [] if button.get("payload")]
