"""Telegram's webhook."""

import hmac
import logging

from sanic.request import Request

from bot.channels.errors import ChannelError
from bot.channels.incoming import read_json_body
from bot.channels.messaging import json_body
from bot.channels.messaging.channel import MessagingChannel
from bot.channels.messaging.inbox import Turn
from bot.channels.messaging.outbox import Outbox
from bot.channels.messaging.rendering import Rendered
from bot.channels.messaging.threads import DatabaseThread
from bot.channels.output import Message, WebOutput
from bot.channels.telegram.bot import SECRET_HEADER, make_bot
from bot.channels.telegram.client import TelegramClient
from bot.channels.telegram.rendering import render
from bot.channels.telegram.updates import read_update

logger = logging.getLogger(__name__)


class TelegramOutput(WebOutput):
    """Collects a turn's answer."""

    @classmethod
    def name(cls) -> str:
        """The channel's name."""
        return "telegram"


class TelegramChannel(MessagingChannel):
    """POST /webhooks/telegram/webhook."""

    output = TelegramOutput

    @property
    def is_on(self) -> bool:
        """Whether there is a bot."""
        return bool(self.settings.telegram_token)

    def client(self, outbox: Outbox, thread: DatabaseThread) -> TelegramClient:
        """A client for the Bot API."""
        return TelegramClient(make_bot(self.settings), outbox, thread)

    def render(self, messages: list[Message], turn: Turn, language: str) -> Rendered:
        """The answer as Telegram's messages."""
        return render(messages, language, turn.done.leaves)

    async def deliver(self, request: Request) -> None:
        """Takes one update."""
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self.settings.telegram_webhook_secret.encode()):
            logger.warning("a call of Telegram's webhook without its secret was refused")
            raise ChannelError("forbidden")
        content = json_body.parse(await read_json_body(request, json_body.BODY_MAX_BYTES))
        heard = read_update(content, self.settings.message_max_chars)
        if heard:
            await self.running(request.app).take([heard])
