"""What is changed in Rasa's agent once it is loaded, in one place: errors, waits and speed."""

from rasa.core.agent import Agent

from bot.action_endpoint import bound_action_calls
from bot.graph_runner import run_graph_directly
from bot.tracker_store import let_storage_errors_through


def prepare(agent: Agent) -> None:
    """Makes the agent fit for visitors; doing it again changes nothing."""
    let_storage_errors_through(agent)
    bound_action_calls(agent)
    run_graph_directly(agent)
