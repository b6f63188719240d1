"""What every action has: its services, a thread of its own, and a plain answer when a part fails."""

import asyncio
import logging
from abc import abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.booking_client import BookingError
from actions.services import Services, services
from bot.practice.catalog.queries import CatalogueUnavailable

logger = logging.getLogger(__name__)


class PromptAction(Action):
    """An action whose work is done beside the event loop, so that one slow call holds up nobody else."""

    def __init__(self, given: Services | None = None) -> None:
        """Takes its services; the action server gives none and gets those of the settings."""
        self.services = given or services()

    @abstractmethod
    def name(self) -> str:
        """Rasa's name of the action."""

    @abstractmethod
    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """What the action does.

        Raises:
            BookingError: the booking backend fails.
            CatalogueUnavailable: the catalogue can't be read.
        """

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Rasa's entry; a failing part becomes a plain sentence and a way on."""
        try:
            return await asyncio.to_thread(self.act_with, dispatcher, tracker, domain)
        except (BookingError, CatalogueUnavailable) as error:
            logger.warning("%s failed: %s", self.name(), type(error).__name__)
            return self.apologise(dispatcher, tracker)
        except Exception as error:  # noqa: BLE001 - the border to Rasa: its own handler would log the visitor's words
            logger.error("%s failed: %s", self.name(), where(error))
            return self.apologise(dispatcher, tracker)

    def act_with(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """`act` for actions that need Rasa's domain as well."""
        return self.act(dispatcher, tracker)

    def apologise(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Says that it doesn't work now and keeps what was said; a form is left, to be taken up again."""
        dispatcher.messages.clear()
        dispatcher.utter_message(response="utter_unavailable")
        if not (tracker.active_loop or {}).get("name"):
            return []
        return [ActiveLoop(None), SlotSet("requested_slot", None)]


def where(error: BaseException) -> str:
    """Kind and place of an error, without its message, which may hold a visitor's words."""
    trace: Any = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "unknown place"
    return f"{type(error).__name__} at {place}"
