"""Inserts that leave it to the database's constraints who was first, the same on SQLite and PostgreSQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection


def insert_new(connection: Connection, table: Table, row: dict[str, Any]) -> bool:
    """Inserts a row, and says whether it is new: a row that breaks a unique constraint is left out."""
    statement = _insert(connection, table).on_conflict_do_nothing()
    return bool(connection.execute(statement, row).rowcount)


def insert_or_replace(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Inserts rows; those whose primary key is there already get the new values."""
    statement = _insert(connection, table)
    keys = [column.name for column in table.primary_key]
    values = {column.name: statement.excluded[column.name] for column in table.columns if column.name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=values), list(rows))


def _insert(connection: Connection, table: Table) -> Any:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)
