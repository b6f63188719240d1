"""Asking the running system as a visitor would: over the web channel."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

import requests
from sqlalchemy import text as sql
from sqlalchemy.exc import SQLAlchemyError

from bot.asking.errors import NotAnswered
from bot.channels.tokens import Tokens
from bot.database import open_database, reading
from bot.settings import Settings

HEALTH_SECONDS = 1.0
ANSWER_SECONDS = 10.0
"""Longer than the channel lets a turn take."""


def is_healthy(url: str) -> bool:
    """Whether a health page says so."""
    try:
        return requests.get(url, timeout=HEALTH_SECONDS).ok
    except requests.RequestException:
        return False


class RunningSystem:
    """The assistant on this machine, with the ports and the database of the settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._channel = f"http://{settings.host}:{settings.assistant_port}/webhooks/web"

    def is_up(self) -> bool:
        """Whether the assistant answers."""
        return is_healthy(f"{self._channel}/health")

    def actions_are_up(self) -> bool:
        """Whether the action server answers."""
        return is_healthy(f"{self._settings.internal_actions_url.rpartition('/')[0]}/health")

    def converse(self, texts: Sequence[str], now: datetime) -> list[Mapping[str, Any]]:
        """Says the texts in one new conversation and gives its events.

        Raises:
            NotAnswered: the channel refuses a text, or its database can't be read.
        """
        token = str(self._post("session", {}, {}).get("token"))
        bearer = f"Bearer {token}"
        for text in texts:
            self._post("messages", {"id": str(uuid4()), "text": text}, {"Authorization": bearer})
        return self._events(Tokens(self._settings.key_for("web-session")).session(bearer, now))

    def _post(self, path: str, body: dict[str, str], headers: dict[str, str]) -> dict[str, Any]:
        try:
            reply = requests.post(f"{self._channel}/{path}", json=body, headers=headers, timeout=ANSWER_SECONDS)
            content = reply.json()
        except (requests.RequestException, ValueError) as error:
            raise NotAnswered(f"the assistant does not answer ({type(error).__name__})") from error
        if not reply.ok:
            refusal = content.get("error", {})
            raise NotAnswered(f"the assistant answered {reply.status_code}: {refusal.get('message', 'no reason given')}")
        return dict(content)

    def _events(self, session: str) -> list[Mapping[str, Any]]:
        """What Rasa keeps of the conversation: the web channel tells answers, not the steps towards them."""
        try:
            with reading(open_database(self._settings.conversations_database)) as connection:
                rows = connection.execute(sql("SELECT data FROM events WHERE sender_id = :sender ORDER BY id"), {"sender": session})
                return [json.loads(row.data) for row in rows]
        except SQLAlchemyError as error:
            raise NotAnswered(f"the conversations can't be read ({type(error).__name__})") from error
