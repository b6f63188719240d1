"""A conversation kept as a test: its steps, its expectations, and nobody's data."""

import random
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import yaml

from bot.database import writing
from bot.practice.console.conversations.events import events_of
from bot.practice.console.conversations.transcript import Transcript, read
from bot.practice.console.staff.accounts import Role
from bot.practice.console.teaching import keeping
from bot.practice.console.teaching.models import kept_test
from bot.practice.console.teaching.script import as_yaml, is_impersonal, steps_of
from tests.conversations.script import read_script
from tests.practice.console.forms import fields_of
from tests.practice.console.generator import Said, book, price
from tests.practice.console.test_index import rows, say
from tests.practice.console.test_teaching import events, judge, lost, told
from tests.practice.console.world import Browser, World


def transcript(world: World, sender: str = "web-1") -> Transcript:
    with world.assistant.connect() as connection:
        return read(events_of(connection, [sender])[sender])


def booking(said: Said) -> None:
    """A booking by somebody called Sanne Bakker, who says her name more than once."""
    said.user('/book_consultation{"appointment_type": "video"}', "book_consultation", 1.0)
    said.form("booking_form")
    said.slot("requested_slot", "start")
    said.bot("utter_booking_start", "Which time?", custom={"slots": [{"day": "Tuesday", "times": [{"title": "09:00", "payload": SLOT}]}]})
    said.user(SLOT, "choose", 1.0, start="x")
    said.slot("start", "2026-12-01T08:00:00+00:00")
    said.slot("requested_slot", "name")
    said.bot("utter_booking_name", "Your name?")
    said.user("my name is Sanne Bakker", "out_of_scope", 0.6)
    said.slot("name", "Sanne Bakker")
    said.slot("requested_slot", "email")
    said.bot("utter_booking_email", "E-mail?")
    said.user("Sanne here: s.bakker@example.org", "nlu_fallback", 0.3)
    said.slot("email", "s.bakker@example.org")
    said.slot("requested_slot", "phone")
    said.bot("utter_booking_phone", "Phone?")
    said.user("+31 6 98765432", "nlu_fallback", 0.3)
    said.slot("phone", "+31698765432")
    said.slot("requested_slot", None)
    said.form(None)
    said.slot("booked", "MD-7K2M-9QXT")
    said.bot("utter_booked", "It is booked.")
    said.user("is MD-7K2M-9QXT right, SANNE BAKKER?", "my_appointment", 0.9)
    said.bot("utter_appointment_found", "Yes.")


SLOT = '/choose{"start": "2026-12-01T08:00:00+00:00"}'
PERSONAL = ("sanne", "bakker", "example.org", "98765432", "7k2m", "2026-12-01", "09:00")


def test_a_booking_becomes_a_script_without_anybodys_data(console: World) -> None:
    say(console, booking)
    script = as_yaml(steps_of(transcript(console)))
    assert [part for part in PERSONAL if part in script.lower()] == []
    assert yaml.safe_load(script) == [
        {"open": "en", "expect": {"responses": ["utter_start"], "form": None, "asks": None}},
        {
            "tap": '/book_consultation{"appointment_type": "video"}',
            "expect": {"responses": ["utter_booking_start"], "form": "booking_form", "asks": "start"},
        },
        {"tap_slot": "first", "expect": {"responses": ["utter_booking_name"], "form": "booking_form", "asks": "name"}},
        {"say": "my name is Anna de Vries", "expect": {"responses": ["utter_booking_email"], "form": "booking_form", "asks": "email"}},
        {"say": "Anna here: {email}", "expect": {"responses": ["utter_booking_phone"], "form": "booking_form", "asks": "phone"}},
        {"say": "06 12345678", "expect": {"responses": ["utter_booked"], "form": None, "asks": None}},
        {"say": "is {reference} right, Anna de Vries?", "expect": {"responses": ["utter_appointment_found"], "form": None, "asks": None}},
    ]


@pytest.mark.parametrize("talk", [booking, told("what is melasma?"), lost("\"no\": {x}, #1 - 'yes'")])
def test_the_suite_can_read_it(console: World, talk: Callable[[Said], None], tmp_path: Path) -> None:
    say(console, talk)
    file = tmp_path / "kept.yml"
    steps = steps_of(transcript(console))
    file.write_text(as_yaml(steps), encoding="utf-8")
    assert [step.say for step in read_script(file)] == [step.said for step in steps]


def test_any_generated_conversation_can_be_read(console: World, tmp_path: Path) -> None:
    dice = random.Random(3)
    for number in range(20):
        say(console, partial(book, dice=dice), partial(price, dice=dice), sender=f"web-{number}")
        script = as_yaml(steps_of(transcript(console, f"web-{number}")))
        file = tmp_path / "kept.yml"
        file.write_text(script, encoding="utf-8")
        assert read_script(file) and "example.com" not in script


def a_day(language: str) -> Callable[[Said], None]:
    def talk(said: Said) -> None:
        said.language = language
        said.user("/book_consultation", "book_consultation", 1.0)
        said.form("booking_form")
        said.bot("utter_booking_start", "Which time?")
        said.user("vrijdag 4 december om 14:00" if language == "nl" else "friday 4 december at 2pm", "nlu_fallback", 0.2)
        said.slot("start", "2026-12-04T13:00:00+00:00")
        said.bot("utter_booking_name", "Your name?")

    return talk


@pytest.mark.parametrize(("language", "does"), [("en", {"say": "{weekday} at {time}"}), ("nl", {"tap_slot": "first"})])
def test_a_typed_day_becomes_one_of_the_tests_own(console: World, language: str, does: dict[str, str]) -> None:
    say(console, a_day(language))
    assert steps_of(transcript(console))[-1].does == does


