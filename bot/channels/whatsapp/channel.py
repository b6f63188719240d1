"""WhatsApp's webhook."""

import hmac
import logging

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json, text
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.errors import ChannelError, unavailable
from bot.channels.incoming import read_json_body
from bot.channels.messaging import json_body
from bot.channels.messaging.channel import MessagingChannel, Running
from bot.channels.messaging.inbox import Turn
from bot.channels.messaging.outbox import Outbox
from bot.channels.messaging.rendering import Rendered
from bot.channels.messaging.retry import back_off
from bot.channels.messaging.threads import DatabaseThread
from bot.channels.output import Message, WebOutput
from bot.channels.whatsapp.client import WINDOW_CLOSED, WhatsAppClient, makes_busy
from bot.channels.whatsapp.deliveries import Status, read_delivery
from bot.channels.whatsapp.rendering import render

logger = logging.getLogger(__name__)

SIGNATURE_HEADER = "X-Hub-Signature-256"
AGAIN_AFTER_FAILURES = 3
"""How the back-off begins for a message that the platform had taken and then did not deliver."""


class WhatsAppOutput(WebOutput):
    """Collects a turn's answer."""

    @classmethod
    def name(cls) -> str:
        """The channel's name."""
        return "whatsapp"


class WhatsAppChannel(MessagingChannel):
    """GET and POST /webhooks/whatsapp/webhook."""

    output = WhatsAppOutput

    @property
    def is_on(self) -> bool:
        """Whether there is an account."""
        return bool(self.settings.whatsapp_token)

    def add_routes(self, blueprint: Blueprint) -> None:
        """Meta's question about the webhook."""

        @blueprint.get("/webhook")
        async def verify(request: Request) -> HTTPResponse:
            return self._verify(request)

    def client(self, outbox: Outbox, thread: DatabaseThread) -> WhatsAppClient:  # noqa: ARG002 - another platform needs them
        """A client for the Cloud API."""
        return WhatsAppClient(self.settings, self.clock)

    def render(self, messages: list[Message], turn: Turn, language: str) -> Rendered:  # noqa: ARG002 - another platform needs it
        """The answer as WhatsApp's messages."""
        return render(messages, language)

    def _verify(self, request: Request) -> HTTPResponse:
        """Meta's question whether this is our webhook."""
        given = (request.args.get("hub.verify_token") or "").encode("utf-8", "surrogatepass")
        challenge = request.args.get("hub.challenge") or ""
        is_ours = hmac.compare_digest(given, self.settings.whatsapp_verify_token.encode())
        if request.args.get("hub.mode") != "subscribe" or not is_ours:
            logger.warning("a wrong question about WhatsApp's webhook was refused")
            return json(ChannelError("forbidden").body, status=403)
        return text(challenge)

    async def deliver(self, request: Request) -> None:
        """Takes all messages and statuses of a delivery."""
        signature = request.headers.get(SIGNATURE_HEADER, "")
        if not signature:
            self._refuse()
        body = await read_json_body(request, json_body.BODY_MAX_BYTES)
        expected = "sha256=" + hmac.new(self.settings.whatsapp_app_secret.encode(), body, "sha256").hexdigest()
        if not hmac.compare_digest(signature.encode("utf-8", "surrogateescape"), expected.encode()):
            self._refuse()
        settings, running = self.settings, self.running(request.app)
        delivery = read_delivery(json_body.parse(body), settings.whatsapp_phone_number_id, settings.message_max_chars)
        if delivery.heard:
            await running.take(delivery.heard)
        for status in delivery.statuses:
            await self._confirm(running, status)

    def _refuse(self) -> None:
        logger.warning("a call of WhatsApp's webhook without a valid signature was refused")
        raise ChannelError("forbidden")

    async def _confirm(self, running: Running, status: Status) -> None:
        """Notes what became of a message of ours."""
        if status.error:
            logger.warning("WhatsApp did not deliver a message: %s", status.error)
        again = back_off(AGAIN_AFTER_FAILURES) if status.error and makes_busy(status.error) else None
        held, now = status.error == WINDOW_CLOSED, self.clock()
        try:
            await running.thread(lambda: running.outbox.confirm(status.platform_id, status.key, status.error, again, held, now))
        except SQLAlchemyError as error:
            raise unavailable() from error
