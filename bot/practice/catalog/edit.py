"""Changing the catalogue: reading a treatment as it can be edited, and writing it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.engine import Connection

from bot.practice.catalog.models import treatment, treatment_concern, treatment_skin_filter
from bot.practice.slugs import free_slug

TEXTS = ("name", "summary", "price_note", "duration", "dark_skin_care")
"""Each a column a language."""
COLUMNS = (*(f"{name}_{language}" for name in TEXTS for language in ("en", "nl")), "price_cents", "hidden")
LINKS: Mapping[str, tuple[Table, str]] = {
    "concerns": (treatment_concern, "concern"),
    "skin_filters": (treatment_skin_filter, "skin_filter"),
}
ADDED = "console"
"""Source of what the practice adds itself."""


def read_values(connection: Connection, slug: str) -> dict[str, Any] | None:
    """What of a treatment can be changed; None where there is no such treatment."""
    row = connection.execute(select(treatment).where(treatment.c.slug == slug)).mappings().first()
    if row is None:
        return None
    links = {field: sorted(_links(connection, table, slug)) for field, (table, _) in LINKS.items()}
    return {column: row[column] for column in COLUMNS} | {"price_from": bool(row["price_from"])} | links


def write_values(connection: Connection, slug: str, values: Mapping[str, Any]) -> None:
    """Writes all of them."""
    connection.execute(update(treatment).where(treatment.c.slug == slug).values(**_row(values)))
    for field, (table, column) in LINKS.items():
        connection.execute(delete(table).where(table.c.slug == slug))
        if values[field]:
            connection.execute(insert(table), [{"slug": slug, column: key} for key in values[field]])


def add(connection: Connection, kind: str, values: Mapping[str, Any]) -> str:
    """Adds a treatment; gives the slug that is made of its English name."""
    taken = {*connection.execute(select(treatment.c.slug)).scalars(), "new"}
    slug = free_slug(values["name_en"], taken, 30, "treatment")
    connection.execute(insert(treatment).values(slug=slug, kind=kind, source=ADDED, **_row(values)))
    write_values(connection, slug, values)
    return slug


def _row(values: Mapping[str, Any]) -> dict[str, Any]:
    priced = values["price_cents"] is not None
    money = {"currency": "EUR" if priced else None, "price_from": values["price_from"] if priced else None}
    return {column: values[column] for column in COLUMNS} | money


def _links(connection: Connection, table: Table, slug: str) -> list[str]:
    return [key for of, key in connection.execute(select(table)) if of == slug]
