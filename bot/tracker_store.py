"""Where conversations are kept: Rasa's SQL tracker store, made to fail loudly instead of forgetting."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rasa.core.agent import Agent
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import FailSafeTrackerStore, SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import insert
from sqlalchemy.orm import Session

from bot import settings
from bot.database import open_database
from bot.tables import create_tables


class ConversationStore(SQLTrackerStore):
    """Rasa's SQL tracker store over the project's own database settings.

    Differs from its parent where that one loses or ends things: a database that can't be reached stops the start after a
    few tries instead of never; waits are bounded; a turn is saved in one transaction that takes SQLite's write lock before it
    reads (a read turned into a write would fail at once beside another writer); a NUL byte is an error of one turn, not the
    end of the process.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        url: str | None = None,
        start_pause: float = 2.0,
        **_: Any,
    ) -> None:
        """Opens the database.

        Args:
            host: what Rasa makes of `url:` in endpoints.yml.
            url: the same under its own name; without either, the setting.
            start_pause: seconds between the tries to reach the database.

        Raises:
            SQLAlchemyError: the database can't be used.
        """
        # the parent's constructor opens a database of its own and waits for it without end
        TrackerStore.__init__(self, domain, event_broker)
        self.engine = open_database(url or host or _own_database())
        create_tables(self.engine, self.Base.metadata, pause=start_pause)

    @contextmanager
    def session_scope(self) -> Iterator[Session]:
        """A session for reading."""
        with Session(self.engine, future=True) as session:
            yield session

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Adds what is new in the conversation, all of it or nothing."""
        await self.stream_events(tracker)
        with Session(self.engine.execution_options(writes=True), future=True) as session, session.begin():
            rows = [_row(tracker.sender_id, event) for event in self._additional_events(session, tracker)]
            if rows:
                session.execute(insert(self.SQLEvent.__table__), rows)


def let_storage_errors_through(agent: Agent) -> None:
    """Takes Rasa's fail-safe wrapper off the agent's tracker store.

    The wrapper answers a failing database with an empty conversation in memory: the visitor would be greeted anew in the middle
    of a booking, and what was said would be lost. Without it the turn fails, and can be tried again.
    """
    store = agent.tracker_store
    if isinstance(store, FailSafeTrackerStore):
        agent.tracker_store = store._tracker_store
        if agent.processor:
            agent.processor.tracker_store = store._tracker_store


def _own_database() -> str:
    own = settings.load()
    own.var_dir.mkdir(parents=True, exist_ok=True)
    return own.conversations_database


def _row(sender_id: str, event: Event) -> dict[str, Any]:
    data = event.as_dict()
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }
