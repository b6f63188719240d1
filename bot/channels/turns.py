"""One message through the dialogue: once, in order, within a time a visitor waits."""

import asyncio
import logging
import time
import traceback
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import LockError
from redis.exceptions import RedisError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.channels.errors import ChannelError, unavailable
from bot.channels.output import Message, WebOutput
from bot.channels.sessions import Answer, Sessions, Turn

logger = logging.getLogger(__name__)

Result = TypeVar("Result")
Claim = Callable[[], Turn | Answer | None]
Clock = Callable[[], datetime]
Dialogue = Callable[[UserMessage], Awaitable[Any]]

STORAGE_ERRORS = (OperationalError, InterfaceError, PoolTimeout, LockError, RedisError)
"""A database or lock store that does not answer now, and may soon."""


NOTHING_SAID = "/nothing_said"
"""Sent to the dialogue after a turn without an answer."""


@dataclass(frozen=True)
class Patience:
    """How long things may take, in seconds."""

    visitor: float = 4.5
    """A request; after that the turn goes on without it, and a retry gets the answer."""
    turn: float = 25.0
    """A turn with the keeping of its answer; shorter than the time after which another worker takes a turn over."""
    poll: float = 0.1
    """Between two looks at something that another is busy with."""


class Turns:
    """Runs turns over the sessions' store.

    All calls of the store go through one thread a worker: it keeps the order in which messages arrived, and a database that is
    locked holds up neither the loop nor the health check. The way there and back was measured at 0.15 ms.
    """

    def __init__(self, sessions: Sessions, clock: Clock, patience: Patience) -> None:
        self._sessions = sessions
        self._clock = clock
        self._patience = patience
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="web-sessions")
        self._running: set[asyncio.Task[Any]] = set()

    async def answer(self, claim: Claim, text: str, dialogue: Dialogue) -> list[Message]:
        """The answer to one message, from a turn of its own or from an earlier one.

        Raises:
            ChannelError: what `claim` refuses; unavailable when there is no answer in time; internal when the dialogue fails.
        """
        task = self._start(self._answer(claim, text, dialogue))
        try:
            return await asyncio.wait_for(asyncio.shield(task), self._patience.visitor)
        except asyncio.TimeoutError as error:
            raise unavailable() from error

    async def stored(self, read: Callable[[], Result]) -> Result:
        """The result of a call of the store that changes nothing.

        Raises:
            ChannelError: unavailable.
        """
        try:
            return await asyncio.wait_for(self._in_thread(read), self._patience.visitor)
        except (asyncio.TimeoutError, *STORAGE_ERRORS) as error:
            logger.warning("the store of web sessions does not answer: %s", type(error).__name__)
            raise unavailable() from error

    async def close(self) -> None:
        """Lets what is running come to its end, for as long as a visitor would wait."""
        await self._settle()
        for task in self._running:
            task.cancel()
        await self._settle()  # a turn that is cut off still releases its message
        self._thread.shutdown(wait=True)
        self._sessions.close()

    async def _settle(self) -> None:
        deadline = time.monotonic() + self._patience.visitor
        while self._running and time.monotonic() < deadline:
            await asyncio.wait(set(self._running), timeout=deadline - time.monotonic())

    async def _answer(self, claim: Claim, text: str, dialogue: Dialogue) -> list[Message]:
        claimed = await self._claimed(claim)
        if isinstance(claimed, Answer):
            return claimed.messages
        deadline = time.monotonic() + self._patience.turn
        output = WebOutput()
        try:
            await asyncio.wait_for(_spoken(dialogue, text, output, claimed), self._patience.turn)
        except (Exception, asyncio.CancelledError) as error:
            self._start(self._until_done(lambda: self._sessions.release(claimed), time.monotonic() + self._patience.turn))
            raise _failure(claimed, error) from error
        await self._until_done(lambda: self._sessions.finish(claimed, output.messages, self._clock()), deadline)
        return output.messages

    async def _claimed(self, claim: Claim) -> Turn | Answer:
        """Claims a turn, or waits for the one that is already running it."""
        deadline = time.monotonic() + self._patience.visitor
        while True:
            try:
                claimed = await self._in_thread(lambda: claim() if time.monotonic() < deadline else None)
            except STORAGE_ERRORS as error:
                logger.warning("the store of web sessions does not answer: %s", type(error).__name__)
                raise unavailable() from error
            if claimed is not None:
                return claimed
            if time.monotonic() >= deadline:
                raise unavailable()
            await asyncio.sleep(self._patience.poll)

    async def _until_done(self, write: Callable[[], Any], deadline: float) -> None:
        """Writes what a turn came to, trying again while the database does not answer: the dialogue has moved on already."""
        while True:
            try:
                await self._in_thread(write)
                return
            except STORAGE_ERRORS as error:
                if time.monotonic() >= deadline:
                    logger.error("the outcome of a turn could not be kept: %s", type(error).__name__)
                    raise unavailable() from error
                await asyncio.sleep(self._patience.poll)

    def _in_thread(self, call: Callable[[], Result]) -> "asyncio.Future[Result]":
        return asyncio.get_running_loop().run_in_executor(self._thread, call)

    def _start(self, work: Coroutine[Any, Any, Result]) -> "asyncio.Task[Result]":
        """Starts what goes on even when the request that began it is gone."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._end)
        return task

    def _end(self, task: "asyncio.Task[Any]") -> None:
        self._running.discard(task)
        if not task.cancelled() and not isinstance(task.exception(), ChannelError | None):
            logger.error("a task of the web channel failed: %s", type(task.exception()).__name__)


async def _spoken(dialogue: Dialogue, text: str, output: WebOutput, turn: Turn) -> None:
    """One message through the dialogue; where a failing part left it without a word, the dialogue is asked to say so."""
    for said in (text, NOTHING_SAID):
        await dialogue(UserMessage(said, output, turn.session, input_channel=output.name(), message_id=turn.id))
        if output.messages:
            return


def _failure(turn: Turn, error: BaseException) -> ChannelError:
    """The error of a turn that failed; the log says where, and nothing of what was said."""
    if isinstance(error, (*STORAGE_ERRORS, asyncio.TimeoutError, asyncio.CancelledError)):
        logger.error("turn %s of session %s did not come to an end: %s", turn.id, turn.session, type(error).__name__)
        return unavailable()
    frame = traceback.extract_tb(error.__traceback__)[-1]
    logger.error("turn %s of session %s failed: %s at %s:%s", turn.id, turn.session, type(error).__name__, frame.filename, frame.lineno)
    return ChannelError("internal")
