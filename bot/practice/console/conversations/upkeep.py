"""What staff adds to a conversation: reviews, flags, notes, tags; and to the list: saved filters and searches."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from bot.practice.console.conversations.models import conversation, note, saved_filter, searched, tag
from bot.practice.console.staff.accounts import Account

LONGEST_NOTE = 4000
LONGEST_TAG = 40
LONGEST_NAME = 60
LONGEST_SEARCH = 200
MOST_SAVED = 30
SEARCH_KEPT = timedelta(days=1)
"""How long a search can be gone back to, unless a saved filter uses it."""


def review(connection: Connection, number: int, who: Account, done: bool, now: datetime) -> None:
    """Marks a conversation as reviewed, or as not."""
    by = {"reviewed_by": who.name, "reviewed_at": now} if done else {"reviewed_by": None, "reviewed_at": None}
    connection.execute(update(conversation).where(conversation.c.id == number).values(reviewed=done, **by))


def flag(connection: Connection, number: int, flagged: bool) -> None:
    """Puts the flag up or down."""
    connection.execute(update(conversation).where(conversation.c.id == number).values(flagged=flagged))


def add_note(connection: Connection, number: int, who: Account, said: str, now: datetime) -> None:
    """Adds a note."""
    connection.execute(insert(note).values(conversation_id=number, staff_name=who.name, at=now, text=said[:LONGEST_NOTE]))


def notes(connection: Connection, number: int) -> list[Mapping[str, Any]]:
    """The notes on a conversation, oldest first."""
    return list(connection.execute(select(note).where(note.c.conversation_id == number).order_by(note.c.id)).mappings())


def add_tag(connection: Connection, number: int, name: str) -> None:
    """Adds a tag; one that is there already stays."""
    remove_tag(connection, number, normal_tag(name))
    connection.execute(insert(tag).values(conversation_id=number, name=normal_tag(name)))


def remove_tag(connection: Connection, number: int, name: str) -> None:
    """Takes a tag away."""
    connection.execute(delete(tag).where(tag.c.conversation_id == number, tag.c.name == name))


def normal_tag(name: str) -> str:
    """A tag as it is kept: lower case, single spaces."""
    return " ".join(name.lower().split())[:LONGEST_TAG].strip()


def used_tags(connection: Connection) -> list[str]:
    """Every tag in use, to choose from."""
    return list(connection.execute(select(tag.c.name).distinct().order_by(tag.c.name).limit(200)).scalars())


def save_filter(connection: Connection, who: Account, name: str, query: str) -> None:
    """Keeps a filter under a name; one of the same name is replaced, and of too many the oldest goes."""
    connection.execute(delete(saved_filter).where(saved_filter.c.staff_id == who.id, saved_filter.c.name == name))
    mine = [row["id"] for row in saved_filters(connection, who)]
    connection.execute(delete(saved_filter).where(saved_filter.c.id.in_(sorted(mine)[: max(0, len(mine) - MOST_SAVED + 1)])))
    connection.execute(insert(saved_filter).values(staff_id=who.id, name=name, query=query))


def saved_filters(connection: Connection, who: Account) -> list[Mapping[str, Any]]:
    """Somebody's own filters by name."""
    return list(connection.execute(select(saved_filter).where(saved_filter.c.staff_id == who.id).order_by(saved_filter.c.name)).mappings())


def remove_filter(connection: Connection, who: Account, number: int) -> None:
    """Forgets one of somebody's own filters."""
    connection.execute(delete(saved_filter).where(saved_filter.c.staff_id == who.id, saved_filter.c.id == number))


def keep_search(connection: Connection, who: Account, words: str, now: datetime) -> str:
    """Keeps what is searched for, so that an address need not say it; gives what stands for it there."""
    used = [number for row in saved_filters(connection, who) for number in parse_qs(row["query"]).get("search", [])]
    old = (searched.c.staff_id == who.id, searched.c.at < now - SEARCH_KEPT, searched.c.id.not_in(used))
    connection.execute(delete(searched).where(*old))
    identity = secrets.token_urlsafe(16)
    connection.execute(insert(searched).values(id=identity, staff_id=who.id, words=words[:LONGEST_SEARCH], at=now))
    return identity


def words_of_search(connection: Connection, who: Account, identity: str) -> str:
    """What somebody searched for; empty where it is not known any more, or was somebody else."""
    query = select(searched.c.words).where(searched.c.id == identity, searched.c.staff_id == who.id)
    return connection.execute(query).scalar_one_or_none() or ""


def searches_in_filters(connection: Connection) -> list[str]:
    """Searches that somebody's saved filter uses."""
    queries = connection.execute(select(saved_filter.c.query)).scalars()
    return [identity for query in queries for identity in parse_qs(query).get("search", [])]
