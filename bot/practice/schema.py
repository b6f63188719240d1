"""Making the tables of the practice's web application, and bringing those of an earlier version up to date."""

from sqlalchemy import MetaData, inspect, select, text, update
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.schema import CreateColumn

from bot.database import writing
from bot.practice.booking.models import appointment, appointment_unit
from bot.practice.booking.models import metadata as booking
from bot.practice.catalog.models import metadata as catalog
from bot.practice.changes import metadata as changes
from bot.practice.console.conversations.models import create_index_tables
from bot.practice.console.models import metadata as console
from bot.practice.console.teaching.models import create_teaching_tables
from bot.privacy.schema import metadata as privacy

SCHEMA_LOCK = 6_330_001
"""Number of the PostgreSQL lock that processes starting at the same time queue at; SQLite's write lock does it by itself."""


def create_tables(engine: Engine) -> None:
    """Makes the tables that are missing; safe to call again, and from several processes at once."""
    with writing(engine) as connection:
        lock_schema(connection)
        catalog.create_all(connection)
        booking.create_all(connection)
        changes.create_all(connection)
        _bring_up_to_date(connection)
        console.create_all(connection)
        create_index_tables(connection)
        create_teaching_tables(connection)
        privacy.create_all(connection)


def lock_schema(connection: Connection) -> None:
    """Lets one process at a time change tables or seeded rows, until its transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": SCHEMA_LOCK})


def _bring_up_to_date(connection: Connection) -> None:
    """Adds the columns that tables of an earlier version lack, and fills those that follow from others."""
    added = [name for metadata in (catalog, booking) for name in _add_missing_columns(connection, metadata)]
    if "appointment.therapist" in added:
        claimed = select(appointment_unit.c.therapist).where(appointment_unit.c.appointment_id == appointment.c.id).limit(1)
        connection.execute(update(appointment).values(therapist=claimed.scalar_subquery()))


def _add_missing_columns(connection: Connection, metadata: MetaData) -> list[str]:
    """Each has to be nullable or to have a default of the database's; gives their names."""
    added = []
    inspector = inspect(connection)
    for table in metadata.sorted_tables:
        present = {column["name"] for column in inspector.get_columns(table.name)}
        for column in table.columns:
            if column.name not in present:
                definition = CreateColumn(column).compile(dialect=connection.dialect)
                connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {definition}")
                added.append(f"{table.name}.{column.name}")
    return added
