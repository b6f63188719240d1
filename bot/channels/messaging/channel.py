"""What all messaging platforms' channels have in common: storage, workers, and how a delivery is taken."""

import asyncio
import logging
from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot import settings as project
from bot.agent import prepare
from bot.channels import schema as web_schema
from bot.channels.errors import ChannelError, unavailable
from bot.channels.messaging import inbox as inboxes
from bot.channels.messaging.heard import Heard, Moved
from bot.channels.messaging.inbox import Inbox, Turn
from bot.channels.messaging.outbox import Outbox
from bot.channels.messaging.rendering import Rendered
from bot.channels.messaging.schema import metadata
from bot.channels.messaging.sender import Client, Sender
from bot.channels.messaging.threads import DatabaseThread
from bot.channels.messaging.turns import Turns
from bot.channels.messaging.worker import Worker
from bot.channels.output import Message, WebOutput
from bot.channels.turns import Clock, Dialogue
from bot.database import open_database
from bot.settings import Settings
from bot.tables import create_tables

logger = logging.getLogger(__name__)

CLOSING_SECONDS = 5.0
TIDYING_SECONDS = 3600.0


def utc_now() -> datetime:
    """The time."""
    return datetime.now(timezone.utc)


class PlatformClient(Client):
    """A client that is opened with the worker and closed with it."""

    @abstractmethod
    async def attend(self, turn: Turn) -> None:
        """Shows that a message was seen; raises nothing."""

    @abstractmethod
    async def introduce(self) -> None:
        """What the platform is to know when the worker starts; raises nothing."""

    @abstractmethod
    async def close(self) -> None:
        """Closes its connections."""


class Running:
    """One worker's part of a channel: the storage, and who takes turns and who sends."""

    def __init__(self, engine: Engine, inbox: Inbox, outbox: Outbox, thread: DatabaseThread, client: PlatformClient, clock: Clock) -> None:
        self.engine, self.inbox, self.outbox, self.client, self.clock = engine, inbox, outbox, client, clock
        self.thread = thread
        self.workers: list[Worker] = []
        self.turns: Turns | None = None
        self.beside: set[asyncio.Task[None]] = set()

    async def take(self, heard: Sequence[Heard | Moved]) -> None:
        """Keeps a delivery, before it is acknowledged.

        Raises:
            ChannelError: unavailable.
        """
        try:
            await self.thread(lambda: self.inbox.store(heard, self.clock()))
        except SQLAlchemyError as error:
            logger.error("a delivery could not be kept: %s", type(error).__name__)
            raise unavailable() from error
        for worker in self.workers:
            worker.wake(inboxes.SETTLE_SECONDS)

    async def tidy(self) -> None:
        """Deletes what is old, now and then."""
        while True:
            try:
                await self.thread(lambda: self.inbox.forget_old(self.clock()))
                await self.thread(lambda: self.outbox.forget_old(self.clock()))
            except SQLAlchemyError as error:
                logger.warning("old updates and messages stay for now: %s", type(error).__name__)
            await asyncio.sleep(TIDYING_SECONDS)

    async def close(self) -> None:
        """Lets what is under way come to its end."""
        for task in self.beside:
            task.cancel()
        await asyncio.gather(*(worker.close(CLOSING_SECONDS) for worker in self.workers))
        if self.turns:
            await self.turns.close()
        await self.client.close()
        self.thread.close()
        self.engine.dispose()


