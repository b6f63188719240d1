"""A stand-in for the WhatsApp Cloud API over HTTP, as strict as the original, which misbehaves when told.

Limits from Meta's reference of the messages endpoint: text 4096 characters, interactive body 1024, 1 to 3 reply buttons with unique
titles of 1 to 20 and ids of 1 to 256, a list's button 1 to 20, at most 10 rows with unique ids of 1 to 200, titles of 1 to 24 and
descriptions of 1 to 72.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import web

TOKEN = "an-access-token-that-must-never-be-logged"
PHONE_NUMBER_ID = "106540352242922"
TEMPLATES = {("write_again", "nl")}


class Rejected(Exception):
    """What the platform answers with an error of this code."""

    def __init__(self, code: int, detail: str) -> None:
        super().__init__(detail)
        self.code = code


@dataclass
class FakeWhatsApp:
    """Takes the calls of the messages endpoint and keeps them."""

    url: str = ""
    messages: list[dict[str, Any]] = field(default_factory=list)
    """Every message that was accepted, in order, with its `id`."""
    receipts: list[dict[str, Any]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    troubles: list[Any] = field(default_factory=list)
    """What happens to the next messages instead: an error's code, a status, "hang", "taken, then hang" or "garbage"."""
    closed: set[str] = field(default_factory=set)
    """Addresses that have not written for 24 hours."""
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    _numbers: Any = field(default_factory=lambda: count(1))

    def sent(self, to: str | None = None) -> list[dict[str, Any]]:
        """Messages that arrived, in order."""
        return [message for message in self.messages if to in (None, message.get("to"), message.get("recipient"))]

    def said(self, to: str | None = None) -> list[str]:
        """What is to be read in them."""
        return [words(message) for message in self.sent(to)]

    def choices(self, to: str | None = None) -> dict[str, dict[str, str]]:
        """Full title -> the reply that tapping it sends, for all choices that were ever offered."""
        found = {}
        for message in self.sent(to):
            interactive = message.get("interactive", {})
            for button in interactive.get("action", {}).get("buttons", []):
                found[button["reply"]["title"]] = {"type": "button_reply", **button["reply"]}
            for section in interactive.get("action", {}).get("sections", []):
                for row in section["rows"]:
                    found[row.get("description", row["title"])] = {"type": "list_reply", **row}
        return found

    async def until(self, met: Callable[[], bool], seconds: float = 15.0) -> None:
        """Waits for a condition over what arrived; fails when it never comes true."""
        deadline = asyncio.get_running_loop().time() + seconds
        while not met():
            self.changed.clear()
            left = deadline - asyncio.get_running_loop().time()
            assert left > 0, f"it did not happen: {self.messages[-3:]}, refused: {self.refused}"
            try:
                await asyncio.wait_for(self.changed.wait(), min(left, 0.2))
            except asyncio.TimeoutError:
                continue

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One call of the messages endpoint."""
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return _error(401, 190, "Invalid OAuth access token")
        if request.match_info["number"] != PHONE_NUMBER_ID:
            return _error(400, 100, "Unsupported post request")
        body = await request.json()
        try:
            if body.get("status") == "read":
                return self._read(body)
            return await self._send(body)
        except Rejected as error:
            self.refused.append(f"{error.code}: {error}")
            self.changed.set()
            return _error(400, error.code, str(error))

    def _read(self, body: dict[str, Any]) -> web.Response:
        _fields(body, {"messaging_product", "status", "message_id"}, {"typing_indicator"})
        if body.get("typing_indicator", {"type": "text"}) != {"type": "text"}:
            raise Rejected(100, "typing_indicator")
        self.receipts.append(body)
        self.changed.set()
        return web.json_response({"success": True})

    async def _send(self, body: dict[str, Any]) -> web.StreamResponse:
        trouble = self.troubles.pop(0) if self.troubles else None
        if trouble == "hang":
            await asyncio.sleep(60)
        if trouble == "garbage":
            return web.Response(text="<html>bad gateway</html>", status=502)
        if isinstance(trouble, int):
            return _error(trouble if 400 <= trouble < 600 else 400, trouble, "made to fail")
        check(body)
        to = body.get("to") or body["recipient"]
        if to in self.closed and body["type"] != "template":
            raise Rejected(131047, "Re-engagement message")
        id_ = f"wamid.{next(self._numbers):08d}"
        self.messages.append(body | {"id": id_})
        self.changed.set()
        if trouble == "taken, then hang":
            await asyncio.sleep(60)
        return web.json_response({"messaging_product": "whatsapp", "contacts": [{"input": to, "wa_id": to}], "messages": [{"id": id_}]})


def check(body: dict[str, Any]) -> None:
    """Refuses what the platform would."""
    kind = body.get("type")
    optional = {"to", "recipient", "biz_opaque_callback_data", "context"}
    _fields(body, {"messaging_product", "recipient_type", "type", str(kind)}, optional)
    _is(body["messaging_product"] == "whatsapp" and body["recipient_type"] == "individual", 100, "messaging_product")
    _is(bool(body.get("to") or body.get("recipient")), 131008, "The parameter to is required")
    _is(len(body.get("biz_opaque_callback_data", "")) <= 512, 100, "biz_opaque_callback_data")
    if kind == "text":
        _fields(body["text"], {"body"}, {"preview_url"})
        _length(body["text"]["body"], 4096)
    elif kind == "template":
        template = body["template"]
        _fields(template, {"name", "language"}, {"components"})
        _is((template["name"], template["language"]["code"]) in TEMPLATES, 132001, "Template name does not exist in the translation")
    elif kind == "interactive":
        _interactive(body["interactive"])
    else:
        raise Rejected(131051, "Unsupported message type")


def words(message: dict[str, Any]) -> str:
    """What is to be read in a message."""
    if message["type"] == "template":
        return f"template {message['template']['name']}"
    return str(message["text"]["body"] if message["type"] == "text" else message["interactive"]["body"]["text"])


@asynccontextmanager
async def serving_whatsapp() -> AsyncIterator[FakeWhatsApp]:
    """The fake on a port of its own."""
    fake = FakeWhatsApp()
    app = web.Application()
    app.router.add_post("/v23.0/{number}/messages", fake.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v23.0"
    yield fake
    await runner.cleanup()


def _interactive(content: dict[str, Any]) -> None:
    _fields(content, {"type", "body", "action"}, {"header", "footer"})
    _length(content["body"]["text"], 1024)
    action = content["action"]
    if content["type"] == "button":
        _fields(action, {"buttons"}, set())
        replies = [button["reply"] for button in action["buttons"] if button["type"] == "reply"]
        _is(
            1 <= len(replies) == len(action["buttons"]) <= 3,
            131009,
            "Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3",
        )
        for reply in replies:
            _fields(reply, {"id", "title"}, set())
            _length(reply["title"], 20)
            _length(reply["id"], 256)
        _unique([reply["title"] for reply in replies], "Duplicate button title")
        _unique([reply["id"] for reply in replies], "Duplicate button id")
        return
    _is(content["type"] == "list", 131009, "interactive type")
    _fields(action, {"button", "sections"}, set())
    _length(action["button"], 20)
    _is(1 <= len(action["sections"]) <= 10, 131009, "Total section count")
    rows = [row for section in action["sections"] for row in section["rows"]]
    _is(1 <= len(rows) <= 10, 131009, "Total row count exceed max allowed count: 10")
    for row in rows:
        _fields(row, {"id", "title"}, {"description"})
        _length(row["id"], 200)
        _length(row["title"], 24)
        _length(row.get("description", "-"), 72)
    _unique([row["id"] for row in rows], "Duplicated row id")


def _fields(content: dict[str, Any], required: set[str], optional: set[str]) -> None:
    _is(required <= content.keys(), 131008, f"Required parameter is missing: {required - content.keys()}")
    _is(content.keys() <= required | optional, 100, f"Unexpected key {content.keys() - required - optional}")


def _length(text: Any, most: int) -> None:
    _is(isinstance(text, str) and len(text.strip()) >= 1 and len(text) <= most, 131009, f"length must be between 1 and {most}")


def _unique(values: list[str], fault: str) -> None:
    _is(len(set(values)) == len(values), 131009, fault)


def _is(condition: bool, code: int, fault: str) -> None:
    if not condition:
        raise Rejected(code, fault)


def _error(status: int, code: int, message: str) -> web.Response:
    body = {"error": {"message": message, "type": "OAuthException", "code": code, "error_data": {"details": message}, "fbtrace_id": "x"}}
    return web.json_response(body, status=status)
