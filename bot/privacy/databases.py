"""The databases that hold personal data, opened together."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import inspect
from sqlalchemy.engine import Engine

from bot.database import open_database
from bot.settings import Settings


@dataclass(frozen=True)
class Databases:
    """One engine each; with one PostgreSQL database for all, three engines of it."""

    assistant: Engine
    """Conversations and web sessions."""
    messaging: Engine
    """WhatsApp and Telegram."""
    practice: Engine
    """Appointments and the staff console."""

    def engine(self, name: str) -> Engine:
        """By its name here."""
        engine: Engine = getattr(self, name)
        return engine

    def fresh(self) -> "Databases":
        """The same, for one look: what tables there are is found out again, since the assistant may have made its own meanwhile."""
        return Databases(self.assistant, self.messaging, self.practice)

    def has(self, name: str, table: str) -> bool:
        """Whether a table is there: a part that never ran has made none."""
        return table in self._tables[name]

    @cached_property
    def _tables(self) -> dict[str, set[str]]:
        return {name: set(inspect(self.engine(name)).get_table_names()) for name in ("assistant", "messaging", "practice")}


@contextmanager
def open_databases(settings: Settings, practice: Engine | None = None) -> Iterator[Databases]:
    """Opens those of the settings, and closes them at the end; a given one stays open."""
    own = practice is None
    databases = Databases(
        open_database(settings.conversations_database),
        open_database(settings.messaging_database),
        practice if practice is not None else open_database(settings.practice_database),
    )
    try:
        yield databases
    finally:
        databases.assistant.dispose()
        databases.messaging.dispose()
        if own:
            databases.practice.dispose()
