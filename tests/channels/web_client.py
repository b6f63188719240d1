"""The web channel on Rasa's own server, and a browser's side of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import httpx

from bot.channels.turns import Patience
from bot.channels.web import WebChannel
from bot.settings import Settings
from tests.channels.fake_rasa import FakeAgent
from tests.channels.server import serving_channel


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
    """The web channel on a free port."""
    async with serving_channel(WebChannel(settings, clock, patience), agent) as client:
        yield client


def code(response: httpx.Response) -> tuple[int, str]:
    """Status and error code of a refusal."""
    return response.status_code, response.json()["error"]["code"]
