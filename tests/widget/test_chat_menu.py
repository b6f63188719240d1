"""What a visitor can do with the conversation as a whole."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.widget.conftest import bubbles, log, say, storage
from tests.widget.fake_assistant import FakeAssistant

pytestmark = pytest.mark.slow

GREETING = "Hello, I am an automated assistant."


def choose(page: Page, name: str) -> None:
    page.get_by_role("dialog").get_by_label("More options").click()
    page.get_by_role("dialog").get_by_role("button", name=name).click()


def test_the_conversation_can_be_kept_as_a_file(chat: Page, assistant: FakeAssistant, tmp_path: Path) -> None:
    card = {"title": "Laser", "text": "Light", "facts": ["High SPF"], "price": "from € 50.00", "buttons": []}
    slots = [{"day": "Friday", "times": [{"title": "15:00", "payload": "/slot"}]}]
    link = {"url": "https://practice.example/", "title": "Website"}
    assistant.answers["laser"] = {"text": "This may suit you.", "cards": [card], "slots": slots, "link": link}
    say(chat, "laser")
    expect(bubbles(chat)).to_have_count(3)
    with chat.expect_download() as kept:
        choose(chat, "Download this conversation")
    assert kept.value.suggested_filename == "conversation.txt"
    kept.value.save_as(tmp_path / "kept.txt")
    lines = (tmp_path / "kept.txt").read_text(encoding="utf-8").splitlines()
    for line in (
        GREETING,
        "laser",
        "This may suit you.",
        "Laser",
        "from € 50.00",
        "High SPF",
        "Website: https://practice.example/",
        "Friday: 15:00",
    ):
        assert line in lines
    assert any(line.startswith("You: (") for line in lines)


def test_deleting_asks_once_more(chat: Page, assistant: FakeAssistant) -> None:
    say(chat, "a secret")
    expect(bubbles(chat).last).to_have_text("You said a secret")
    choose(chat, "Delete this conversation")
    sure = chat.get_by_role("alertdialog", name="Delete this conversation?")
    expect(sure).to_contain_text("Appointments that you made stay")
    expect(sure.get_by_role("button", name="Keep it")).to_be_focused()
    chat.keyboard.press("Escape")
    expect(sure).to_be_hidden()
    expect(bubbles(chat).last).to_have_text("You said a secret")
    assert [method for method, _, _ in assistant.seen].count("DELETE") == 0


def test_a_deleted_conversation_is_gone_and_a_new_one_can_begin(chat: Page, assistant: FakeAssistant) -> None:
    say(chat, "a secret")
    expect(bubbles(chat).last).to_have_text("You said a secret")
    choose(chat, "Delete this conversation")
    chat.get_by_role("button", name="Delete", exact=True).click()
    expect(log(chat)).to_have_text("The conversation is deleted. If you write again, a new one begins.")
    expect(chat.get_by_label("Your message")).to_be_focused()
    assert assistant.sessions == {}
    assert storage(chat) == {"open": True}
    say(chat, "hello")
    expect(bubbles(chat)).to_have_text([GREETING, "hello", "You said hello"])


def test_a_deletion_that_fails_says_so_and_keeps_the_conversation(chat: Page, assistant: FakeAssistant) -> None:
    say(chat, "a secret")
    expect(bubbles(chat).last).to_have_text("You said a secret")
    chat.context.set_offline(True)
    choose(chat, "Delete this conversation")
    chat.get_by_role("button", name="Delete", exact=True).click()
    expect(log(chat).locator(".notice")).to_contain_text("No connection with the assistant.")
    expect(bubbles(chat).last).to_have_text("You said a secret")
    assert "session" in storage(chat)


def test_messages_that_wait_for_a_connection_are_not_sent_after_a_deletion(chat: Page, assistant: FakeAssistant) -> None:
    say(chat, "hello")
    expect(bubbles(chat).last).to_have_text("You said hello")
    chat.context.set_offline(True)
    say(chat, "a secret")
    expect(log(chat).locator(".visitor").last).to_have_attribute("data-state", "waiting")
    choose(chat, "Delete this conversation")
    chat.get_by_role("button", name="Delete", exact=True).click()
    expect(log(chat).locator(".notice").last).to_contain_text("No connection")
    chat.context.set_offline(False)
    choose(chat, "Delete this conversation")
    chat.get_by_role("button", name="Delete", exact=True).click()
    expect(log(chat)).to_have_text("The conversation is deleted. If you write again, a new one begins.")
    assert assistant.turns == []
    assert "a secret" not in str(assistant.seen)


def test_before_a_word_is_said_another_language_begins_anew(chat: Page, assistant: FakeAssistant) -> None:
    choose(chat, "Nederlands")
    expect(chat.get_by_label("Uw bericht")).to_be_focused()
    expect(bubbles(chat)).to_have_count(1)
    assert [body for _, path, body in assistant.seen if path == "session"] == [{"language": "en"}, {"language": "nl"}]


def test_a_conversation_goes_on_in_another_language(chat: Page, assistant: FakeAssistant) -> None:
    say(chat, "hello")
    expect(bubbles(chat).last).to_have_text("You said hello")
    choose(chat, "Nederlands")
    expect(chat.get_by_label("Uw bericht")).to_be_focused()
    expect(bubbles(chat)).to_have_text([GREETING, "hello", "You said hello"])
    assert [session.language for session in assistant.sessions.values()] == ["nl"]
    expect(chat.locator("medicadermis-chat")).to_have_attribute("lang", "nl")
    chat.reload()
    expect(chat.get_by_label("Uw bericht")).to_be_visible()
    assert storage(chat)["language"] == "nl"


def test_sound_is_off_until_it_is_switched_on(chat: Page) -> None:
    chat.evaluate(
        """() => {
        const make = AudioContext.prototype.createOscillator;
        window.tones = 0;
        AudioContext.prototype.createOscillator = function () { window.tones += 1; return make.call(this); };
    }"""
    )
    say(chat, "quiet")
    expect(bubbles(chat).last).to_have_text("You said quiet")
    assert chat.evaluate("window.tones") == 0
    choose(chat, "Sound for new answers")
    expect(chat.get_by_role("button", name="Sound for new answers")).to_have_attribute("aria-pressed", "true")
    chat.keyboard.press("Escape")
    say(chat, "loud")
    expect(bubbles(chat).last).to_have_text("You said loud")
    assert chat.evaluate("window.tones") == 1


def test_the_menu_closes_by_escape_and_the_chat_stays(chat: Page) -> None:
    menu = chat.get_by_role("dialog").get_by_label("More options")
    menu.focus()
    chat.keyboard.press("Enter")
    expect(chat.get_by_role("button", name="Nederlands")).to_be_visible()
    chat.keyboard.press("Tab")
    chat.keyboard.press("Escape")
    expect(chat.get_by_role("button", name="Nederlands")).to_be_hidden()
    expect(menu).to_be_focused()
    expect(chat.get_by_role("dialog")).to_be_visible()
