"""The tracker store: keeps what Rasa gives it, and fails aloud."""

import sqlite3
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from rasa.core.tracker_store import FailSafeTrackerStore, TrackerStore, check_if_tracker_store_async
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from sqlalchemy.exc import OperationalError

from bot import database, tracker_store
from bot.tracker_store import ConversationChanged, ConversationStore, let_storage_errors_through
from tests.channels.fake_rasa import FakeAgent

pytestmark = pytest.mark.asyncio


async def say(store: TrackerStore, sender: str, *texts: str) -> DialogueStateTracker:
    tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
    for text in texts:
        tracker.update_with_events([UserUttered(text, intent={"name": "chat"}), BotUttered("well", {"buttons": []})], store.domain)
    await store.save(tracker)
    return tracker


async def test_a_conversation_comes_back_as_it_was_saved(database_url: str) -> None:
    sender = f"web-{uuid4().hex}"
    first = ConversationStore(url=database_url)
    await say(first, sender, "one")
    saved = await say(first, sender, "two \x00 <b>\U0001f600</b>")
    found = await ConversationStore(url=database_url).retrieve(sender)
    assert list(found.events) == list(saved.events)
    assert len(found.events) == 4
    assert sender in await first.keys()


async def test_only_the_latest_session_is_loaded_and_added_to(database_url: str) -> None:
    sender, store = f"web-{uuid4().hex}", ConversationStore(url=database_url)
    await say(store, sender, "one")
    tracker = await store.retrieve(sender)
    tracker.update_with_events([ActionExecuted("action_session_start"), SessionStarted(), SlotSet("a", 1)], store.domain)
    await store.save(tracker)
    await say(store, sender, "two")
    latest = await store.retrieve(sender)
    assert [event.type_name for event in latest.events] == ["session_started", "slot", "user", "bot"]
    assert len((await store.retrieve_full_tracker(sender)).events) == 7


async def test_rasa_makes_it_from_its_endpoints_file(tmp_path: Path) -> None:
    endpoint = EndpointConfig(url=f"sqlite:///{tmp_path / 'a.db'}", type="bot.tracker_store.ConversationStore")
    store = TrackerStore.create(endpoint, domain=Domain.empty())
    assert isinstance(store, ConversationStore)
    assert check_if_tracker_store_async(store)
    assert (tmp_path / "a.db").exists()


async def test_a_locked_database_is_an_error_that_reaches_the_caller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    store = ConversationStore(url=f"sqlite:///{tmp_path / 'a.db'}")
    agent = FakeAgent(store)
    assert isinstance(agent.tracker_store, FailSafeTrackerStore)
    let_storage_errors_through(agent)
    let_storage_errors_through(agent)
    assert agent.tracker_store is agent.processor.tracker_store is store
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError):
        await say(agent.tracker_store, "web-1", "hello")
    other.rollback()
    other.close()
    assert await store.retrieve("web-1") is None
    assert len((await say(agent.tracker_store, "web-1", "hello")).events) == 2


async def test_nobody_writes_between_what_a_save_reads_and_what_it_adds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = ConversationStore(url=f"sqlite:///{tmp_path / 'a.db'}")
    other, find_new = sqlite3.connect(tmp_path / "a.db", isolation_level=None, timeout=0), store._additional_events

    def find_while_another_writes(*arguments: object) -> object:
        found = list(find_new(*arguments))
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        return found

    monkeypatch.setattr(store, "_additional_events", find_while_another_writes)
    await say(store, "web-1", "hello")
    assert len((await store.retrieve("web-1")).events) == 2
    other.close()


async def test_a_nul_byte_in_a_name_is_an_error_and_not_the_end_of_the_process(postgresql: str) -> None:
    store = ConversationStore(url=postgresql)
    with pytest.raises(ValueError, match="NUL"):
        await store.retrieve("web-\x00")


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/none", "sqlite:////no/such/folder/a.db"])
async def test_a_database_that_never_comes_stops_the_start(url: str) -> None:
    with pytest.raises(OperationalError):
        ConversationStore(url=url, start_pause=0)


async def test_a_database_that_comes_late_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "late"
    monkeypatch.setattr("bot.tables.time.sleep", lambda _: folder.mkdir(exist_ok=True))
    store = ConversationStore(url=f"sqlite:///{folder / 'a.db'}", start_pause=1)
    assert await store.retrieve("web-1") is None


async def test_a_conversation_at_hand_is_the_one_in_the_database(database_url: str) -> None:
    sender, store = f"web-{uuid4().hex}", ConversationStore(url=database_url)
    await say(store, sender, "one")
    saved = await say(store, sender, "two")
    assert await store.retrieve(sender) is saved
    await store.save(saved)
    assert list((await ConversationStore(url=database_url).retrieve(sender)).events) == list(saved.events)


