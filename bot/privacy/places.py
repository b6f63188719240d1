"""Where personal data is: one class a place, and the list of all. What is added to a database belongs to one of them or to `IMPERSONAL`.

A place finds rows and erases them; each is safe to repeat. A new table of personal data is a new entry of `PLACES`, mostly a `Rows`.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, and_, delete, or_, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.sql.elements import ClauseElement

from bot.channels import schema as web
from bot.channels.ending import END
from bot.channels.messaging import records
from bot.channels.messaging.schema import leases
from bot.database import reading, writing
from bot.practice.booking.models import appointment, appointment_unit
from bot.practice.console.conversations import models as console
from bot.practice.console.conversations.events import events
from bot.practice.console.conversations.index import Index
from bot.practice.console.masking import MASK
from bot.privacy.databases import Databases
from bot.privacy.mentions import like, pattern
from bot.privacy.person import Person
from bot.privacy.schema import erasure

Row = Mapping[str, Any]
Found = dict[str, list[Row]]
"""Rows by table."""


class Place(ABC):
    """Somewhere that personal data is kept."""

    name: str
    """Which the console's texts translate, under `places`."""
    database: str
    """Its database, by its name in `Databases`."""
    tables: tuple[str, ...]
    """The tables it answers for."""

    @abstractmethod
    def find(self, databases: Databases, person: Person) -> Found:
        """Everything about a person, by table; tables without a row may be left out."""

    @abstractmethod
    def erase(self, databases: Databases, person: Person) -> int:
        """Erases that, and gives the number of rows."""

    def is_there(self, databases: Databases) -> bool:
        """Whether it has its tables already."""
        return databases.has(self.database, self.tables[0])


@dataclass(frozen=True)
class Rows(Place):
    """Whole rows of tables that say whose they are."""

    name: str
    database: str
    owned: tuple[tuple[Table, Callable[[Person], ClauseElement]], ...]
    """Each table with the condition on a person's rows; erased in this order."""

    @property
    def tables(self) -> tuple[str, ...]:  # type: ignore[override]
        """Their names."""
        return tuple(table.name for table, _ in self.owned)

    def find(self, databases: Databases, person: Person) -> Found:
        """By the conditions."""
        with reading(databases.engine(self.database)) as connection:
            return {table.name: rows(connection, table, whose(person)) for table, whose in self.owned}

    def erase(self, databases: Databases, person: Person) -> int:
        """In one transaction."""
        with writing(databases.engine(self.database)) as connection:
            return sum(connection.execute(delete(table).where(whose(person))).rowcount for table, whose in self.owned)


class Messaging(Place):
    """What the channels of messaging platforms keep: the address, updates, messages to send."""

    name = "messaging"
    database = "messaging"
    tables = (*(table.name for table in records.ABOUT_A_PERSON), leases.name, web.rates.name)

    def find(self, databases: Databases, person: Person) -> Found:
        """By conversation."""
        found: Found = {}
        for sender in sorted(person.senders):
            for table, its_rows in records.export(databases.messaging, sender).items():
                found.setdefault(table, []).extend(its_rows)
        return found

    def erase(self, databases: Databases, person: Person) -> int:
        """By conversation."""
        return sum(records.erase(databases.messaging, sender) for sender in sorted(person.senders))


class Console(Place):
    """The console's copy of conversations, with who waits, notes and tags."""

    name = "console"
    database = "practice"
    tables = ("console_conversation", "console_message", "console_waiting", "console_note", "console_tag", "console_search")

    def find(self, databases: Databases, person: Person) -> Found:
        """The conversation and all that belongs to it; the words of the search are those of the messages."""
        mine = console.conversation.c.sender.in_(person.senders)
        numbers = select(console.conversation.c.id).where(mine)
        beside = (console.message, console.waiting, console.note, console.tag)
        with reading(databases.practice) as connection:
            found = {table.name: rows(connection, table, table.c.conversation_id.in_(numbers)) for table in beside}
            return {console.conversation.name: rows(connection, console.conversation, mine), **found}

    def erase(self, databases: Databases, person: Person) -> int:
        """With the index, which knows how to read on afterwards."""
        found = sum(len(its_rows) for its_rows in self.find(databases, person).values())
        index = Index(databases.practice, databases.assistant)
        for sender in sorted(person.senders):
            index.forget(sender)
        return found


