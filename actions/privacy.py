"""The link to the privacy notice."""

from typing import Any

from actions.texts import text
from bot.settings import Settings


def privacy_link(settings: Settings, language: str) -> dict[str, Any]:
    """The link as a rich part of a message."""
    return {"link": {"url": settings.privacy_notice_url, "title": text("privacy_link", language)}}
