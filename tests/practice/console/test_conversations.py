"""The list and the view of conversations, as staff meets them."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from sqlalchemy import delete, select

from bot.database import reading, writing
from bot.practice.console.conversations import listing, search, upkeep
from bot.practice.console.conversations.events import events
from bot.practice.console.conversations.filters import Filter
from bot.practice.console.conversations.listing import Place
from bot.practice.console.conversations.models import conversation
from bot.practice.console.models import audit
from bot.practice.console.staff.accounts import Role, account
from tests.practice.console.generator import Said, fill
from tests.practice.console.test_index import add, labelled, say
from tests.practice.console.world import Browser, World

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&{{7*7}}"


@pytest.fixture
def filled(any_console: World) -> World:
    """A hundred and twenty conversations."""
    fill(any_console.assistant, 120, any_console.now)
    any_console.index.catch_up_wholly(any_console.now)
    return any_console


def shown(browser: Browser, path: str) -> list[int]:
    """Numbers of the conversations on a page of the list."""
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return [int(number) for number in re.findall(r'data-id="(\d+)"', answer.text)]


def searching(browser: Browser, words: str) -> str:
    """The address of a search's result."""
    return str(browser.send("/conversations/search", page="/conversations", words=words).headers["location"].removeprefix("/staff"))


def typed(text: str) -> Callable[[Said], None]:
    def talk(said: Said) -> None:
        said.user(text, "faq/melasma", 0.9)
        said.bot("utter_faq/melasma", text)

    return talk


def test_paging_shows_each_once_newest_first(filled: World) -> None:
    browser = filled.browser(filled.staff())
    path, seen = "/conversations", []
    while path:
        page = browser.get(path).text
        seen += [int(number) for number in re.findall(r'data-id="(\d+)"', page)]
        following = re.search(r'rel="next" href="/staff([^"]+)"', page)
        path = following[1].replace("&amp;", "&") if following else ""
    assert seen == list(range(120, 0, -1))


def test_conversations_of_the_same_instant_are_all_paged(console: World) -> None:
    for number in range(5):
        say(console, labelled("faq/melasma"), sender=f"web-{number}")
    with reading(console.engine) as connection:
        first = listing.page(connection, Filter(), "", None)[0]
        later = listing.page(connection, Filter(), "", Place.of(first[1]))[0]
    assert [row["id"] for row in first] == [5, 4, 3, 2, 1]
    assert [row["id"] for row in later] == [3, 2, 1]


FILTERS = [
    Filter(channel="whatsapp"),
    Filter(language="nl", outcome="booked"),
    Filter(outcome="not_understood", band="low"),
    Filter(band="none"),
    Filter(reviewed="no", outcome="left", channel="web"),
    Filter(flagged="yes"),
    Filter(label="faq/melasma"),
    Filter(understood="no", language="en"),
    Filter(since="2026-06-01", until="2026-06-30"),
    Filter(tag="nice"),
]


@pytest.mark.parametrize("wanted", FILTERS, ids=lambda wanted: wanted.query())
def test_counts_are_what_each_choice_would_show(filled: World, wanted: Filter) -> None:
    with writing(filled.engine) as connection:
        for number in (3, 50, 90):
            upkeep.flag(connection, number, True)
            upkeep.add_tag(connection, number, " Nice ")
        told = listing.counts(connection, wanted, "")
        assert told.total == number_of(connection, wanted)
        for facet in listing.FACETS:
            for value, number in getattr(told, facet).items():
                assert number == number_of(connection, Filter.of({**dict(wanted.chosen), facet: value})), (facet, value)
        for value, number in told.tag.items():
            assert number == number_of(connection, Filter.of({**dict(wanted.chosen), "tag": value})), value


def number_of(connection: object, wanted: Filter) -> int:
    rows = connection.execute(select(conversation.c.id).where(*wanted.conditions(connection))).all()  # type: ignore[attr-defined]
    return len(rows)


def test_a_filter_survives_its_address() -> None:
    wanted = Filter(channel="web", outcome="booked", tag="a & b", since="2026-01-01", label="faq/melasma")
    assert Filter.of({name: values[0] for name, values in parse_qs(wanted.query()).items()}) == wanted


