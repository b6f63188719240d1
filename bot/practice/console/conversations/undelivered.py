"""Messages that did not reach somebody on WhatsApp or Telegram, and how to reach them otherwise."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import select

from bot.channels.messaging.outbox import Trouble, troubles
from bot.channels.messaging.schema import people, sendings
from bot.database import reading
from bot.practice.console.conversations.models import conversation
from bot.practice.console.masking import mask
from bot.privacy.databases import Databases

EXCERPT_CHARS = 160
SAID_UNDER = ("body", "text", "caption")
"""Where a platform's request has its words."""


@dataclass(frozen=True)
class Undelivered:
    """One message, as the list shows it."""

    number: int
    channel: str
    state: str
    error: str
    """The platform's code; empty where it gave none."""
    queued_at: datetime
    excerpt: str
    """Its words, masked."""
    conversation: int | None
    """Number in the console; None where the index does not have it yet."""
    sender: str


def undelivered(databases: Databases) -> list[Undelivered]:
    """What did not arrive, the latest first."""
    if not databases.has("messaging", sendings.name):
        return []
    found = troubles(databases.messaging)
    senders = {trouble.conversation for trouble in found}
    phones = phones_of(databases, senders)
    with reading(databases.practice) as connection:
        rows = connection.execute(select(conversation.c.sender, conversation.c.id).where(conversation.c.sender.in_(senders))).all()
    numbers = {row.sender: row.id for row in rows}
    return [_shown(trouble, phones.get(trouble.conversation, ""), numbers.get(trouble.conversation)) for trouble in found]


def _shown(trouble: Trouble, phone: str, number: int | None) -> Undelivered:
    at = datetime.fromtimestamp(trouble.queued_at, timezone.utc)
    excerpt = mask(" ".join(_words(trouble.request)), [phone])[:EXCERPT_CHARS]
    about = (trouble.number, trouble.channel, trouble.state, trouble.error or "", at, excerpt)
    return Undelivered(*about, number, trouble.conversation)


def phones_of(databases: Databases, senders: Collection[str]) -> dict[str, str]:
    """The telephone numbers of those who write on WhatsApp, by conversation."""
    if not databases.has("messaging", people.name):
        return {}
    query = select(people.c.conversation, people.c.address).where(people.c.conversation.in_(senders))
    with reading(databases.messaging) as connection:
        found = {row.conversation: str(json.loads(row.address).get("to") or "") for row in connection.execute(query)}
    return {sender: f"+{phone.lstrip('+')}" for sender, phone in found.items() if phone}


def _words(request: Mapping[str, Any]) -> Iterator[str]:
    """The texts of a request, in its order."""
    for name, value in request.items():
        if isinstance(value, str) and name in SAID_UNDER:
            yield value
        elif isinstance(value, Mapping):
            yield from _words(value)
