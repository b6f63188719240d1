"""Database calls beside the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from bot.channels.turns import STORAGE_ERRORS

Result = TypeVar("Result")

PAUSE_SECONDS = 0.1


class DatabaseThread:
    """One thread for all calls of a worker's channel: they keep their order, and a locked database holds up nothing else."""

    def __init__(self, name: str) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    def __call__(self, call: Callable[[], Result]) -> "asyncio.Future[Result]":
        """The result of the call, to be awaited."""
        return asyncio.get_running_loop().run_in_executor(self._executor, call)

    async def keep(self, write: Callable[[], Result], seconds: float) -> Result:
        """Writes what has happened already, trying again for so many seconds while the database does not answer.

        Raises:
            SQLAlchemyError: it could not be written.
        """
        deadline = asyncio.get_running_loop().time() + seconds
        while True:
            try:
                return await self(write)
            except STORAGE_ERRORS:
                if asyncio.get_running_loop().time() >= deadline:
                    raise
                await asyncio.sleep(PAUSE_SECONDS)

    def close(self) -> None:
        """Ends the thread after what it is doing."""
        self._executor.shutdown(wait=True)
