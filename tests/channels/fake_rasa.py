"""A stand-in for Rasa's agent: its locks, its tracker store and its order of events, with a script instead of a model."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import FailSafeTrackerStore, TrackerStore
from rasa.shared.core.events import BotUttered, UserUttered

Answers = list[dict[str, Any]]
Script = Callable[[str], Answers | Awaitable[Answers]]


def echo(text: str) -> Answers:
    """Says what it was told."""
    return [{"text": f"you said: {text}"}]


class FakeAgent:
    """As much of `rasa.core.agent.Agent` as a channel meets."""

    def __init__(self, store: TrackerStore, script: Script = echo) -> None:
        self.tracker_store: TrackerStore = FailSafeTrackerStore(store)
        self.processor = FakeProcessor(self.tracker_store)
        self.action_endpoint = None
        self.lock_store = InMemoryLockStore()
        self.ready = True
        self.processor.script = script

    @property
    def heard(self) -> list[str]:
        """Every text that reached the dialogue, in order."""
        return self.processor.heard

    def is_ready(self) -> bool:
        return self.ready

    async def handle_message(self, message: UserMessage) -> None:
        if not self.ready:
            return
        async with self.lock_store.lock(message.sender_id, wait_time_in_seconds=0.01):
            await self.processor.handle_message(message)


class FakeProcessor:
    """Hears, answers, sends and saves, in this order, as `rasa.core.processor.MessageProcessor` does."""

    def __init__(self, store: TrackerStore) -> None:
        self.tracker_store = store
        self.graph_runner = None
        self.heard: list[str] = []
        self.script: Script = echo

    async def handle_message(self, message: UserMessage) -> None:
        tracker = await self.tracker_store.get_or_create_tracker(message.sender_id, append_action_listen=False)
        self.heard.append(message.text)
        tracker.update(UserUttered(message.text, message_id=message.message_id))
        answers = self.script(message.text)
        for answer in await answers if inspect.isawaitable(answers) else answers:
            data = {key: value for key, value in answer.items() if key != "text"}
            event = BotUttered(answer.get("text"), data)
            tracker.update(event)
            await message.output_channel.send_response(message.sender_id, event.message())
        await self.tracker_store.save(tracker)


class Held:
    """A script whose answer comes when the test lets it."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.may_end = asyncio.Event()

    async def __call__(self, text: str) -> Answers:
        if text.startswith("/start"):
            return echo(text)
        self.begun.set()
        await self.may_end.wait()
        return echo(text)