@pytest.mark.parametrize(
    "query",
    [
        "outcome=x",
        "band=9",
        "since=yesterday",
        "until=9999-99-99",
        "reviewed=maybe",
        "after=x-y",
        "after=99999999999999999-1",
        "after=-1",
        "channel=%27%3B--",
    ],
)
def test_an_address_that_makes_no_sense_does_no_harm(filled: World, query: str) -> None:
    assert filled.browser(filled.staff()).get(f"/conversations?{query}").status_code == 200


@pytest.mark.parametrize("query", ["until=9999-12-31", "since=0001-01-01", "until=2999-12-31", "since=2000-01-01"])
def test_the_ends_of_the_calendar(filled: World, query: str) -> None:
    assert len(shown(filled.browser(filled.staff()), f"/conversations?{query}")) == 50


def test_search(any_console: World) -> None:
    say(any_console, typed("Ik heb een litteken op mijn Café-neus"), sender="web-1")
    say(any_console, typed("what about my nose?"), sender="web-2")
    browser = any_console.browser(any_console.staff())
    assert shown(browser, searching(browser, "litteken")) == [1]
    assert shown(browser, searching(browser, "LITT cafe")) == [1]
    assert shown(browser, searching(browser, "nose litteken")) == []
    assert shown(browser, searching(browser, "  ")) == [2, 1]
    assert "<mark>Café</mark>" in browser.get(searching(browser, "cafe")).text
    assert shown(browser, searching(browser, "litteken").replace("?", "?channel=telegram&")) == []


@pytest.mark.parametrize(
    "words",
    [
        '"',
        "'",
        "*",
        "a*",
        "NEAR(",
        "AND OR NOT",
        ":",
        "a:b",
        "-",
        "(",
        "\\",
        "%",
        "x' OR 1=1 --",
        "é" * 300,
        "\u0000x",
        "🙂",
        "a b c d e f g h i j k",
    ],
)
def test_any_words_can_be_searched(any_console: World, words: str) -> None:
    say(any_console, typed("x or y"))
    browser = any_console.browser(any_console.staff())
    assert browser.get(searching(browser, words)).status_code == 200


def test_what_is_searched_for_stands_in_no_address_and_is_ones_own(console: World) -> None:
    say(console, typed("my name is Annabel"))
    browser = console.browser(console.staff())
    path = searching(browser, "Annabel")
    assert "annabel" not in path.lower()
    other = console.browser(console.staff(Role.REVIEWER))
    assert "Annabel" not in other.get(path).text.replace("my name is Annabel", "")
    with reading(console.engine) as connection:
        assert "Annabel" not in str(connection.execute(select(audit)).all())


def test_an_address_that_is_found_stays_masked() -> None:
    pieces = listing._shown("write to anna@example.com please", "anna")
    assert [text for text, hit in pieces if hit] == ["anna"]
    assert not any("example" in text or "please" in text for text, _ in pieces)


@pytest.mark.parametrize(
    ("said", "words", "hits"),
    [
        ("melasma and Melasmas", "melasma", ["melasma", "Melasmas"]),
        ("één", "een", ["één"]),
        ("nothing", "", []),
        ("a<b", "b", ["b"]),
        ("straße", "strasse", ["straße"]),
    ],
)
def test_highlighting(said: str, words: str, hits: list[str]) -> None:
    pieces = search.marked(said, words)
    assert [text for text, hit in pieces if hit] == hits
    assert "".join(text for text, _ in pieces) == said


def test_new_ones_come_in(any_console: World) -> None:
    said = say(any_console, labelled("faq/melasma"), sender="web-1")
    browser = any_console.browser(any_console.staff())
    page = browser.get("/conversations").text
    top = re.search(r'data-top="([^"]+)"', page)
    assert top
    poll = f"/conversations/new?&than={top[1]}"
    assert browser.get(poll).status_code == 204
    say(any_console, labelled("ask_price"), sender="web-2", minutes_ago=1)
    answer = browser.get(poll)
    assert re.findall(r'data-id="(\d+)"', answer.text) == ["2"]
    assert browser.get(f"/conversations/new?than={answer.headers['x-top']}").status_code == 204
    said.clock = any_console.now.timestamp()
    labelled("ask_price")(said)
    add(any_console, said)
    assert re.findall(r'data-id="(\d+)"', browser.get(poll).text) == ["1", "2"]
    assert browser.get("/conversations/new?than=nonsense").status_code == 400


