"""One conversation with whoever can be asked: the running system, else the newest model in this process."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.asking.in_process import converse
from bot.asking.running import RunningSystem
from bot.asking.turns import Turn, read_turns
from bot.evaluation.model import load_agent, newest_model, quiet
from bot.settings import Settings


@dataclass(frozen=True)
class Conversation:
    """What was asked and what came of it."""

    model: str | None
    """Name of the model asked in this process; None: the running system was asked."""
    actions: bool
    """Whether the action server is running; without it, what custom actions say and do is missing."""
    turns: list[Turn]


def ask(texts: Sequence[str], settings: Settings, now: datetime) -> Conversation:
    """Says the texts in one conversation.

    Raises:
        NotAnswered: a text is refused, or the running system can't be read.
        NoModel: the system is not running and there is no model.
    """
    system = RunningSystem(settings)
    actions = system.actions_are_up()
    if system.is_up():
        return Conversation(None, actions, read_turns(system.converse(texts, now)))
    model = newest_model(settings.models_dir)
    with quiet():
        agent = load_agent(model, settings.internal_actions_url if actions else None)
        events = asyncio.run(converse(agent, texts, settings.message_max_chars))
    return Conversation(model.name, actions, read_turns(events))
