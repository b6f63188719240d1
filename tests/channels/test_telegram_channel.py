"""Telegram's webhook with a strict fake of the Bot API on the other side."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio

from bot.channels.telegram.channel import TelegramChannel
from bot.settings import Settings
from tests.channels import telegram_updates as tg
from tests.channels.fake_rasa import FakeAgent
from tests.channels.fake_telegram import TOKEN, FakeTelegram, serving_telegram
from tests.channels.server import serving_channel

pytestmark = pytest.mark.asyncio

SECRET = "a-secret_for-the-tests"
START = '/start{"language": "en"}'


@dataclass
class Bot:
    """The channel with both of its sides."""

    http: httpx.AsyncClient
    telegram: FakeTelegram
    agent: FakeAgent

    async def deliver(self, update: Any, **headers: str) -> httpx.Response:
        sent = {"X-Telegram-Bot-Api-Secret-Token": SECRET} | headers
        return await self.http.post("/webhooks/telegram/webhook", json=update, headers=sent)

    async def hears(self, *updates: dict[str, Any]) -> None:
        for update in updates:
            assert (await self.deliver(update)).status_code == 200

    async def says(self, *texts: str, chat: int = tg.PRIVATE) -> None:
        """Waits until these, and the greeting before them, were said, and no other."""
        await self.telegram.until(lambda: len(self.telegram.said(chat)) >= len(texts))
        assert self.telegram.said(chat) == list(texts)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.copy(update={"telegram_token": TOKEN, "telegram_secret": SECRET, "messages_per_minute": 10_000})


@pytest_asyncio.fixture
async def bot(settings: Settings, agent: FakeAgent) -> AsyncIterator[Bot]:
    async with serving_telegram() as telegram:
        channel = TelegramChannel(settings.copy(update={"telegram_api_url": telegram.url}))
        async with serving_channel(channel, agent) as http:
            yield Bot(http, telegram, agent)
        assert telegram.refused == []


def said(text: str) -> str:
    return f"you said: {text}"


async def test_a_text_is_answered_after_who_this_is(bot: Bot) -> None:
    await bot.hears(tg.text("what is melasma"))
    await bot.says(said(START), said("what is melasma"))
    await bot.hears(tg.text("and freckles"))
    await bot.says(said(START), said("what is melasma"), said("and freckles"))
    assert [call["action"] for call in bot.telegram.of("sendChatAction")] == ["typing"] * 2
