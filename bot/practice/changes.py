"""What was changed, by whom, from what to what; and who changed it first when two do so at once.

Each thing that can be changed (a treatment, the hours, an appointment) has a version that goes up with every change. Whoever saves says
which version they saw: if there is a newer one, nothing is saved and they are told.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, Text, insert, select, text, update
from sqlalchemy.engine import Connection

from bot.practice.booking.models import UtcDateTime

metadata = MetaData()

version_table = Table(
    "practice_version",
    metadata,
    Column("kind", String(20), primary_key=True),
    Column("key", String(40), primary_key=True),
    Column("number", Integer, nullable=False),
)

change_table = Table(
    "practice_change",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("key", String(40), nullable=False),
    Column("version", Integer, nullable=False, doc="of the thing, after the change"),
    Column("field", String(40), nullable=False),
    Column("before", Text, nullable=False, doc="JSON"),
    Column("after", Text, nullable=False, doc="JSON"),
    Column("at", UtcDateTime, nullable=False),
    Column("staff_id", Integer),
    Column("staff_name", String(100), doc="kept, since accounts can go; None: a visitor by the assistant"),
    Index("practice_change_thing", "kind", "key", "version"),
)
"""Rows are only added."""


FIRST = f"INSERT INTO {version_table.name} (kind, key, number) VALUES (:kind, :key, 1) ON CONFLICT DO NOTHING"
"""Written as SQL, which SQLite and PostgreSQL read alike."""


@dataclass(frozen=True)
class Thing:
    """Something that can be changed."""

    kind: str
    key: str = ""


@dataclass(frozen=True)
class By:
    """Who changes it."""

    staff_id: int | None = None
    name: str | None = None


VISITOR = By()
"""Somebody who books, moves or cancels by the assistant."""


@dataclass(frozen=True)
class Change:
    """One field that was changed."""

    id: int
    thing: Thing
    version: int
    field: str
    before: Any
    after: Any
    at: datetime
    name: str | None
    """Who did it; None: a visitor."""


class Conflict(Exception):
    """It was changed since the version that was seen; nothing has been saved."""


def version(connection: Connection, thing: Thing) -> int:
    """The present version; 0 as long as nothing was changed."""
    return _version(connection, thing, lock=False) or 0


def save(
    connection: Connection, thing: Thing, seen: int | None, before: Mapping[str, Any], after: Mapping[str, Any], by: By, now: datetime
) -> bool:
    """Keeps what differs and raises the version, within the caller's transaction; says whether anything differs.

    Args:
        seen: the version that the change was made on; None where nobody has looked at it before.
        before, after: values that JSON can hold, by field.

    Raises:
        Conflict: there is a newer version.
    """
    present = _version(connection, thing, lock=True)
    if seen is not None and seen != (present or 0):
        raise Conflict
    fields = [field for field in after if before.get(field) != after[field]]
    if not fields:
        return False
    number = (present or 0) + 1
    same = (version_table.c.kind == thing.kind) & (version_table.c.key == thing.key)
    row: dict[str, Any] = {"kind": thing.kind, "key": thing.key}
    if present is not None:
        connection.execute(update(version_table).where(same).values(number=number))
    elif not connection.execute(text(FIRST), row).rowcount:
        raise Conflict  # somebody else's first change has just come in
    row |= {"version": number, "at": now, "staff_id": by.staff_id, "staff_name": by.name}
    rows = [row | {"field": field, "before": _json(before.get(field)), "after": _json(after[field])} for field in fields]
    connection.execute(insert(change_table), rows)
    return True


def history(connection: Connection, thing: Thing, since: int = 0, limit: int = 100) -> list[Change]:
    """The changes of a thing after a version, newest first."""
    c = change_table.c
    query = select(change_table).where(c.kind == thing.kind, c.key == thing.key, c.version > since).order_by(c.id.desc()).limit(limit)
    return [_change(row) for row in connection.execute(query).mappings()]


def change(connection: Connection, number: int) -> Change | None:
    """One change."""
    row = connection.execute(select(change_table).where(change_table.c.id == number)).mappings().first()
    return _change(row) if row else None


def _version(connection: Connection, thing: Thing, lock: bool) -> int | None:
    query = select(version_table.c.number).where(version_table.c.kind == thing.kind, version_table.c.key == thing.key)
    return connection.execute(query.with_for_update() if lock else query).scalar_one_or_none()


def _change(row: Mapping[str, Any]) -> Change:
    kept = {name: row[name] for name in ("id", "version", "field", "at")}
    values = {name: json.loads(row[name]) for name in ("before", "after")}
    return Change(thing=Thing(row["kind"], row["key"]), name=row["staff_name"], **kept, **values)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
