"""What is done to a whole conversation from outside its turns: another language, and deleting it."""

import asyncio
import time
from functools import partial

from rasa.core.agent import Agent
from rasa.shared.core.events import SlotSet

from bot.channels.errors import unavailable
from bot.channels.sessions import Sessions
from bot.channels.turns import STORAGE_ERRORS, Clock, Turns

BUSY_SECONDS = 4.0
"""How long a deletion waits for turns that are still running."""
POLL_SECONDS = 0.05


async def set_language(session: str, language: str, sessions: Sessions, turns: Turns, agent: Agent) -> None:
    """Lets the assistant answer in `language`, as far as its texts have it, until the visitor writes in another.

    Raises:
        ChannelError: token_expired or unavailable.
    """
    try:
        async with agent.lock_store.lock(session):
            await turns.stored(partial(sessions.require_going_on, session))
            tracker = await agent.tracker_store.get_or_create_tracker(session)
            tracker.update(SlotSet("language", language))
            await agent.tracker_store.save(tracker)
    except STORAGE_ERRORS as error:
        raise unavailable() from error


async def delete_conversation(session: str, sessions: Sessions, turns: Turns, agent: Agent, clock: Clock) -> None:
    """Deletes a conversation wherever it is kept; deleting it again does no harm. Appointments are records of their own and stay.

    No turn can begin from the first step on, so that none writes behind the last.

    Raises:
        ChannelError: unavailable when a turn does not end in time or the database does not answer; it can be asked for again.
    """
    await turns.stored(partial(sessions.end, session, clock()))
    deadline = time.monotonic() + BUSY_SECONDS
    while await turns.stored(lambda: sessions.is_busy(session, clock())):
        if time.monotonic() >= deadline:
            raise unavailable()
        await asyncio.sleep(POLL_SECONDS)
    try:
        async with agent.lock_store.lock(session):
            await turns.stored(partial(agent.tracker_store.forget, session))
            await turns.stored(partial(sessions.forget, session))
    except STORAGE_ERRORS as error:
        raise unavailable() from error
