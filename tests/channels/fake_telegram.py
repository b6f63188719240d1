"""A stand-in for Telegram's Bot API over HTTP, as strict as the original, which misbehaves when told.

Limits from https://core.telegram.org/bots/api: text 1 to 4096 characters in UTF-16 units, callback data 1 to 64 bytes, at most 100
buttons, 1 to 100 commands with a name of 1 to 32 lower-case letters and a description of 1 to 256 characters.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

TOKEN = "123456:a-token-that-must-never-be-logged"

Trouble = Callable[[str, dict[str, Any]], "web.StreamResponse | None"]


class Rejected(Exception):
    """What the Bot API answers with 400."""


@dataclass
class FakeTelegram:
    """Takes the bot's calls and keeps them."""

    url: str = ""
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """Every call that was accepted, in order."""
    refused: list[str] = field(default_factory=list)
    """Why calls were answered with 400."""
    troubles: list[tuple[str, Any]] = field(default_factory=list)
    """What happens to the next calls of a method instead: (method, a status, "hang", "taken, then hang", "garbage" or seconds to retry after)."""
    unread: list[dict[str, Any]] = field(default_factory=list)
    """Updates for getUpdates."""
    updates_taken: int = 0
    answered: Counter[str] = field(default_factory=Counter)
    _numbers: Any = field(default_factory=lambda: count(1000))
    _messages: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def said(self, chat: int | None = None) -> list[str]:
        """Texts that arrived, in order."""
        return [call["text"] for call in self.sent(chat)]

    def sent(self, chat: int | None = None) -> list[dict[str, Any]]:
        """Messages that arrived, in order."""
        return [call for method, call in self.calls if method == "sendMessage" and chat in (None, call["chat_id"])]

    def buttons(self, chat: int) -> dict[str, tuple[str, int]]:
        """Title -> (callback data, message) of every button that is there to tap."""
        return {
            button["text"]: (button["callback_data"], message)
            for (in_chat, message), sent in self._messages.items()
            if in_chat == chat
            for row in sent.get("reply_markup", {}).get("inline_keyboard", [])
            for button in row
        }

    def of(self, method: str) -> list[dict[str, Any]]:
        """The accepted calls of one method."""
        return [call for name, call in self.calls if name == method]

    async def until(self, met: Callable[[], bool], seconds: float = 15.0) -> None:
        """Waits for a condition over what arrived; fails when it never comes true."""
        deadline = asyncio.get_running_loop().time() + seconds
        while not met():
            self.changed.clear()
            left = deadline - asyncio.get_running_loop().time()
            assert left > 0, f"it did not happen: {self.calls[-5:]}, refused: {self.refused}"
            try:
                await asyncio.wait_for(self.changed.wait(), min(left, 0.2))
            except asyncio.TimeoutError:
                continue

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One call of the Bot API."""
        token, method = request.match_info["token"], request.match_info["method"]
        if token != TOKEN:
            return _error(401, "Unauthorized")
        call = await _parameters(request)
        trouble = next((found for found in self.troubles if found[0] == method), None)
        if trouble:
            self.troubles.remove(trouble)
            if trouble[1] == "taken, then hang":
                self._take(method, call)
            if trouble[1] in ("hang", "taken, then hang"):
                await asyncio.sleep(60)
            if trouble[1] == "garbage":
                return web.Response(text="<html>bad gateway</html>")
            if isinstance(trouble[1], float):
                return _error(429, "Too Many Requests: retry later", retry_after=trouble[1])
            if isinstance(trouble[1], str):
                self.refused.append(trouble[1])
                return _error(400, f"Bad Request: {trouble[1]}")
            return _error(trouble[1], "Internal Server Error" if trouble[1] >= 500 else "Forbidden: bot was blocked by the user")
        try:
            result = self._take(method, call)
        except (Rejected, KeyError, ValueError) as error:
            self.refused.append(f"{method}: {error}")
            self.changed.set()
            return _error(400, f"Bad Request: {error}")
        return web.json_response({"ok": True, "result": result})

    def _take(self, method: str, call: dict[str, Any]) -> Any:
        check = getattr(self, f"_{method}", None)
        if check is None:
            raise Rejected(f"unknown method {method}")
        result = check(call)
        self.calls.append((method, call))
        self.changed.set()
        return result

    def _sendMessage(self, call: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - the Bot API's names
        _need(call, {"chat_id", "text"}, {"reply_markup", "link_preview_options"})
        _check_text(call["text"])
        if "reply_markup" in call:
            _check_keyboard(call["reply_markup"])
        number = next(self._numbers)
        self._messages[call["chat_id"], number] = call
        return {"message_id": number, "date": 1, "chat": {"id": call["chat_id"], "type": "private"}, "text": call["text"]}

    def _sendChatAction(self, call: dict[str, Any]) -> bool:  # noqa: N802
        _need(call, {"chat_id", "action"}, set())
        if call["action"] != "typing":
            raise Rejected("unknown action")
        return True

    def _answerCallbackQuery(self, call: dict[str, Any]) -> bool:  # noqa: N802
        _need(call, {"callback_query_id"}, {"text"})
        self.answered[call["callback_query_id"]] += 1
        if self.answered[call["callback_query_id"]] > 1:
            raise Rejected("query is too old and response timeout expired or query ID is invalid")
        return True

    def _editMessageReplyMarkup(self, call: dict[str, Any]) -> Any:  # noqa: N802
        _need(call, {"chat_id", "message_id"}, {"reply_markup"})
        message = self._messages.get((call["chat_id"], call["message_id"]))
        if message is None:
            raise Rejected("message to edit not found")
        if "reply_markup" not in message:
            raise Rejected("message is not modified")
        del message["reply_markup"]
        return {"message_id": call["message_id"], "date": 1, "chat": {"id": call["chat_id"], "type": "private"}}

    def _setMyCommands(self, call: dict[str, Any]) -> bool:  # noqa: N802
        _need(call, {"commands"}, {"language_code", "scope"})
        if not 1 <= len(call["commands"]) <= 100:
            raise Rejected("BOT_COMMANDS_TOO_MUCH")
        for command in call["commands"]:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]) or not 1 <= len(command["description"]) <= 256:
                raise Rejected("BOT_COMMAND_INVALID")
        return True

    def _leaveChat(self, call: dict[str, Any]) -> bool:  # noqa: N802
        _need(call, {"chat_id"}, set())
        return True

    def _setWebhook(self, call: dict[str, Any]) -> bool:  # noqa: N802
        _need(call, {"url", "secret_token", "allowed_updates"}, {"max_connections", "drop_pending_updates"})
        if not call["url"].startswith("https://"):
            raise Rejected("bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", call["secret_token"]):
            raise Rejected("secret token contains unallowed characters")
        return True

    def _deleteWebhook(self, call: dict[str, Any]) -> bool:  # noqa: N802
        return True

    def _getMe(self, call: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {"id": 123456, "is_bot": True, "first_name": "Practice", "username": "practice_bot"}

    def _getUpdates(self, call: dict[str, Any]) -> list[dict[str, Any]]:  # noqa: N802
        offset = call.get("offset") or 0
        self.unread = [update for update in self.unread if update["update_id"] >= offset]
        return self.unread


@asynccontextmanager
async def serving_telegram(port: int = 0) -> AsyncIterator[FakeTelegram]:
    """The fake on a port of its own."""
    fake = FakeTelegram()
    app = web.Application()
    app.router.add_route("*", "/bot{token}/{method}", fake.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield fake
    await runner.cleanup()


async def _parameters(request: web.Request) -> dict[str, Any]:
    """Parameters of a form, whose values are JSON where they are no text."""
    body = (await request.read()).decode()
    if request.content_type == "application/json":
        return dict(json.loads(body))
    call: dict[str, Any] = dict(parse_qsl(body, keep_blank_values=True, strict_parsing=bool(body)))
    for name, value in call.items():
        if name not in ("text", "callback_query_id", "action", "language_code", "url", "secret_token"):
            call[name] = json.loads(value)
    return call


def _need(call: dict[str, Any], required: set[str], optional: set[str]) -> None:
    if missing := required - call.keys():
        raise Rejected(f"{missing} is missing")
    if unknown := call.keys() - required - optional:
        raise Rejected(f"{unknown} is not expected")
    if "chat_id" in call and type(call["chat_id"]) is not int:
        raise Rejected("chat not found")


def _check_text(text: str) -> None:
    if not text.strip():
        raise Rejected("message text is empty")
    if len(text.encode("utf-16-le")) // 2 > 4096:
        raise Rejected("message is too long")


def _check_keyboard(markup: dict[str, Any]) -> None:
    rows = markup["inline_keyboard"]
    buttons = [button for row in rows for button in row]
    if not all(rows) or len(buttons) > 100:
        raise Rejected("reply markup is too long")
    for button in buttons:
        _check_text(button["text"])
        if set(button) != {"text", "callback_data"} or not 1 <= len(button["callback_data"].encode()) <= 64:
            raise Rejected("BUTTON_DATA_INVALID")


def _error(status: int, description: str, retry_after: float | None = None) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if retry_after is not None:
        body["parameters"] = {"retry_after": int(retry_after) if retry_after >= 1 else retry_after}
    return web.json_response(body, status=status)
