"""What is changed in Rasa's agent once it is loaded, in one place: errors, waits and speed."""

import gc
from typing import Any

from rasa.core.agent import Agent

from bot.action_endpoint import PromptEndpoint, bound_action_calls, check_the_schema_once
from bot.graph_runner import run_graph_directly
from bot.tracker_store import let_storage_errors_through


def prepare(agent: Agent) -> None:
    """Makes the agent fit for visitors; doing it again changes nothing."""
    let_storage_errors_through(agent)
    bound_action_calls(agent)
    check_the_schema_once()
    understand_directly(agent)
    gc.freeze()  # the collector need not walk through the model and its libraries again and again


def understand_directly(agent: Agent) -> None:
    """Leaves out what Rasa does around the understanding of each message, in half a millisecond or more."""
    run_graph_directly(agent)
    if agent.processor:
        agent.processor._check_for_unseen_features = _leave_to_bot_check


async def release(agent: Agent) -> None:
    """Closes what a prepared agent holds open."""
    if isinstance(agent.action_endpoint, PromptEndpoint):
        await agent.action_endpoint.close()


def _leave_to_bot_check(_: dict[str, Any]) -> None:
    """In the place of Rasa's warning about names that the domain lacks, which builds an empty domain for each message."""
