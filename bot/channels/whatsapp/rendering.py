"""An answer as WhatsApp's messages: text, up to three reply buttons, a list for more, several lists for many."""

from collections.abc import Sequence
from typing import Any

from bot.channels.messaging import plain
from bot.channels.messaging.payloads import Choice
from bot.channels.messaging.rendering import Rendered, Request
from bot.channels.output import Message
from bot.channels.texts import text as label

TEXT_MAX = 4096
BODY_MAX = 1024
MOST_BUTTONS, BUTTON_TITLE_MAX = 3, 20
MOST_ROWS, ROW_TITLE_MAX, ROW_DESCRIPTION_MAX = 10, 24, 72


def render(messages: list[Message], language: str) -> Rendered:
    """All messages of one turn."""
    requests: list[Request] = []
    shown: tuple[Choice, ...] = ()
    for message in messages:
        days, choices = plain.days_of(message), plain.choices_of(message)
        text = plain.text_of(message)
        if days:
            requests += _texts(text)
            first = 1
            for day, times in days:
                for page in _pages(times):
                    requests += _list(day, page, first, language)
                    first += len(page)
            requests += _choices("", choices, first, language) if choices else []
        elif choices:
            requests += _choices(text, choices, 1, language)
            shown = tuple(choices) if _are_numbered(choices) else shown
        else:
            requests += _texts(text)
    return Rendered(tuple(requests), tuple(choice for message in messages for choice in plain.in_full(message)), shown)


def _choices(text: str, choices: list[Choice], first: int, language: str) -> list[Request]:
    if len(choices) <= MOST_BUTTONS:
        return _buttons(text, choices, first, language)
    pages = _pages(choices)
    requests = []
    for number, page in enumerate(pages, start=1):
        if number > 1:
            text = label("page", language, page=number, pages=len(pages))
        requests += _list(text, page, first, language)
        first += len(page)
    return requests


def _buttons(text: str, choices: list[Choice], first: int, language: str) -> list[Request]:
    """Reply buttons; where a title is too long for one, the text has it in full, with a number that can be typed as well."""
    in_words = plain.numbered(choices, first)
    if _are_numbered(choices):
        text = f"{text}\n\n{in_words}".strip()
    before, body = _body(text, language)
    titles = _titles(choices, BUTTON_TITLE_MAX, first)
    buttons = [{"type": "reply", "reply": {"id": choice.key, "title": title}} for choice, title in zip(choices, titles, strict=True)]
    action = {"type": "button", "body": {"text": body}, "action": {"buttons": buttons}}
    plain_text = body if _are_numbered(choices) else f"{body}\n\n{in_words}"
    return [*before, _interactive(action, plain_text, choices, first)]


def _list(text: str, choices: Sequence[Choice], first: int, language: str) -> list[Request]:
    """A list; a title that is too long stands in full in the row's description."""
    before, body = _body(text, language)
    rows = []
    for choice, title in zip(choices, _titles(choices, ROW_TITLE_MAX, first), strict=True):
        full = plain.cut(choice.title, ROW_DESCRIPTION_MAX)
        rows.append({"id": choice.key, "title": title} | ({"description": full} if title != full else {}))
    action = {"type": "list", "body": {"text": body}, "action": {"button": label("choose", language), "sections": [{"rows": rows}]}}
    return [*before, _interactive(action, f"{body}\n\n{plain.numbered(choices, first)}", choices, first)]


def _interactive(content: dict[str, Any], in_words: str, choices: Sequence[Choice], first: int) -> Request:
    numbers = {choice.key: number for number, choice in enumerate(choices, start=first)}
    return Request({"type": "interactive", "interactive": content}, _text(plain.split(in_words, TEXT_MAX)[0]), numbers)


def _body(text: str, language: str) -> tuple[list[Request], str]:
    """What goes before as text, since a body is shorter, and the body."""
    pieces = plain.split(text, BODY_MAX)
    if not pieces:
        return [], label("choose_below", language)
    if len(pieces) == 1:
        return [], pieces[0]
    return _texts(text[: text.rindex(pieces[-1])]), pieces[-1]


def _titles(choices: Sequence[Choice], most: int, first: int) -> list[str]:
    """Titles that fit; where cutting makes two alike, which the platform refuses, their numbers tell them apart."""
    titles = [plain.cut(choice.title, most) for choice in choices]
    if len(set(titles)) == len(titles):
        return titles
    return [plain.cut(f"{number}. {choice.title}", most) for number, choice in enumerate(choices, start=first)]


def _are_numbered(choices: Sequence[Choice]) -> bool:
    """Whether the text shows the choices with numbers."""
    return len(choices) <= MOST_BUTTONS and any(len(choice.title) > BUTTON_TITLE_MAX for choice in choices)


def _pages(choices: list[Choice]) -> list[list[Choice]]:
    return [choices[at : at + MOST_ROWS] for at in range(0, len(choices), MOST_ROWS)]


def _texts(text: str) -> list[Request]:
    return [Request(_text(piece)) for piece in plain.split(text, TEXT_MAX)]


def _text(body: str) -> dict[str, Any]:
    return {"type": "text", "text": {"body": body, "preview_url": False}}
