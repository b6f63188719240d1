"""Calls to the action server that end in time: Rasa itself would wait five minutes, holding up the conversation."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

import aiohttp
from jsonschema import Draft7Validator
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.utils.endpoints import EndpointConfig

ACTION_SECONDS = 4.0
"""Longest wait for one action: the booking client gives up before it, a visitor after it."""


IDLE_SECONDS = 3.0
"""How long a connection is kept for the next action; less than the 5 s after which the action server closes it."""


class PromptEndpoint(EndpointConfig):
    """Rasa's endpoint with a bound of its own, and with connections that serve several actions."""

    _kept: aiohttp.ClientSession | None = None

    @asynccontextmanager
    async def session(self) -> AsyncIterator[aiohttp.ClientSession]:
        """The session of all calls; Rasa opens one for each, and a connection with it."""
        if self._kept is None or self._kept.closed:
            connector = aiohttp.TCPConnector(keepalive_timeout=IDLE_SECONDS)
            self._kept = aiohttp.ClientSession(connector=connector, headers=self.headers)
        yield self._kept

    async def close(self) -> None:
        """Closes the connections; another call would open new ones."""
        if self._kept is not None:
            await self._kept.close()

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Like Rasa's, ended after `ACTION_SECONDS`.

        Raises:
            asyncio.TimeoutError: the action server did not answer in time.
        """
        return await super().request(*args, **{**kwargs, "timeout": ACTION_SECONDS})


def bound_action_calls(agent: Agent) -> None:
    """Puts the bounded endpoint in the place of Rasa's."""
    given = agent.action_endpoint
    if given is None or isinstance(given, PromptEndpoint):
        return
    bounded = PromptEndpoint(
        given.url, given.params, given.headers, given.basic_auth, given.token, given.token_name, given.cafile, **given.kwargs
    )
    agent.action_endpoint = bounded
    if agent.processor:
        agent.processor.action_endpoint = bounded


def check_the_schema_once() -> None:
    """Lets what the action server answers be held to its schema, without holding the schema to the rules of schemas at each call.

    That took Rasa 4 ms for each action.
    """
    RemoteAction._validate_action_result = _validate_action_result


def _validate_action_result(_: RemoteAction, result: dict[str, Any]) -> bool:
    """Rasa's method of this name.

    Raises:
        ValidationError: the action server did not answer as it should.
    """
    _answer_schema().validate(result)
    return True


@cache
def _answer_schema() -> Draft7Validator:
    schema = RemoteAction.action_response_format_spec()
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)
