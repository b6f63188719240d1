"""What came of a conversation on each day, and the sums of it by day that the overview reads."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import Enum, IntFlag
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import Connection

from bot.practice.console.conversations.models import day, figure, message, topic
from bot.practice.console.conversations.summary import Outcome, outcome_of
from bot.practice.console.conversations.transcript import Transcript, Turn, Understood
from bot.practice.console.texts import HERE


class Step(IntFlag):
    """How far somebody came towards an appointment on a day; who books has chosen a time, who chooses one has been offered it."""

    ASKED = 1
    """Something was typed or tapped."""
    GUIDED = 2
    """The guided choice asked or advised; nobody needs it to book."""
    OFFERED = 4
    """Free times for a new appointment were shown."""
    CHOSE = 8
    """A free time was taken."""

    @property
    def key(self) -> str:
        """Its name in addresses and in the texts."""
        return str(self.name).lower()


class Kind(str, Enum):
    """What is counted by day: conversations, apart from the last five, which are messages."""

    CONVERSATIONS = "conversations"
    CHANNEL = "channel"
    LANGUAGE = "language"
    OUTCOME = "outcome"
    STEP = "step"
    UNDERSTOOD = "understood"
    ANSWER = "answer"
    """By the time to the answer, see `rounded`."""
    TOPIC = "topic"
    DOUBTFUL = "doubtful"
    """Of a topic, answered by asking back."""
    MISSED = "missed"
    """Of a topic, not understood."""


WISHES = frozenset(
    {
        "ask_price",
        "book_consultation",
        "cancel_appointment",
        "complaint",
        "find_treatment",
        "list_treatments",
        "my_appointment",
        "practice_info",
        "privacy",
        "reschedule_appointment",
        "talk_to_human",
    }
)
"""Intents that count as topics beside `faq/<topic>`."""


@dataclass
class Asked:
    """How often a topic was asked about, and what became of it."""

    asked: int = 0
    doubtful: int = 0
    missed: int = 0


@dataclass
class Day:
    """A conversation on one day."""

    outcomes: Outcome = Outcome(0)
    steps: Step = Step(0)
    slowest_ms: int | None = None
    topics: dict[str, Asked] = field(default_factory=dict)


def day_of(at: datetime) -> date:
    """The day in the practice's time."""
    return at.astimezone(HERE).date()


def start_of(which: date) -> datetime:
    """The first instant of a day in the practice's time."""
    return datetime.combine(which, time(), HERE)


def days_of(transcript: Transcript) -> dict[date, Day]:
    """Each day on which something was said, in order; an answer counts for the day of its message."""
    found: dict[date, Day] = {}
    for turn in transcript.turns:
        said = [found.setdefault(day_of(at), Day()) for at in (turn.at, turn.answered_at) if at is not None]
        if said:
            _add(said[0], turn)
    return dict(sorted(found.items()))


def topic_of(turn: Turn) -> str | None:
    """What a message was about: what it was taken for, or the likeliest where the assistant was unsure; None where that is no topic."""
    if turn.hidden or turn.understood is Understood.IN_FORM:
        return None
    label = turn.label
    if label == "nlu_fallback":
        label = next((name for name, _ in turn.ranking if name != label), "")
    return label if label.startswith("faq/") or label in WISHES else None


def write_days(connection: Connection, conversations: Mapping[int, tuple[str, str, Transcript]]) -> None:
    """Writes the days of some conversations anew, and the sums of every day concerned.

    Args:
        conversations: channel, language and transcript by number.
    """
    touched = days_with(connection, conversations)
    for table in (day, topic):
        connection.execute(delete(table).where(table.c.conversation_id.in_(conversations)))
    days: list[dict[str, Any]] = []
    topics: list[dict[str, Any]] = []
    for number, (channel, language, transcript) in conversations.items():
        previous = None
        for which, found in days_of(transcript).items():
            key = {"conversation_id": number, "day": which}
            flags = {"outcomes": int(found.outcomes), "steps": int(found.steps), "slowest_ms": found.slowest_ms}
            days.append({**key, **flags, "previous": previous, "channel": channel, "language": language})
            topics += [{**key, "topic": name, **vars(asked)} for name, asked in found.topics.items()]
            previous = which
    for table, rows in ((day, days), (topic, topics)):
        if rows:
            connection.execute(insert(table), rows)
    recount(connection, touched | {row["day"] for row in days})


