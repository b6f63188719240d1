"""One update through the dialogue: answered once, whatever fails in between."""

import asyncio
import logging
import traceback
from collections.abc import Callable
from typing import Any, Protocol

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channels.messaging.inbox import Inbox, Turn
from bot.channels.messaging.rendering import Rendered
from bot.channels.messaging.retry import GIVE_UP_SECONDS, back_off
from bot.channels.messaging.threads import DatabaseThread
from bot.channels.output import Message, WebOutput, as_message
from bot.channels.turns import NOTHING_SAID, STORAGE_ERRORS, Clock, Dialogue
from bot.tracker_store import ConversationStore

logger = logging.getLogger(__name__)

TURN_SECONDS = 20.0
APOLOGY_SECONDS = 4.0
KEEPING_SECONDS = 4.0
"""All three together are shorter than the lease of the inbox, after which another worker takes a turn over."""
MOST_FAILURES = 3
"""So often a turn is tried that fails by itself; one that a failing database stops is tried for a day."""

NOTHING_SAID_PLACE = "nothing_said"


class Platform(Protocol):
    """What a turn needs of its platform."""

    output: type[WebOutput]

    def render(self, messages: list[Message], turn: Turn, language: str) -> Rendered:
        """The answer as requests to the platform."""

    async def attend(self, turn: Turn) -> None:
        """Shows that the message was seen; raises nothing."""


class Turns:
    """Runs turns of one channel."""

    def __init__(
        self,
        inbox: Inbox,
        thread: DatabaseThread,
        platform: Platform,
        dialogue: Dialogue,
        stored: Callable[[], ConversationStore],
        clock: Clock,
    ) -> None:
        """Takes its parts; `stored` gives the store in which the dialogue keeps its conversations."""
        self._inbox, self._thread, self._platform = inbox, thread, platform
        self._dialogue, self._stored, self._clock = dialogue, stored, clock
        self._attending: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """Gives up showing that messages were seen."""
        for task in tuple(self._attending):
            task.cancel()
        await asyncio.gather(*self._attending, return_exceptions=True)

    async def run_next(self, conversation: str) -> bool:
        """Runs the conversation's next turn; says whether there was one."""
        turn = await self._thread(lambda: self._inbox.claim(conversation, self._clock()))
        if turn is None:
            return False
        attending = asyncio.create_task(self._platform.attend(turn))
        self._attending.add(attending)
        attending.add_done_callback(self._attending.discard)
        try:
            answer = await asyncio.wait_for(self._answer(turn), TURN_SECONDS)
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - the border to the dialogue: the turn is tried again
            await self._put_off(turn, error)
            return True
        await self._finish(turn, answer)
        return True

    async def _answer(self, turn: Turn) -> Rendered:
        output = self._platform.output()
        for place, said in enumerate(turn.says):
            await self._say(turn, str(place), said, output)
        if not output.messages:
            await self._say(turn, NOTHING_SAID_PLACE, NOTHING_SAID, output)
        language = await self._language(turn) if any(map(_has_choices, output.messages)) else "en"
        return self._platform.render(output.messages, turn, language)

    async def _say(self, turn: Turn, place: str, said: str, output: WebOutput) -> None:
        """Says one thing to the dialogue, unless an attempt that was cut off has said it: then its answer stands in the conversation."""
        message_id = f"{turn.id[:32]}.{place}"
        if turn.attempts > 1:
            tracker = await self._stored().retrieve(turn.conversation)
            earlier = answered_before(tracker, message_id)
            if earlier is not None:
                output.messages += [as_message(message) for message in earlier]
                return
        await self._dialogue(UserMessage(said, output, turn.conversation, input_channel=output.name(), message_id=message_id))

    async def _language(self, turn: Turn) -> str:
        store = self._stored()
        return str(await self._thread(lambda: store.slot(turn.conversation, "language")) or "en")

    async def _put_off(self, turn: Turn, error: BaseException) -> None:
        """Tries a turn again later, or gives it up with a word about it."""
        now = self._clock()
        passing = isinstance(error, (*STORAGE_ERRORS, asyncio.TimeoutError, asyncio.CancelledError))
        place = traceback.extract_tb(error.__traceback__)[-1]
        logger.error(
            "turn %s of %s failed: %s at %s:%s", turn.number, turn.conversation, type(error).__name__, place.filename, place.lineno
        )
        if now.timestamp() - turn.received_at > GIVE_UP_SECONDS or (not passing and turn.attempts >= MOST_FAILURES):
            await self._finish(turn, await self._apology(turn), "failed")
            return
        await self._thread.keep(lambda: self._inbox.postpone(turn, back_off(turn.attempts), self._clock()), KEEPING_SECONDS)

    async def _finish(self, turn: Turn, answer: Rendered, outcome: str = "answered") -> None:
        await self._thread.keep(lambda: self._inbox.finish(turn, answer, self._clock(), outcome), KEEPING_SECONDS)

    async def _apology(self, turn: Turn) -> Rendered:
        """The dialogue's word about a turn that it can't answer; nothing where it fails at that as well."""
        output = self._platform.output()
        try:
            await asyncio.wait_for(self._say(turn, NOTHING_SAID_PLACE, NOTHING_SAID, output), APOLOGY_SECONDS)
        except Exception as error:  # noqa: BLE001 - the border to the dialogue: there is nothing left to try
            logger.error("turn %s of %s has no answer: %s", turn.number, turn.conversation, type(error).__name__)
        return self._platform.render(output.messages, turn, await self._language(turn))


def answered_before(tracker: DialogueStateTracker | None, message_id: str) -> list[dict[str, Any]] | None:
    """What the dialogue has answered to this message; None where it has not heard it."""
    heard = False
    answers: list[dict[str, Any]] = []
    for event in tracker.events if tracker else ():
        if isinstance(event, UserUttered):
            if heard:
                break
            heard = event.message_id == message_id
        elif heard and isinstance(event, BotUttered):
            answers.append(event.message())
    return answers if heard else None


def _has_choices(message: Message) -> bool:
    return bool(message["buttons"] or message["slots"] or any(card["buttons"] for card in message["cards"]))
