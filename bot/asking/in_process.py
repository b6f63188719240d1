"""Asking the newest model in this process, when the system is not running."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from bot.asking.errors import NotAnswered
from bot.channels.errors import ChannelError
from bot.channels.incoming import read_said

SENDER = "ask"


async def converse(agent: Any, texts: Sequence[str], max_chars: int) -> list[Mapping[str, Any]]:
    """Says the texts in one conversation and gives its events.

    Raises:
        NotAnswered: a text is one that the web channel refuses.
    """
    from rasa.core.channels.channel import CollectingOutputChannel

    opening = ['/start{"language": "en"}'] if "start" in agent.domain.intents else []
    for text in (*opening, *(_typed(text, max_chars) for text in texts)):
        await agent.handle_text(text, CollectingOutputChannel(), SENDER)
    tracker = await agent.tracker_store.retrieve(SENDER)
    return [event.as_dict() for event in tracker.events] if tracker else []


def _typed(text: str, max_chars: int) -> str:
    """The text as the web channel hands it on."""
    try:
        return read_said({"id": str(uuid4()), "text": text}, max_chars).for_dialogue
    except ChannelError as error:
        raise NotAnswered(error.body["error"]["message"]) from error
