"""Everything about one person as a file to hand out: JSON for machines and a page to read, in one ZIP archive."""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.practice.console.conversations.events import Event
from bot.practice.console.conversations.transcript import Turn, read
from bot.practice.console.masking import mask
from bot.practice.console.texts import moment, named, texts
from bot.privacy.places import Found

NAME = "personal-data.zip"
"""Of the archive: a file's name tells nobody whose it is."""

UNREADABLE = (ValueError, TypeError, KeyError, AttributeError)
"""What an event that Rasa did not write like this raises."""
SECRET = frozenset({"idempotency_key", "request_digest", "digest", "run", "key"})
"""Columns that are the system's own and tell nothing about a person."""


def archive(found: Mapping[str, Found], now: datetime, language: str, masked: bool) -> bytes:
    """The archive.

    Args:
        language: of the page.
        masked: whether names, numbers and addresses are hidden, for a reader who need not know whom it is about.
    """
    shown = {place: {table: [_row(row) for row in rows] for table, rows in tables.items()} for place, tables in found.items()}
    if masked:
        shown = hidden(shown, names_in(found))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("data.json", json.dumps({"made_at": now.isoformat(), "places": shown}, ensure_ascii=False, indent=1, default=str))
        file.writestr("data.html", _page(shown, now, language))
    return packed.getvalue()


def names_in(found: Mapping[str, Found]) -> set[str]:
    """Names, addresses and numbers by which the rows call the person."""
    booked = [row[part] for row in _rows(found, "appointment") for part in ("name", "email", "phone")]
    told = [_slot(row) for row in _rows(found, "events") if row["type_name"] == "slot" and row["action_name"] in ("name", "email", "phone")]
    names = {value for value in (*booked, *told) if isinstance(value, str) and value != "skipped"}
    return names | {part for name in names if "@" not in name for part in name.split() if len(part) > 2 and part[0].isupper()}


def hidden(value: Any, known: Iterable[str]) -> Any:
    """The same with every text masked."""
    if isinstance(value, str):
        return mask(value, known)
    if isinstance(value, Mapping):
        return {key: hidden(each, known) for key, each in value.items()}
    return [hidden(each, known) for each in value] if isinstance(value, list) else value


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    """As handed out: without the system's own columns, JSON unpacked."""
    return {column: _unpacked(value) for column, value in row.items() if column not in SECRET and value is not None}


def _unpacked(value: Any) -> Any:
    if not isinstance(value, str) or value[:1] not in ("{", "["):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value  # a visitor may begin a sentence like that


def _page(shown: Mapping[str, Any], now: datetime, language: str) -> str:
    talks: dict[str, list[Event]] = {}
    for row in _rows(shown, "events"):
        at = datetime.fromtimestamp(row.get("timestamp") or 0, timezone.utc)
        talks.setdefault(row["sender_id"], []).append(Event(row["id"], row["type_name"], at, json.dumps(row["data"])))
    tables = {place: tables for place, tables in shown.items() if place not in ("conversations", "web")}
    facts = {"t": texts(language), "language": language, "made": moment(now, language), "tables": tables, "named": named}
    return _templates.get_template("export.html").render(facts, talks=[_turns(events) for events in talks.values()], moment=moment)


def _turns(events: Sequence[Event]) -> list[Turn]:
    """The conversation to read; empty where an event can't be read, which stands in the JSON all the same."""
    try:
        return [turn for turn in read(events).turns if not turn.hidden or turn.answers]
    except UNREADABLE:
        return []


def _rows(found: Mapping[str, Found], table: str) -> list[Mapping[str, Any]]:
    return [row for tables in found.values() for row in tables.get(table, [])]


def _slot(row: Mapping[str, Any]) -> Any:
    return json.loads(row["data"]).get("value")


_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
