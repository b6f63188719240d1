"""The way to the WhatsApp Cloud API."""

import logging
from typing import Any

import httpx

from bot.channels.messaging.channel import PlatformClient
from bot.channels.messaging.inbox import Turn
from bot.channels.messaging.outbox import Sending
from bot.channels.messaging.rendering import Request
from bot.channels.messaging.sender import Closed, Later, Outcome, Refused, Sent
from bot.channels.turns import Clock
from bot.settings import Settings

logger = logging.getLogger(__name__)

WINDOW_SECONDS = 24 * 3600.0
"""How long after a person's last message free text is taken; after that only templates are."""
ANSWER_SECONDS = 15.0
CONNECT_SECONDS = 5.0
MOST_CONNECTIONS = 64

WINDOW_CLOSED = "131047"
BUSY = frozenset({"4", "80007", "130429", "131048", "131056"})
"""Too many messages, in all or to this person: none of them was delivered."""
PASSING = frozenset({"1", "2", "131000", "131016", "131057", "133004", "190", "10", "200"})
"""The platform is down, or our access is to be mended."""
FORM = frozenset({"100", "131008", "131009", "131051"})
"""The platform does not take this form of a message."""


def makes_busy(code: str) -> bool:
    """Whether a failure of this code means that the same message can be sent again."""
    return code in BUSY


class WhatsAppClient(PlatformClient):
    """Sends what is queued, and shows people that they were heard."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs addresses
        self._settings, self._clock = settings, clock
        self._http = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {settings.whatsapp_token}"},
            timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
            limits=httpx.Limits(max_connections=MOST_CONNECTIONS),
        )
        self._url = f"{settings.whatsapp_api_url}/{settings.whatsapp_phone_number_id}/messages"

    async def send(self, sending: Sending) -> Outcome:
        """One message; outside the window only a template."""
        is_template = sending.request["type"] == "template"
        if not is_template and self._clock().timestamp() - sending.heard_at >= WINDOW_SECONDS:
            return Closed(WINDOW_CLOSED)
        to = {"recipient_type": "individual", "biz_opaque_callback_data": sending.key, **sending.address}
        try:
            answer = await self._post({**to, **sending.request})
        except httpx.HTTPError as error:
            return Later("timeout" if isinstance(error, httpx.TimeoutException) else "network")
        return _outcome(answer)

    def invitation(self, sending: Sending) -> Request | None:
        """The template that asks to write again, where there is one."""
        settings = self._settings
        if not settings.whatsapp_template or sending.request["type"] == "template":
            return None
        template = {"name": settings.whatsapp_template, "language": {"code": settings.whatsapp_template_language}}
        return Request({"type": "template", "template": template})

    async def attend(self, turn: Turn) -> None:
        """Marks the message as read, and shows that an answer is being written."""
        receipt = {"status": "read", "message_id": turn.done.trace["message"], "typing_indicator": {"type": "text"}}
        try:
            answer = await self._post(receipt)
        except httpx.HTTPError as error:
            logger.warning("a read receipt was left out: %s", type(error).__name__)
            return
        if answer.is_error:
            logger.warning("a read receipt was left out: %s", _code(answer))

    async def introduce(self) -> None:
        """WhatsApp needs to know nothing beforehand."""

    async def close(self) -> None:
        """Closes the connections."""
        await self._http.aclose()

    async def _post(self, content: dict[str, Any]) -> httpx.Response:
        return await self._http.post(self._url, json={"messaging_product": "whatsapp", **content})


def _outcome(answer: httpx.Response) -> Outcome:
    if answer.is_success:
        return Sent(_message_id(answer))
    code = _code(answer)
    if code == WINDOW_CLOSED:
        return Closed(code)
    if code in BUSY or answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        return Later(code, _retry_after(answer))
    if code in PASSING or answer.is_server_error or answer.status_code == httpx.codes.UNAUTHORIZED:
        return Later(code)
    return Refused(code, form=code in FORM)


def _message_id(answer: httpx.Response) -> str | None:
    """The message's id; it was taken even where the answer can't be read."""
    try:
        return str(answer.json()["messages"][0]["id"])[:255]
    except (ValueError, KeyError, IndexError, TypeError):
        return None


def _code(answer: httpx.Response) -> str:
    """The error's code, and nothing of its text."""
    try:
        code = answer.json()["error"]["code"]
    except (ValueError, KeyError, TypeError):
        return str(answer.status_code)
    return str(code) if type(code) is int else str(answer.status_code)


def _retry_after(answer: httpx.Response) -> float | None:
    given = answer.headers.get("retry-after", "")
    return float(given) if given.isdigit() and int(given) < 24 * 3600 else None
