"""What an answer becomes on a platform."""

from dataclasses import dataclass, field
from typing import Any

from bot.channels.messaging.payloads import Choice


@dataclass(frozen=True)
class Request:
    """One request to the platform."""

    content: dict[str, Any]
    """Its method and parameters in JSON's types, without the address."""
    plain: dict[str, Any] | None = None
    """The same as text alone, with numbers before the choices."""
    numbers: dict[str, int] = field(default_factory=dict)
    """The numbers that `plain` shows, by the keys of the choices."""


@dataclass(frozen=True)
class Rendered:
    """One turn's answer."""

    requests: tuple[Request, ...] = ()
    choices: tuple[Choice, ...] = ()
    numbered: tuple[Choice, ...] = ()
    """Choices that the text shows with numbers, from 1 on."""
