"""What a browser sends, checked and cleaned."""

import hashlib
import json
import unicodedata
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sanic.request import Request

from bot.channels.errors import ChannelError
from bot.texts import LANGUAGES

BODY_MAX_BYTES = 64 * 1024
WORD_JOINER = "\u2060"
"""An invisible character that ends no word and is no white space, so that nothing strips it."""


@dataclass(frozen=True)
class Said:
    """One message of a visitor: typed text, or the payload of a button."""

    id: str
    """Made by the client; the same id is the same message."""
    text: str | None = None
    payload: str | None = None

    @property
    def digest(self) -> str:
        """Tells whether two messages have the same content."""
        return digest(f"text:{self.text}" if self.payload is None else f"payload:{self.payload}")

    @property
    def for_dialogue(self) -> str:
        """The message as the dialogue takes it: a leading "/" is a command in a payload and plain text in what was typed."""
        if self.payload is not None:
            return self.payload
        text = self.text or ""
        return WORD_JOINER + text if text.startswith("/") else text


def digest(content: str) -> str:
    """A short name of a content of any length; broken Unicode has one too."""
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def has_body(request: Request) -> bool:
    """Whether the client sent a body at all."""
    return request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers


async def read_json_body(request: Request, most_bytes: int) -> bytes:
    """A body of JSON as it came, read no further than it may be long; what is left of it Sanic throws away behind the answer.

    Raises:
        ChannelError: unsupported_type or too_long.
    """
    media_type = (request.headers.get("content-type") or "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise ChannelError("unsupported_type")
    body, length = bytearray(), int(request.headers.get("content-length", 0))
    if length <= most_bytes:
        async for part in request.stream:
            body += part
            length = len(body)
            if length > most_bytes:
                break
    if length > most_bytes:
        raise ChannelError("too_long")
    return bytes(body)


async def read_object(request: Request) -> dict[str, Any]:
    """The JSON object in a request's body, which is not read further than `BODY_MAX_BYTES`.

    Raises:
        ChannelError: unsupported_type, too_long or malformed.
    """
    try:
        content = json.loads(await read_json_body(request, BODY_MAX_BYTES))
    except (ValueError, RecursionError) as error:
        raise ChannelError("malformed") from error
    if not isinstance(content, dict):
        raise ChannelError("malformed")
    return content


def read_said(content: dict[str, Any], max_chars: int) -> Said:
    """The message in a request.

    Raises:
        ChannelError: malformed, empty or too_long.
    """
    identifier, text, payload = _id(content.get("id")), content.get("text"), content.get("payload")
    if isinstance(payload, str) and text is None:
        return Said(identifier, payload=payload)
    if not isinstance(text, str) or payload is not None:
        raise ChannelError("malformed")
    text = clean(text)
    if not text:
        raise ChannelError("empty")
    if len(text) > max_chars:
        raise ChannelError("too_long")
    return Said(identifier, text=text)


def read_language(content: dict[str, Any]) -> str:
    """The language a conversation starts in; English when the client names none.

    Raises:
        ChannelError: malformed.
    """
    language = content.get("language")
    if language is None:
        return LANGUAGES[0]
    if language not in LANGUAGES:
        raise ChannelError("malformed")
    return str(language)


def clean(text: str) -> str:
    """The text without what can't be seen, stored or spoken: control characters, halves of characters, white space around it."""
    kept = "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))
    kept = unicodedata.normalize("NFC", kept).strip()
    return kept if any(unicodedata.category(char)[0] not in "CZ" for char in kept) else ""


def _id(value: object) -> str:
    try:
        identifier = str(UUID(value)) if isinstance(value, str) else ""
    except ValueError as error:
        raise ChannelError("malformed") from error
    if not identifier or identifier != str(value).lower():  # UUID() also takes braces, prefixes and no hyphens
        raise ChannelError("malformed")
    return identifier
