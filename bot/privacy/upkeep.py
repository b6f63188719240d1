"""What the practice's process does about privacy by itself: erasures that are due, and the daily retention."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from bot.practice.errors import origin
from bot.privacy import erasure, retention
from bot.privacy.databases import Databases
from bot.settings import Settings

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 2.0


def look_after(databases: Databases, settings: Settings, now: datetime) -> None:
    """One look at what is to be done; what fails is logged, and tried again at a later look."""
    try:
        erasure.perform_due(databases, settings.var_dir, settings.key_for("privacy"), now)
    except SQLAlchemyError as error:
        logger.error("erasures can't be looked for now: %s", type(error).__name__)
    try:
        if retention.due(databases.practice, now):
            counts = retention.retain(databases, settings, now)
            logger.info("retention erased %s rows", sum(counts.values()))
    except SQLAlchemyError as error:
        logger.error("the daily retention failed and is tried again: %s", type(error).__name__)


@contextmanager
def looking_after(databases: Databases, settings: Settings, clock: Callable[[], datetime]) -> Iterator[None]:
    """Does that beside what runs in the block."""
    ended = threading.Event()

    def keep_on() -> None:
        while not ended.wait(PAUSE_SECONDS):
            try:
                look_after(databases.fresh(), settings, clock())
            except Exception as error:  # noqa: BLE001 - the border of the thread, which has to go on
                logger.error("unexpected %s at %s", type(error).__name__, origin(error))

    thread = threading.Thread(target=keep_on, name="privacy", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(PAUSE_SECONDS)
