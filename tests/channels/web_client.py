"""The web channel on Rasa's own server, and a browser's side of it."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import httpx
from rasa.core.channels.channel import register
from rasa.core.run import _create_app_without_api
from sanic import Sanic

from bot.channels.turns import Patience
from bot.channels.web import WebChannel
from bot.settings import Settings
from tests.channels.fake_rasa import FakeAgent


class Clock:
    """A time that moves when told."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 12, 0, tzinfo=timezone.utc)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Chat:
    """A visitor's browser."""

    http: httpx.AsyncClient
    agent: FakeAgent
    clock: Clock
    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    async def open(self, **body: Any) -> httpx.Response:
        response = await self.http.post("/webhooks/web/session", json=body, headers=self.headers)
        if response.status_code == 201:
            self.token = response.json()["token"]
        return response

    async def another(self) -> Chat:
        """A second visitor."""
        other = Chat(self.http, self.agent, self.clock)
        await other.open()
        return other

    async def send(self, **body: Any) -> httpx.Response:
        return await self.post({"id": str(uuid4()), **body})

    async def post(self, body: Any) -> httpx.Response:
        return await self.http.post("/webhooks/web/messages", json=body, headers=self._signed)

    async def post_raw(self, content: bytes, content_type: str = "application/json") -> httpx.Response:
        headers = self._signed | {"Content-Type": content_type}
        return await self.http.post("/webhooks/web/messages", content=content, headers=headers)

    async def history(self, after: str | None = None) -> list[dict[str, Any]]:
        response = await self.http.get("/webhooks/web/messages", params={"after": after} if after else {}, headers=self._signed)
        assert response.status_code == 200, response.text
        return response.json()["messages"]

    @property
    def _signed(self) -> dict[str, str]:
        return self.headers | {"Authorization": f"Bearer {self.token}"}


@asynccontextmanager
async def serving(settings: Settings, agent: FakeAgent, clock: Clock, patience: Patience) -> AsyncIterator[httpx.AsyncClient]:
    """The channel on a free port, in the server that `rasa run` makes."""
    Sanic.test_mode = True  # lets one process make several servers of the same name
    app = _create_app_without_api()
    app.config.ACCESS_LOG = False
    app.ctx.agent = agent
    register([WebChannel(settings, clock, patience)], app, "/webhooks/")
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        server = await app.create_server(sock=sock, return_asyncio_server=True)
        await server.startup()
        await server.before_start()
        await server.after_start()
        url = f"http://127.0.0.1:{sock.getsockname()[1]}"
        async with httpx.AsyncClient(base_url=url, timeout=10, trust_env=False) as client:
            yield client
        await server.before_stop()
        server.close()
        await server.after_stop()


def code(response: httpx.Response) -> tuple[int, str]:
    """Status and error code of a refusal."""
    return response.status_code, response.json()["error"]["code"]
