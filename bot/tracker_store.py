"""Where conversations are kept: Rasa's SQL tracker store, made to fail loudly instead of forgetting."""

import asyncio
import json
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from rasa.core.agent import Agent
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import FailSafeTrackerStore, SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from bot import settings
from bot.conversation import Conversation
from bot.database import open_database, reading, writing
from bot.tables import create_tables


class ConversationChanged(Exception):
    """A conversation was gone on with while a turn of it was running here; the turn is to be tried again."""


LIVE_CONVERSATIONS = 300
"""How many conversations a worker keeps at hand after their last turn; each takes some 100 kB."""
IDLE_SECONDS = 600.0
"""After which a worker lets go of one that nobody goes on with: what was deleted stands in no memory any more then."""


@dataclass
class Held:
    """A conversation at hand, as it stood when it was last read or saved."""

    tracker: DialogueStateTracker
    stored: int
    """How many of its events are in the database."""
    last_id: int | None
    """The number of the last of them: it tells whether another worker has gone on with the conversation."""
    in_turn: bool
    """A turn is changing it. A turn that fails never says so, and its conversation is read anew."""
    used_at: float = field(default_factory=time.monotonic)


class ConversationStore(SQLTrackerStore):
    """Rasa's SQL tracker store over the project's own database settings.

    Differs from its parent where that one loses or ends things: a database that can't be reached stops the start after a
    few tries instead of never; waits are bounded; a turn is saved in one transaction that takes SQLite's write lock before it
    reads (a read turned into a write would fail at once beside another writer); a NUL byte is an error of one turn, not the
    end of the process.

    And where it is slow: it reads and rebuilds a whole conversation for each message. This one keeps those of the last turns at
    hand, and asks the database only whether they are still the newest.
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
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._letting_go: asyncio.TimerHandle | None = None
        create_tables(self.engine, self.Base.metadata, pause=start_pause)

    @contextmanager
    def session_scope(self) -> Iterator[Session]:
        """A session for reading."""
        with Session(self.engine, future=True) as session:
            yield session

    def init_tracker(self, sender_id: str) -> Conversation:
        """A conversation in which nothing was said yet."""
        return Conversation(sender_id, self.domain.slots, max_event_history=self.max_event_history)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation since its last session began."""
        with reading(self.engine) as connection:
            last_id = _last_id(connection, sender_id)
        held = self._held.get(sender_id)
        if held and not held.in_turn and held.last_id == last_id:
            self._hold(held.tracker, last_id, in_turn=True)
            return held.tracker
        tracker = await super().retrieve(sender_id)
        if tracker:
            tracker.__class__ = Conversation
            self._hold(tracker, last_id, in_turn=True)
        return tracker

    def slot(self, sender_id: str, name: str) -> Any:
        """The latest value of a slot, without reading the conversation; None where it was never set."""
        with reading(self.engine) as connection:
            data = connection.execute(LATEST_SLOT, {"sender_id": sender_id, "name": name}).scalar()
        return json.loads(data).get("value") if data else None

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Adds what is new in the conversation, all of it or nothing.

        Raises:
            ConversationChanged: somebody else has gone on with it since it was read here.
        """
        await self.stream_events(tracker)
        with writing(self.engine) as connection:
            events = self._unsaved(connection, tracker)
            if events:
                connection.execute(insert(self.SQLEvent.__table__), [_row(tracker.sender_id, event) for event in events])
            last_id = _last_id(connection, tracker.sender_id)
        if _is_one_session(tracker):
            self._hold(tracker, last_id, in_turn=False)
        else:
            self._held.pop(tracker.sender_id, None)

    def forget(self, sender_id: str) -> None:
        """Deletes all that was ever said and done in a conversation."""
        events = self.SQLEvent.__table__
        with writing(self.engine) as connection:
            connection.execute(delete(events).where(events.c.sender_id == sender_id))
        self._held.pop(sender_id, None)

    def _unsaved(self, connection: Connection, tracker: DialogueStateTracker) -> list[Event]:
        held = self._held.get(tracker.sender_id)
        if held is None or held.tracker is not tracker:
            return list(self._additional_events(Session(connection, future=True), tracker))
        if held.last_id != _last_id(connection, tracker.sender_id):
            raise ConversationChanged(tracker.sender_id)
        return list(tracker.events)[held.stored :]

    def _hold(self, tracker: DialogueStateTracker, last_id: int | None, in_turn: bool) -> None:
        self._held[tracker.sender_id] = Held(tracker, len(tracker.events), last_id, in_turn)
        self._held.move_to_end(tracker.sender_id)
        if len(self._held) > LIVE_CONVERSATIONS:
            # not one in a turn: only what is held shows at its end that it was deleted or gone on with meanwhile
            resting = (sender for sender, held in self._held.items() if not held.in_turn)
            self._held.pop(next(resting, ""), None)
        if self._letting_go is None:
            self._letting_go = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._let_go)

    def _let_go(self) -> None:
        """Forgets what is idle, and comes back for the rest; the one used longest ago stands first."""
        self.drop_idle(time.monotonic())
        oldest = next(iter(self._held.values()), None)
        wait = max(1.0, oldest.used_at + IDLE_SECONDS - time.monotonic()) if oldest else None
        self._letting_go = None if wait is None else asyncio.get_running_loop().call_later(wait, self._let_go)

    def drop_idle(self, now: float) -> None:
        """Lets go of the conversations that were not used for `IDLE_SECONDS`; `now` in seconds of the monotonic clock."""
        for sender, held in list(self._held.items()):
            if held.used_at > now - IDLE_SECONDS:
                return
            del self._held[sender]


LAST_ID = select(func.max(SQLTrackerStore.SQLEvent.id)).where(SQLTrackerStore.SQLEvent.sender_id == bindparam("sender_id"))


LATEST_SLOT = (
    select(SQLTrackerStore.SQLEvent.data)
    .where(SQLTrackerStore.SQLEvent.sender_id == bindparam("sender_id"))
    .where(SQLTrackerStore.SQLEvent.type_name == "slot", SQLTrackerStore.SQLEvent.action_name == bindparam("name"))
    .order_by(SQLTrackerStore.SQLEvent.id.desc())
    .limit(1)
)


def _last_id(connection: Connection, sender_id: str) -> int | None:
    last: int | None = connection.execute(LAST_ID, {"sender_id": sender_id}).scalar()
    return last


def _is_one_session(tracker: DialogueStateTracker) -> bool:
    """Whether the tracker holds just what would be read again: something, and nothing from before its last session."""
    earlier = islice(tracker.events, 2, None)  # a conversation begins with the action of that name and the session itself
    return bool(tracker.events) and not any(isinstance(event, SessionStarted) for event in earlier)


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
