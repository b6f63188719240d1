"""The same conversation in two tabs of one browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.widget.conftest import OPEN, OpenPage, bubbles, log, say, storage
from tests.widget.fake_assistant import FakeAssistant

pytestmark = pytest.mark.slow

GREETING = "Hello, I am an automated assistant."


def another_tab(page: Page) -> Page:
    tab = page.context.new_page()
    tab.goto(page.url)
    return tab


def open_chat(page: Page) -> Page:
    page.get_by_role("button", name=OPEN["en"]).click()
    expect(bubbles(page).first).to_have_text(GREETING)
    return page


def test_both_tabs_show_what_is_said_in_either(chat: Page, assistant: FakeAssistant) -> None:
    say(chat, "first")
    expect(bubbles(chat).last).to_have_text("You said first")
    tab = open_chat(another_tab(chat))
    expect(bubbles(tab).last).to_have_text("You said first")
    say(tab, "second")
    expect(bubbles(tab).last).to_have_text("You said second")
    whole = [GREETING, "first", "You said first", "second", "You said second"]
    for page in (chat, tab):
        expect(bubbles(page)).to_have_text(whole)
    assert assistant.turns == ["first", "second"]
    assert len(assistant.sessions) == 1


def test_a_tab_without_a_word_goes_over_to_the_conversation_of_the_other(chat: Page, assistant: FakeAssistant) -> None:
    tab = open_chat(another_tab(chat))
    say(chat, "hello")
    expect(bubbles(tab)).to_have_text([GREETING, "hello", "You said hello"])
    say(tab, "and again")
    expect(bubbles(chat).last).to_have_text("You said and again")
    assert [len(session.turns) for session in assistant.sessions.values()] == [2, 0]


def test_a_choice_made_in_one_tab_is_over_in_the_other(chat: Page, assistant: FakeAssistant) -> None:
    assistant.answers["choose"] = {"text": "Which?", "buttons": [{"title": "Laser", "payload": "/laser"}]}
    say(chat, "choose")
    tab = open_chat(another_tab(chat))
    log(tab).get_by_role("button", name="Laser").click()
    expect(bubbles(tab).last).to_have_text("You said /laser")
    expect(log(chat).get_by_role("button", name="Laser")).to_have_attribute("aria-disabled", "true")
    expect(bubbles(chat).last).to_have_text("You said /laser")


def test_an_answer_on_its_way_stands_in_front_of_what_was_said_meanwhile(chat: Page, assistant: FakeAssistant) -> None:
    say(chat, "before")
    expect(bubbles(chat).last).to_have_text("You said before")
    tab = open_chat(another_tab(chat))
    assistant.go.clear()
    say(chat, "slow")
    say(tab, "meanwhile")
    assistant.go.set()
    for page in (chat, tab):
        expect(bubbles(page)).to_have_count(7)
    pairs = bubbles(tab).all_inner_texts()[3:]
    assert sorted(pairs) == sorted(["slow", "You said slow", "meanwhile", "You said meanwhile"])
    assert pairs.index("You said slow") == pairs.index("slow") + 1


def test_deleting_in_one_tab_clears_the_other(chat: Page, assistant: FakeAssistant) -> None:
    say(chat, "a secret")
    tab = open_chat(another_tab(chat))
    expect(bubbles(tab).last).to_have_text("You said a secret")
    chat.get_by_label("More options").click()
    chat.get_by_role("button", name="Delete this conversation").click()
    chat.get_by_role("alertdialog").get_by_role("button", name="Delete", exact=True).click()
    for page in (chat, tab):
        expect(log(page)).to_have_text("The conversation is deleted. If you write again, a new one begins.")
    assert assistant.sessions == {}
    assert storage(tab) == {"open": True}


def test_another_browser_sees_nothing(chat: Page, visit: OpenPage) -> None:
    say(chat, "a secret")
    expect(bubbles(chat).last).to_have_text("You said a secret")
    expect(bubbles(open_chat(visit()))).to_have_text([GREETING])
