"""What a delivery of the WhatsApp Cloud API means: every entry, change, message and status of it."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.channels.incoming import clean
from bot.channels.messaging.heard import Done, Heard, Moved

logger = logging.getLogger(__name__)

SENT_KINDS = {"image": "photo", "video": "photo", "audio": "voice", "voice": "voice", "location": "place"}
"""What came instead of text; whatever else is not known, such as stickers, contacts, orders and `unsupported`, is `other`."""
NO_TURN = frozenset({"reaction", "ephemeral", "errors", "edit", "revoke"})
"""What calls for no answer."""
DUTCH_SPEAKING = ("31", "32")
"""Country codes of the phone numbers whose owners are greeted in Dutch."""
DUTCH_COUNTRIES = ("NL.", "BE.")
"""The same as business-scoped user ids begin."""


@dataclass(frozen=True)
class Status:
    """What became of a message of ours."""

    platform_id: str
    state: str
    """`sent`, `delivered`, `read` or `failed`."""
    error: str | None
    """Code of the failure."""
    key: str | None
    """What we sent with the message."""


@dataclass(frozen=True)
class Delivery:
    """All that one call of the webhook tells."""

    heard: tuple[Heard | Moved, ...]
    statuses: tuple[Status, ...]


class Unreadable(Exception):
    """A part of a delivery has another shape than documented."""


def read_delivery(content: dict[str, Any], phone_number_id: str, max_chars: int) -> Delivery:
    """What a delivery tells of one of our numbers; a part that can't be read is left out and the others are not.

    Args:
        phone_number_id: the number that the assistant speaks for; what is for another one is not ours.
        max_chars: longest text that the dialogue reads; of a longer one it gets the beginning.
    """
    heard: list[Heard | Moved] = []
    statuses: list[Status] = []
    for value in _values(content):
        if _dict(value.get("metadata")).get("phone_number_id") != phone_number_id:
            continue
        contacts = [_dict(contact) for contact in _list(value.get("contacts"))]
        for message in map(_dict, _list(value.get("messages"))):
            try:
                found = _read_message(message, contacts, max_chars)
            except Unreadable:
                logger.warning("a WhatsApp message has an unknown shape")
                continue
            heard += [found] if found else []
        statuses += [known for status in map(_dict, _list(value.get("statuses"))) if (known := _read_status(status))]
    return Delivery(tuple(heard), tuple(statuses))


def _values(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for entry in map(_dict, _list(content.get("entry"))):
        for change in map(_dict, _list(entry.get("changes"))):
            if change.get("field", "messages") == "messages":
                yield _dict(change.get("value"))


def _read_message(message: dict[str, Any], contacts: list[dict[str, Any]], max_chars: int) -> Heard | Moved | None:
    kind = _text(message.get("type"))
    if kind == "system":
        return _moved(message)
    if kind in NO_TURN or message.get("group_id"):
        return None
    user, phone = _who(message, contacts)
    done = _done(kind, message, max_chars, "nl" if user.startswith(DUTCH_COUNTRIES) or phone.startswith(DUTCH_SPEAKING) else "en")
    return Heard(_text(message.get("id")), _ids(user, phone), _address(user, phone), _seconds(message.get("timestamp")), done)


def _who(message: dict[str, Any], contacts: list[dict[str, Any]]) -> tuple[str, str]:
    """The business-scoped user id and the phone number, either of which may be missing."""
    user, phone = _optional(message.get("from_user_id")), _optional(message.get("from"))
    mine = [c for c in contacts if phone and c.get("wa_id") == phone or user and c.get("user_id") == user] or contacts[:1]
    if mine and (len(contacts) == 1 or user or phone):
        user = user or _optional(mine[0].get("user_id"))
        phone = phone or _optional(mine[0].get("wa_id"))
    if not user and not phone:
        raise Unreadable
    return user, phone


def _done(kind: str, message: dict[str, Any], max_chars: int, language: str) -> Done:
    part, trace = _dict(message.get(kind)), {"message": _text(message.get("id"))}
    if kind == "interactive":
        reply = _dict(part.get("button_reply") or part.get("list_reply"))
        if reply:
            return Done(key=_text(reply.get("id")), language=language, trace=trace)
    if kind == "button":  # of a template: its payload is not one of ours, but what it says is
        return _typed((), _optional(part.get("text")), max_chars, language, trace)
    if kind == "request_welcome":
        return Done(commands=(f'/start{{"language": "{language}"}}',), language=language, trace=trace)
    if kind == "text":
        return _typed((), _text(part.get("body")), max_chars, language, trace)
    what = SENT_KINDS.get(kind, "other")
    if kind == "document" and str(part.get("mime_type")).partition("/")[0] in ("image", "video"):
        what = "photo"
    return _typed((f'/sent{{"what": "{what}"}}',), _optional(part.get("caption")), max_chars, language, trace)


def _typed(commands: tuple[str, ...], typed: str, max_chars: int, language: str, trace: dict[str, str]) -> Done:
    text = clean(typed)
    if len(text) > max_chars:
        commands, text = (*commands, '/sent{"what": "long_text"}'), text[:max_chars]
    if not commands and not text:
        commands = ('/sent{"what": "other"}',)
    return Done(commands=commands, text=text or None, language=language, trace=trace)


def _moved(message: dict[str, Any]) -> Moved | None:
    """A person who has a new number or a new user id; other things that the system tells change nothing."""
    system = _dict(message.get("system"))
    if not str(system.get("type", "")).startswith(("user_changed", "customer_changed")):
        return None
    old_user = _optional(system.get("previous_user_id")) or _optional(message.get("from_user_id"))
    old = _ids(old_user, _optional(message.get("from")))
    user, phone = _optional(system.get("user_id")), _optional(system.get("wa_id")) or _optional(system.get("new_wa_id"))
    return Moved(old, _ids(user, phone), _address(user, phone)) if old and (user or phone) else None


def _read_status(status: dict[str, Any]) -> Status | None:
    id_, state, key = status.get("id"), status.get("status"), status.get("biz_opaque_callback_data")
    if not isinstance(id_, str) or not isinstance(state, str):
        return None
    errors = [_dict(error).get("code") for error in _list(status.get("errors"))]
    code = next((str(code) for code in errors if type(code) is int), "unknown")
    return Status(id_, state, code if state == "failed" else None, key if isinstance(key, str) else None)


def _ids(user: str, phone: str) -> tuple[str, ...]:
    """The user id first: phone numbers change hands."""
    return tuple(f"{kind}:{id_}" for kind, id_ in (("user", user), ("phone", phone)) if id_)


def _address(user: str, phone: str) -> dict[str, str]:
    return {name: id_ for name, id_ in (("to", phone), ("recipient", user)) if id_}


def _seconds(value: object) -> int:
    """A time as the platform writes it, digits in a text; it only orders messages, so that one without it is heard all the same."""
    return int(value) if isinstance(value, str) and re.fullmatch(r"[0-9]{1,12}", value) else 0


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise Unreadable
    return value


def _optional(value: object) -> str:
    return value if isinstance(value, str) else ""


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
