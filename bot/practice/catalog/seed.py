"""Loading the catalogue's file into the database."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.engine import Connection, Engine

from bot.database import writing
from bot.practice.catalog.file import CatalogFile, Text, TreatmentEntry
from bot.practice.catalog.models import concern, skin_filter, treatment, treatment_concern, treatment_skin_filter
from bot.practice.schema import create_tables, lock_schema


def seed(engine: Engine, catalog: CatalogFile) -> None:
    """Makes the tables if needed and brings their rows in line with the file, in one transaction; doing it again changes nothing."""
    create_tables(engine)
    with writing(engine) as connection:
        lock_schema(connection)
        connection.execute(delete(treatment_concern))
        connection.execute(delete(treatment_skin_filter))
        _align(connection, concern, {key: _texts("name", text) for key, text in catalog.concerns.items()})
        _align(connection, skin_filter, {key: _texts("name", text) for key, text in catalog.skin_filters.items()})
        _align(connection, treatment, {entry.slug: _row(entry) for entry in catalog.treatments})
        for entry in catalog.treatments:
            _link(connection, treatment_concern, [{"slug": entry.slug, "concern": key} for key in entry.concerns])
            _link(connection, treatment_skin_filter, [{"slug": entry.slug, "skin_filter": key} for key in entry.skin_filters])


def _align(connection: Connection, table: Table, wanted: Mapping[str, dict[str, Any]]) -> None:
    """Updates the rows that stay, adds new ones and removes the others; rows are known by the table's primary key."""
    (key,) = table.primary_key.columns
    present = set(connection.execute(select(key)).scalars())
    connection.execute(delete(table).where(key.in_(sorted(present - wanted.keys()))))
    for value, row in wanted.items():
        statement = update(table).where(key == value) if value in present else insert(table)
        connection.execute(statement.values({key.name: value, **row}))


def _link(connection: Connection, table: Table, rows: list[dict[str, str]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _row(entry: TreatmentEntry) -> dict[str, Any]:
    return {
        **_texts("name", entry.name),
        **_texts("summary", entry.summary),
        **_texts("dark_skin_care", entry.dark_skin_care),
        **entry.dict(include={"kind", "price_cents", "currency", "price_from", "source"}),
    }


def _texts(column: str, text: Text | None) -> dict[str, str | None]:
    return {f"{column}_en": text.en if text else None, f"{column}_nl": text.nl if text else None}
