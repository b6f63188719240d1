"""What a request must pass before anything of it is read: the API's key, and a size that is no burden."""

import hmac

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.practice.errors import error_reply

BODY_LIMIT = 64 * 1024
"""Largest body of a request in bytes."""


class RequireKey:
    """Refuses requests below `/api` that don't carry the key in X-API-Key."""

    def __init__(self, app: ASGIApp, key: str) -> None:
        self._app = app
        self._key = key.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, or answers 401."""
        if scope["type"] == "http" and f"{scope['path']}/".startswith("/api/"):
            given = Headers(scope=scope).get("x-api-key", "")
            # Latin-1, as headers are: a sign outside it can't arrive, and compare_digest takes only ASCII text.
            if not hmac.compare_digest(given.encode("latin-1"), self._key):
                await error_reply(401, "unauthorized", "X-API-Key is missing or wrong")(scope, receive, send)
                return
        await self._app(scope, receive, send)


class LimitBody:
    """Refuses bodies above the limit: at once where the length is announced, else as soon as it is passed."""

    def __init__(self, app: ASGIApp, limit: int = BODY_LIMIT) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, or answers 413."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isascii() or not announced.isdigit() or int(announced) > self._limit:
            await error_reply(413, "too_long", f"a body has at most {self._limit} bytes")(scope, receive, send)
            return
        await self._app(scope, self._counted(receive), send)

    def _counted(self, receive: Receive) -> Receive:
        received = 0

        async def counting() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._limit:
                raise HTTPException(413, f"a body has at most {self._limit} bytes")
            return message

        return counting
