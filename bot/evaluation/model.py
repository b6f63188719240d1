"""The trained model, loaded in this process without any server."""

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.running import training


class NoModel(Exception):
    """There is no model to load, or it can't be loaded; the message says what to do."""


def newest_model(models: Path) -> Path:
    """The model trained last.

    Raises:
        NoModel: the folder holds none.
    """
    found = training.newest_model(models)
    if found is None:
        raise NoModel(f"no model in {models.name}/: run make train")
    return found


def load_agent(model: Path, actions_url: str | None = None) -> Any:
    """A Rasa agent of the model that understands as the running assistant does, with everything it remembers in memory.

    Args:
        model: the model's archive.
        actions_url: webhook of a running action server; None: custom actions are left out.

    Raises:
        NoModel: the file is missing, broken, or made by other code.
    """
    if not model.is_file():
        raise NoModel(f"no model at {model}")
    # Rasa brings TensorFlow, which takes seconds: only here, where it is needed
    from rasa.core.agent import Agent
    from rasa.utils.endpoints import EndpointConfig

    from bot.agent import understand_directly

    try:
        agent = Agent.load(model, action_endpoint=EndpointConfig(actions_url) if actions_url else None)
    except Exception as error:  # noqa: BLE001 - a model made by other code fails in any way, and each means: train again
        raise NoModel(f"{model.name} can't be loaded ({type(error).__name__}: {error}): run make train") from error
    understand_directly(agent)
    return agent


@contextmanager
def quiet() -> Iterator[None]:
    """Keeps the logs and warnings of libraries, which carry message text, out of what a command prints."""
    os.environ.update(RASA_TELEMETRY_ENABLED="false", TF_CPP_MIN_LOG_LEVEL="3", SQLALCHEMY_SILENCE_UBER_WARNING="1")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one thread, as in the assistant's own process
    disabled = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from rasa.utils.log_utils import configure_structlog

        configure_structlog(logging.CRITICAL)  # unless configured, structlog prints each step of Rasa
        try:
            yield
        finally:
            logging.disable(disabled)
