"""Deliveries as the Cloud API documents them, built by code."""

import hmac
import json
from itertools import count
from typing import Any

from tests.channels.fake_whatsapp import PHONE_NUMBER_ID

APP_SECRET = "the app's secret"
USER, PHONE = "NL.13491208655302741918", "31600000001"
_numbers = count(1)


def signed(body: bytes, secret: str = APP_SECRET) -> dict[str, str]:
    """Headers of a delivery."""
    signature = hmac.new(secret.encode(), body, "sha256").hexdigest()
    return {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={signature}"}


def delivery(*values: dict[str, Any]) -> dict[str, Any]:
    """One call of the webhook with a change for each value."""
    changes = [{"field": "messages", "value": value} for value in values]
    return {"object": "whatsapp_business_account", "entry": [{"id": "102290129340398", "changes": changes}]}


def value(*messages: dict[str, Any], user: str | None = USER, phone: str | None = PHONE, number: str = PHONE_NUMBER_ID) -> dict[str, Any]:
    contact: dict[str, Any] = {"profile": {"name": "Anna"}}
    contact |= {"wa_id": phone} if phone else {}
    contact |= {"user_id": user} if user else {}
    ids = ({"from": phone} if phone else {}) | ({"from_user_id": user} if user else {})
    return {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "31200000000", "phone_number_id": number},
        "contacts": [contact],
        "messages": [ids | message for message in messages],
    }


def message(kind: str, content: Any, at: int = 1_790_000_000) -> dict[str, Any]:
    return {"id": f"wamid.in{next(_numbers):08d}", "timestamp": str(at), "type": kind, kind: content}


def text(words: str, at: int = 1_790_000_000) -> dict[str, Any]:
    return message("text", {"body": words}, at)


def reply(chosen: dict[str, str], at: int = 1_790_000_000) -> dict[str, Any]:
    """A tapped button or row."""
    content = {key: part for key, part in chosen.items() if key != "type"}
    found = message("interactive", {"type": chosen["type"], chosen["type"]: content}, at)
    return found | {"context": {"from": "31200000000", "id": "wamid.out"}}


def status(id_: str, state: str, code: int | None = None, key: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {"id": id_, "status": state, "timestamp": "1790000000", "recipient_id": PHONE}
    found |= {"errors": [{"code": code, "title": "a title", "error_data": {"details": "details"}}]} if code else {}
    found |= {"biz_opaque_callback_data": key} if key else {}
    return {"metadata": {"phone_number_id": PHONE_NUMBER_ID}, "messaging_product": "whatsapp", "statuses": [found]}


def raw(content: Any) -> bytes:
    return json.dumps(content).encode()


FILE = {"mime_type": "image/jpeg", "sha256": "x", "id": "1"}
MEDIA: dict[str, tuple[Any, str]] = {
    "image": (FILE, "photo"),
    "video": (FILE | {"mime_type": "video/mp4"}, "photo"),
    "audio": (FILE | {"mime_type": "audio/ogg", "voice": True}, "voice"),
    "document": (FILE | {"mime_type": "application/pdf", "filename": "f.pdf"}, "other"),
    "sticker": (FILE | {"mime_type": "image/webp", "animated": False}, "other"),
    "location": ({"latitude": 52.0, "longitude": 4.0}, "place"),
    "contacts": ([{"name": {"formatted_name": "A"}, "phones": [{"phone": "31600000000"}]}], "other"),
    "order": ({"catalog_id": "1", "product_items": []}, "other"),
    "unsupported": ({"type": "poll"}, "other"),
}
"""Kind -> its part of a message, and what the dialogue hears of it."""
