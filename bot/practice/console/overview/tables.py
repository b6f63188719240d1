"""Every table of the overview, alike for the page and for a file; each figure knows the conversations that it leads to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from types import SimpleNamespace

from bot.practice.console import formats
from bot.practice.console.conversations.days import Kind, Step
from bot.practice.console.conversations.filters import Filter
from bot.practice.console.conversations.summary import Outcome
from bot.practice.console.conversations.transcript import Understood
from bot.practice.console.overview.period import Bucket, Period, Unit
from bot.practice.console.overview.sums import Sums
from bot.practice.console.overview.topics import title
from bot.practice.console.texts import named, texts


class Measure(str, Enum):
    """What the value of a cell is."""

    NUMBER = "number"
    SHARE = "share"
    """In percent."""
    MILLISECONDS = "milliseconds"


@dataclass(frozen=True)
class Cell:
    """One figure; None where there is nothing to tell it from."""

    value: int | None
    measure: Measure = Measure.NUMBER
    leads_to: Filter | None = None


@dataclass(frozen=True)
class Row:
    """One line: what it is about, and its figures."""

    code: str
    """Stays the same in every language."""
    name: str
    cells: tuple[Cell, ...]
    explained: str = ""


@dataclass(frozen=True)
class Table:
    """Figures under their headings, which the texts name."""

    key: str
    columns: tuple[str, ...]
    rows: list[Row]

    def values(self, column: str) -> list[int]:
        """The figures of a column, nothing as 0."""
        index = self.columns.index(column)
        return [row.cells[index].value or 0 for row in self.rows]


@dataclass(frozen=True)
class Reading:
    """All that was read for one overview."""

    period: Period
    now: Sums
    before: Sums
    buckets: list[tuple[Bucket, Sums]]
    language: str


FIGURES = (
    "conversations",
    "people",
    "asked",
    "booked",
    "moved",
    "cancelled",
    "no_shows",
    "person",
    "red_flag",
    "not_understood",
    "half_answered",
    "most_answered",
)
"""The figures that are shown at a glance and over time."""
FUNNEL = ("opened", *(step.key for step in Step), "booked")
HALF, MOST = 0.5, 0.95
SHARES = {"half_answered": HALF, "most_answered": MOST}


def tables(reading: Reading) -> dict[str, Table]:
    """Every table by its key, in the order in which they are shown."""
    made = (_in_short, _over_time, _funnel, _channels, _languages, _understanding, _topics)
    return {table.key: table for table in (make(reading) for make in made)}


def _in_short(reading: Reading) -> Table:
    names, explained = texts(reading.language).overview.columns, texts(reading.language).overview.figures
    found, earlier = reading.period, reading.period.before
    rows = []
    for key in FIGURES:
        cells = (_figure(key, reading.now, found.since, found.until), _figure(key, reading.before, earlier.since, earlier.until))
        rows.append(Row(key, named(names, key), cells, named(explained, key)))
    return Table("in_short", ("this_period", "before"), rows)


def _over_time(reading: Reading) -> Table:
    rows = []
    for bucket, sums in reading.buckets:
        code, name = _of_bucket(bucket, reading.period.by, reading.language)
        rows.append(Row(code, name, tuple(_figure(key, sums, bucket.first, bucket.last) for key in FIGURES)))
    return Table("over_time", FIGURES, rows)


def _funnel(reading: Reading) -> Table:
    names, explained = texts(reading.language).overview.funnel_steps, texts(reading.language).overview.explained
    opened = reading.now.number(Kind.CONVERSATIONS)
    rows = []
    for key in FUNNEL:
        cell = _figure({"opened": "conversations"}.get(key, key), reading.now, reading.period.since, reading.period.until)
        rows.append(Row(key, named(names, key), (cell, _share(cell.value, opened)), named(explained, key)))
    return Table("funnel", ("conversations", "share_of_opened"), rows)


def _channels(reading: Reading) -> Table:
    return _shares(reading, "channels", Kind.CHANNEL, texts(reading.language).channel)


def _languages(reading: Reading) -> Table:
    return _shares(reading, "languages", Kind.LANGUAGE, texts(reading.language).language)


def _shares(reading: Reading, key: str, kind: Kind, names: SimpleNamespace) -> Table:
    """Conversations of each channel or language."""
    total = reading.now.number(Kind.CONVERSATIONS)
    rows = []
    for name, number in reading.now.names(kind).items():
        leads_to = Filter(**_days(reading.period.since, reading.period.until), **{kind.value: name})
        rows.append(
            Row(name, named(names, name), (Cell(number, leads_to=leads_to), _share(number, total), Cell(reading.before.number(kind, name))))
        )
    return Table(key, ("conversations", "share", "before"), rows)


def _understanding(reading: Reading) -> Table:
    numbers = reading.now.names(Kind.UNDERSTOOD)
    names, total = texts(reading.language).understood, sum(numbers.values())
    rows = []
    for each in Understood:
        leads_to = Filter(**_days(reading.period.since, reading.period.until), understood=each.value)
        number, before = numbers.get(each.value, 0), reading.before.number(Kind.UNDERSTOOD, each.value)
        rows.append(Row(each.value, named(names, each.value), (Cell(number, leads_to=leads_to), _share(number, total), Cell(before))))
    return Table("understanding", ("messages", "share", "before"), rows)


def _topics(reading: Reading) -> Table:
    numbers = reading.now.names(Kind.TOPIC)
    total = sum(numbers.values())
    rows = []
    for topic, asked in numbers.items():
        of_topic = {**_days(reading.period.since, reading.period.until), "topic": topic}
        doubtful, missed = reading.now.number(Kind.DOUBTFUL, topic), reading.now.number(Kind.MISSED, topic)
        cells = (
            Cell(asked, leads_to=Filter(**of_topic)),
            _share(asked, total),
            Cell(doubtful, leads_to=Filter(**of_topic, understood=Understood.DOUBTFUL.value)),
            Cell(missed, leads_to=Filter(**of_topic, understood=Understood.NO.value)),
            _share(missed, asked),
            Cell(reading.before.number(Kind.TOPIC, topic)),
        )
        rows.append(Row(topic, title(topic, reading.language), cells))
    return Table("topics", ("messages", "share", "doubtful", "missed", "missed_share", "before"), rows)


def _figure(key: str, sums: Sums, first: date, last: date) -> Cell:
    """One of `FIGURES`, or a step of the funnel, with what it leads to."""
    days = _days(first, last)
    if key in SHARES:
        took = sums.answered_within(SHARES[key])
        return Cell(took, Measure.MILLISECONDS, Filter(**days, slower=str(took)))
    if key == "no_shows":
        return Cell(sums.no_shows, leads_to=Filter(no_show=f"{first.isoformat()}/{last.isoformat()}"))
    if key == "conversations":
        return Cell(sums.number(Kind.CONVERSATIONS), leads_to=Filter(**days))
    if key == "people":
        return Cell(sums.people, leads_to=Filter(**days))
    kind = Kind.OUTCOME if key.upper() in Outcome.__members__ else Kind.STEP
    return Cell(sums.number(kind, key), leads_to=Filter(**days, happened=key))


def _days(first: date, last: date) -> dict[str, str]:
    return {"since": first.isoformat(), "until": last.isoformat()}


def _share(part: int | None, whole: int) -> Cell:
    return Cell(round(100 * (part or 0) / whole) if whole else None, Measure.SHARE)


def _of_bucket(bucket: Bucket, unit: Unit, language: str) -> tuple[str, str]:
    """Code and name of a day, week or month."""
    if unit is Unit.MONTH:
        return f"{bucket.first:%Y-%m}", formats.month(bucket.first, language)
    if unit is Unit.WEEK:
        year, week, _ = bucket.first.isocalendar()
        return f"{year}-W{week:02}", texts(language).overview.week.format(week=week, year=year)
    return bucket.first.isoformat(), formats.day(bucket.first, language)


def short_names(buckets: Sequence[Bucket], unit: Unit, language: str) -> list[str]:
    """What stands below the columns of a chart."""
    if unit is Unit.MONTH:
        return [formats.short_month(bucket.first, language) for bucket in buckets]
    return [formats.short_day(bucket.first, language) for bucket in buckets]
