"""What every request to the console passes first: session, permission, forgery check, headers. Denied is what nothing allows."""

import hmac
import logging
from dataclasses import replace
from urllib.parse import parse_qs, quote

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.practice.console.permissions import Permission, permission
from bot.practice.console.staff import sessions
from bot.practice.console.texts import preferred
from bot.practice.console.visit import BASE, COOKIE, Console, Visit
from bot.practice.errors import origin

logger = logging.getLogger(__name__)

SAFE = ("GET", "HEAD")
MOST_FIELDS = 200
TOKEN_CHARS = 100

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Gate:
    """Lets through what the table of permissions allows, with a `Visit` in the request's scope."""

    def __init__(self, app: ASGIApp, console: Console) -> None:
        self._app = app
        self._console = console

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request, or passes it on; every answer gets the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        guarded = _with_headers(send)
        try:
            visit, entry = await self._visit(Request(scope, receive))
            scope["visit"] = visit
            answer = self._refused(visit, entry) or self._app
            await answer(scope, receive, guarded)
        except HTTPException as error:
            await Response(status_code=error.status_code)(scope, receive, guarded)
        except SQLAlchemyError as error:
            logger.error("the console's database fails: %s", type(error).__name__)
            await Response(status_code=503, headers={"Retry-After": "1"})(scope, receive, guarded)
        except Exception as error:  # noqa: BLE001 - the border: whatever it is, the log gets no personal data
            logger.error("unexpected %s at %s", type(error).__name__, origin(error))
            await Response(status_code=500)(scope, receive, guarded)

    async def _visit(self, request: Request) -> tuple[Visit, Permission | None]:
        """Who asks for what; a sent form is read here, so that no page can do without the forgery check."""
        console, now = self._console, self._console.clock()
        if "%00" in request.url.query or "\0" in request.scope["path"]:  # PostgreSQL takes it in no text
            raise HTTPException(400)
        entry = permission(request.method, _path(request))
        token = request.cookies.get(COOKIE, "")[:TOKEN_CHARS]
        counts = entry.counts_as_use if entry else False
        account = await run_in_threadpool(sessions.owner, console.engine, token, now, console.idle, counts) if token else None
        language = account.language if account and account.language else preferred(request.headers.get("accept-language", ""))
        visit = Visit(console, request, account, token or sessions.new_token(), language, now)
        if request.method in SAFE:
            return visit, entry
        sent = _fields(await request.body())
        return replace(visit, form={name: values[0] for name, values in sent.items()}, repeated=sent), entry

    def _refused(self, visit: Visit, entry: Permission | None) -> Response | None:
        """The answer to what may not be done; None where it may."""
        request, account = visit.request, visit.account
        if account is None and (entry is None or not entry.allows(None)):
            return _to_log_in(visit)
        if entry is None:
            return visit.page("error.html", 404, code="not_found")
        if not entry.allows(account.role if account else None):
            return visit.page("error.html", 403, code="forbidden")
        if request.method not in SAFE and not self._is_own(visit):
            return visit.page("error.html", 403, code="forged")
        if account is not None and account.must_change and not entry.before_change:
            return visit.go("/account")
        return None

    def _is_own(self, visit: Visit) -> bool:
        """Whether one of the console's own pages sent it, by the token in its form or, from a script, in a header."""
        given = visit.form.get("csrf") or visit.request.headers.get("x-csrf-token", "")
        return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), self._console.csrf(visit.token).encode())


def set_cookie(visit: Visit, response: Response, token: str) -> Response:
    """Keeps the session's cookie in the browser until that is closed."""
    response.set_cookie(COOKIE, token, path=BASE, httponly=True, samesite="lax", secure=visit.console.is_https)
    return response


def _to_log_in(visit: Visit) -> Response:
    """To the log-in and back afterwards, where something was only to be read."""
    request = visit.request
    if request.method not in SAFE:
        return Response(status_code=401)
    path = _path(request)
    return RedirectResponse(f"{BASE}/log-in" + (f"?to={quote(path)}" if path != "/" else ""), 303)


def _path(request: Request) -> str:
    """The path below the console's own."""
    path: str = request.scope["path"]
    return path.removeprefix(request.scope["root_path"]) or "/"


def _fields(body: bytes) -> dict[str, list[str]]:
    """The fields of a sent form.

    Raises:
        HTTPException: 400.
    """
    try:
        return parse_qs(body.decode().replace("%00", ""), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError as error:
        raise HTTPException(400) from error


def _with_headers(send: Send) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            headers.setdefault("Cache-Control", "no-cache" if "etag" in headers else "no-store")
        await send(message)

    return guarded
