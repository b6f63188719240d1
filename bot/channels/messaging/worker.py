"""Works on whatever is due: one task a conversation, so that a slow person holds up nobody else."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

logger = logging.getLogger(__name__)

Due = Callable[[int], Awaitable[list[str]]]
Work = Callable[[str], Coroutine[Any, Any, bool]]


class Worker:
    """Looks for conversations that something is due for, and works on them side by side."""

    def __init__(self, name: str, due: Due, work: Work, most: int = 16, poll_seconds: float = 0.5) -> None:
        """Prepares it.

        Args:
            due: gives so many conversations that are due.
            work: does one piece of work for a conversation; says whether there was one to do, and so may be another.
            most: how many are worked on at once; more only lets those wait longer who are to be acknowledged meanwhile.
            poll_seconds: how often it looks without being woken, for what other workers left and what was put off.
        """
        self._name, self._due, self._work, self._most, self._poll_seconds = name, due, work, most, poll_seconds
        self._busy: dict[str, asyncio.Task[bool]] = {}
        self._awake = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to look."""
        self._looking = asyncio.get_running_loop().create_task(self._look())

    def wake(self, seconds: float = 0.0) -> None:
        """Something is, or in so many seconds will be, due."""
        if seconds:
            asyncio.get_running_loop().call_later(seconds, self._awake.set)
        else:
            self._awake.set()

    async def close(self, seconds: float) -> None:
        """Takes up nothing new, and lets what is under way come to its end for so many seconds."""
        if self._looking:
            self._looking.cancel()
        if self._busy:
            await asyncio.wait(self._busy.values(), timeout=seconds)
        for task in tuple(self._busy.values()):
            task.cancel()
        if self._busy:
            await asyncio.wait(self._busy.values(), timeout=seconds)

    async def _look(self) -> None:
        while True:
            self._awake.clear()
            await self._take_up()
            try:
                await asyncio.wait_for(self._awake.wait(), self._poll_seconds)
            except asyncio.TimeoutError:
                continue

    async def _take_up(self) -> None:
        free = self._most - len(self._busy)
        if free <= 0:
            return
        try:
            due = await self._due(self._most)
        except SQLAlchemyError as error:
            logger.warning("%s: the database does not answer: %s", self._name, type(error).__name__)
            return
        for conversation in [conversation for conversation in due if conversation not in self._busy][:free]:
            task = asyncio.get_running_loop().create_task(self._work(conversation))
            self._busy[conversation] = task
            task.add_done_callback(partial(self._end, conversation))

    def _end(self, conversation: str, task: "asyncio.Task[bool]") -> None:
        del self._busy[conversation]
        if task.cancelled():
            return
        if error := task.exception():
            logger.error("%s: work for %s failed: %s", self._name, conversation, type(error).__name__)
        elif task.result():
            self._awake.set()
