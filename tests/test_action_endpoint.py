"""Calls to the action server: over one connection, bounded in time, their answers held to Rasa's schema."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction

from bot import action_endpoint
from bot.action_endpoint import PromptEndpoint, check_the_schema_once

pytestmark = pytest.mark.asyncio


class ActionServer:
    """Counts connections, and answers after a while."""

    def __init__(self) -> None:
        self.connections: set[Any] = set()
        self.wait = 0.0
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.connections.add(request.transport)
        await asyncio.sleep(self.wait)
        return web.json_response({"events": [], "responses": []})


@pytest_asyncio.fixture
async def server() -> AsyncIterator[ActionServer]:
    made = ActionServer()
    app = web.Application()
    app.router.add_post("/webhook", made.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/webhook"
    yield made
    await runner.cleanup()


@pytest_asyncio.fixture
async def endpoint(server: ActionServer) -> AsyncIterator[PromptEndpoint]:
    made = PromptEndpoint(server.url)
    yield made
    await made.close()


async def test_actions_share_a_connection(server: ActionServer, endpoint: PromptEndpoint) -> None:
    for _ in range(3):
        assert await endpoint.request(json={}) == {"events": [], "responses": []}
    assert len(server.connections) == 1


async def test_a_closed_endpoint_opens_anew(server: ActionServer, endpoint: PromptEndpoint) -> None:
    await endpoint.request(json={})
    await endpoint.close()
    await endpoint.request(json={})
    assert len(server.connections) == 2


async def test_rasas_own_patience_does_not_count(server: ActionServer, endpoint: PromptEndpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action_endpoint, "ACTION_SECONDS", 0.05)
    server.wait = 5.0
    with pytest.raises(asyncio.TimeoutError):
        await endpoint.request(json={}, timeout=300)


@pytest.mark.parametrize("answer", [{"events": "none"}, {"responses": {}}, []])
async def test_an_answer_of_another_shape_is_refused(answer: Any) -> None:
    check_the_schema_once()
    action = RemoteAction("action_tell_price", None)
    assert action._validate_action_result({"events": [{"event": "slot", "name": "language", "value": "nl"}], "responses": []})
    with pytest.raises(ValidationError):
        action._validate_action_result(answer)
