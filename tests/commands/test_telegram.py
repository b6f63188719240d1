"""`telegram`: the webhook and polling, against a strict fake of the Bot API."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.channels.telegram.bot import make_bot
from bot.commands import telegram as command
from bot.settings import Settings
from tests.channels import telegram_updates as tg
from tests.channels.background import in_background
from tests.channels.fake_telegram import TOKEN, FakeTelegram, serving_telegram


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with in_background(serving_telegram) as fake:
        yield fake


def settings(tmp_path: Path, telegram: FakeTelegram, **changed: Any) -> Settings:
    own = {"telegram_token": TOKEN, "telegram_api_url": telegram.url, "assistant_url": "https://assistant.example"}
    return Settings(_env_file=None, var_dir=tmp_path, secret_key="s" * 40, **own | changed)


def action(name: str) -> Any:
    return type("Arguments", (), {"action": name})()


def test_the_webhook_is_set_with_its_secret_for_what_is_wanted(tmp_path: Path, telegram: FakeTelegram) -> None:
    own = settings(tmp_path, telegram)
    assert command.run(action("set-webhook"), own) == 0
    (call,) = telegram.of("setWebhook")
    assert call["url"] == "https://assistant.example/webhooks/telegram/webhook"
    assert call["secret_token"] == own.telegram_webhook_secret
    assert call["allowed_updates"] == ["message", "callback_query", "my_chat_member"]


@pytest.mark.parametrize(
    "changed", [{"telegram_token": ""}, {"assistant_url": ""}, {"assistant_url": "http://assistant.example"}, {"telegram_token": "1:wrong"}]
)
def test_what_is_missing_is_told_without_the_token(
    tmp_path: Path, telegram: FakeTelegram, changed: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.run(action("set-webhook"), settings(tmp_path, telegram, **changed)) == 1
    told = capsys.readouterr().err
    assert told.strip() and "wrong" not in told and TOKEN not in told
    assert telegram.of("setWebhook") == []


@pytest.mark.asyncio
async def test_polling_hands_updates_on_and_keeps_those_that_were_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "PAUSE_SECONDS", 0.0)
    answers, taken = [200, 503, 200], []

    def assistant(request: httpx.Request) -> httpx.Response:
        taken.append(request.content)
        return httpx.Response(answers.pop(0))

    async with serving_telegram() as telegram, httpx.AsyncClient(transport=httpx.MockTransport(assistant)) as client:
        telegram.unread = [tg.text("one"), tg.text("two")]
        first = telegram.unread[0]["update_id"]
        bot = make_bot(settings(tmp_path, telegram))
        following = await command.poll_once(bot, client, "http://assistant/webhook", 0)
        assert following == first + 1
        assert await command.poll_once(bot, client, "http://assistant/webhook", following) == telegram.unread[-1]["update_id"] + 1
    assert [b"one" in content for content in taken] == [True, False, False] and answers == []
