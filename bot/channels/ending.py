"""The end of a web session whose conversation is deleted; also for processes without Rasa, and so free of it."""

from uuid import uuid4

from sqlalchemy import delete, select
from sqlalchemy.engine import Connection

from bot.channels.schema import offers, rates, turns
from bot.channels.upsert import insert_new

END = "end"
"""Id of the row that stays of a conversation which was deleted, for as long as its token counts; it holds no word of it."""
TAKE_OVER_SECONDS = 30.0
"""After which a turn that was begun and not finished is taken for lost."""


def end(connection: Connection, session: str, now: float) -> None:
    """Lets no further turn begin; safe to call again."""
    row = {"session": session, "id": END, "digest": "", "run": uuid4().hex, "started_at": now, "finished_at": now, "messages": "[]"}
    insert_new(connection, turns, row)


def is_busy(connection: Connection, session: str, now: float, take_over_seconds: float = TAKE_OVER_SECONDS) -> bool:
    """Whether a turn is still running, which may yet write."""
    begun = turns.c.started_at > now - take_over_seconds
    running = select(turns.c.number).where(turns.c.session == session, turns.c.finished_at.is_(None), begun).limit(1)
    return connection.execute(running).first() is not None


def forget(connection: Connection, session: str) -> None:
    """Deletes all that is kept of an ended session, but for the row that says that it ended."""
    connection.execute(delete(turns).where(turns.c.session == session, turns.c.id != END))
    connection.execute(delete(offers).where(offers.c.session == session))
    connection.execute(delete(rates).where(rates.c.key == session))
