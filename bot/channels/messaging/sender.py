"""Sends what is queued, and decides what becomes of what could not be sent."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.channels.messaging.outbox import Outbox, Sending
from bot.channels.messaging.rendering import Request
from bot.channels.messaging.retry import GIVE_UP_SECONDS, MOST_ATTEMPTS, back_off
from bot.channels.messaging.threads import DatabaseThread
from bot.channels.turns import Clock

logger = logging.getLogger(__name__)

KEEPING_SECONDS = 20.0
"""With a request to the platform shorter than the lease of the outbox."""


@dataclass(frozen=True)
class Sent:
    """The platform has taken the message."""

    platform_id: str | None = None


@dataclass(frozen=True)
class Later:
    """It may be taken later."""

    error: str
    seconds: float | None = None
    """What the platform asks to wait; None where it says nothing."""


@dataclass(frozen=True)
class Refused:
    """It will never be taken like this."""

    error: str
    form: bool = False
    """Whether its form is at fault, so that plain text may be taken."""


@dataclass(frozen=True)
class Closed:
    """It may be taken after the person has written again."""

    error: str


Outcome = Sent | Later | Refused | Closed


class Client(Protocol):
    """The way to a platform."""

    async def send(self, sending: Sending) -> Outcome:
        """Sends one message; raises nothing that a platform or network can cause."""

    def invitation(self, sending: Sending) -> Request | None:
        """What is sent to somebody who has to write first, where the platform has such a thing."""


class Sender:
    """Sends the messages of one channel."""

    def __init__(self, outbox: Outbox, thread: DatabaseThread, client: Client, clock: Clock) -> None:
        self._outbox, self._thread, self._client, self._clock = outbox, thread, client, clock

    async def send_next(self, conversation: str) -> bool:
        """Sends the conversation's next message; says whether there was one."""
        sending = await self._thread(lambda: self._outbox.claim(conversation, self._clock()))
        if sending is None:
            return False
        await self._thread.keep(self._outcome(sending, await self._client.send(sending)), KEEPING_SECONDS)
        return True

    def _outcome(self, sending: Sending, outcome: Outcome) -> Callable[[], None]:
        now = self._clock()
        if isinstance(outcome, Sent):
            return lambda: self._outbox.sent(sending, outcome.platform_id, now)
        logger.warning("message %s of %s was not sent: %s", sending.number, sending.conversation, outcome.error)
        if isinstance(outcome, Closed):
            return lambda: self._outbox.hold(sending, outcome.error, self._client.invitation(sending), now)
        if isinstance(outcome, Refused):
            if outcome.form and sending.plain:
                return lambda: self._outbox.degrade(sending, outcome.error, now)
            return lambda: self._outbox.fail(sending, outcome.error, now)
        if sending.attempts + 1 >= MOST_ATTEMPTS or now.timestamp() - sending.queued_at > GIVE_UP_SECONDS:
            return lambda: self._outbox.fail(sending, outcome.error, now)
        asked = outcome.seconds
        seconds = back_off(sending.attempts + 1) if asked is None else asked + back_off(0) * 0.2
        return lambda: self._outbox.retry(sending, outcome.error, seconds, now, counts=asked is None)
