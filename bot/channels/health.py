"""What the assistant depends on, and whether that works."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from rasa.core.agent import Agent
from redis.exceptions import RedisError

from bot.channels.errors import ChannelError

CHECK_SECONDS = 0.5
"""How long a part may take to answer before it counts as failing."""

FAILURES = (OSError, asyncio.TimeoutError, ChannelError, RedisError, aiohttp.ClientError)


async def report(agent: Agent, probe_database: Callable[[], Awaitable[Any]], actions_url: str) -> dict[str, Any]:
    """Every part that is depended on as "ok" or "down", and what that makes of the whole.

    Args:
        probe_database: returns when the database takes writes, and raises ChannelError when it does not.
        actions_url: the action server's health page.
    """
    parts = await asyncio.gather(_state(probe_database()), _state(_get(actions_url)), _state(_probe_locks(agent)))
    states = {"model": "ok" if agent.is_ready() else "down", **dict(zip(("database", "actions", "lock_store"), parts, strict=True))}
    needed = {states[part] for part in states if part != "actions"}  # without actions, questions are still answered
    whole = "down" if "down" in needed else "degraded" if states["actions"] == "down" else "ok"
    return {"status": whole, "depends_on": states}


async def _state(check: Awaitable[Any]) -> str:
    try:
        await asyncio.wait_for(check, CHECK_SECONDS)
    except FAILURES:
        return "down"
    return "ok"


async def _get(url: str) -> None:
    async with aiohttp.ClientSession(raise_for_status=True) as client, client.get(url):
        pass


async def _probe_locks(agent: Agent) -> None:
    await asyncio.to_thread(agent.lock_store.get_lock, "health")
