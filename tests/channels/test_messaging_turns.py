"""A turn that is run a second time, after the first attempt was cut off at different moments."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from rasa.core.channels.channel import UserMessage
from sqlalchemy import select
from sqlalchemy.engine import Engine

from bot.channels import schema as web_schema
from bot.channels.messaging import turns as messaging_turns
from bot.channels.messaging.heard import Done, Heard
from bot.channels.messaging.inbox import Inbox, Turn
from bot.channels.messaging.rendering import Rendered
from bot.channels.messaging.schema import metadata, sendings
from bot.channels.messaging.threads import DatabaseThread
from bot.channels.messaging.turns import Turns
from bot.channels.output import Message
from bot.channels.telegram.channel import TelegramOutput
from bot.channels.telegram.rendering import render
from bot.database import open_database, reading
from bot.tables import create_tables
from bot.tracker_store import ConversationStore
from tests.channels.fake_rasa import FakeAgent

pytestmark = pytest.mark.asyncio

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=timezone.utc)


class Platform:
    """Renders as Telegram does, and attends to nobody."""

    output = TelegramOutput

    def render(self, messages: list[Message], turn: Turn, language: str) -> Rendered:
        return render(messages, language)

    async def attend(self, turn: Turn) -> None:
        """Nothing."""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path / 'conversations.db'}")
    create_tables(engine, web_schema.metadata)
    create_tables(engine, metadata)
    yield engine
    engine.dispose()


@pytest.fixture
def inbox(engine: Engine) -> Inbox:
    box = Inbox(engine, "telegram", "a key", 1000)
    box.store([Heard("1", ("1",), {"chat_id": 1}, 1, Done(text="hello"))], NOW)
    return box


@pytest_asyncio.fixture
async def turns(engine: Engine, inbox: Inbox, agent: FakeAgent) -> AsyncIterator[Turns]:
    thread = DatabaseThread("test")
    yield Turns(
        inbox, thread, Platform(), agent.handle_message, lambda: agent.tracker_store._tracker_store, lambda: NOW + timedelta(minutes=1)
    )
    thread.close()


def sent(engine: Engine) -> list[Any]:
    with reading(engine) as connection:
        return [row.request for row in connection.execute(select(sendings).order_by(sendings.c.number))]


async def cut_off(inbox: Inbox, agent: FakeAgent, said: int) -> str:
    """An attempt that got so far and was never heard of again; gives the conversation."""
    later = NOW + timedelta(seconds=1)
    (name,) = inbox.due(later, 1)
    turn = inbox.claim(name, later)
    assert turn is not None
    for place in range(said):
        message = UserMessage(turn.says[place], TelegramOutput(), name, "telegram", message_id=f"{turn.id[:32]}.{place}")
        await agent.handle_message(message)
    return name


@pytest.mark.parametrize("said", [0, 1, 2])
async def test_what_the_dialogue_has_heard_is_not_said_again_and_its_answer_is_sent(
    engine: Engine, inbox: Inbox, turns: Turns, agent: FakeAgent, said: int
) -> None:
    name = await cut_off(inbox, agent, said)
    assert await turns.run_next(name)
    assert agent.heard == ['/start{"language": "en"}', "hello"]
    assert ["you said" in request for request in sent(engine)] == [True, True]
    assert not await turns.run_next(name)


async def test_a_turn_without_a_word_gets_the_dialogue_s_word_for_that(
    engine: Engine, inbox: Inbox, turns: Turns, agent: FakeAgent
) -> None:
    agent.processor.script = lambda text: [{"text": "sorry"}] if text == messaging_turns.NOTHING_SAID else []
    assert await turns.run_next(*inbox.due(NOW + timedelta(minutes=1), 1))
    assert agent.heard[-1] == "/nothing_said" and len(sent(engine)) == 1


async def test_a_store_that_does_not_answer_puts_a_turn_off_however_often(
    engine: Engine, inbox: Inbox, turns: Turns, agent: FakeAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messaging_turns, "MOST_FAILURES", 1)
    tracker_store: ConversationStore = agent.tracker_store._tracker_store

    async def locked(_: object) -> None:
        raise messaging_turns.STORAGE_ERRORS[0]("locked", None, Exception())

    with monkeypatch.context() as broken:
        broken.setattr(tracker_store, "save", locked)
        agent.processor.tracker_store = tracker_store
        (name,) = inbox.due(NOW + timedelta(minutes=1), 1)
        assert await turns.run_next(name)
    assert sent(engine) == []
    turns._clock = lambda: NOW + timedelta(minutes=3)
    assert await turns.run_next(name)
    assert len(sent(engine)) == 2
