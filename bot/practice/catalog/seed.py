"""Loading the catalogue's file into the database, as its beginning."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, insert, select
from sqlalchemy.engine import Connection, Engine

from bot.database import writing
from bot.practice.catalog.file import CatalogFile, Text, TreatmentEntry
from bot.practice.catalog.models import concern, skin_filter, treatment, treatment_concern, treatment_skin_filter
from bot.practice.schema import create_tables, lock_schema


def seed(engine: Engine, catalog: CatalogFile) -> None:
    """Makes the tables if needed and adds what the database has not got yet, in one transaction.

    The file is where the catalogue begins. What is in the database belongs to the staff, who change it in the console: it stays as it is.
    """
    create_tables(engine)
    with writing(engine) as connection:
        lock_schema(connection)
        _add(connection, concern, {key: _texts("name", text) for key, text in catalog.concerns.items()})
        _add(connection, skin_filter, {key: _texts("name", text) for key, text in catalog.skin_filters.items()})
        new = _add(connection, treatment, {entry.slug: _row(entry) for entry in catalog.treatments})
        for entry in (entry for entry in catalog.treatments if entry.slug in new):
            _link(connection, treatment_concern, [{"slug": entry.slug, "concern": key} for key in entry.concerns])
            _link(connection, treatment_skin_filter, [{"slug": entry.slug, "skin_filter": key} for key in entry.skin_filters])


def _add(connection: Connection, table: Table, wanted: Mapping[str, dict[str, Any]]) -> set[str]:
    """Adds the rows whose primary key is not there; gives those keys."""
    (key,) = table.primary_key.columns
    new = wanted.keys() - set(connection.execute(select(key)).scalars())
    for value in sorted(new):
        connection.execute(insert(table).values({key.name: value, **wanted[value]}))
    return new


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
