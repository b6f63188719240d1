"""A running assistant takes over a new model by itself: loaded beside the old one, put in its place between two steps of the loop."""

import asyncio
import ctypes
import gc
import logging
import sys
from dataclasses import dataclass
from pathlib import Path

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor

from bot.agent import prepare
from bot.running.training import newest_model

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
WARM_UP = ("what does it cost", "wat kost het")
"""Read before the first visitor's message: what is used for the first time is loaded then."""


@dataclass(frozen=True)
class Seen:
    """A model's file as it was at one look."""

    path: Path
    changed: float
    size: int


class Watch:
    """Notices when there is another newest model."""

    def __init__(self, models: Path, in_use: str | None) -> None:
        """Takes the folder, and the name of the model that is in use."""
        self._models = models
        self._before = _look(models)
        self._known = self._before if self._before and self._before.path.name == in_use else None

    def newer(self) -> Path | None:
        """A model to be taken over, told once; a file that is still being written differs from look to look and waits."""
        seen, before = _look(self._models), self._before
        self._before = seen
        if seen is None or seen != before or seen == self._known:
            return None
        self._known = seen
        return seen.path


async def follow_models(agent: Agent, models: Path) -> None:
    """Looks for a newer model as long as the assistant runs; one that can't be loaded is left, and the old one goes on."""
    watch = Watch(models, agent.processor.model_filename if agent.processor else None)
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        model = watch.newer()
        if model is not None:
            await _take_over(agent, model)


async def _take_over(agent: Agent, model: Path) -> None:
    try:
        processor = await asyncio.to_thread(_load, agent, model)
    except Exception as error:  # noqa: BLE001 - a broken model, or one made by other code, fails in any way, and the old one answers on
        logger.error("the model %s can't be loaded, the one before goes on: %s", model.name, type(error).__name__)
        return
    put_in_place(agent, processor)
    await asyncio.to_thread(_free_memory)
    logger.warning("the model %s is in use", model.name)


def put_in_place(agent: Agent, processor: MessageProcessor) -> None:
    """Lets the next message be answered by another model; a turn that is under way ends with the one that it began with."""
    agent.processor = processor
    agent.domain = processor.domain
    agent.tracker_store.domain = processor.domain
    agent.nlg.responses = processor.domain.responses
    prepare(agent)


def _load(agent: Agent, model: Path) -> MessageProcessor:
    """The model with the agent's own parts, ready to answer."""
    processor = MessageProcessor(
        model_path=str(model),
        tracker_store=agent.tracker_store,
        lock_store=agent.lock_store,
        action_endpoint=agent.action_endpoint,
        generator=agent.nlg,
        http_interpreter=agent.http_interpreter,
    )
    for text in WARM_UP:
        asyncio.run(processor.parse_message(UserMessage(text)))
    return processor


def _look(models: Path) -> Seen | None:
    try:
        newest = newest_model(models)
        status = newest.stat() if newest else None
    except FileNotFoundError:  # it was taken away while it was looked at
        return None
    return Seen(newest, status.st_mtime, status.st_size) if newest and status else None


def _free_memory() -> None:
    """Gives back what the old model took: `prepare` hid it from the collector, and the allocator would keep it."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    if sys.platform == "linux":
        ctypes.CDLL("libc.so.6").malloc_trim(0)
