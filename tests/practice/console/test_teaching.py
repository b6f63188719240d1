"""Teaching in the console: the inbox, choosing a topic, agreeing, and what is kept for learning."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.database import reading, writing
from bot.practice.console.models import audit
from bot.practice.console.staff.accounts import Role
from bot.practice.console.teaching import inbox, judging
from bot.practice.console.teaching.judging import State
from bot.practice.console.teaching.labels import TOPICS, titles
from bot.practice.console.teaching.models import judgement, unclear
from bot.practice.console.teaching.wording import groups, wording
from tests.practice.console.generator import Said
from tests.practice.console.test_conversations import HOSTILE
from tests.practice.console.test_index import rows, say
from tests.practice.console.world import Browser, World


def lost(text: str, response: str = "utter_not_understood") -> Callable[[Said], None]:
    def talk(said: Said) -> None:
        said.user(text, "nlu_fallback", 0.3, ["faq/melasma", "faq/freckles", "ask_price"])
        said.bot(response, "I don't know that.")

    return talk


def told(text: str) -> Callable[[Said], None]:
    def talk(said: Said) -> None:
        said.user(text, "faq/melasma", 0.9, ["faq/freckles"])
        said.bot("utter_faq/melasma", "What there is to know.")

    return talk


def events(world: World) -> dict[str, int]:
    """The latest message of each text."""
    from bot.practice.console.conversations.models import message

    return {row["text"]: row["event"] for row in rows(world, message)}


def judge(browser: Browser, event: int, label: str, **fields: str) -> int:
    page = browser.get(f"/teach/{event}").text
    shown = re.search(rf'name="text-{event}"[^>]*value="([^"]*)"', page)
    given = {f"text-{event}": shown[1] if shown else "", "language": "en", "label": label, **fields}
    return int(browser.send(f"/teach/{event}", page=f"/teach/{event}", **given).status_code)


def accepted(world: World) -> list[tuple[str, str]]:
    with reading(world.engine) as connection:
        return [(row["label"], row["text"]) for row in judging.accepted(connection)]


def test_the_inbox_has_what_was_not_understood_most_frequent_first(any_console: World) -> None:
    for number, text in enumerate(["dark patch on lip", "Dark patch, on lip!", "dark patches on lip", "wifi password", "wifi password"]):
        say(any_console, lost(text), sender=f"web-{number}")
    say(any_console, told("what is melasma"), sender="web-9")
    with reading(any_console.engine) as connection:
        found = inbox.inbox(connection, any_console.now)
    assert [(group.times, len(group.wordings)) for group in found.groups] == [(3, 2), (2, 1)]
    assert (found.wordings, found.messages) == (3, 5)
    page = any_console.browser(any_console.staff()).get("/teach").text
    assert page.index("dark patch") < page.index("wifi password") and "what is melasma" not in page


@pytest.mark.parametrize(
    ("response", "asked"),
    [("utter_not_understood", 1), ("utter_did_you_mean", 1), ("utter_out_of_scope", 1), ("utter_faq/melasma", 0)],
)
def test_doubt_and_out_of_scope_are_asked_about(console: World, response: str, asked: int) -> None:
    say(console, lost("dark patch", response))
    assert len(rows(console, unclear)) == asked


def test_what_was_tapped_is_not_asked_about(console: World) -> None:
    say(console, lost('/choose{"concern": "melasma"}'))
    assert rows(console, unclear) == []


def test_what_is_old_is_not_asked_about(console: World) -> None:
    say(console, lost("dark patch"), minutes_ago=60 * 24 * 91)
    assert "dark patch" not in console.browser(console.staff()).get("/teach").text


def test_one_choice_teaches_all_that_is_alike(any_console: World) -> None:
    say(any_console, lost("dark patch on lip"), sender="web-1")
    say(any_console, lost("dark patches on lip"), sender="web-2")
    say(any_console, lost("parking nearby"), sender="web-3")
    number = events(any_console)
    browser = any_console.browser(any_console.staff(Role.REVIEWER))
    first, second = number["dark patch on lip"], number["dark patches on lip"]
    fields = {f"also-{second}": "yes", f"text-{second}": "dark patches on lip"}
    assert judge(browser, first, "faq/melasma", **fields) == 303
    assert sorted(accepted(any_console)) == [("faq/melasma", "dark patch on lip"), ("faq/melasma", "dark patches on lip")]
    page = browser.get("/teach").text
    assert "dark patch" not in page and "parking nearby" in page


def test_the_likeliest_topics_come_first_and_all_can_be_found(console: World) -> None:
    say(console, lost("dark patch on lip"))
    page = console.browser(console.staff(Role.REVIEWER)).get(f"/teach/{events(console)['dark patch on lip']}").text
    offered = re.findall(r'type="radio" name="label"(?: id="[^"]+")? value="([^"]+)"', page)
    assert offered == ["faq/melasma", "faq/freckles", "ask_price", "other", "out_of_scope", "new_topic"]
    listed = re.findall(r"<option value=\"[^\"]+\">([^<]+)</option>", page)
    assert {"faq/melasma", "ask_price", "greet", "out_of_scope", "red_flag"} <= set(listed)
    assert "nlu_fallback" not in listed and "start" not in listed


@pytest.mark.parametrize("typed", ["Freckles", "freckles ", "faq/freckles"])
def test_another_topic_is_found_by_its_name(console: World, typed: str) -> None:
    say(console, lost("dark patch"))
    browser = console.browser(console.staff(Role.REVIEWER))
    assert judge(browser, events(console)["dark patch"], "other", other=typed) == 303
    assert accepted(console) == [("faq/freckles", "dark patch")]


@pytest.mark.parametrize(
    ("label", "fields"),
    [
        ("", {}),
        ("nlu_fallback", {}),
        ("faq/nothing", {}),
        ("other", {"other": "no such thing"}),
        ("faq/melasma", {"language": "de"}),
        ("faq/melasma", {"text": "write to anna@example.com"}),
        ("faq/melasma", {"text": "I am \u2022\u2022\u2022 and have melasma"}),
        ("faq/melasma", {"text": "  "}),
        ("faq/melasma", {"text": "[dark](treatment)"}),
        ("faq/melasma", {"text": "dark " * 100}),
    ],
)
def test_what_can_not_be_learned_is_not_kept(console: World, label: str, fields: dict[str, str]) -> None:
    say(console, lost("dark patch"))
    event = events(console)["dark patch"]
    given = {(f"text-{event}" if name == "text" else name): value for name, value in fields.items()}
    browser = console.browser(console.staff(Role.REVIEWER))
    page = browser.send(
        f"/teach/{event}", page=f"/teach/{event}", **{f"text-{event}": "dark patch", "language": "en", "label": label, **given}
    )
    assert page.status_code == 422 and 'role="alert"' in page.text
    assert rows(console, judgement) == []


def test_the_text_is_offered_without_personal_data(console: World) -> None:
    say(console, lost("is my spot ok? mail anna@example.com"))
    event = events(console)["is my spot ok? mail anna@example.com"]
    browser = console.browser(console.staff(Role.REVIEWER))
    page = browser.get(f"/teach/{event}").text
    assert "anna@example.com" not in page and "anna@example.com" not in browser.get("/teach").text
    assert judge(browser, event, "faq/melasma") == 422
    assert judge(browser, event, "faq/melasma", **{f"text-{event}": "is my spot ok?"}) == 303
    assert accepted(console) == [("faq/melasma", "is my spot ok?")]


def test_a_missing_topic_is_noted_and_not_learned(console: World) -> None:
    say(console, lost("do you treat warts"))
    browser = console.browser(console.staff(Role.REVIEWER))
    assert judge(browser, events(console)["do you treat warts"], "new_topic", note="Warts, asked often") == 303
    assert accepted(console) == []
    assert "Warts, asked often" in browser.get("/teach/judged").text and "do you treat warts" not in browser.get("/teach").text


def test_a_message_that_was_understood_wrongly_can_be_taught_too(console: World) -> None:
    say(console, told("spots since the pill"))
    browser = console.browser(console.staff(Role.REVIEWER))
    assert judge(browser, events(console)["spots since the pill"], "other", other="faq/cause_hormonal", back="1") == 303
    assert accepted(console) == [("faq/cause_hormonal", "spots since the pill")]


class TestDisagreement:
    @pytest.fixture
    def event(self, any_console: World) -> int:
        say(any_console, lost("dark patch"))
        return events(any_console)["dark patch"]

    def test_it_is_shown_and_not_learned(self, any_console: World, event: int) -> None:
        anna, piet = (any_console.browser(any_console.staff(Role.REVIEWER, f"{name}@practice.example")) for name in ("anna", "piet"))
        judge(anna, event, "faq/melasma")
        judge(piet, event, "faq/freckles")
        page = piet.get("/teach").text
        assert "Anna: Melasma" in page and "Piet: Freckles" in page
        assert accepted(any_console) == []
        judge(anna, event, "faq/freckles")  # one of them comes round
        assert accepted(any_console) == [("faq/freckles", "dark patch")]
        assert "Anna:" not in piet.get("/teach").text

    def test_an_administrator_settles_it(self, any_console: World, event: int) -> None:
        for name, label in (("anna", "faq/melasma"), ("piet", "faq/freckles")):
            judge(any_console.browser(any_console.staff(Role.REVIEWER, f"{name}@practice.example")), event, label)
        boss = any_console.browser(any_console.staff(Role.ADMINISTRATOR))
        judge(boss, event, "out_of_scope")
        assert accepted(any_console) == [("out_of_scope", "dark patch")]
        piet = any_console.browser("piet@practice.example")
        judge(piet, event, "faq/melasma")  # whoever objects later opens it again
        assert accepted(any_console) == []

    def test_an_administrator_who_disagrees_with_one_settles_nothing_by_that(self, any_console: World, event: int) -> None:
        judge(any_console.browser(any_console.staff(Role.REVIEWER)), event, "faq/melasma")
        judge(any_console.browser(any_console.staff(Role.ADMINISTRATOR)), event, "faq/freckles")
        assert accepted(any_console) == []

    def test_changing_ones_mind_is_no_disagreement(self, any_console: World, event: int) -> None:
        anna = any_console.browser(any_console.staff(Role.REVIEWER))
        judge(anna, event, "faq/melasma")
        judge(anna, event, "faq/freckles")
        assert accepted(any_console) == [("faq/freckles", "dark patch")]


def test_only_ones_own_open_choice_can_be_removed(console: World) -> None:
    say(console, lost("dark patch"))
    anna, piet = (console.browser(console.staff(Role.REVIEWER, f"{name}@practice.example")) for name in ("anna", "piet"))
    judge(anna, events(console)["dark patch"], "faq/melasma")
    piet.send("/teach/judged/1/remove")
    assert len(accepted(console)) == 1
    with writing(console.engine) as connection:
        judging.conclude(connection, [1], State.LEARNED, console.now)
    anna.send("/teach/judged/1/remove")
    assert [row["state"] for row in rows(console, judgement)] == ["learned"]


def test_what_is_not_understood_although_it_was_learned_comes_up_again(any_console: World) -> None:
    say(any_console, lost("dark patch"))
    judge(any_console.browser(any_console.staff(Role.REVIEWER)), events(any_console)["dark patch"], "faq/melasma")
    with writing(any_console.engine) as connection:
        judging.conclude(connection, [1], State.LEARNED, any_console.now)
    any_console.pass_time(minutes=5)
    browser = any_console.browser(any_console.staff())
    assert "dark patch" not in browser.get("/teach").text
    say(any_console, lost("dark patch"), sender="web-2", minutes_ago=1)
    assert "dark patch" in browser.get("/teach").text


def test_a_conversation_shows_that_it_taught(console: World) -> None:
    say(console, lost("dark patch"))
    browser = console.browser(console.staff(Role.REVIEWER))
    judge(browser, events(console)["dark patch"], "faq/melasma")
    with writing(console.engine) as connection:
        judging.conclude(connection, [1], State.LEARNED, console.now)
    assert "taught the assistant on 30 Nov 2026" in browser.get("/conversations/1").text


def test_whatever_was_said_about_a_conversation_goes_with_it(any_console: World) -> None:
    say(any_console, lost("dark patch"))
    judge(any_console.browser(any_console.staff(Role.REVIEWER)), events(any_console)["dark patch"], "faq/melasma")
    any_console.index.forget("web-1")
    assert rows(any_console, judgement) == [] and rows(any_console, unclear) == []


def test_a_hostile_message_is_only_text(console: World) -> None:
    say(console, lost(HOSTILE))
    browser = console.browser(console.staff(Role.REVIEWER))
    event = events(console)[HOSTILE]
    judge(browser, event, "new_topic", note=HOSTILE)
    for path in ("/teach", f"/teach/{event}", "/teach/judged", "/conversations/1"):
        assert "<script>alert" not in browser.get(path).text and "<img" not in browser.get(path).text, path


def test_every_choice_is_in_the_audit_trail_without_the_text(console: World) -> None:
    say(console, lost("dark patch"))
    judge(console.browser(console.staff(Role.REVIEWER)), events(console)["dark patch"], "faq/melasma")
    with reading(console.engine) as connection:
        (line,) = connection.execute(select(audit).where(audit.c.action == "message_judged")).mappings().all()
    assert "faq/melasma" in line["detail"] and "dark" not in line["detail"] + line["subject"]


@pytest.mark.parametrize("path", ["/teach/999999", "/teach/0", "/teach/x", "/teach/99999999999"])
def test_a_message_that_is_not_there(console: World, path: str) -> None:
    assert console.browser(console.staff(Role.REVIEWER)).get(path).status_code == 404


@pytest.mark.parametrize("field", ["also-x", "also-99999999999", "also-999"])
def test_messages_that_a_forged_form_names(console: World, field: str) -> None:
    say(console, lost("dark patch"))
    event = events(console)["dark patch"]
    number = field.removeprefix("also-")
    status = judge(console.browser(console.staff(Role.REVIEWER)), event, "faq/melasma", **{field: "yes", f"text-{number}": "more"})
    assert status in (404, 422) and rows(console, judgement) == []


def test_the_same_words_are_one_wording() -> None:
    assert wording("Dark patch on LIP?") == wording("on lip: dark  patch") != wording("dark patch on the lip")
    assert wording("?!") != wording("!!")
    assert groups(["is melasma dangerous", "is melasme dangerous", "is it safe", "dangerous is melasma"]) == [[0, 1, 3], [2]]
    assert groups([]) == []


def test_every_topic_has_a_title_in_both_languages() -> None:
    found = titles(TOPICS, TOPICS.stat().st_mtime)
    assert len(found) == len(list(TOPICS.glob("*.yml")))
    assert all(title.keys() >= {"en", "nl"} for title in found.values())


def test_the_index_can_be_made_anew_without_losing_a_choice(console: World) -> None:
    say(console, lost("dark patch"))
    judge(console.browser(console.staff(Role.REVIEWER)), events(console)["dark patch"], "faq/melasma")
    console.index.start_over()
    console.index.catch_up_wholly(console.now + timedelta(seconds=1))
    assert len(rows(console, unclear)) == 1 and len(accepted(console)) == 1
