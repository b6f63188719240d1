"""The console's texts: one file a language beside this module."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from bot.texts import LANGUAGES

HERE = ZoneInfo("Europe/Amsterdam")


@cache
def texts(language: str) -> SimpleNamespace:
    """Every text of a language; `texts.conversations.title`."""
    loaded = yaml.safe_load(Path(__file__).with_name(f"texts.{language}.yml").read_text(encoding="utf-8"))
    return _namespace(loaded)


def preferred(accept_language: str) -> str:
    """The language of a browser's Accept-Language header: the one of ours that it names first, else English."""
    asked = (part.partition(";")[0].strip().lower().partition("-")[0] for part in accept_language.split(","))
    return next((language for language in asked if language in LANGUAGES), LANGUAGES[0])


def moment(at: datetime, language: str) -> str:
    """A moment as staff reads it, in the practice's time: '22 Nov 2026, 20:45'."""
    local = at.astimezone(HERE)
    return f"{local.day} {texts(language).months[local.month - 1]} {local.year}, {local:%H:%M}"


def local_day(at: datetime) -> date:
    """The day of a moment in the practice's time."""
    return at.astimezone(HERE).date()


def clock(at: datetime) -> str:
    """The time of a moment in the practice's time: '20:45'."""
    return f"{at.astimezone(HERE):%H:%M}"


def day_named(day: date, language: str) -> str:
    """A day as staff reads it: 'Sun 22 Nov 2026'."""
    return f"{texts(language).weekdays[day.weekday()]} {day.day} {texts(language).months[day.month - 1]} {day.year}"


def named(section: SimpleNamespace, key: str) -> str:
    """What a section calls something; the key itself where it has no name for it."""
    return str(getattr(section, key, key))


def _namespace(value: Any) -> Any:
    if isinstance(value, Mapping):
        return SimpleNamespace(**{str(key): _namespace(each) for key, each in value.items()})
    return value
