"""Updates as the Bot API documents them, built by code."""

from itertools import count
from typing import Any

_numbers = count(500_000)
PRIVATE = 700


def user(chat: int = PRIVATE, language: str | None = "en") -> dict[str, Any]:
    found = {"id": chat, "is_bot": False, "first_name": "Anna"}
    return found | ({"language_code": language} if language else {})


def update(**content: Any) -> dict[str, Any]:
    return {"update_id": next(_numbers), **content}


def message(chat: int = PRIVATE, language: str | None = "en", **content: Any) -> dict[str, Any]:
    """A private message with any content."""
    body = {"message_id": next(_numbers), "date": 1_790_000_000, "chat": {"id": chat, "type": "private", "first_name": "Anna"}}
    return update(message=body | {"from": user(chat, language)} | content)


def text(words: str, chat: int = PRIVATE, language: str | None = "en") -> dict[str, Any]:
    entities = {"entities": [{"type": "bot_command", "offset": 0, "length": len(words.split()[0])}]} if words.startswith("/") else {}
    return message(chat, language, text=words, **entities)


def tap(data: str, message_id: int = 1, chat: int = PRIVATE) -> dict[str, Any]:
    on = {"message_id": message_id, "date": 1_790_000_000, "chat": {"id": chat, "type": "private"}, "text": "a question"}
    query = {"id": str(next(_numbers)), "from": user(chat), "chat_instance": "1", "message": on, "data": data}
    return update(callback_query=query)


def group_text(words: str) -> dict[str, Any]:
    found = text(words, chat=-1001)
    found["message"]["chat"] = {"id": -1001, "type": "supergroup", "title": "A group"}
    return found


def membership(chat_type: str, old: str, new: str, chat: int = -1001) -> dict[str, Any]:
    bot = {"id": 123456, "is_bot": True, "first_name": "Practice"}
    state = {"until_date": 0} if "kicked" in (old, new) else {}
    return update(
        my_chat_member={
            "chat": {"id": chat, "type": chat_type, "title": "A group"},
            "from": user(1, "nl"),
            "date": 1_790_000_000,
            "old_chat_member": {"user": bot, "status": old} | state,
            "new_chat_member": {"user": bot, "status": new} | state,
        }
    )


FILE: dict[str, Any] = {"file_id": "f", "file_unique_id": "u", "file_size": 1}
PHOTO = {"photo": [FILE | {"width": 90, "height": 90}]}
MEDIA: dict[str, tuple[dict[str, Any], str]] = {
    "photo": (PHOTO, "photo"),
    "video": ({"video": FILE | {"width": 1, "height": 1, "duration": 1}}, "photo"),
    "animation": (
        {"animation": FILE | {"width": 1, "height": 1, "duration": 1}, "document": FILE | {"mime_type": "video/mp4"}},
        "photo",
    ),
    "video note": ({"video_note": FILE | {"length": 1, "duration": 1}}, "photo"),
    "photo as a file": ({"document": FILE | {"mime_type": "image/jpeg"}}, "photo"),
    "document": ({"document": FILE | {"mime_type": "application/pdf"}}, "other"),
    "voice": ({"voice": FILE | {"duration": 1}}, "voice"),
    "audio": ({"audio": FILE | {"duration": 1}}, "voice"),
    "location": ({"location": {"latitude": 52.0, "longitude": 4.0}}, "place"),
    "venue": (
        {
            "location": {"latitude": 52.0, "longitude": 4.0},
            "venue": {"location": {"latitude": 52.0, "longitude": 4.0}, "title": "t", "address": "a"},
        },
        "place",
    ),
    "sticker": (
        {"sticker": FILE | {"type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}},
        "other",
    ),
    "contact": ({"contact": {"phone_number": "31600000000", "first_name": "A"}}, "other"),
    "dice": ({"dice": {"emoji": "🎲", "value": 3}}, "other"),
    "poll": (
        {
            "poll": {
                "id": "1",
                "question": "q",
                "options": [{"text": "a", "voter_count": 0, "persistent_id": "1"}],
                "total_voter_count": 0,
                "is_closed": False,
                "is_anonymous": True,
                "type": "regular",
                "allows_multiple_answers": False,
            }
        },
        "other",
    ),
}
"""Kind -> its part of a message, and what the dialogue hears of it."""
