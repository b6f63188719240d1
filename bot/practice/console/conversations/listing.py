"""The list of conversations: a page of it, counts for each filter, neighbours."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.engine import Connection
from sqlalchemy.sql.elements import ClauseElement

from bot.practice.console.conversations import search
from bot.practice.console.conversations.filters import NO, YES, Filter
from bot.practice.console.conversations.models import conversation, message, tag
from bot.practice.console.conversations.summary import Band, Outcome
from bot.practice.console.masking import MASK, mask

ROWS = 50
MOST_TAGS = 30
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MICROSECOND = timedelta(microseconds=1)

Pieces = list[tuple[str, bool]]
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Place:
    """Where a conversation stands in the list."""

    last_at: datetime
    id: int

    @classmethod
    def of(cls, row: Row) -> "Place":
        """Of a row."""
        return cls(row["last_at"], row["id"])

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """From an address; None for what is no place."""
        stamp, _, number = text.partition("-")
        if not (text.isascii() and stamp.isdigit() and number.isdigit() and len(stamp) <= 17 and len(number) <= 9):
            return None
        return cls(from_stamp(int(stamp)), int(number))

    def __str__(self) -> str:
        """For an address."""
        return f"{to_stamp(self.last_at)}-{self.id}"

    def older(self) -> ClauseElement:
        """The condition on what comes after it in the list."""
        c = conversation.c
        return (c.last_at <= self.last_at) & or_(c.last_at < self.last_at, c.id < self.id)

    def newer(self) -> ClauseElement:
        """The condition on what comes before it."""
        c = conversation.c
        return (c.last_at >= self.last_at) & or_(c.last_at > self.last_at, c.id > self.id)


def to_stamp(at: datetime) -> int:
    """An instant in microseconds, exact and short in an address."""
    return (at - EPOCH) // MICROSECOND


def from_stamp(stamp: int) -> datetime:
    """The instant again."""
    return EPOCH + stamp * MICROSECOND


NEWEST_FIRST = (conversation.c.last_at.desc(), conversation.c.id.desc())
OLDEST_FIRST = (conversation.c.last_at, conversation.c.id)


def page(connection: Connection, wanted: Filter, words: str, after: Place | None) -> tuple[list[Row], Place | None]:
    """A page of the list, newest first, and where the next one begins."""
    conditions = wanted.conditions(connection, words) + ([after.older()] if after else [])
    rows = _rows(connection, conditions, NEWEST_FIRST, ROWS + 1)
    return rows[:ROWS], Place.of(rows[ROWS - 1]) if len(rows) > ROWS else None


def unmasked(connection: Connection, rows: Sequence[Row]) -> list[Row]:
    """Rows of the list with the first thing typed as it stands."""
    c = message.c
    first = (
        select(func.min(c.event)).where(c.conversation_id.in_([row["id"] for row in rows]), c.tapped.is_(False)).group_by(c.conversation_id)
    )
    typed = {row.conversation_id: row.text for row in connection.execute(select(c.conversation_id, c.text).where(c.event.in_(first)))}
    return [{**row, "opening": typed.get(row["id"], row["opening"])} for row in rows]


def newer(connection: Connection, wanted: Filter, words: str, than: Place) -> list[Row]:
    """What has come in since, newest first; the newest of it where it is more than a page."""
    return _rows(connection, [*wanted.conditions(connection, words), than.newer()], NEWEST_FIRST, ROWS)


def neighbours(connection: Connection, wanted: Filter, words: str, of: Place) -> tuple[int | None, int | None]:
    """Numbers of the one before and the one after in the list."""
    conditions = wanted.conditions(connection, words)
    found = []
    for where, order in ((of.newer(), OLDEST_FIRST), (of.older(), NEWEST_FIRST)):
        query = select(conversation.c.id).where(*conditions, where).order_by(*order).limit(1)
        found.append(connection.execute(query).scalar_one_or_none())
    return found[0], found[1]


OUTCOME_KEYS = tuple((each.value, each.key) for each in Outcome)
BAND_KEYS = {each.value: each.key for each in Band}


@dataclass(frozen=True)
class Counts:
    """How many conversations each choice would show, given all other filters."""

    total: int
    channel: Mapping[str, int]
    language: Mapping[str, int]
    outcome: Mapping[str, int]
    band: Mapping[str, int]
    reviewed: Mapping[str, int]
    flagged: Mapping[str, int]
    tag: Mapping[str, int]


FACETS = ("outcome", "reviewed", "flagged", "band", "channel", "language")
"""In the order in which they are shown."""


def counts(connection: Connection, wanted: Filter, words: str) -> Counts:
    """Counts from one pass over the conversations, which leaves a few hundred combinations to add up here."""
    c = conversation.c
    combined = (c.channel, c.language, c.outcomes, c.band, c.reviewed, c.flagged)
    query = select(*combined, func.count().label("number")).where(*wanted.others(connection, words)).group_by(*combined)
    found: dict[str, Counter[str]] = {facet: Counter() for facet in FACETS}
    chosen = [(index, getattr(wanted, facet)) for index, facet in enumerate(FACETS) if getattr(wanted, facet)]
    total = 0
    for *combination, number in connection.execute(query):
        values = _values(*combination)
        misses = [index for index, value in chosen if value not in values[index]]
        if len(misses) > 1:
            continue
        total += 0 if misses else number
        for index, facet in enumerate(FACETS):
            if not misses or misses == [index]:
                for value in values[index]:
                    found[facet][value] += number
    ordered = {facet: dict(sorted(found[facet].items(), key=lambda each: _rank(facet, each))) for facet in FACETS}
    return Counts(total, tag=_tags(connection, wanted, words), **ordered)


def excerpts(connection: Connection, rows: Sequence[Row], words: str) -> dict[int, Pieces]:
    """For each conversation found by a search the message that was found, masked, what was looked for marked."""
    query = select(message.c.conversation_id, message.c.text).where(message.c.conversation_id.in_([row["id"] for row in rows]))
    found: dict[int, Pieces] = {}
    for number, said in connection.execute(query.order_by(message.c.event)):
        if number not in found and any(hit for _, hit in search.marked(said, words)):
            found[number] = _shown(said, words)
    return found


def tags_of(connection: Connection, numbers: Sequence[int]) -> dict[int, list[str]]:
    """The tags of some conversations."""
    found: dict[int, list[str]] = {}
    for number, name in connection.execute(
        select(tag.c.conversation_id, tag.c.name).where(tag.c.conversation_id.in_(numbers)).order_by(tag.c.name)
    ):
        found.setdefault(number, []).append(name)
    return found


def _shown(said: str, words: str) -> Pieces:
    """The masked text; where the mask covers what was looked for, that alone is shown."""
    pieces = search.marked(mask(said), words)
    return pieces if any(hit for _, hit in pieces) else [(text if hit else MASK, hit) for text, hit in search.marked(said, words)]


def _rows(connection: Connection, conditions: Sequence[ClauseElement], order: Sequence[Any], most: int) -> list[Row]:
    """Finds the numbers in the index first: only the rows that are shown are read."""
    numbers = select(conversation.c.id).where(*conditions).order_by(*order).limit(most).subquery()
    query = select(conversation).join(numbers, numbers.c.id == conversation.c.id).order_by(*order)
    return list(connection.execute(query).mappings())


def _rank(facet: str, counted: tuple[str, int]) -> int:
    """In the order in which they are defined, or the most frequent first."""
    value, number = counted
    if facet == "outcome":
        return Outcome[value.upper()].value
    return Band[value.upper()].value if facet == "band" else -number


def _values(channel: str, language: str, outcomes: int, band: int, reviewed: bool, flagged: bool) -> tuple[tuple[str, ...], ...]:
    """What a combination counts for, in the order of `FACETS`."""
    came_of_it = tuple(key for flag, key in OUTCOME_KEYS if flag & outcomes)
    return came_of_it, (YES if reviewed else NO,), (YES if flagged else NO,), (BAND_KEYS[band],), (channel,), (language,)


def _tags(connection: Connection, wanted: Filter, words: str) -> dict[str, int]:
    """The most frequent tags of what is filtered; looked up from the tags, which are few beside the conversations."""
    fitting = select(conversation.c.id).where(conversation.c.id == tag.c.conversation_id, *wanted.conditions(connection, words))
    query = select(tag.c.name, func.count().label("number")).where(fitting.exists()).group_by(tag.c.name)
    return {row.name: row.number for row in connection.execute(query.order_by(func.count().desc(), tag.c.name).limit(MOST_TAGS))}
