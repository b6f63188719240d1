"""An answer as Telegram's messages: text, and inline keyboards whose buttons carry short keys."""

from typing import Any

from bot.channels.messaging import plain
from bot.channels.messaging.payloads import Choice
from bot.channels.messaging.rendering import Rendered, Request
from bot.channels.output import Message
from bot.channels.texts import text as label

TEXT_MAX = 4096
MOST_BUTTONS = 100
TIMES_IN_A_ROW = 4

Keyboard = list[list[dict[str, str]]]


def render(messages: list[Message], language: str, leaves: bool = False) -> Rendered:
    """All messages of one turn.

    Args:
        leaves: whether the chat is left afterwards.
    """
    requests = [request for message in messages for request in _requests(message, language)]
    if leaves:
        requests.append(Request({"method": "leaveChat"}))
    return Rendered(tuple(requests), tuple(choice for message in messages for choice in plain.in_full(message)))


def _requests(message: Message, language: str) -> list[Request]:
    """Text with its choices, or free times by day, a keyboard each; the other choices stand below the last."""
    days, choices = plain.days_of(message), plain.choices_of(message)
    blocks = [(plain.text_of(message), [] if days else choices)]
    blocks += [(day, times + (choices if number == len(days) else [])) for number, (day, times) in enumerate(days, start=1)]
    times_in = {choice.key for _, times in days for choice in times}
    requests, first = [], 1
    for text, offered in blocks:
        rows = _rows([choice for choice in offered if choice.key in times_in], TIMES_IN_A_ROW)
        rows += _rows([choice for choice in offered if choice.key not in times_in], 1)
        requests += _texts(text, offered, rows, first, language)
        first += len(offered)
    return requests


def _texts(text: str, choices: list[Choice], rows: Keyboard, first: int, language: str) -> list[Request]:
    """A text in as many messages as it needs, the keyboard below the last."""
    if not rows:
        return [Request(_message(piece)) for piece in plain.split(text, TEXT_MAX, plain.utf16)]
    in_words = plain.numbered(choices, first)
    pieces = plain.split(text, TEXT_MAX, plain.utf16) or [label("choose_below", language)]
    if plain.utf16(f"{pieces[-1]}\n\n{in_words}") > TEXT_MAX:
        pieces.append(label("choose_below", language))
    numbers = {choice.key: number for number, choice in enumerate(choices, start=first)}
    last = Request(_message(pieces[-1], rows[:MOST_BUTTONS]), _message(f"{pieces[-1]}\n\n{in_words}"), numbers)
    return [*(Request(_message(piece)) for piece in pieces[:-1]), last]


def _rows(choices: list[Choice], in_a_row: int) -> Keyboard:
    buttons = [{"text": choice.title, "callback_data": choice.key} for choice in choices]
    return [buttons[at : at + in_a_row] for at in range(0, len(buttons), in_a_row)]


def _message(text: str, keyboard: Keyboard | None = None) -> dict[str, Any]:
    return {"method": "sendMessage", "text": text} | ({"keyboard": keyboard} if keyboard else {})