class Notes(Place):
    """A person named in a note on somebody else's conversation: their e-mail address, number or reference is taken out of it."""

    name = "notes"
    database = "practice"
    tables = (console.note.name,)

    def find(self, databases: Databases, person: Person) -> Found:
        """Notes that hold one of the values."""
        with reading(databases.practice) as connection:
            return {console.note.name: self._mentioning(connection, person)}

    def erase(self, databases: Databases, person: Person) -> int:
        """The note stays, without the value."""
        with writing(databases.practice) as connection:
            found = self._mentioning(connection, person)
            for row in found:
                said = row["text"]
                for value in person.values:
                    said = pattern(value).sub(MASK, said)
                connection.execute(update(console.note).where(console.note.c.id == row["id"]).values(text=said))
        return len(found)

    def _mentioning(self, connection: Connection, person: Person) -> list[Row]:
        elsewhere = select(console.conversation.c.id).where(console.conversation.c.sender.not_in(person.senders))
        return mentioning(connection, console.note.c.text, person, console.note.c.conversation_id.in_(elsewhere))


class Searches(Place):
    """What staff searched for, and filters that were named after somebody."""

    name = "searches"
    database = "practice"
    tables = (console.searched.name, console.saved_filter.name)

    def find(self, databases: Databases, person: Person) -> Found:
        """By one of the values."""
        with reading(databases.practice) as connection:
            return self._found(connection, person)

    def erase(self, databases: Databases, person: Person) -> int:
        """Whole."""
        with writing(databases.practice) as connection:
            found = self._found(connection, person)
            for table in (console.searched, console.saved_filter):
                connection.execute(delete(table).where(table.c.id.in_([row["id"] for row in found[table.name]])))
        return sum(map(len, found.values()))

    def _found(self, connection: Connection, person: Person) -> Found:
        return {
            console.searched.name: mentioning(connection, console.searched.c.words, person),
            console.saved_filter.name: mentioning(connection, console.saved_filter.c.name, person),
        }


class Erasures(Place):
    """Erasures that are still to be done; a finished one names nobody."""

    name = "erasures"
    database = "practice"
    tables = (erasure.name,)

    def find(self, databases: Databases, person: Person) -> Found:
        """Nothing: it is there to be erased anyway."""
        return {}

    def erase(self, databases: Databases, person: Person) -> int:
        """Nothing: each empties itself at its end."""
        return 0


PLACES: tuple[Place, ...] = (
    # the order of erasing: first what others are made from
    Rows("conversations", "assistant", ((events, lambda person: events.c.sender_id.in_(person.senders)),)),
    Rows(
        "web",
        "assistant",
        (
            (web.turns, lambda person: web.turns.c.session.in_(person.senders) & (web.turns.c.id != END)),
            (web.offers, lambda person: web.offers.c.session.in_(person.senders)),
            (web.rates, lambda person: web.rates.c.key.in_(person.senders)),
        ),
    ),
    Messaging(),
    Console(),
    Notes(),
    Searches(),
    Rows(
        "appointments",
        "practice",
        (
            (appointment_unit, lambda person: appointment_unit.c.appointment_id.in_(person.appointments)),
            (appointment, lambda person: appointment.c.id.in_(person.appointments)),
        ),
    ),
    Erasures(),
)

IMPERSONAL: Mapping[str, str] = {
    **dict.fromkeys(("concern", "skin_filter", "treatment", "treatment_concern", "treatment_skin_filter"), "the catalogue"),
    "console_cursor": "how far the events were read",
    "console_staff": "accounts of the staff, who are people of their own",
    "console_session": "log-ins of the staff",
    "console_attempt": "digests of log-ins",
    "console_audit": "what staff did, to which number; without personal data of visitors",
    "privacy_run": "times",
    # SQLite's full-text search keeps itself in these; they are erased with console_search
    "console_search_config": "of the search",
    "console_search_content": "of the search",
    "console_search_data": "of the search",
    "console_search_docsize": "of the search",
    "console_search_idx": "of the search",
}
"""Tables without a visitor's personal data, each with what is in it."""


def find(databases: Databases, person: Person) -> dict[str, Found]:
    """Everything about a person, by place and table; what is empty is left out."""
    found = {place.name: place.find(databases, person) for place in PLACES if place.is_there(databases)}
    filled = {name: {table: its_rows for table, its_rows in tables.items() if its_rows} for name, tables in found.items()}
    return {name: tables for name, tables in filled.items() if tables}


def rows(connection: Connection, table: Table, where: ClauseElement) -> list[Row]:
    """Rows of a table in the order of their keys."""
    found = connection.execute(select(table).where(where).order_by(*table.primary_key.columns))
    return [dict(row) for row in found.mappings()]


def mentioning(connection: Connection, column: Any, person: Person, *where: ClauseElement) -> list[Row]:
    """Rows of a column's table in which it holds one of a person's values."""
    if not person.values:
        return []
    found = rows(connection, column.table, and_(or_(*(like(column, value) for value in sorted(person.values))), *where))
    return [row for row in found if any(pattern(value).search(row[column.name]) for value in person.values)]
