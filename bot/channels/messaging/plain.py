"""Rich messages as text: cards, links and free times written out, choices with numbers that can be typed."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bot.channels.messaging.payloads import Choice
from bot.channels.output import Message

ELLIPSIS = "…"


def text_of(message: Message) -> str:
    """All that is to be read in a message but its choices."""
    return "\n\n".join(part for part in (message["text"].strip(), *map(_card, message["cards"]), _link(message["link"])) if part)


def choices_of(message: Message) -> list[Choice]:
    """The choices of a message that are not free times."""
    buttons = [*message["buttons"], *(button for card in message["cards"] for button in card["buttons"])]
    return _unique(Choice(button["title"], button["payload"]) for button in buttons)


def days_of(message: Message) -> list[tuple[str, list[Choice]]]:
    """The free times of a message, by day."""
    return [(str(day["day"]), [Choice(time["title"], time["payload"]) for time in day["times"]]) for day in message["slots"]]


def in_full(message: Message) -> list[Choice]:
    """Every choice of a message with a title that says all: a time together with its day."""
    times = [Choice(f"{day}, {choice.title}", choice.payload) for day, choices in days_of(message) for choice in choices]
    return [*times, *choices_of(message)]


def numbered(choices: Sequence[Choice], first: int = 1) -> str:
    """One line a choice."""
    return "\n".join(f"{number}. {choice.title}" for number, choice in enumerate(choices, start=first))


def cut(title: str, most: int) -> str:
    """A title that is short enough, cut behind a word; where one word alone is too long, within it."""
    title = " ".join(title.split())
    if len(title) <= most:
        return title
    kept = title[: most - len(ELLIPSIS)]
    whole = kept if title[len(kept)].isspace() else kept.rpartition(" ")[0]
    return (whole.rstrip(" ,;:-(") or kept) + ELLIPSIS


def split(text: str, most: int, size: Callable[[str], int] = len) -> list[str]:
    """A text in pieces that are short enough, divided between paragraphs, lines, sentences or words, the first that is possible.

    Args:
        size: how the platform counts; never less than the number of characters.
    """
    pieces = []
    while size(text) > most:
        fits = _longest_start(text, most, size)
        place = next((at for mark in ("\n\n", "\n", ". ", " ") if (at := text.rfind(mark, fits // 4, fits) + len(mark)) >= len(mark)), fits)
        pieces.append(text[:place].rstrip())
        text = text[place:].lstrip()
    return [piece for piece in (*pieces, text) if piece]


def utf16(text: str) -> int:
    """How Telegram counts characters."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _longest_start(text: str, most: int, size: Callable[[str], int]) -> int:
    """How many characters from the start fit."""
    fits = min(len(text), most)
    while size(text[:fits]) > most:
        fits -= max(1, (size(text[:fits]) - most) // 2)
    return fits


def _card(card: dict[str, Any]) -> str:
    return "\n".join(
        str(part)
        for part in (card.get("title"), card.get("text"), card.get("price"), *card.get("facts", ()), _link(card.get("link")))
        if part
    )


def _link(link: dict[str, str] | None) -> str:
    return f"{link['title']}: {link['url']}" if link else ""


def _unique(choices: Iterator[Choice]) -> list[Choice]:
    """The same payload only once."""
    return list({choice.payload: choice for choice in choices}.values())
