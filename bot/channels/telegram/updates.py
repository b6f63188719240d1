"""What a Telegram update means."""

import logging
import re
from typing import Any

from telegram import CallbackQuery, ChatMemberUpdated, Message, Update
from telegram.error import TelegramError

from bot.channels.errors import ChannelError
from bot.channels.incoming import clean
from bot.channels.messaging.heard import Done, Heard

logger = logging.getLogger(__name__)

UNREADABLE = (AttributeError, KeyError, TypeError, ValueError, ArithmeticError, OSError, TelegramError)
"""What python-telegram-bot raises for an update of another shape than documented."""

LARGEST_ID = 2**63 - 1
COMMANDS = {"help": "/help", "stop": "/stop", "person": "/talk_to_human"}
"""The menu's commands beside /start, with what they say to the dialogue."""
DEEP_LINKS = {"book": '/book_consultation{"appointment_type": "video"}', "advice": "/find_treatment", "prices": "/ask_price"}
"""What a link such as https://t.me/<bot>?start=nl_book goes on with, besides a language."""
COMMAND = re.compile(r"/([a-z]+)(?:@\w+)?(?:\s+(\S+))?\s*", re.IGNORECASE)
JOINED = ("member", "administrator")


def read_update(content: dict[str, Any], max_chars: int) -> Heard | None:
    """What a person did; None for what calls for no answer, such as an edit or a message in a group.

    Args:
        max_chars: longest text that the dialogue reads; of a longer one it gets the beginning.

    Raises:
        ChannelError: malformed; it is no update at all.
    """
    number = content.get("update_id")
    if type(number) is not int or not 0 <= number <= LARGEST_ID:
        raise ChannelError("malformed")
    try:
        return _read(Update.de_json(content), number, max_chars)
    except UNREADABLE as error:
        logger.warning("a Telegram update has an unknown shape: %s", type(error).__name__)
    try:
        return _read(Update.de_json(_core(content)), number, max_chars)
    except UNREADABLE:
        return None


def _core(content: dict[str, Any]) -> dict[str, Any]:
    """What every message has had since the API's beginning, so that a person is heard whatever Telegram has added or changed."""
    message = content["message"]
    core = {name: message[name] for name in ("message_id", "date", "chat", "from", "text", "caption") if name in message}
    core["chat"] = {name: core["chat"][name] for name in ("id", "type")}
    core["from"] = {name: core["from"].get(name) for name in ("id", "is_bot", "first_name", "language_code")}
    if not core.get("text"):
        core["dice"] = {"emoji": "?", "value": 1}  # stands for whatever it was
    return {"update_id": content["update_id"], "message": core}


def _read(update: Update, number: int, max_chars: int) -> Heard | None:
    if update.callback_query:
        return _tapped(update.callback_query, number)
    if update.my_chat_member:
        return _invited(update.my_chat_member, number)
    return _sent(update.message, number, max_chars) if update.message else None


def _tapped(query: CallbackQuery, number: int) -> Heard | None:
    """A button; what it was on may be too old for Telegram to tell."""
    message = query.message
    if message is not None and message.chat.type != "private":
        return None
    trace = {"query": _text(query.id), "message": _id(message.message_id) if message else None}
    done = Done(key=_text(query.data or ""), language=_language(query.from_user), trace=trace)
    return _heard(str(number), number, _id(query.from_user.id), done)


def _invited(member: ChatMemberUpdated, number: int) -> Heard | None:
    """A group or channel that the bot was brought into: it says why it leaves, and leaves."""
    chat = member.chat
    if chat.type == "private" or member.new_chat_member.status not in JOINED or member.old_chat_member.status in JOINED:
        return None
    language = _language(member.from_user)
    done = Done(commands=(f'/join_group{{"language": "{language}"}}',), language=language, leaves=True)
    return _heard(str(number), number, _id(chat.id), done)


def _sent(message: Message, number: int, max_chars: int) -> Heard | None:
    user = message.from_user
    if message.chat.type != "private" or user is None or user.is_bot:
        return None
    language = _language(user)
    commands, text = _said(message, language, max_chars)
    if not commands and text is None:
        return None  # what Telegram itself tells in a chat, such as a pinned message
    album = message.media_group_id if message.media_group_id and text is None else None
    done = Done(commands=commands, text=text, language=language, trace={"message": _id(message.message_id)})
    return _heard(f"album-{_text(album)}" if album else str(number), number, _id(message.chat.id), done)


def _said(message: Message, language: str, max_chars: int) -> tuple[tuple[str, ...], str | None]:
    """What the channel says in the person's place, and the text."""
    what = _what(message)
    typed = _text(message.text or message.caption or "")
    if what is None and (command := COMMAND.fullmatch(typed)) and (says := _commanded(command, language)):
        return says, None
    text = clean(typed)
    if message.media_group_id and text:
        what = None  # the pictures beside it speak for this one
    if what is None and typed and not text:
        what = "other"
    if len(text) > max_chars:
        return ('/sent{"what": "long_text"}',), text[:max_chars]
    return (f'/sent{{"what": "{what}"}}',) if what else (), text or None


def _commanded(command: "re.Match[str]", language: str) -> tuple[str, ...]:
    """What a command says; nothing for one that is unknown, which is read as text."""
    name, argument = command[1].lower(), command[2]
    if name == "start":
        wishes = re.split("[_-]", (argument or "").lower())
        language = next((wish for wish in wishes if wish in ("en", "nl")), language)
        return (f'/start{{"language": "{language}"}}', *(DEEP_LINKS[wish] for wish in wishes[:4] if wish in DEEP_LINKS))
    return (COMMANDS[name],) if name in COMMANDS else ()


def _what(message: Message) -> str | None:
    """What came besides text; nothing of it is fetched."""
    if message.photo or message.video or message.animation or message.video_note:
        return "photo"
    if message.document:
        kind = str(message.document.mime_type or "").partition("/")[0]
        return "photo" if kind in ("image", "video") else "other"
    if message.voice or message.audio:
        return "voice"
    if message.location or message.venue:
        return "place"
    return "other" if message.effective_attachment else None


def _heard(id_: str, number: int, chat: int, done: Done) -> Heard:
    return Heard(id=id_, identities=(str(chat),), address={"chat_id": chat}, position=number, done=done)


def _language(user: Any) -> str:
    return "nl" if str(getattr(user, "language_code", None) or "").lower().startswith("nl") else "en"


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _id(value: object) -> int:
    if type(value) is not int or not -LARGEST_ID <= value <= LARGEST_ID:
        raise TypeError("no id")
    return value
