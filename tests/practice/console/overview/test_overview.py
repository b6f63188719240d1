"""The overview as staff meets it: its figures, what they lead to, its files."""

import csv
import html
import io
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import insert, select
from sqlalchemy.engine import Engine

from bot.database import reading, writing
from bot.practice.booking.models import appointment
from bot.practice.console.conversations import listing
from bot.practice.console.conversations.days import Kind, day_of
from bot.practice.console.conversations.filters import Filter
from bot.practice.console.conversations.models import conversation
from bot.practice.console.models import audit
from bot.practice.console.overview import sums, topics
from bot.practice.console.overview.csv_file import as_csv, harmless
from bot.practice.console.overview.period import Period, Span, Unit
from bot.practice.console.overview.tables import Cell, Reading, Row, Table, tables
from bot.practice.console.staff.accounts import Role
from bot.practice.console.texts import texts
from tests.practice.console.generator import Said, fill
from tests.practice.console.test_days import chosen, offering, unsure
from tests.practice.console.test_index import add, answered, labelled, rows, say
from tests.practice.console.world import World

PAGE = re.compile(r'<a href="/staff(/conversations\?[^"]+)">([\d,.]+)( ms)?</a>')


@pytest.fixture
def filled(any_console: World) -> World:
    """Two months of conversations, one of which came back after weeks, and appointments that nobody came to."""
    fill(any_console.assistant, 70, any_console.now, days=60)
    any_console.index.catch_up_wholly(any_console.now)
    said = say(any_console, labelled("faq/melasma"), sender="whatsapp-back", minutes_ago=40 * 24 * 60)
    for days_ago in (20, 3):
        said.clock = (any_console.now - timedelta(days=days_ago)).timestamp()
        answered("utter_booked")(said)
        unsure("utter_not_understood")(said)
        add(any_console, said)
    references = [row["reference"] for row in rows(any_console) if row["reference"]]
    book(any_console.engine, [any_console.now - timedelta(days=5, hours=number) for number in range(3)], references[:3])
    return any_console


def book(engine: Engine, missed: list[datetime], references: list[str]) -> None:
    """Appointments that nobody came to."""
    person = {"type": "video", "name": "A", "email": "a@example.com", "language": "nl", "status": "booked", "request_digest": ""}
    with writing(engine) as connection:
        for at, reference in zip(missed, references, strict=True):
            times = {"starts_at": at, "ends_at": at, "created_at": at, "changed_at": at, "no_show_at": at}
            connection.execute(insert(appointment).values(reference=reference, idempotency_key=reference, **times, **person))


def read(world: World, span: Span = Span.DAYS_28) -> Reading:
    period = span.period(day_of(world.now))
    with reading(world.engine) as connection:
        return Reading(
            period, sums.read(connection, period), sums.read(connection, period.before), sums.read_buckets(connection, period), "en"
        )


def cells(table: Table, code: str) -> dict[str, int | None]:
    """The values of one row by column."""
    row = next(row for row in table.rows if row.code == code)
    return {column: cell.value for column, cell in zip(table.columns, row.cells, strict=True)}


def linked(made: dict[str, Table]) -> Iterator[tuple[str, str, str, Cell]]:
    for table in made.values():
        for row in table.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                if cell.leads_to and cell.value:
                    yield table.key, row.code, column, cell


@pytest.mark.parametrize("span", [Span.WEEKS_12, Span.MONTHS_12])
def test_each_figure_leads_to_its_conversations(filled: World, span: Span) -> None:
    """As many as the figure says, apart from what counts messages or the same conversation on several days."""
    seen = set()
    for key, code, column, cell in linked(tables(read(filled, span))):
        with reading(filled.engine) as connection:
            assert cell.leads_to and Filter.of(dict(cell.leads_to.chosen)) == cell.leads_to
            number = listing.counts(connection, cell.leads_to, "").total
        what = (key, code, column)
        seen.add(column if key in ("over_time", "topics") else code)
        if key in ("topics", "understanding") or "answered" in code + column:
            assert number > 0, what
            assert number <= cell.value or "answered" in code + column, what
        elif "people" in (code, column) or column == "no_shows" or code == "no_shows":
            assert number == cell.value, what
        else:
            assert cell.value - 2 <= number <= cell.value, what
    assert {"people", "booked", "no_shows", "red_flag", "offered", "chose", "web", "nl", "missed", "most_answered"} <= seen


def test_people_are_counted_once_conversations_on_each_day(filled: World) -> None:
    made = tables(read(filled, Span.MONTHS_12))
    found = cells(made["in_short"], "people")["this_period"], cells(made["in_short"], "conversations")["this_period"]
    assert found == (71, 73)
    november = cells(made["over_time"], "2026-11")
    with reading(filled.engine) as connection:
        of_november = listing.counts(connection, Filter(since="2026-11-01", until="2026-11-30"), "").total
    assert november["people"] == of_november
    assert november["conversations"] == of_november + 1