def test_buttons_that_hold_for_a_day_only_are_known_by_their_title(console: World) -> None:
    def talk(said: Said) -> None:
        payload = '/choose{"more_after": "2026-12-04"}'
        said.bot("utter_booking_start", "Which?", buttons=[{"title": "Later days", "payload": payload}])
        said.user(payload, "choose", 1.0)
        said.bot("utter_booking_start", "Which?", buttons=[{"title": "Melasma", "payload": '/choose{"concern": "melasma"}'}])
        said.user('/choose{"concern": "melasma"}', "choose", 1.0)

    say(console, talk)
    assert [step.does for step in steps_of(transcript(console))[1:]] == [{"tap": "Later days"}, {"tap": {"concern": "melasma"}}]


def test_what_stands_for_personal_data_is_not_taken_for_it() -> None:
    assert is_impersonal("I am Anna de Vries, {email}, 06 12345678, {reference}")
    assert not is_impersonal("write to x@example.org") and not is_impersonal("call 06 87654321")


def form_of(browser: Browser, number: int = 1) -> dict[str, str]:
    """The page's form as it would be sent untouched."""
    return fields_of(browser.get(f"/conversations/{number}/test").text)


def keep(browser: Browser, number: int = 1, **changed: str) -> int:
    path = f"/conversations/{number}/test"
    return int(browser.send(path, page=path, **{**form_of(browser, number), **changed}).status_code)


def test_kept_from_the_page(any_console: World) -> None:
    say(any_console, told("what is melasma"))
    browser = any_console.browser(any_console.staff(Role.REVIEWER))
    assert keep(browser, name="asks_about_melasma") == 303
    (row,) = rows(any_console, kept_test)
    assert (row["name"], row["state"], row["conversation_id"]) == ("asks_about_melasma", "open", 1)
    assert yaml.safe_load(row["script"])[1] == {
        "say": "what is melasma",
        "expect": {"responses": ["utter_faq/melasma"], "form": None, "asks": None},
    }
    assert "asks_about_melasma" in browser.get("/conversations/1/test").text


def test_what_was_corrected_is_expected(console: World) -> None:
    def doubt(said: Said) -> None:
        said.user("spots since the pill", "nlu_fallback", 0.4, ["faq/melasma"])
        choice = '/choose{"topic": "cause_hormonal"}'
        said.bot("utter_did_you_mean", "Did you mean", buttons=[{"title": "Hormones", "payload": choice}])
        said.user(choice, "ask_topic", 1.0)
        said.bot("utter_faq/cause_hormonal", "What there is to know.")
        said.user("thanks", "thanks", 0.9)
        said.bot("utter_thanks", "You're welcome.")

    say(console, doubt)
    browser = console.browser(console.staff(Role.REVIEWER))
    judge(browser, events(console)["spots since the pill"], "other", other="faq/cause_hormonal")
    assert keep(browser) == 303
    (row,) = rows(console, kept_test)
    assert yaml.safe_load(row["script"])[1:] == [
        {"say": "spots since the pill", "expect": {"intent": "faq/cause_hormonal", "responses": ["utter_faq/cause_hormonal"]}},
        {"say": "thanks", "expect": {"responses": ["utter_thanks"], "form": None, "asks": None}},
    ]


def test_steps_can_be_changed_and_left_out(console: World) -> None:
    say(console, told("what is melasma"), told("and freckles, I'm Jo"))
    browser = console.browser(console.staff(Role.REVIEWER))
    first, second = events(console)["what is melasma"], events(console)["and freckles, I'm Jo"]
    assert keep(browser, **{f"use-{first}": "", f"say-{second}": "and freckles?", f"expect-{second}": "faq/freckles"}) == 303
    (row,) = rows(console, kept_test)
    assert yaml.safe_load(row["script"])[1:] == [
        {"say": "and freckles?", "expect": {"intent": "faq/freckles", "responses": ["utter_faq/freckles"]}}
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "../../conftest"},
        {"name": "A b"},
        {"name": ""},
        {"name": "x" * 61},
        {"say": "I am x@example.org"},
        {"say": " "},
        {"say": "x" * 1001},
        {"expect": "utter_nothing"},
        {"expect": "anything", "expect-open": "anything"},
        {"use": ""},
    ],
)
def test_what_is_no_test_is_not_kept(console: World, changed: dict[str, str]) -> None:
    say(console, told("what is melasma"))
    browser = console.browser(console.staff(Role.REVIEWER))
    event = events(console)["what is melasma"]
    opening = next(name for name in form_of(browser) if name.startswith("expect-") and name != f"expect-{event}")
    names = {"say": f"say-{event}", "expect": f"expect-{event}", "use": f"use-{event}", "expect-open": opening}
    assert keep(browser, **{names.get(name, name): value for name, value in changed.items()}) == 422
    assert rows(console, kept_test) == []


def test_a_name_belongs_to_one_conversation(console: World) -> None:
    say(console, told("what is melasma"), sender="web-1")
    say(console, told("what is melasma"), sender="web-2")
    browser = console.browser(console.staff(Role.REVIEWER))
    assert keep(browser, 1, name="asks") == 303 and keep(browser, 2, name="asks") == 422
    assert keep(browser, 1, name="asks") == 303 and len(rows(console, kept_test)) == 1  # kept anew
    with writing(console.engine) as connection:
        keeping.conclude(connection, [rows(console, kept_test)[0]["id"]], keeping.WRITTEN)
    assert keep(browser, 1, name="asks") == 422 and keep(browser, 1, name="asks_again") == 303


def test_it_goes_with_the_conversation(any_console: World) -> None:
    say(any_console, told("what is melasma"))
    keep(any_console.browser(any_console.staff(Role.REVIEWER)))
    any_console.index.forget("web-1")
    assert rows(any_console, kept_test) == []
