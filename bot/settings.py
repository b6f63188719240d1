"""The one table of settings: name, default and what it is for.

Each is read from the environment, or from `.env` in the project's root; `.env.example` is made from this table.
"""

import hashlib
import hmac
import os
import re
import secrets
import tempfile
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseSettings, Field, ValidationError, root_validator, validator

ROOT = Path(__file__).resolve().parent.parent

SHORTEST_SECRET = 32


class SettingsError(Exception):
    """A setting has a value that can't be used; the message names the setting and what is wrong with it."""


class Settings(BaseSettings):
    """Every setting of every process; an attribute's name in capitals is the environment variable."""

    host: str = Field("127.0.0.1", description="address that the three processes listen on")
    assistant_port: int = Field(5005, gt=0, lt=65536, description="port of the assistant (channels, understanding, dialogue)")
    actions_port: int = Field(5055, gt=0, lt=65536, description="port of the action server")
    practice_port: int = Field(8000, gt=0, lt=65536, description="port of the practice's web application (booking, demo page, widget)")
    assistant_url: str = Field("", description="the assistant as a browser reaches it; empty: this machine and port")
    practice_url: str = Field("", description="the practice's web application as a browser reaches it; empty: this machine and port")
    widget_origins: str = Field(
        "", description="websites that may embed the chat, comma-separated; empty: the practice's web application only"
    )

    var_dir: Path = Field(ROOT / "var", description="folder of all state: databases, logs, the generated secret")
    models_dir: Path = Field(ROOT / "models", description="folder of the trained models; the newest is used")
    database_url: str = Field(
        "", description="SQLAlchemy URL for all data, such as postgresql://user@host/name; empty: SQLite files under VAR_DIR"
    )
    redis_url: str = Field("", description="Redis for locks shared between several workers; empty: locks in the one worker's memory")
    secret_key: str = Field(
        "",
        description="signs web sessions and the calls between the processes, 32 characters or more; empty: made once and kept under VAR_DIR",
    )

    session_hours: int = Field(24, description="how long a website conversation can go on", gt=0)
    message_max_chars: int = Field(1000, description="longest message a visitor can send", gt=0)
    messages_per_minute: int = Field(30, description="messages one website conversation may send in a minute", gt=0)
    sessions_per_minute: int = Field(30, description="website conversations one address may start in a minute", gt=0)

    telegram_token: str = Field("", description="Telegram: the bot's token from @BotFather; empty: no Telegram channel")
    telegram_secret: str = Field(
        "",
        description="Telegram: what each call of the webhook must carry, 1 to 256 of A-Z a-z 0-9 _ -; empty: derived from SECRET_KEY",
    )
    telegram_api_url: str = Field("https://api.telegram.org", description="Telegram: base URL of the Bot API")

    whatsapp_token: str = Field(
        "", description="WhatsApp: access token of a system user; empty: no WhatsApp channel; needs the three settings below"
    )
    whatsapp_phone_number_id: str = Field("", description="WhatsApp: id of the business phone number, not the number itself")
    whatsapp_app_secret: str = Field("", description="WhatsApp: the Meta app's secret, with which deliveries are signed")
    whatsapp_verify_token: str = Field("", description="WhatsApp: any text, entered in the Meta app beside the webhook's address")
    whatsapp_template: str = Field(
        "", description="WhatsApp: name of the approved template that asks people to write again after 24 hours; empty: messages wait"
    )
    whatsapp_template_language: str = Field("nl", description="WhatsApp: language code of that template, as approved")
    whatsapp_api_url: str = Field("https://graph.facebook.com/v23.0", description="WhatsApp: base URL of the Graph API with its version")

    consultation_hours: str = Field(
        "mon-fri 09:00-12:30 13:00-17:00",
        description="at the first start: when consultations can be booked, for example 'mon-thu 09:00-17:00; fri 09:00-12:00'; the default is an EXAMPLE. Afterwards the staff console is where hours are changed",
    )
    closed_days: str = Field(
        "",
        description="at the first start: days and periods without consultations, for example '2026-12-24, 2026-12-28..2027-01-02'; Dutch public holidays are closed by themselves",
    )
    video_minutes: int = Field(
        20, description="at the first start: length of a free video consultation in minutes, a multiple of 10", gt=0, multiple_of=10
    )
    practice_minutes: int = Field(
        30, description="at the first start: length of a consultation in the practice in minutes, a multiple of 10", gt=0, multiple_of=10
    )
    booking_notice_hours: int = Field(4, description="shortest time between booking and consultation, in hours", ge=0)
    booking_horizon_days: int = Field(60, description="how many days ahead consultations can be booked", gt=0)
    video_base_url: str = Field("https://meet.jit.si", description="Jitsi server for video consultations")

    practice_address: str = Field("", description="address of the practice; empty: the assistant says that it does not know it")
    practice_opening_hours: str = Field(
        "", description="at the first start: opening hours as visitors read them; empty: the assistant says that it does not know them"
    )
    practice_phone: str = Field("", description="telephone number of the practice; empty: not mentioned")
    practice_email: str = Field("", description="e-mail address of the practice; empty: not mentioned")
    privacy_url: str = Field("", description="address of the privacy notice; empty: the page /privacy of the practice's web application")

    staff_idle_minutes: int = Field(30, description="after how many minutes without use staff are logged out of the console", gt=0)

    # privacy
    conversation_days: int = Field(180, description="days after its last message on which a conversation is erased", gt=0)
    appointment_days: int = Field(365, description="days after an appointment on which it is erased", gt=0)
    backups: str = Field(
        "",
        description="where backups are and how long they are kept, as staff reads it after an erasure, such as 'nightly, on the NAS, 30 days'",
    )

    @validator("redis_url")
    def _reaches_redis(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in ("redis", "rediss", "unix"):
            raise ValueError("must begin with redis:// or rediss://")
        return value

    @validator("database_url")
    def _names_a_database(cls, value: str) -> str:
        if value and urlsplit(value).scheme.partition("+")[0] not in ("postgresql", "sqlite"):
            raise ValueError("must begin with postgresql:// or sqlite://")
        return value

    @validator("telegram_secret")
    def _fits_telegram(cls, value: str) -> str:
        if value and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value):
            raise ValueError("must be 1 to 256 of A-Z a-z 0-9 _ -")
        return value

    @validator("telegram_api_url", "whatsapp_api_url")
    def _is_an_address(cls, value: str) -> str:
        if urlsplit(value).scheme not in ("http", "https"):
            raise ValueError("must begin with https://")
        return value.rstrip("/")

    @root_validator(skip_on_failure=True)
    def _whatsapp_is_whole(cls, values: dict[str, Any]) -> dict[str, Any]:
        needed = ("whatsapp_phone_number_id", "whatsapp_app_secret", "whatsapp_verify_token")
        missing = [name.upper() for name in needed if not values[name]]
        if values["whatsapp_token"] and missing:
            raise ValueError(f"WHATSAPP_TOKEN is set, and so must be {', '.join(missing)}")
        return values

    class Config:
        env_file = ROOT / ".env"
        env_file_encoding = "utf-8"
        keep_untouched = (cached_property,)

    @property
    def public_assistant_url(self) -> str:
        """Base URL of the assistant in a browser, without a slash at the end."""
        return (self.assistant_url or f"http://localhost:{self.assistant_port}").rstrip("/")

    @property
    def public_practice_url(self) -> str:
        """Base URL of the practice's web application in a browser, without a slash at the end."""
        return (self.practice_url or f"http://localhost:{self.practice_port}").rstrip("/")

    @property
    def internal_practice_url(self) -> str:
        """Base URL by which the action server calls the booking backend."""
        return f"http://{self.host}:{self.practice_port}"

    @property
    def internal_actions_url(self) -> str:
        """Webhook by which the assistant calls the action server."""
        return f"http://{self.host}:{self.actions_port}/webhook"

    @property
    def privacy_notice_url(self) -> str:
        """Where visitors read the privacy notice."""
        return self.privacy_url or f"{self.public_practice_url}/privacy"

    @property
    def allowed_origins(self) -> frozenset[str]:
        """Origins whose pages may call the web channel from a browser."""
        own = {self.public_practice_url, f"http://127.0.0.1:{self.practice_port}"} if not self.practice_url else {self.public_practice_url}
        return frozenset(own | {part.strip().rstrip("/") for part in self.widget_origins.split(",") if part.strip()})

    @property
    def telegram_webhook_secret(self) -> str:
        """What Telegram sends with each call of the webhook."""
        return self.telegram_secret or self.key_for("telegram-webhook")

    @property
    def conversations_database(self) -> str:
        """SQLAlchemy URL of conversations and web sessions, written by the assistant."""
        return self.database_url or f"sqlite:///{self.var_dir / 'conversations.db'}"

    @property
    def messaging_database(self) -> str:
        """SQLAlchemy URL of WhatsApp's and Telegram's updates and messages, written by the assistant.

        A file of its own: SQLite has one writer at a time, and a turn would wait for the keeping of other people's messages.
        """
        return self.database_url or f"sqlite:///{self.var_dir / 'messaging.db'}"

    @property
    def practice_database(self) -> str:
        """SQLAlchemy URL of the catalogue and the appointments, written by the practice's web application."""
        return self.database_url or f"sqlite:///{self.var_dir / 'practice.db'}"

    @cached_property
    def master_secret(self) -> str:
        """The secret that all other keys are derived from; made and kept (mode 600) when the setting is empty."""
        if self.secret_key:
            if len(self.secret_key) < SHORTEST_SECRET:
                raise SettingsError(f"SECRET_KEY is too short: use {SHORTEST_SECRET} characters or more, or leave it empty")
            return self.secret_key
        path = self.var_dir / "secret.key"
        if not path.exists():
            self.var_dir.mkdir(parents=True, exist_ok=True)
            _write_once(path, secrets.token_urlsafe(48))
        secret = path.read_text().strip()
        if len(secret) < SHORTEST_SECRET:
            raise SettingsError(f"{path} holds no usable secret: delete it, and a new one is made")
        return secret

    def key_for(self, purpose: str) -> str:
        """A key for one purpose, derived so that knowing one tells nothing of the others."""
        return hmac.new(self.master_secret.encode(), purpose.encode(), hashlib.sha256).hexdigest()


def _write_once(path: Path, content: str) -> None:
    """Writes a file that only its owner may read, whole or not at all; of several processes the first one wins."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent)  # mode 600
    with os.fdopen(descriptor, "w") as file:
        file.write(content)
    with suppress(FileExistsError):
        os.link(draft, path)
    Path(draft).unlink()


def load() -> Settings:
    """The settings of this process.

    Raises:
        SettingsError: a value can't be used; names the setting.
    """
    try:
        return Settings.parse_obj({})
    except ValidationError as error:
        faults = "; ".join(e["msg"] if e["loc"][0] == "__root__" else f"{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
        raise SettingsError(f"settings that can't be used: {faults}") from error