def test_the_parts_add_up_to_the_whole(filled: World) -> None:
    for span in Span:
        found = read(filled, span)
        for kind in (Kind.CONVERSATIONS, Kind.OUTCOME, Kind.STEP, Kind.ANSWER):
            for name, number in found.now.names(kind).items():
                assert sum(each.number(kind, name) for _, each in found.buckets) == number, (kind, name)
        assert sum(each.no_shows for _, each in found.buckets) == found.now.no_shows == 3
        assert sum(found.now.names(Kind.CHANNEL).values()) == found.now.number(Kind.CONVERSATIONS)


def test_the_funnel(console: World) -> None:
    talks = {
        "web-opened": [],
        "web-asked": [labelled("faq/melasma")],
        "web-guided": [answered("utter_guided_concern")],
        "web-offered": [offering("start")],
        "web-chose": [offering("start"), chosen("start")],
        "web-booked": [answered("utter_guided_concern"), offering("start"), chosen("start"), answered("utter_booked")],
        "web-moved": [offering("new_start"), chosen("new_start"), answered("utter_appointment_moved")],
    }
    for sender, said in talks.items():
        say(console, *said, sender=sender)
    made = tables(read(console))
    assert {row.code: row.cells[0].value for row in made["funnel"].rows} == {
        "opened": 7,
        "asked": 6,
        "guided": 2,
        "offered": 3,
        "chose": 2,
        "booked": 1,
    }
    assert cells(made["funnel"], "guided")["share_of_opened"] == 29
    assert cells(made["in_short"], "moved") == {"this_period": 1, "before": 0}


def test_topics_with_the_share_that_was_not_understood(console: World) -> None:
    talks = [labelled("faq/melasma"), unsure("utter_not_understood"), unsure("utter_did_you_mean"), unsure("utter_did_you_mean")]
    say(console, *talks, labelled("ask_price"))
    made = tables(read(console))["topics"]
    values = {"messages": 4, "share": 80, "doubtful": 2, "missed": 1, "missed_share": 25, "before": 0}
    assert [row.code for row in made.rows] == ["faq/melasma", "ask_price"]
    assert cells(made, "faq/melasma") == values


def answers(*milliseconds: int) -> sums.Sums:
    found = sums.Sums()
    for each in milliseconds:
        found.counted[Kind.ANSWER.value, str(each)] += 1
    return found


def test_time_to_answer() -> None:
    assert answers().answered_within(0.5) is None
    assert answers(30).answered_within(0.95) == 30
    assert answers(*range(1, 101)).answered_within(0.5) == 50
    assert answers(*range(1, 101)).answered_within(0.95) == 95
    assert answers(9, 9, 9, 1000).answered_within(0.5) == 9


def test_a_period_with_nothing_in_it(console: World) -> None:
    browser = console.browser(console.staff())
    for query in ("", "?span=months_12", "?since=2020-01-01&until=2020-01-01&by=week", "?since=zzz&until=&by=x"):
        answer = browser.get(f"/overview{query}")
        assert answer.status_code == 200, query
        assert "None" not in answer.text
    for name in ("in_short", "over_time", "funnel", "channels", "languages", "understanding", "topics"):
        assert browser.get(f"/overview/{name}.csv").status_code == 200, name


@pytest.mark.parametrize("role", list(Role))
def test_it_is_the_first_page_for_everybody(console: World, role: Role) -> None:
    browser = console.browser(console.staff(role))
    assert browser.get("/").headers["location"] == "/staff/overview"
    assert browser.get("/overview").status_code == 200


def test_the_page_says_who_waits_and_links_its_figures(filled: World) -> None:
    browser = filled.browser(filled.staff())
    page = browser.get("/overview").text
    assert 'href="/staff/waiting"' in page
    links = {(html.unescape(path), number) for path, number, _ in PAGE.findall(page)}
    assert len(links) > 30
    for path, _ in sorted(links)[::7]:
        assert re.search(r'data-id="\d+"', browser.get(path).text), path


def test_charts_are_described_and_bring_neither_script_nor_style(filled: World) -> None:
    page = filled.browser(filled.staff()).get("/overview?span=weeks_12").text
    charts = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(charts) == 9
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for chart in charts:
        assert 'role="img"' in chart
        for named in re.findall(r'aria-labelledby="([^"]+)"', chart)[0].split():
            assert re.search(rf'<(title|desc) id="{named}">\s*\S', chart)
    assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?! src)", page)


def of_file(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_each_table_as_a_file(filled: World) -> None:
    browser = filled.browser(filled.staff())
    for name, table in tables(read(filled, Span.WEEKS_12)).items():
        answer = browser.get(f"/overview/{name}.csv?span=weeks_12")
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}-2026-09-14-2026-11-30.csv"'
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        found = of_file(answer.content)
        assert found[1:] == [
            [row.code, row.name, *("" if cell.value is None else str(cell.value) for cell in row.cells)] for row in table.rows
        ]
        assert len({len(row) for row in found}) == 1, name


