"""Turns of one worker, without HTTP."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio

from bot.channels.incoming import Said
from bot.channels.sessions import Sessions
from bot.channels.turns import Patience, Turns
from bot.database import open_database
from tests.channels.fake_rasa import FakeAgent
from tests.channels.web_client import Clock

pytestmark = pytest.mark.asyncio


@pytest.fixture
def sessions(tmp_path: Path) -> Sessions:
    store = Sessions(open_database(f"sqlite:///{tmp_path / 'web.db'}"), keep_seconds=3600)
    store.prepare()
    return store


@pytest_asyncio.fixture
async def turns(sessions: Sessions, clock: Clock, patience: Patience) -> AsyncIterator[Turns]:
    running = Turns(sessions, clock, patience)
    yield running
    await running.close()


async def test_messages_of_one_session_are_heard_in_the_order_they_arrived(
    turns: Turns, sessions: Sessions, agent: FakeAgent, clock: Clock
) -> None:
    texts = [f"message {number}" for number in range(12)]
    claims = [partial(sessions.claim, "web-1", Said(str(uuid4()), text=text), 30, clock()) for text in texts]
    await asyncio.gather(*(turns.answer(claim, text, agent.handle_message) for claim, text in zip(claims, texts, strict=True)))
    assert agent.heard == texts
    assert [message["text"] for message in sessions.history("web-1") if message["from"] == "visitor"] == texts


async def test_what_is_running_ends_before_the_worker_does(turns: Turns, sessions: Sessions, agent: FakeAgent, clock: Clock) -> None:
    said = Said(str(uuid4()), text="hello")
    asking = asyncio.create_task(turns.answer(partial(sessions.claim, "web-1", said, 30, clock()), "hello", agent.handle_message))
    await asyncio.sleep(0)
    await turns.close()
    assert [message["text"] for message in await asking] == ["you said: hello"]
