"""Calls to the action server that end in time: Rasa itself would wait five minutes, holding up the conversation."""

from functools import cache
from typing import Any

from jsonschema import Draft7Validator
from rasa.core.actions.action import RemoteAction
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
