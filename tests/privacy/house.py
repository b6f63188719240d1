"""A practice in which people have left their data everywhere, and a look into every table and file of it."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import insert, inspect, select, text

from bot.channels import limits
from bot.channels import schema as web
from bot.channels.incoming import Said as WebSaid
from bot.channels.messaging import leases
from bot.channels.messaging.heard import Done, Heard
from bot.channels.messaging.inbox import Inbox
from bot.channels.messaging.outbox import Outbox
from bot.channels.messaging.payloads import Choice
from bot.channels.messaging.rendering import Rendered, Request
from bot.channels.messaging.schema import metadata as messaging
from bot.channels.messaging.schema import people
from bot.channels.sessions import Sessions, Turn
from bot.database import reading, writing
from bot.practice.console.conversations import upkeep
from bot.practice.console.conversations.events import events
from bot.practice.console.conversations.index import Index
from bot.practice.console.conversations.models import conversation
from bot.practice.console.models import staff
from bot.practice.console.staff import accounts
from bot.practice.console.staff.accounts import Account, Role
from bot.practice.schema import create_tables
from bot.privacy.databases import Databases, open_databases
from bot.settings import Settings
from bot.tables import create_tables as create
from tests.practice.console.generator import Said
from tests.practice.world import NOW, request, settings, store

DATABASES = ("assistant", "messaging", "practice")


@dataclass(frozen=True)
class Somebody:
    """A visitor and what they leave behind."""

    name: str
    email: str
    phone: str
    word: str
    """Something that nobody else says."""
    slot: datetime

    @property
    def web(self) -> str:
        """The name of their conversation on the website."""
        return f"web-{hashlib.md5(self.word.encode()).hexdigest()}"

    @property
    def needles(self) -> tuple[str, ...]:
        """What no file and no table may hold once it is erased."""
        return self.name, self.email, self.phone, self.phone[1:], self.phone.replace("+31", "0"), self.word


ANNA = Somebody("Anna Plantedstra", "anna.planted@example.com", "+31612345678", "aardbeienvlek", NOW + timedelta(days=4, hours=5))
BERT = Somebody("Bert Anders", "planted@example.com", "+31612345679", "bosbessenvlek", NOW + timedelta(days=4, hours=6))


class House:
    """The databases, with what people leave in them by the ways they really take."""

    def __init__(self, folder: Path, own: Settings, databases: Databases) -> None:
        self.folder, self.settings, self.databases, self.now = folder, own, databases, NOW
        self.key = own.key_for("privacy")
        events.metadata.create_all(databases.assistant)
        create(databases.assistant, web.metadata)
        create(databases.messaging, web.metadata)
        create(databases.messaging, messaging)
        create_tables(databases.practice)
        self.index = Index(databases.practice, databases.assistant)
        with writing(databases.practice) as connection:
            number, _ = accounts.add(connection, "staff@practice.example", "Staff", Role.ADMINISTRATOR, self.now)
        with reading(databases.practice) as connection:
            assert connection.execute(select(staff.c.id)).scalar_one() == number
            self.staff: Account = accounts.account(connection, login="staff@practice.example")

    def lives_in(self, who: Somebody) -> None:
        """Chats and books on the website, writes on WhatsApp, waits for a person, is noted, tagged and searched for."""
        reference = self._books(who)
        self._chats(who, reference)
        self._writes(who)
        self.index.catch_up_wholly(self.now)
        self._is_worked_on(who)

    def _books(self, who: Somebody) -> str:
        appointments = store(self.databases.practice)
        wanted = request(name=who.name, email=who.email, phone=who.phone, start=who.slot, findings={"concern": who.word})
        return appointments.book(wanted, f"key-of-{who.word}", self.now).reference

    def _chats(self, who: Somebody, reference: str) -> None:
        said = Said(who.web, "web", "en", (self.now - timedelta(minutes=20)).timestamp())
        said.start()
        said.user(f"I have an {who.word}, can I talk to somebody", "talk_to_human", 0.95)
        said.bot("utter_person_phone", "You can call us.")
        for fact in ("name", "email", "phone"):
            said.user(str(getattr(who, fact)), "nlu_fallback", 0.2)
            said.slot(fact, getattr(who, fact))
        said.slot("booked", reference)
        said.bot("utter_booked", f"It is booked, {who.name}.")
        self.adds(said)
        sessions = Sessions(self.databases.assistant, keep_seconds=86_400)
        turn = sessions.open(who.web, f"address of {who.slot}", 99, self.now)
        sessions.finish(turn, [], self.now)
        mine = sessions.claim(who.web, WebSaid(_uuid(who), text=who.word), 99, self.now)
        assert isinstance(mine, Turn)
        button = {"title": f"About {who.word}", "payload": f"/{who.word}"}
        sessions.finish(mine, [{"id": "1", "text": who.email, "buttons": [button], "cards": [], "slots": []}], self.now)

    def adds(self, said: Said) -> None:
        """Writes events as the assistant does."""
        with writing(self.databases.assistant) as connection:
            connection.execute(insert(events), said.rows)

    def _writes(self, who: Somebody) -> None:
        engine, number = self.databases.messaging, who.phone[1:]
        inbox = Inbox(engine, "whatsapp", "identity key", 99)
        heard = [Heard(f"{who.word}-{n}", (f"phone:{number}",), {"to": number}, n, Done(text=f"{who.word} {n}")) for n in (1, 2)]
        inbox.store(heard, self.now - timedelta(minutes=1))
        turn = inbox.claim(self.whatsapp(who), self.now)
        assert turn
        answer = Rendered((Request({"text": {"body": f"dear {who.name}"}}),), (Choice(who.word, f"/{who.word}"),))
        inbox.finish(turn, answer, self.now)
        sending = Outbox(engine, "whatsapp").claim(turn.conversation, self.now)
        assert sending
        Outbox(engine, "whatsapp").fail(sending, "131026", self.now)
        with writing(engine) as connection:
            leases.take(connection, f"in:{turn.conversation}", "lost", self.now.timestamp() - 500, 60)
            limits.admit(connection, turn.conversation, 99, self.now.timestamp())
        said = Said(turn.conversation, "whatsapp", "nl", (self.now - timedelta(minutes=10)).timestamp())
        said.start()
        said.user(f"mijn {who.word} bloedt", "red_flag", 1.0)
        said.bot("utter_red_flag_spot", "Please see a doctor.")
        self.adds(said)

    def whatsapp(self, who: Somebody) -> str:
        """The name of their conversation there."""
        with reading(self.databases.messaging) as connection:
            rows = connection.execute(select(people.c.conversation, people.c.address)).all()
        return str(next(row.conversation for row in rows if json.loads(row.address)["to"] == who.phone[1:]))

    def _is_worked_on(self, who: Somebody) -> None:
        with writing(self.databases.practice) as connection:
            for sender in (who.web, self.whatsapp(who)):
                number = connection.execute(select(conversation.c.id).where(conversation.c.sender == sender)).scalar_one()
                upkeep.add_note(connection, number, self.staff, f"called {who.name} at {who.phone}", self.now)
                upkeep.add_tag(connection, number, who.word)
            upkeep.keep_search(connection, self.staff, who.email, self.now)
            upkeep.save_filter(connection, self.staff, f"for {who.email}", "channel=web")

    def notes_elsewhere(self, who: Somebody, on: Somebody) -> None:
        """A note on one person's conversation that names another."""
        with writing(self.databases.practice) as connection:
            number = connection.execute(select(conversation.c.id).where(conversation.c.sender == on.web)).scalar_one()
            upkeep.add_note(connection, number, self.staff, f"sister of {who.email.upper()}", self.now)

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table of every database."""
        found: dict[str, list[tuple[Any, ...]]] = {}
        for name in DATABASES:
            engine = self.databases.engine(name)
            with reading(engine) as connection:
                for table in inspect(engine).get_table_names():
                    if self.settings.database_url and name != _owner(table):
                        continue  # one database for all
                    rows = connection.execute(text(f'SELECT * FROM "{table}"')).all()
                    found[f"{name}.{table}"] = sorted((tuple(row) for row in rows), key=repr)
        return found

    def holding(self, who: Somebody) -> set[str]:
        """Tables, and files below the folder, in which somebody's data stands as it is."""
        needles = [needle.encode() for needle in who.needles]
        tables = {table for table, rows in self.tables().items() if any(str(rows).find(needle) >= 0 for needle in who.needles)}
        files = {path.name for path in self.folder.rglob("*") if path.is_file() and any(needle in path.read_bytes() for needle in needles)}
        return tables | files


@contextmanager
def opened(folder: Path, url: str = "") -> Iterator[House]:
    """A house of its own."""
    own = settings(folder, database_url=url, backups="nightly, on the NAS, 30 days")
    with open_databases(own) as databases:
        yield House(folder, own, databases)


def _owner(table: str) -> str:
    if table.startswith("messaging_"):
        return "messaging"
    return "assistant" if table == "events" or table.startswith("web_") else "practice"


def _uuid(who: Somebody) -> str:
    return str(UUID(who.web.removeprefix("web-")))