def test_a_conversation_as_the_visitor_saw_it(any_console: World) -> None:
    def talk(said: Said) -> None:
        said.user("how much", "ask_price", 0.61, ["faq/peels"], concern="melasma")
        said.event("action", name="action_tell_price")
        card = {
            "title": "Peel card",
            "text": "What it is",
            "price": "€ 75",
            "facts": ["a fact"],
            "link": {"url": "https://x.example", "title": "The link"},
        }
        card["buttons"] = [{"title": "Book this", "payload": "/book"}]
        days = [{"day": "Tuesday", "times": [{"title": "09:30", "payload": "/choose1"}]}]
        said.bot("utter_price", "These.", buttons=[{"title": "More", "payload": "/more"}], custom={"cards": [card], "slots": days})
        said.user("/choose1", "choose", 1.0)
        said.slot("start", "2026-12-01T08:30")

    say(any_console, talk)
    page = any_console.browser(any_console.staff()).get("/conversations/1").text
    for part in ("how much", "These.", "Peel card", "€ 75", "a fact", "The link", "Book this", "Tuesday", "09:30", "More"):
        assert part in page, part
    for part in ("ask_price", "61 %", "faq/peels", "concern = melasma", "action_tell_price", "start = 2026-12-01T08:30", "ms</dd>"):
        assert part in page, part
    assert "/choose1" not in page and "/start" not in page


def test_what_a_visitor_or_a_colleague_writes_never_becomes_markup(any_console: World) -> None:
    def talk(said: Said) -> None:
        said.user(HOSTILE, HOSTILE[:50], 0.9, [HOSTILE], thing=HOSTILE)
        said.slot("name", HOSTILE)
        card = {
            "title": HOSTILE,
            "text": HOSTILE,
            "price": HOSTILE,
            "facts": [HOSTILE],
            "link": {"url": "javascript:alert(1)", "title": HOSTILE},
        }
        said.bot(HOSTILE, HOSTILE, buttons=[{"title": HOSTILE, "payload": "/x"}], custom={"cards": [card]})
        said.user(f"alert words {HOSTILE}", "talk_to_human", 0.9)
        said.slot("phone", HOSTILE)

    say(any_console, talk)
    browser = any_console.browser(any_console.staff(Role.ADMINISTRATOR))
    browser.send("/conversations/1/notes", page="/conversations/1", text=HOSTILE)
    browser.send("/conversations/1/tags", page="/conversations/1", tag=HOSTILE)
    browser.send("/conversations/filters", page="/conversations", name=HOSTILE, filter="channel=web")
    browser.send("/people", page="/people", login=HOSTILE, name=HOSTILE, role="reader")
    pages = (
        "/conversations",
        "/conversations?channel=web",
        "/conversations/1",
        searching(browser, "alert"),
        "/waiting",
        "/people",
        "/audit",
    )
    for path in (*pages, "/log-in?to=%22%3E%3Cscript%3E", "/conversations?tag=%3Cscript%3Ealert(1)", "/%3Cscript%3Ealert(1)"):
        html = browser.get(path).text
        assert (
            "<script>alert" not in html
            and "<img" not in html
            and 'href="javascript' not in html
            and "49" not in html.split("{{7*7}}")[0][-5:]
        ), path


def test_every_answer_forbids_inline_code_and_keeping(console: World) -> None:
    browser = console.browser(console.staff())
    for path in ("/conversations", "/nothing", "/people", "/log-in"):
        headers = browser.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
    html = browser.get("/conversations").text + browser.get("/account").text
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src=)", html)


def test_reviewing_goes_on_to_the_next(any_console: World) -> None:
    for number in (1, 2, 3):
        say(any_console, labelled("faq/melasma"), sender=f"web-{number}", minutes_ago=60 - number)
    browser = any_console.browser(any_console.staff(Role.REVIEWER))
    fields = {"reviewed": "yes", "filter": "reviewed=no"}
    answer = browser.send("/conversations/3/review", page="/conversations/3", **fields)
    assert answer.headers["location"] == "/staff/conversations/2?reviewed=no"
    assert shown(browser, "/conversations?reviewed=no") == [2, 1]
    assert "Reviewer" in browser.get("/conversations/3").text
    assert (
        browser.send("/conversations/1/review", page="/conversations/1", **fields).headers["location"]
        == "/staff/conversations/1?reviewed=no"
    )
    browser.send("/conversations/3/review", page="/conversations/3", reviewed="no")
    assert shown(browser, "/conversations?reviewed=no") == [3, 2]


