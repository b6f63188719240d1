"""The way to Telegram's Bot API."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ChatAction
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.channels.messaging.channel import PlatformClient
from bot.channels.messaging.inbox import Turn
from bot.channels.messaging.outbox import Outbox, Sending
from bot.channels.messaging.rendering import Request
from bot.channels.messaging.retry import back_off
from bot.channels.messaging.sender import Later, Outcome, Refused, Sent
from bot.channels.messaging.threads import DatabaseThread
from bot.channels.texts import text

logger = logging.getLogger(__name__)

COURTESY_ATTEMPTS = 3
LONGEST_COURTESY_SECONDS = 10.0
MENU = ("start", "help", "stop", "person")
FORM_ERRORS = ("button", "keyboard", "reply_markup", "too long", "can't parse")
"""What a refusal speaks of when the form of a message is at fault."""


class TelegramClient(PlatformClient):
    """Sends what is queued, and shows people that they were heard."""

    def __init__(self, bot: Bot, outbox: Outbox, thread: DatabaseThread) -> None:
        self._bot, self._outbox, self._thread = bot, outbox, thread

    async def send(self, sending: Sending) -> Outcome:
        """One message, or leaving a chat."""
        try:
            return Sent(await self._send(sending.address["chat_id"], sending.request))
        except RetryAfter as error:
            return Later("429", _seconds(error.retry_after))
        except BadRequest as error:
            return Refused("400", form=any(sign in str(error).lower() for sign in FORM_ERRORS))
        except (Forbidden, ChatMigrated) as error:
            return Refused("403" if isinstance(error, Forbidden) else "migrated")
        except TelegramError as error:
            return Later(_code(error))

    async def _send(self, chat: int, request: dict[str, Any]) -> str | None:
        if request["method"] == "leaveChat":
            await self._bot.leave_chat(chat)
            return None
        keyboard = [[InlineKeyboardButton(**button) for button in row] for row in request.get("keyboard") or []]
        sent = await self._bot.send_message(
            chat,
            request["text"],
            reply_markup=InlineKeyboardMarkup(keyboard) if keyboard else None,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
        return str(sent.message_id)

    def invitation(self, _: Sending) -> Request | None:
        """Telegram has no time within which people must have written."""
        return None

    async def attend(self, turn: Turn) -> None:
        """Answers a tapped button, takes its keyboard away, and shows that an answer is being written."""
        if turn.done.leaves:
            return
        chat, trace = turn.address["chat_id"], turn.done.trace
        work = [self._politely(lambda: self._bot.send_chat_action(chat, ChatAction.TYPING))]
        if query := trace.get("query"):
            work.append(self._politely(lambda: self._bot.answer_callback_query(query)))
            if trace.get("message"):
                work.append(self._clear(chat, trace["message"], turn.conversation))
        await asyncio.gather(*work)

    async def introduce(self) -> None:
        """Sets the menu of commands in both languages; English for whoever has another."""
        for code, language in ((None, "en"), ("nl", "nl")):
            commands = [BotCommand(name, text(f"command_{name}", language)) for name in MENU]
            await self._politely(partial(self._bot.set_my_commands, commands, language_code=code))

    async def close(self) -> None:
        """Closes the connections."""
        for request in self._bot._request:  # the bot's own shutdown wants a call of getMe before
            await request.shutdown()

    async def _clear(self, chat: int, tapped: int, conversation: str) -> None:
        """Takes away the keyboards of the answer that the button belonged to."""
        try:
            same = await self._thread(lambda: self._outbox.answered_with(conversation, str(tapped)))
        except SQLAlchemyError:
            same = {}
        messages = {tapped, *(int(message) for message, request in same.items() if request.get("keyboard"))}
        await asyncio.gather(*(self._clear_one(chat, message) for message in messages))

    async def _clear_one(self, chat: int, message: int) -> None:
        await self._politely(lambda: self._bot.edit_message_reply_markup(chat_id=chat, message_id=message))

    async def _politely(self, call: Callable[[], Awaitable[Any]]) -> None:
        """A call that is nice to have: tried a few times, and never an error."""
        for attempt in range(1, COURTESY_ATTEMPTS + 1):
            try:
                await call()
                return
            except BadRequest:
                return  # too late, or done already
            except TelegramError as error:
                wait = _seconds(error.retry_after) if isinstance(error, RetryAfter) else back_off(attempt)
                if attempt == COURTESY_ATTEMPTS or wait > LONGEST_COURTESY_SECONDS:
                    logger.warning("a call of Telegram was left out: %s", _code(error))
                    return
                await asyncio.sleep(wait)


def _seconds(retry_after: int | timedelta) -> float:
    return retry_after.total_seconds() if isinstance(retry_after, timedelta) else float(retry_after)


def _code(error: TelegramError) -> str:
    """What kind of error it is, without its message, which may hold the token."""
    if isinstance(error, InvalidToken):
        return "token"
    if isinstance(error, TimedOut):
        return "timeout"
    return "network" if isinstance(error, NetworkError) else type(error).__name__
