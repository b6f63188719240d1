"""A visitor deletes a conversation, or goes on in another language."""

import asyncio
import sqlite3
from pathlib import Path
from uuid import uuid4

import pytest

from bot.channels.output import as_message
from bot.settings import Settings
from tests.channels.fake_rasa import Held
from tests.channels.web_client import Chat, code

pytestmark = pytest.mark.asyncio

SECRET = "a brown spot on my left cheek"


def traces(settings: Settings, what: str) -> list[str]:
    """Tables in which something is to be found."""
    with sqlite3.connect(settings.var_dir / "conversations.db") as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return [table for table in tables if any(what in str(row) for row in database.execute(f"SELECT * FROM {table}"))]


async def delete(chat: Chat) -> int:
    return (await chat.http.delete("/webhooks/web/session", headers=chat._signed)).status_code


async def test_a_deleted_conversation_is_nowhere(chat: Chat, settings: Settings) -> None:
    chat.agent.processor.script = lambda text: [{"text": f"about {text}", "buttons": [{"title": SECRET, "payload": "/more"}]}]
    await chat.send(text=SECRET)
    assert traces(settings, SECRET) == ["events", "web_turn", "web_offer"]
    assert await delete(chat) == 204
    assert traces(settings, SECRET) == []


async def test_what_was_said_is_in_no_file_after_the_database_is_closed(chat: Chat, settings: Settings) -> None:
    await chat.send(text=SECRET)
    assert await delete(chat) == 204
    with sqlite3.connect(settings.var_dir / "conversations.db") as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert [path.name for path in Path(settings.var_dir).rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()] == []


async def test_another_conversation_stays(chat: Chat) -> None:
    other = await chat.another()
    await other.send(text="hello")
    assert await delete(chat) == 204
    assert [message["text"] for message in await other.history()][-2:] == ["hello", "you said: hello"]


async def test_a_deleted_conversation_is_over(chat: Chat) -> None:
    assert await delete(chat) == 204
    assert code(await chat.send(text="hello")) == (401, "token_expired")
    assert code(await chat.http.get("/webhooks/web/messages", headers=chat._signed)) == (401, "token_expired")
    assert code(await chat.http.put("/webhooks/web/session", json={"language": "nl"}, headers=chat._signed)) == (401, "token_expired")
    assert "hello" not in chat.agent.heard


async def test_deleting_again_does_no_harm(chat: Chat, settings: Settings) -> None:
    await chat.send(text=SECRET)
    assert [await delete(chat), await delete(chat)] == [204, 204]
    assert traces(settings, SECRET) == []


async def test_only_its_visitor_can_delete_a_conversation(chat: Chat) -> None:
    forged = chat.token[:-9] + ("A" * 9)
    answer = await chat.http.delete("/webhooks/web/session", headers={"Authorization": f"Bearer {forged}"})
    assert code(answer) == (401, "token_invalid")
    assert code(await chat.http.delete("/webhooks/web/session")) == (401, "token_missing")
    assert (await chat.send(text="hello")).status_code == 200


async def test_a_turn_that_is_running_leaves_nothing_behind(chat: Chat, settings: Settings) -> None:
    held = Held()
    chat.agent.processor.script = held
    saying = asyncio.create_task(chat.send(text=SECRET))
    await held.begun.wait()
    deleting = asyncio.create_task(delete(chat))
    while not traces(settings, "'end'"):
        await asyncio.sleep(0.01)
    held.may_end.set()
    await saying
    assert await deleting == 204
    assert traces(settings, SECRET) == []


async def test_a_turn_that_does_not_end_puts_the_deletion_off(chat: Chat, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.conversation.BUSY_SECONDS", 0.1)
    held = Held()
    chat.agent.processor.script = held
    saying = asyncio.create_task(chat.send(text=SECRET))
    await held.begun.wait()
    assert await delete(chat) == 503
    held.may_end.set()
    await saying
    assert await delete(chat) == 204
    assert traces(settings, SECRET) == []


async def test_a_repeat_of_a_message_does_not_bring_it_back(chat: Chat, settings: Settings) -> None:
    body = {"id": str(uuid4()), "text": SECRET}
    await chat.post(body)
    await delete(chat)
    assert code(await chat.post(body)) == (401, "token_expired")
    assert traces(settings, SECRET) == []


async def test_the_conversation_goes_on_in_the_language_chosen(chat: Chat) -> None:
    answer = await chat.http.put("/webhooks/web/session", json={"language": "nl"}, headers=chat._signed)
    assert answer.status_code == 204
    await chat.send(text="hello")
    (sender,) = await chat.agent.tracker_store.keys()
    tracker = await chat.agent.tracker_store.retrieve(sender)
    assert [event.value for event in tracker.events if event.type_name == "slot" and event.key == "language"] == ["nl"]
    assert [message["text"] for message in await chat.history()][-1] == "you said: hello"


async def test_a_language_that_is_not_known_is_malformed(chat: Chat) -> None:
    answer = await chat.http.put("/webhooks/web/session", json={"language": "xx"}, headers=chat._signed)
    assert code(answer) == (400, "malformed")


DUTCH = [{"type": "slot", "name": "language", "value": "nl"}]


@pytest.mark.parametrize(
    ("response", "language"),
    [
        ({"utter_action": "utter_help", "condition": DUTCH}, "nl"),
        ({"utter_action": "utter_help"}, "en"),
        ({}, None),
    ],
)
async def test_a_message_says_in_which_language_it_is(response: dict[str, object], language: str | None) -> None:
    assert as_message({"text": "words"} | response)["lang"] == language
