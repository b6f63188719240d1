"""People on WhatsApp and Telegram in front of the whole running system."""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from itertools import count
from typing import Any

import requests
from sqlalchemy import select
from sqlalchemy import text as sql

from bot.channels.messaging.outbox import OPEN
from bot.channels.messaging.payloads import Choice
from bot.channels.messaging.schema import sendings, updates
from bot.database import open_database, reading
from bot.settings import Settings
from tests.channels import fake_whatsapp
from tests.channels import telegram_updates as tg
from tests.channels import whatsapp_deliveries as wa
from tests.channels.fake_telegram import FakeTelegram
from tests.channels.fake_whatsapp import FakeWhatsApp

ANSWER_SECONDS = 60.0
_people = count(31_600_000_100)


class Messenger(ABC):
    """One person; says and taps, and reads what arrived."""

    def __init__(self, settings: Settings) -> None:
        self.id = next(_people)
        self.engine = open_database(settings.messaging_database)
        self.conversations = open_database(settings.conversations_database)
        self.url = f"http://{settings.host}:{settings.assistant_port}/webhooks"
        self.settings = settings
        self.seen = 0
        self.new: list[dict[str, Any]] = []
        """The messages of the last answer."""

    @abstractmethod
    def deliver(self, *, text: str | None = None, key: str | None = None) -> requests.Response:
        """The platform's delivery."""

    @abstractmethod
    def arrived(self) -> list[dict[str, Any]]:
        """All messages that arrived."""

    @abstractmethod
    def keys(self) -> list[str]:
        """What the last answer offers, in order."""

    @abstractmethod
    def words(self) -> str:
        """All that is to be read in the last answer."""

    def say(self, text: str) -> list[str]:
        """Types, and gives the names of the responses."""
        assert self.deliver(text=text).status_code == 200
        return self.answer()

    def tap(self, payload: str) -> list[str]:
        """Taps a choice that the last answer offers."""
        return self._tap(Choice("", payload).key)

    def tap_first(self) -> list[str]:
        """Taps the first choice."""
        return self._tap(self.keys()[0])

    def _tap(self, key: str) -> list[str]:
        assert key in self.keys(), f"not offered: {self.words()}"
        assert self.deliver(key=key).status_code == 200
        return self.answer()

    def answer(self) -> list[str]:
        """Waits until everything is answered and sent."""
        deadline = time.monotonic() + ANSWER_SECONDS
        while not self._is_settled():
            assert time.monotonic() < deadline, "no answer"
            time.sleep(0.05)
        everything = self.arrived()
        self.new, self.seen = everything[self.seen :], len(everything)
        events = self.events()
        since = max(index for index, event in enumerate(events) if event["event"] == "user")
        named = [(event.get("metadata") or {}).get("utter_action") for event in events[since:] if event["event"] == "bot"]
        return [name for name in named if name]

    def heard(self) -> list[str]:
        """Every message of the visitor that the dialogue took."""
        return [event["text"] for event in self.events() if event["event"] == "user"]

    def events(self) -> list[dict[str, Any]]:
        with reading(self.engine) as connection:
            name = connection.execute(select(updates.c.conversation).order_by(updates.c.number.desc())).scalars().first()
        with reading(self.conversations) as connection:
            rows = connection.execute(sql("SELECT data FROM events WHERE sender_id = :name ORDER BY id"), {"name": name}).all()
        return [json.loads(row.data) for row in rows]

    def _is_settled(self) -> bool:
        with reading(self.engine) as connection:
            waiting = connection.execute(select(updates.c.number).where(updates.c.finished_at.is_(None))).first()
            return waiting is None and connection.execute(select(sendings.c.number).where(sendings.c.state.in_(OPEN))).first() is None


class OnTelegram(Messenger):
    """Somebody on Telegram."""

    def __init__(self, settings: Settings, telegram: FakeTelegram) -> None:
        super().__init__(settings)
        self.telegram = telegram

    def deliver(self, *, text: str | None = None, key: str | None = None) -> requests.Response:
        update = tg.tap(key, self._message_of(key), self.id) if key is not None else tg.text(text or "", self.id)
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.settings.telegram_webhook_secret}
        return requests.post(f"{self.url}/telegram/webhook", json=update, headers=headers, timeout=10)

    def _message_of(self, key: str) -> int:
        return next(message for data, message in self.telegram.buttons(self.id).values() if data == key)

    def arrived(self) -> list[dict[str, Any]]:
        return self.telegram.sent(self.id)

    def keys(self) -> list[str]:
        offered = {data for data, _ in self.telegram.buttons(self.id).values()}
        keyboards = [message.get("reply_markup", {}).get("inline_keyboard", []) for message in self.new]
        return [
            button["callback_data"] for keyboard in keyboards for row in keyboard for button in row if button["callback_data"] in offered
        ]

    def words(self) -> str:
        return "\n".join(message["text"] for message in self.new)


class OnWhatsApp(Messenger):
    """Somebody on WhatsApp."""

    def __init__(self, settings: Settings, whatsapp: FakeWhatsApp) -> None:
        super().__init__(settings)
        self.whatsapp = whatsapp

    def deliver(self, *, text: str | None = None, key: str | None = None) -> requests.Response:
        now = int(time.time())
        message = wa.reply({"type": "list_reply", "id": key, "title": "t"}, now) if key is not None else wa.text(text or "", now)
        body = wa.raw(wa.delivery(wa.value(message, user=f"US.{self.id}", phone=f"1{self.id}")))
        return requests.post(f"{self.url}/whatsapp/webhook", data=body, headers=wa.signed(body), timeout=10)

    def arrived(self) -> list[dict[str, Any]]:
        return self.whatsapp.sent(f"1{self.id}")

    def keys(self) -> list[str]:
        found = []
        for message in self.new:
            action = message.get("interactive", {}).get("action", {})
            found += [button["reply"]["id"] for button in action.get("buttons", [])]
            found += [row["id"] for section in action.get("sections", []) for row in section["rows"]]
        return found

    def words(self) -> str:
        return "\n".join(map(fake_whatsapp.words, self.new))