def mark_left(connection: Connection, numbers: Sequence[int]) -> None:
    """Adds to the last day of some conversations that a form was left half-way."""
    others = day.alias()
    last = select(func.max(others.c.day)).where(others.c.conversation_id == day.c.conversation_id).scalar_subquery()
    flagged = day.c.outcomes.op("|")(int(Outcome.LEFT))
    connection.execute(update(day).where(day.c.conversation_id.in_(numbers), day.c.day == last).values(outcomes=flagged))
    recount(connection, days_with(connection, numbers))


def days_with(connection: Connection, numbers: Iterable[int]) -> set[date]:
    """The days of some conversations."""
    return set(connection.execute(select(day.c.day).where(day.c.conversation_id.in_(list(numbers))).distinct()).scalars())


def recount(connection: Connection, days: Iterable[date]) -> None:
    """Makes the sums of some days anew from the rows, so that nothing can add up wrongly; under the index's lock."""
    for which in sorted(days):
        counted = _conversations(connection, which) + _topics(connection, which) + _messages(connection, which)
        connection.execute(delete(figure).where(figure.c.day == which))
        rows = [{"kind": kind.value, "name": name, "day": which, "number": number} for (kind, name), number in counted.items()]
        if rows:
            connection.execute(insert(figure), rows)


def rounded(milliseconds: int) -> int:
    """Down to two digits, which leaves few enough values to count each: 237 becomes 230."""
    unit = 10 ** max(0, len(str(milliseconds)) - 2)
    return milliseconds // unit * unit


Counted = Counter[tuple[Kind, str]]
OUTCOMES = tuple((each.value, (Kind.OUTCOME, each.key)) for each in Outcome)
STEPS = tuple((each.value, (Kind.STEP, each.key)) for each in Step)


def _add(found: Day, turn: Turn) -> None:
    found.outcomes |= outcome_of(turn)
    found.steps |= _steps(turn)
    if turn.event and not turn.hidden and turn.answer_ms is not None:
        found.slowest_ms = max(found.slowest_ms or 0, turn.answer_ms)
    if name := topic_of(turn):
        asked = found.topics.setdefault(name, Asked())
        asked.asked += 1
        asked.doubtful += turn.understood is Understood.DOUBTFUL
        asked.missed += turn.understood is Understood.NO


def _steps(turn: Turn) -> Step:
    steps = Step.ASKED if turn.event and not turn.hidden else Step(0)
    if any(name.startswith("utter_guided_") for name in turn.responses):
        steps |= Step.GUIDED
    if any(payload.startswith('/choose{"start"') for answer in turn.answers for payload in answer.offers):
        steps |= Step.OFFERED
    if turn.facts.get("start"):
        steps |= Step.CHOSE | Step.OFFERED
    if "utter_booked" in turn.responses:
        steps |= Step.CHOSE | Step.OFFERED
    return steps


def _conversations(connection: Connection, which: date) -> Counted:
    c = day.c
    combined = (c.channel, c.language, c.outcomes, c.steps)
    counted: Counted = Counter()
    for row in connection.execute(select(*combined, func.count().label("number")).where(c.day == which).group_by(*combined)):
        flags = [key for value, key in OUTCOMES if value & row.outcomes] + [key for value, key in STEPS if value & row.steps]
        for key in [(Kind.CONVERSATIONS, ""), (Kind.CHANNEL, row.channel), (Kind.LANGUAGE, row.language), *flags]:
            counted[key] += row.number
    return counted


def _topics(connection: Connection, which: date) -> Counted:
    c = topic.c
    sums = (func.sum(c.asked).label("asked"), func.sum(c.doubtful).label("doubtful"), func.sum(c.missed).label("missed"))
    counted: Counted = Counter()
    for row in connection.execute(select(c.topic, *sums).where(c.day == which).group_by(c.topic)):
        for kind, number in ((Kind.TOPIC, row.asked), (Kind.DOUBTFUL, row.doubtful), (Kind.MISSED, row.missed)):
            if number:
                counted[kind, row.topic] = int(number)
    return counted


def _messages(connection: Connection, which: date) -> Counted:
    c = message.c
    within = (c.at >= start_of(which), c.at < start_of(which + timedelta(days=1)))
    query = select(c.understood, c.answer_ms, func.count().label("number")).where(*within).group_by(c.understood, c.answer_ms)
    counted: Counted = Counter()
    for row in connection.execute(query):
        counted[Kind.UNDERSTOOD, row.understood] += row.number
        if row.answer_ms is not None:
            counted[Kind.ANSWER, str(rounded(max(0, row.answer_ms)))] += row.number
    return counted
