"""The assistant's health page."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot import database
from bot.channels import health as health_page
from bot.channels.turns import Patience
from bot.settings import Settings
from tests.channels.fake_rasa import FakeAgent
from tests.channels.web_client import Chat, Clock, serving

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

ALL_WELL = {"model": "ok", "database": "ok", "actions": "ok", "lock_store": "ok"}


class Actions:
    """An action server's health page."""

    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (await reader.readuntil(b"\r\n\r\n")).startswith(b"GET /health "):
            writer.write(self.answer)
            await writer.drain()
        if self.answer:
            writer.close()


@pytest_asyncio.fixture
async def actions() -> AsyncIterator[Actions]:
    stub = Actions()
    server = await asyncio.start_server(stub.serve, "127.0.0.1", 0)
    stub.port = server.sockets[0].getsockname()[1]
    yield stub
    server.close()


@pytest_asyncio.fixture
async def chat(
    settings: Settings, agent: FakeAgent, clock: Clock, patience: Patience, actions: Actions, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Chat]:
    settings.actions_port = actions.port
    monkeypatch.setattr(health_page, "CHECK_SECONDS", 1.0)  # a busy machine is no failing part
    monkeypatch.setattr(database, "BUSY_SECONDS", 30.0)  # longer than the client waits
    async with serving(settings, agent, clock, patience) as http:
        yield Chat(http, agent, clock)


async def health(chat: Chat) -> tuple[int, str, dict[str, str]]:
    response = await chat.http.get("/webhooks/web/health")
    return response.status_code, response.json()["status"], response.json()["depends_on"]


async def test_all_is_well(chat: Chat) -> None:
    assert await health(chat) == (200, "ok", ALL_WELL)


async def test_without_actions_questions_are_still_answered(chat: Chat, settings: Settings) -> None:
    settings.actions_port = 1
    assert await health(chat) == (200, "degraded", ALL_WELL | {"actions": "down"})


@pytest.mark.parametrize("answer", [b"HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", b"nonsense\r\n\r\n", b""])
async def test_actions_that_fail_or_hang_count_as_down(chat: Chat, actions: Actions, answer: bytes) -> None:
    actions.answer = answer
    assert await health(chat) == (200, "degraded", ALL_WELL | {"actions": "down"})


async def test_without_a_model_it_is_down(chat: Chat) -> None:
    chat.agent.ready = False
    assert await health(chat) == (503, "down", ALL_WELL | {"model": "down"})


async def test_with_a_locked_database_it_is_down_and_says_so_in_time(chat: Chat, settings: Settings) -> None:
    other = sqlite3.connect(settings.conversations_database.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert await health(chat) == (503, "down", ALL_WELL | {"database": "down"})
    other.rollback()
    other.close()


async def test_with_a_broken_lock_store_it_is_down(chat: Chat) -> None:
    def broken(_: str) -> None:
        raise ConnectionError

    chat.agent.lock_store.get_lock = broken
    assert await health(chat) == (503, "down", ALL_WELL | {"lock_store": "down"})
