"""Calls to the action server that end in time: Rasa itself would wait five minutes, holding up the conversation."""

from typing import Any

from rasa.core.agent import Agent
from rasa.utils.endpoints import EndpointConfig

ACTION_SECONDS = 4.0
"""Longest wait for one action: the booking client gives up before it, a visitor after it."""


class PromptEndpoint(EndpointConfig):
    """Rasa's endpoint with a bound of its own."""

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
