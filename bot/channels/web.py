"""The website chat's channel: sessions and messages as JSON over HTTP."""

import asyncio
import hmac
import ipaddress
from collections.abc import Awaitable
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any
from uuid import uuid4

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json

from bot import settings as project
from bot.agent import prepare, release
from bot.channels import cors, health
from bot.channels.conversation import delete_conversation, set_language
from bot.channels.errors import ChannelError, unavailable
from bot.channels.incoming import has_body, read_language, read_object, read_said
from bot.channels.output import WebOutput
from bot.channels.sessions import Sessions
from bot.channels.tokens import Tokens
from bot.channels.turns import Clock, Dialogue, Patience, Turns
from bot.database import open_database
from bot.new_model import follow_models
from bot.settings import Settings


def utc_now() -> datetime:
    """The time."""
    return datetime.now(timezone.utc)


class WebChannel(InputChannel):
    """The endpoints under /webhooks/web: sessions, messages, their history, and the assistant's health."""

    def __init__(self, settings: Settings, clock: Clock = utc_now, patience: Patience = Patience()) -> None:
        self._settings = settings
        self._clock = clock
        self._patience = patience
        self._tokens = Tokens(settings.key_for("web-session"))
        self._address_key = settings.key_for("web-address").encode()

    @classmethod
    def name(cls) -> str:
        """The channel's name in URLs and in events."""
        return WebOutput.name()

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "WebChannel":  # noqa: ARG003
        """The channel with the process's settings; credentials.yml only switches it on."""
        return cls(project.load())

    def blueprint(self, on_new_message: Dialogue) -> Blueprint:
        """The routes."""
        web = Blueprint("web_channel")

        # streamed, so that a body is refused by its size before it is in memory
        @web.post("/session", stream=True)
        async def start(request: Request) -> HTTPResponse:
            return await _answered(self._start(request, on_new_message), status=201)

        @web.post("/messages", stream=True)
        async def say(request: Request) -> HTTPResponse:
            return await _answered(self._say(request, on_new_message))

        @web.get("/messages")
        async def history(request: Request) -> HTTPResponse:
            return await _answered(self._history(request))

        @web.get("/health")
        async def report(request: Request) -> HTTPResponse:
            return await self._report(request)

        @web.put("/session", stream=True)
        async def change(request: Request) -> HTTPResponse:
            return await _done(self._change(request))

        @web.delete("/session")
        async def delete(request: Request) -> HTTPResponse:
            return await _done(self._delete(request))

        @web.options("/session", name="preflight_session")
        @web.options("/messages", name="preflight_messages")
        async def preflight(_: Request) -> HTTPResponse:
            return empty()

        @web.on_response
        async def protect(request: Request, response: HTTPResponse) -> None:
            cors.set_headers(request, response, self._settings.allowed_origins)
            response.headers.update({"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"})

        web.listener("before_server_start")(self._open)
        web.listener("after_server_start")(self._prepare)
        web.listener("before_server_stop")(self._close)
        return web

    async def _start(self, request: Request, dialogue: Dialogue) -> dict[str, Any]:
        language = read_language(await read_object(request) if has_body(request) else {})
        session, now, settings = f"web-{uuid4().hex}", self._clock(), self._settings
        expires_at = now + timedelta(hours=settings.session_hours)
        sessions, turns = _ready(request)
        claim = partial(sessions.open, session, self._address(request), settings.sessions_per_minute, now)
        messages = await turns.answer(claim, f'/start{{"language":"{language}"}}', dialogue)
        token = self._tokens.make(session, expires_at)
        return {"token": token, "expires_at": expires_at.isoformat(timespec="seconds"), "messages": messages}

    async def _say(self, request: Request, dialogue: Dialogue) -> dict[str, Any]:
        now, settings = self._clock(), self._settings
        session = self._tokens.session(request.headers.get("authorization"), now)
        said = read_said(await read_object(request), settings.message_max_chars)
        sessions, turns = _ready(request)
        claim = partial(sessions.claim, session, said, settings.messages_per_minute, now)
        return {"messages": await turns.answer(claim, said.for_dialogue, dialogue)}

    async def _history(self, request: Request) -> dict[str, Any]:
        session = self._tokens.session(request.headers.get("authorization"), self._clock())
        context = request.app.ctx
        read = partial(context.web_sessions.history, session, request.args.get("after"))
        return {"messages": await context.web_turns.stored(read)}

    async def _change(self, request: Request) -> None:
        """From now on the assistant answers in another language, as far as its texts have it."""
        session = self._tokens.session(request.headers.get("authorization"), self._clock())
        language = read_language(await read_object(request))
        await set_language(session, language, *_ready(request), request.app.ctx.agent)

    async def _delete(self, request: Request) -> None:
        """Deletes the conversation; asking again after that is no error."""
        session = self._tokens.session(request.headers.get("authorization"), self._clock())
        await delete_conversation(session, *_ready(request), request.app.ctx.agent, self._clock)

    async def _report(self, request: Request) -> HTTPResponse:
        context, actions = request.app.ctx, self._settings.internal_actions_url.rpartition("/")[0]
        probe = partial(context.web_turns.stored, context.web_sessions.probe)
        report = await health.report(context.agent, probe, f"{actions}/health")
        return json(report, status=503 if report["status"] == "down" else 200)

    def _address(self, request: Request) -> str:
        """What stands for the client's network: nothing that leads back to it.

        Behind a proxy Sanic knows the client by its own settings (SANIC_PROXIES_COUNT, SANIC_REAL_IP_HEADER).
        """
        address = request.remote_addr or request.ip
        try:
            if ipaddress.ip_address(address).version == 6:  # a household has a whole /64 to choose from
                address = str(ipaddress.ip_network(f"{address}/64", strict=False))
        except ValueError:
            pass  # a Unix socket has no address
        return hmac.new(self._address_key, address.encode(), "sha256").hexdigest()

    def _open(self, app: Sanic, _: Any) -> None:
        """Opens the database in the worker that uses it."""
        self._settings.var_dir.mkdir(parents=True, exist_ok=True)
        engine = open_database(self._settings.conversations_database)
        app.ctx.web_sessions = Sessions(engine, keep_seconds=self._settings.session_hours * 3600)
        app.ctx.web_sessions.prepare()
        app.ctx.web_turns = Turns(app.ctx.web_sessions, self._clock, self._patience)

    def _prepare(self, app: Sanic, _: Any) -> None:
        prepare(app.ctx.agent)
        app.ctx.new_models = asyncio.get_running_loop().create_task(follow_models(app.ctx.agent, self._settings.models_dir))

    async def _close(self, app: Sanic, _: Any) -> None:
        app.ctx.new_models.cancel()
        await app.ctx.web_turns.close()
        await release(app.ctx.agent)


async def _answered(content: Awaitable[dict[str, Any]], status: int = 200) -> HTTPResponse:
    try:
        return json(await content, status=status)
    except ChannelError as error:
        return json(error.body, status=error.status, headers=error.headers)


async def _done(work: Awaitable[None]) -> HTTPResponse:
    try:
        await work
    except ChannelError as error:
        return json(error.body, status=error.status, headers=error.headers)
    return empty()


def _ready(request: Request) -> tuple[Sessions, Turns]:
    """The store and the turns, once a model is there to answer: Rasa drops messages silently before."""
    context = request.app.ctx
    if not context.agent.is_ready():
        raise unavailable()
    return context.web_sessions, context.web_turns