class MessagingChannel(InputChannel):
    """A channel of a messaging platform; without its settings it has no routes at all."""

    output: type[WebOutput]

    def __init__(self, settings: Settings, clock: Clock = utc_now) -> None:
        self.settings = settings
        self.clock = clock

    @classmethod
    def name(cls) -> str:
        """The channel's name in URLs and in events."""
        return cls.output.name()

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "MessagingChannel":  # noqa: ARG003
        """The channel with the process's settings, which switch it on."""
        return cls(project.load())

    @property
    @abstractmethod
    def is_on(self) -> bool:
        """Whether its settings are set."""

    def add_routes(self, blueprint: Blueprint) -> None:  # noqa: B027 - most platforms have none
        """Routes beside that of the deliveries."""

    @abstractmethod
    async def deliver(self, request: Request) -> None:
        """Takes a delivery.

        Raises:
            ChannelError: it is not the platform's, can't be read, or can't be kept.
        """

    @abstractmethod
    def client(self, outbox: Outbox, thread: DatabaseThread) -> PlatformClient:
        """A client for the platform."""

    @abstractmethod
    def render(self, messages: list[Message], turn: Turn, language: str) -> Rendered:
        """The answer as requests to the platform."""

    def blueprint(self, on_new_message: Dialogue) -> Blueprint:
        """The routes, where the channel is on."""
        blueprint = Blueprint(f"{self.name()}_channel")
        if not self.is_on:
            return blueprint
        self.add_routes(blueprint)

        # streamed, so that a body is refused by its size before it is in memory
        @blueprint.post("/webhook", stream=True)
        async def deliver(request: Request) -> HTTPResponse:
            try:
                await self.deliver(request)
            except ChannelError as error:
                return json(error.body, status=error.status, headers=error.headers)
            return empty(status=200)

        @blueprint.listener("before_server_start")
        async def open_(app: Sanic, _: Any) -> None:
            self._open(app)

        @blueprint.listener("after_server_start")
        async def start(app: Sanic, _: Any) -> None:
            self._start(app, on_new_message)

        @blueprint.listener("before_server_stop")
        async def close(app: Sanic, _: Any) -> None:
            await self.running(app).close()

        return blueprint

    def running(self, app: Sanic) -> Running:
        """This worker's part."""
        part: Running = getattr(app.ctx, f"messaging_{self.name()}")
        return part

    def _open(self, app: Sanic) -> None:
        """Opens the database in the worker that uses it."""
        self.settings.var_dir.mkdir(parents=True, exist_ok=True)
        engine = open_database(self.settings.messaging_database)
        create_tables(engine, web_schema.metadata)
        create_tables(engine, metadata)
        inbox = Inbox(engine, self.name(), self.settings.key_for("messaging-identity"), self.settings.messages_per_minute)
        outbox, thread = Outbox(engine, self.name()), DatabaseThread(self.name())
        running = Running(engine, inbox, outbox, thread, self.client(outbox, thread), self.clock)
        setattr(app.ctx, f"messaging_{self.name()}", running)

    def _start(self, app: Sanic, dialogue: Dialogue) -> None:
        running, agent = self.running(app), app.ctx.agent
        prepare(agent)
        platform = _Platform(self, running.client)
        turns = Turns(running.inbox, running.thread, platform, dialogue, lambda: app.ctx.agent.tracker_store, self.clock)
        sender = Sender(running.outbox, running.thread, running.client, self.clock)

        async def due_in(most: int) -> list[str]:
            return await running.thread(lambda: running.inbox.due(self.clock(), most)) if app.ctx.agent.is_ready() else []

        async def due_out(most: int) -> list[str]:
            return await running.thread(lambda: running.outbox.due(self.clock(), most))

        async def answer(conversation: str) -> bool:
            answered = await turns.run_next(conversation)
            sending.wake()
            return answered

        answering = Worker(f"{self.name()} turns", due_in, answer)
        sending = Worker(f"{self.name()} messages", due_out, sender.send_next)
        running.turns, running.workers = turns, [answering, sending]
        for worker in running.workers:
            worker.start()
        running.beside = {asyncio.get_running_loop().create_task(work) for work in (running.tidy(), running.client.introduce())}


class _Platform:
    """What a turn needs of its channel."""

    def __init__(self, channel: MessagingChannel, client: PlatformClient) -> None:
        self.output, self.render, self.attend = channel.output, channel.render, client.attend
