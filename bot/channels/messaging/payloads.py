"""Choices that a person was offered: long payloads stay here, a short key travels."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from bot.channels.messaging.schema import offers
from bot.channels.upsert import insert_or_replace

KEY_CHARS = 22
"""88 bits of the payload's hash; fits every platform's limit, Telegram's 64 bytes being the smallest."""

NUMBER = re.compile(r"\s*[#(]?([0-9]{1,2})\s*[.):]?\s*")
"""A typed number, alone."""


@dataclass(frozen=True)
class Choice:
    """A button, whatever it looks like on the platform."""

    title: str
    payload: str

    @property
    def key(self) -> str:
        """What travels in the payload's place."""
        return hashlib.sha256(self.payload.encode("utf-8", "surrogatepass")).hexdigest()[:KEY_CHARS]


def offer(connection: Connection, conversation: str, choices: Sequence[Choice], numbered: Sequence[Choice], now: float) -> None:
    """Keeps what an answer offers.

    Args:
        numbered: the choices that are shown with numbers, from 1 on; only these can be answered by number, until the next answer.
    """
    connection.execute(update(offers).where(offers.c.conversation == conversation, offers.c.place.isnot(None)).values(place=None))
    places = {choice.key: place for place, choice in reversed(list(enumerate(numbered, start=1)))}
    rows = {
        choice.key: {
            "conversation": conversation,
            "key": choice.key,
            "payload": choice.payload,
            "title": choice.title,
            "place": places.get(choice.key),
            "offered_at": now,
        }
        for choice in (*choices, *numbered)
    }
    if rows:
        insert_or_replace(connection, offers, list(rows.values()))


def show_numbers(connection: Connection, conversation: str, numbers: Mapping[str, int]) -> None:
    """Lets choices that the latest answer offers be answered by number as well; by key."""
    for key, place in numbers.items():
        connection.execute(update(offers).where(offers.c.conversation == conversation, offers.c.key == key).values(place=place))


def payload_of_key(connection: Connection, conversation: str, key: str) -> str | None:
    """The payload that a key stands for; None where it was not offered in this conversation."""
    found = select(offers.c.payload).where(offers.c.conversation == conversation, offers.c.key == key[:KEY_CHARS])
    return connection.execute(found).scalar_one_or_none() if len(key) == KEY_CHARS and key.isalnum() else None


def payload_of_number(connection: Connection, conversation: str, typed: str) -> str | None:
    """The payload of a choice that was answered by its number; None where the text is no number that is shown."""
    number = NUMBER.fullmatch(typed)
    if number is None:
        return None
    found = select(offers.c.payload).where(offers.c.conversation == conversation, offers.c.place == int(number[1]))
    return connection.execute(found).scalars().first()
