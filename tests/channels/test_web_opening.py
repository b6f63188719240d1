"""Opening a session, and the token that speaks for it."""

import pytest

from bot.channels.tokens import Tokens
from bot.settings import Settings
from tests.channels.web_client import Chat, code

pytestmark = pytest.mark.asyncio


async def test_a_session_opens_with_the_first_message(chat: Chat) -> None:
    response = await chat.open(language="nl")
    assert response.status_code == 201
    assert response.json()["expires_at"] == "2026-11-21T12:00:00+00:00"
    assert [message["text"] for message in response.json()["messages"]] == ['you said: /start{"language":"nl"}']
    assert chat.agent.heard[-1] == '/start{"language":"nl"}'


async def test_a_session_opens_in_english_without_a_body(chat: Chat) -> None:
    response = await chat.http.post("/webhooks/web/session")
    assert response.status_code == 201
    assert chat.agent.heard[-1] == '/start{"language":"en"}'


async def test_every_session_is_another_conversation(chat: Chat) -> None:
    other = await chat.another()
    await other.send(text="only here")
    assert all("only here" not in message["text"] for message in await chat.history())
    assert other.token != chat.token


async def test_an_unknown_language_is_malformed(chat: Chat) -> None:
    assert code(await chat.open(language="xx")) == (400, "malformed")


async def test_no_cookie_is_set_and_nothing_is_cached(chat: Chat) -> None:
    response = await chat.open()
    assert "set-cookie" not in response.headers
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_sessions_beyond_the_limit_are_told_when_to_come_back(chat: Chat, settings: Settings) -> None:
    settings.sessions_per_minute = 4
    for _ in range(3):
        assert (await chat.open()).status_code == 201
    response = await chat.open()
    assert code(response) == (429, "too_many")
    assert response.headers["retry-after"] == "60"
    chat.clock.move(seconds=60)
    assert (await chat.open()).status_code == 201


async def test_a_request_without_token_is_told_so(chat: Chat) -> None:
    for authorization in ({}, {"Authorization": "Bearer"}, {"Authorization": f"Basic {chat.token}"}, {"Authorization": chat.token}):
        response = await chat.http.get("/webhooks/web/messages", headers=authorization)
        assert code(response) == (401, "token_missing")
        assert response.headers["www-authenticate"] == "Bearer"


async def test_a_forged_token_is_refused(chat: Chat, settings: Settings) -> None:
    other_key = Tokens("another key").make("web-1", chat.clock())
    other_purpose = Tokens(settings.key_for("something-else")).make("web-1", chat.clock())
    content, _, signature = chat.token.rpartition(".")
    changed = f"{content}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"  # at its end some bits count for nothing
    for token in (changed, content, other_key, other_purpose, "x.y"):
        chat.token = token
        assert code(await chat.send(text="hello")) == (401, "token_invalid")


async def test_a_token_of_broken_unicode_is_refused(chat: Chat) -> None:
    response = await chat.http.get("/webhooks/web/messages", headers=[(b"Authorization", b"Bearer \xff\xfe.\xed\xa0\x80")])
    assert code(response) == (401, "token_invalid")


async def test_a_token_expires(chat: Chat) -> None:
    chat.clock.move(hours=24, seconds=-1)
    assert (await chat.send(text="hello")).status_code == 200
    chat.clock.move(seconds=1)
    assert code(await chat.send(text="hello")) == (401, "token_expired")


async def test_the_address_is_not_stored(chat: Chat, settings: Settings) -> None:
    assert chat.token
    stored = b"".join(path.read_bytes() for path in settings.var_dir.glob("conversations.db*"))
    assert b"web_rate" in stored
    assert b"127.0.0.1" not in stored