def test_a_file_is_in_the_audit_trail(console: World) -> None:
    browser = console.browser(console.staff())
    browser.get("/overview/funnel.csv")
    assert browser.get("/overview/passwords.csv").status_code == 404
    with reading(console.engine) as connection:
        done = connection.execute(select(audit.c.subject, audit.c.detail).where(audit.c.action == "overview_exported")).all()
    assert [tuple(each) for each in done] == [("overview:funnel", '{"since": "2026-11-03", "until": "2026-11-30"}')]


@pytest.mark.parametrize("text", ["=1+1", "+31", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1"])
def test_no_cell_is_a_formula(text: str) -> None:
    names = SimpleNamespace(code="=c", name="n", number="@number")
    found = of_file(as_csv(Table("x", ("number",), [Row(text, text, (Cell(-3),))]), names))
    assert found == [["'=c", "n", "'@number"], [f"'{text}", f"'{text}", "-3"]] or "\r" in text
    assert harmless(text) == f"'{text}"
    assert harmless("a=b") == "a=b"


def test_topics_have_names_in_both_languages(console: World) -> None:
    for language in ("en", "nl"):
        assert topics.title("faq/melasma", language).startswith("Melasma")
        assert topics.title("talk_to_human", language) == texts(language).wishes.talk_to_human
        assert topics.title("faq/gone", language) == "faq/gone"
    assert topics.title("faq/sunspots", "en") != topics.title("faq/sunspots", "nl")


def test_a_hostile_label_stays_text(console: World) -> None:
    def talk(said: Said) -> None:
        said.user("words", "faq/<script>alert(1)</script>", 0.9)
        said.bot("utter_x", "text")

    say(console, talk)
    page = console.browser(console.staff()).get("/overview").text
    assert "<script>alert" not in page and "faq/&lt;script&gt;" in page


FILTERS = [
    Filter(since="2026-11-05", until="2026-11-15", happened="booked"),
    Filter(since="2026-10-05", happened="offered", channel="web"),
    Filter(since="2026-11-05", until="2026-11-28", topic="faq/melasma", understood="no"),
    Filter(topic="faq/melasma", language="en"),
    Filter(since="2026-11-05", slower="10", outcome="booked"),
    Filter(no_show="2026-11-20/2026-11-30"),
    Filter(since="2026-11-05", until="2026-11-28", label="ask_price", reviewed="no"),
]


@pytest.mark.parametrize("wanted", FILTERS, ids=lambda wanted: wanted.query())
def test_counts_of_what_the_overview_filters(filled: World, wanted: Filter) -> None:
    with reading(filled.engine) as connection:
        found = listing.counts(connection, wanted, "")
        number = len(connection.execute(select(conversation.c.id).where(*wanted.conditions(connection))).all())
        assert found.total == number > 0
        for facet in listing.FACETS:
            for value, expected in getattr(found, facet).items():
                narrowed = Filter.of({**dict(wanted.chosen), facet: value}).conditions(connection)
                assert len(connection.execute(select(conversation.c.id).where(*narrowed)).all()) == expected, (facet, value)


def test_what_happened_counts_on_the_day_on_which_it_happened(filled: World) -> None:
    """The one that came back was there on both days, and booked on the later ones only."""
    back = next(row["id"] for row in rows(filled) if row["sender"] == "whatsapp-back")
    first, later = (day_of(filled.now - timedelta(days=days)).isoformat() for days in (40, 20))
    expected = {(first, ""): True, (first, "booked"): False, (later, "booked"): True}
    with reading(filled.engine) as connection:
        for (which, happened), is_found in expected.items():
            conditions = Filter(since=which, until=which, happened=happened).conditions(connection)
            found = connection.execute(select(conversation.c.id).where(*conditions)).scalars().all()
            assert (back in found) is is_found, (which, happened)


@pytest.mark.parametrize(
    "query", ["happened=x", "slower=fast", "slower=-1", "slower=999999999", "no_show=2026-11-01", "no_show=x/y", "no_show=/"]
)
def test_filters_that_make_no_sense_are_left_out(console: World, query: str) -> None:
    name, _, value = query.partition("=")
    assert Filter.of({name: value}).is_empty
    assert console.browser(console.staff()).get(f"/conversations?{query}").status_code == 200


def test_a_week_is_named_as_iso_has_it(console: World) -> None:
    period = Period.of({"since": "2026-12-31", "until": "2027-01-05", "by": "week"}, day_of(console.now))
    with reading(console.engine) as connection:
        found = Reading(period, sums.Sums(), sums.Sums(), sums.read_buckets(connection, period), "en")
    assert period.by is Unit.WEEK
    assert [row.code for row in tables(found)["over_time"].rows] == ["2026-W53", "2027-W01"]
