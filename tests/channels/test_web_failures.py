"""When something that a turn needs fails: a clear answer in time, nothing lost, nothing twice."""

import asyncio
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest

from bot import database
from bot.channels.turns import Patience
from bot.settings import Settings
from tests.channels.fake_rasa import Answers, FakeAgent, Held, echo
from tests.channels.web_client import Chat, Clock, code, serving

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

impatient = pytest.mark.parametrize("patience", [Patience(visitor=1.0, turn=3.0, poll=0.01)], ids=["impatient"])


@contextmanager
def locked(settings: Settings) -> Iterator[None]:
    """Another process in the middle of a write."""
    other = sqlite3.connect(settings.conversations_database.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.rollback()
        other.close()


@pytest.fixture(autouse=True)
def impatient_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """A locked database is given up on at once."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)


async def test_a_locked_database_is_told_and_the_message_can_be_sent_again(chat: Chat, settings: Settings) -> None:
    body = {"id": str(uuid4()), "text": "hello"}
    with locked(settings):
        response = await chat.post(body)
        assert code(response) == (503, "unavailable")
        assert response.headers["retry-after"] == "1"
        assert code(await chat.open()) == (503, "unavailable")
        assert len(await chat.history()) == 1, "reading goes on"
    assert (await chat.post(body)).status_code == 200
    assert chat.agent.heard.count("hello") == 1


async def test_a_database_locked_in_the_middle_of_a_turn_saves_nothing_of_it(chat: Chat, settings: Settings) -> None:
    held, body = Held(), {"id": str(uuid4()), "text": "hello"}
    chat.agent.processor.script = held
    waiting = asyncio.create_task(chat.post(body))
    await held.begun.wait()
    with locked(settings):
        held.may_end.set()
        assert code(await waiting) == (503, "unavailable")
    assert await texts_in_tracker(chat) == ['/start{"language":"en"}']
    response = await chat.post(body)
    assert response.json()["messages"][0]["text"] == "you said: hello"
    assert await texts_in_tracker(chat) == ['/start{"language":"en"}', "hello"]


@impatient
async def test_an_answer_that_can_not_be_kept_at_once_is_kept_later(chat: Chat, settings: Settings) -> None:
    body = {"id": str(uuid4()), "text": "hello"}
    save, saved = chat.agent.tracker_store.save, asyncio.Event()
    lock = locked(settings)

    async def save_then_lock(tracker: object) -> None:
        await save(tracker)
        lock.__enter__()
        saved.set()

    chat.agent.tracker_store.save = save_then_lock
    waiting = asyncio.create_task(chat.post(body))
    await saved.wait()
    assert code(await waiting) == (503, "unavailable")
    lock.__exit__(None, None, None)
    assert (await chat.post(body)).json()["messages"][0]["text"] == "you said: hello"
    assert chat.agent.heard.count("hello") == 1


async def texts_in_tracker(chat: Chat) -> list[str]:
    (sender,) = await chat.agent.tracker_store.keys()
    tracker = await chat.agent.tracker_store.retrieve(sender)
    return [event.text for event in tracker.events if event.type_name == "user"]


@impatient
async def test_a_slow_turn_is_answered_on_retry(chat: Chat) -> None:
    held, body = Held(), {"id": str(uuid4()), "text": "hello"}
    chat.agent.processor.script = held
    slow = await chat.post(body)
    assert code(slow) == (503, "unavailable")
    assert "retry-after" in slow.headers
    assert code(await chat.post(body)) == (503, "unavailable"), "a duplicate waits no longer than that either"
    held.may_end.set()
    assert (await chat.post(body)).json()["messages"][0]["text"] == "you said: hello"
    assert chat.agent.heard.count("hello") == 1


async def test_a_visitor_who_leaves_does_not_stop_the_turn(chat: Chat) -> None:
    held, body = Held(), {"id": str(uuid4()), "text": "hello"}
    chat.agent.processor.script = held
    leaving = asyncio.create_task(chat.post(body))
    await held.begun.wait()
    leaving.cancel()
    held.may_end.set()
    assert (await chat.post(body)).status_code == 200
    assert chat.agent.heard.count("hello") == 1


@impatient
async def test_a_turn_without_end_is_given_up_and_can_be_sent_again(chat: Chat) -> None:
    held, body = Held(), {"id": str(uuid4()), "text": "hello"}
    chat.agent.processor.script = held
    waiting = asyncio.create_task(chat.post(body))
    await held.begun.wait()
    assert code(await waiting) == (503, "unavailable")
    chat.agent.processor.script = echo
    response = await chat.post(body)
    while response.status_code == 503:  # until the turn's two seconds are over
        response = await chat.post(body)
    assert response.json()["messages"][0]["text"] == "you said: hello"


async def test_a_failing_dialogue_is_told_and_the_message_can_be_sent_again(chat: Chat, caplog: pytest.LogCaptureFixture) -> None:
    def broken(text: str) -> Answers:
        raise KeyError(text)

    body = {"id": str(uuid4()), "text": "a secret spot"}
    chat.agent.processor.script = broken
    with caplog.at_level(logging.DEBUG):
        assert code(await chat.post(body)) == (500, "internal")
    told = [record.getMessage() for record in caplog.records if record.name.startswith("bot.")]
    assert any("KeyError" in line and "test_web_failures.py" in line and body["id"] in line for line in told)
    assert "secret" not in caplog.text
    chat.agent.processor.script = echo
    assert (await chat.post(body)).status_code == 200


async def test_a_session_that_fails_to_open_can_be_opened_again(chat: Chat) -> None:
    def broken(text: str) -> Answers:
        raise KeyError(text)

    chat.agent.processor.script = broken
    assert code(await chat.open()) == (500, "internal")
    chat.agent.processor.script = echo
    assert (await chat.open()).status_code == 201


async def test_without_a_model_nothing_is_taken(chat: Chat) -> None:
    chat.agent.ready = False
    body = {"id": str(uuid4()), "text": "hello"}
    assert code(await chat.post(body)) == (503, "unavailable")
    assert code(await chat.open()) == (503, "unavailable")
    chat.agent.ready = True
    assert (await chat.post(body)).status_code == 200


@impatient
async def test_a_turn_cut_off_by_a_stop_can_be_sent_again(settings: Settings, agent: FakeAgent, clock: Clock, patience: Patience) -> None:
    held, body = Held(), {"id": str(uuid4()), "text": "hello"}
    async with serving(settings, agent, clock, patience) as http:
        before = Chat(http, agent, clock)
        await before.open()
        agent.processor.script = held
        await before.post(body)
    agent.processor.script = echo
    async with serving(settings, agent, clock, patience) as http:
        after = Chat(http, agent, clock, token=before.token)
        assert (await after.post(body)).json()["messages"][0]["text"] == "you said: hello"
        assert len(await after.history()) == 3