async def test_what_another_worker_added_is_seen(database_url: str) -> None:
    sender = f"web-{uuid4().hex}"
    here, there = ConversationStore(url=database_url), ConversationStore(url=database_url)
    await say(here, sender, "one")
    await say(there, sender, "two")
    assert [event.text for event in (await here.retrieve(sender)).events if isinstance(event, UserUttered)] == ["one", "two"]


async def test_a_turn_that_failed_leaves_nothing_behind(database_url: str) -> None:
    sender, store = f"web-{uuid4().hex}", ConversationStore(url=database_url)
    await say(store, sender, "one")
    broken = await store.retrieve(sender)
    broken.update(UserUttered("never answered"), store.domain)
    assert [event.text for event in (await store.retrieve(sender)).events if isinstance(event, UserUttered)] == ["one"]


async def test_a_conversation_that_went_on_elsewhere_is_not_overwritten(database_url: str) -> None:
    sender = f"web-{uuid4().hex}"
    here, there = ConversationStore(url=database_url), ConversationStore(url=database_url)
    await say(here, sender, "one")
    tracker = await here.retrieve(sender)
    await say(there, sender, "two")
    tracker.update(UserUttered("three"), here.domain)
    with pytest.raises(ConversationChanged):
        await here.save(tracker)
    assert len((await there.retrieve_full_tracker(sender)).events) == 4


async def test_only_the_last_conversations_are_kept_at_hand(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracker_store, "LIVE_CONVERSATIONS", 2)
    store, senders = ConversationStore(url=database_url), [f"web-{uuid4().hex}" for _ in range(3)]
    saved = [await say(store, sender, "one") for sender in senders]
    found = [await store.retrieve(sender) for sender in reversed(senders)]
    assert [one is other for one, other in zip(saved, reversed(found), strict=True)] == [False, True, True]


async def test_a_forgotten_conversation_is_neither_stored_nor_at_hand(database_url: str) -> None:
    sender, other, store = f"web-{uuid4().hex}", f"web-{uuid4().hex}", ConversationStore(url=database_url)
    for name in (sender, other):
        await say(store, name, "one")
    store.forget(sender)
    assert await store.retrieve(sender) is None
    assert len((await store.retrieve(other)).events) == 2
    await say(store, sender, "new")
    assert [event.text for event in (await store.retrieve(sender)).events if isinstance(event, UserUttered)] == ["new"]


async def test_a_conversation_erased_elsewhere_during_a_turn_is_not_written_back(database_url: str) -> None:
    sender, worker, other = f"web-{uuid4().hex}", ConversationStore(url=database_url), ConversationStore(url=database_url)
    await say(worker, sender, "one")
    tracker = await worker.retrieve(sender)
    tracker.update(UserUttered("two", intent={"name": "chat"}))
    for number in range(3):
        await say(worker, f"web-{uuid4().hex}", str(number))
    other.forget(sender)
    with pytest.raises(ConversationChanged):
        await worker.save(tracker)
    assert await other.retrieve(sender) is None
    assert await worker.retrieve(sender) is None


async def test_a_turn_keeps_its_conversation_at_hand(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracker_store, "LIVE_CONVERSATIONS", 2)
    sender, worker = f"web-{uuid4().hex}", ConversationStore(url=database_url)
    await say(worker, sender, "one")
    tracker = await worker.retrieve(sender)
    for number in range(5):
        await say(worker, f"web-{uuid4().hex}", str(number))
    ConversationStore(url=database_url).forget(sender)
    with pytest.raises(ConversationChanged):
        await worker.save(tracker)


async def test_what_nobody_goes_on_with_is_let_go_by_itself(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    timers: list[float] = []
    monkeypatch.setattr(tracker_store.asyncio, "get_running_loop", lambda: SimpleNamespace(call_later=lambda wait, _: timers.append(wait)))
    worker = ConversationStore(url=database_url)
    for number in range(2):
        await say(worker, f"web-{uuid4().hex}", str(number))
    assert timers[0] == tracker_store.IDLE_SECONDS
    first, second = worker._held.values()
    worker.drop_idle(first.used_at + tracker_store.IDLE_SECONDS - 1)
    assert len(worker._held) == 2
    worker.drop_idle(first.used_at + tracker_store.IDLE_SECONDS)
    assert list(worker._held.values()) == [second]
    monkeypatch.setattr(tracker_store.time, "monotonic", lambda: second.used_at + tracker_store.IDLE_SECONDS)
    worker._let_go()
    assert not worker._held and worker._letting_go is None