def test_flags_tags_and_notes(any_console: World) -> None:
    say(any_console, labelled("faq/melasma"))
    browser = any_console.browser(any_console.staff(Role.REVIEWER))
    browser.send("/conversations/1/flag", page="/conversations/1", flagged="yes")
    for name in ("Call  Back", "call back", ""):
        browser.send("/conversations/1/tags", page="/conversations/1", tag=name)
    browser.send("/conversations/1/notes", page="/conversations/1", text="a note")
    assert shown(browser, "/conversations?flagged=yes&tag=call+back") == [1]
    assert "a note" in browser.get("/conversations/1").text
    browser.send("/conversations/1/tags", page="/conversations/1", remove="call back")
    browser.send("/conversations/1/flag", page="/conversations/1", flagged="no")
    assert shown(browser, "/conversations?flagged=yes") == shown(browser, "/conversations?tag=call+back") == []


def test_saved_filters_are_ones_own(any_console: World) -> None:
    login = any_console.staff()
    browser, other = any_console.browser(login), any_console.browser(any_console.staff(Role.REVIEWER))
    for query in ("outcome=booked", "outcome=moved"):
        browser.send("/conversations/filters", page="/conversations", name="Mine", filter=query)
    with reading(any_console.engine) as connection:
        (saved,) = upkeep.saved_filters(connection, account(connection, login=login))
    assert saved["query"] == "outcome=moved"
    assert "Mine" not in other.get("/conversations").text
    other.send(f"/conversations/filters/{saved['id']}/remove", page="/conversations")
    assert "Mine" in browser.get("/conversations").text
    browser.send(f"/conversations/filters/{saved['id']}/remove", page="/conversations")
    assert "Mine" not in browser.get("/conversations").text


def test_a_saved_search_outlives_the_others(console: World) -> None:
    console.staff(login="a@b.nl")
    with writing(console.engine) as connection:
        who = account(connection, login="a@b.nl")
        kept, gone = (upkeep.keep_search(connection, who, words, console.now) for words in ("kept", "gone"))
        upkeep.save_filter(connection, who, "Mine", Filter(search=kept).query())
        upkeep.keep_search(connection, who, "later", console.now + timedelta(days=2))
        assert [upkeep.words_of_search(connection, who, each) for each in (kept, gone)] == ["kept", ""]


def test_who_saw_what_is_recorded(console: World) -> None:
    say(console, labelled("faq/melasma"))
    login = console.staff()
    console.browser(login).get("/conversations/1")
    with reading(console.engine) as connection:
        rows = connection.execute(select(audit.c.staff_name, audit.c.action, audit.c.subject)).all()
    assert tuple(rows[-1]) == ("Reader", "conversation_seen", "conversation:1")


def test_a_conversation_whose_events_are_gone(any_console: World) -> None:
    say(any_console, labelled("faq/melasma"))
    with writing(any_console.assistant) as connection:
        connection.execute(delete(events))
    assert any_console.browser(any_console.staff()).get("/conversations/1").status_code == 200


@pytest.mark.parametrize(
    "path", ["/conversations/2", "/conversations/0", "/conversations/99999999999", "/conversations/x", "/conversations/1/notes"]
)
def test_what_is_not_there(console: World, path: str) -> None:
    say(console, labelled("faq/melasma"))
    assert console.browser(console.staff(Role.ADMINISTRATOR)).get(path).status_code == 404


def test_names_and_numbers_in_the_list_only_on_record(console: World) -> None:
    say(console, typed("my name is Anna Bakker, 06 12345678"))
    reader, reviewer = console.browser(console.staff()), console.browser(console.staff(Role.REVIEWER))
    for browser in (reader, reviewer):
        assert "Bakker" not in browser.get("/conversations").text
    assert reader.send("/conversations/show").status_code == 403
    shown = reviewer.send("/conversations/show?channel=web&after=").text
    assert "Anna Bakker, 06 12345678" in shown
    with reading(console.engine) as connection:
        assert connection.execute(select(audit.c.action)).scalars().all()[-1] == "openings_shown"
