"""What a visitor can do in the chat, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.widget.conftest import OpenPage, bubbles, log, say, storage
from tests.widget.fake_assistant import FakeAssistant

pytestmark = pytest.mark.slow

CARD = {
    "title": "Laser treatment pigment spots",
    "text": "Light breaks up the pigment.",
    "facts": ["For dark spots", "High SPF afterwards"],
    "price": "from € 50.00",
    "buttons": [{"title": "Book a consultation", "payload": "/book"}],
}
DAYS = [
    {"day": "Friday 4 December", "times": [{"title": "15:00", "payload": "/slot1"}, {"title": "15:20", "payload": "/slot2"}]},
    {"day": "Monday 7 December", "times": [{"title": "09:00", "payload": "/slot3"}]},
]


def test_nothing_is_sent_or_stored_before_the_chat_is_opened(visit: OpenPage, assistant: FakeAssistant) -> None:
    page = visit()
    page.get_by_role("button", name="Ask the assistant").wait_for()
    assert assistant.seen == []
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0
    assert page.context.cookies() == []


def test_opening_starts_one_conversation_in_the_language_of_the_page(chat: Page, assistant: FakeAssistant) -> None:
    chat.get_by_role("button", name="Close").click()
    chat.get_by_role("button", name="Ask the assistant").click()
    expect(bubbles(chat)).to_have_text(["Hello, I am an automated assistant."])
    assert assistant.seen == [("POST", "session", {"language": "en"})]


def test_the_privacy_notice_is_one_press_away(chat: Page) -> None:
    notice = chat.get_by_role("dialog").get_by_role("link", name="Privacy notice")
    expect(notice).to_have_attribute("href", re.compile("/privacy$"))


def test_a_written_message_is_answered(chat: Page, assistant: FakeAssistant) -> None:
    say(chat, "what is melasma")
    expect(bubbles(chat).last).to_have_text("You said what is melasma")
    message = log(chat).locator(".visitor")
    expect(message).to_have_attribute("data-state", "answered")
    expect(message.locator(".state")).to_have_text("Answered")
    assert [body["text"] for body in assistant.sent] == ["what is melasma"]


def test_a_message_that_needs_no_answer_is_marked_as_sent(chat: Page, assistant: FakeAssistant) -> None:
    assistant.answers["for the person"] = {}
    say(chat, "for the person")
    expect(log(chat).locator(".visitor")).to_have_attribute("data-state", "sent")


def test_a_person_of_the_practice_can_answer_later(chat: Page, assistant: FakeAssistant) -> None:
    assistant.answers["for the person"] = {}
    say(chat, "for the person")
    expect(log(chat).locator(".visitor")).to_have_attribute("data-state", "sent")
    assistant.person_says("I am here now")
    chat.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # the same as the next look, without the wait
    expect(bubbles(chat).last).to_have_text("I am here now")


def test_answers_are_counted_while_the_chat_is_closed(chat: Page, assistant: FakeAssistant) -> None:
    assistant.go.clear()
    say(chat, "hello")
    chat.get_by_role("button", name="Close").click()
    assistant.go.set()
    launcher = chat.get_by_role("button", name="Ask the assistant 1 new")
    launcher.wait_for()
    expect(chat.get_by_role("status").filter(has_text="1 new")).to_have_count(1)
    launcher.click()
    chat.get_by_role("button", name="Close").click()
    expect(chat.get_by_role("button", name="Ask the assistant", exact=True)).to_be_visible()


def test_the_session_is_stored_with_the_first_message_and_not_before(chat: Page) -> None:
    assert storage(chat) == {"open": True}
    say(chat, "hello")
    expect(bubbles(chat).last).to_have_text("You said hello")
    kept = storage(chat)
    assert set(kept) == {"open", "session", "seen"}
    assert set(kept["session"]) == {"token", "language"}
    assert "hello" not in str(kept)
    assert chat.context.cookies() == []


def test_a_reload_keeps_the_conversation_open_and_as_it_was(chat: Page, assistant: FakeAssistant) -> None:
    assistant.answers["choose"] = {"text": "Which?", "buttons": [{"title": "Laser", "payload": "/laser"}]}
    log(chat).get_by_role("button", name="Prices").click()
    expect(bubbles(chat).last).to_have_text("You said /ask_price")
    say(chat, "choose")
    expect(bubbles(chat).last).to_have_text("Which?")
    before = bubbles(chat).all_inner_texts()
    chat.reload()
    expect(bubbles(chat)).to_have_text(before)
    assert chat.evaluate("document.activeElement === document.body"), "the focus is left where it was"
    expect(log(chat).get_by_role("button", name="Prices")).to_have_attribute("aria-disabled", "true")
    log(chat).get_by_role("button", name="Laser").click()
    expect(bubbles(chat).last).to_have_text("You said /laser")
    assert len(assistant.sessions) == 1


def test_the_next_page_goes_on_with_the_conversation(chat: Page, assistant: FakeAssistant) -> None:
    say(chat, "hello")
    expect(bubbles(chat).last).to_have_text("You said hello")
    chat.goto(chat.url + "privacy")
    expect(bubbles(chat).last).to_have_text("You said hello")
    chat.get_by_role("button", name="Close").click()
    chat.reload()
    expect(chat.get_by_role("button", name="Ask the assistant", exact=True)).to_be_visible()
    assert len(assistant.sessions) == 1


def test_a_message_on_its_way_when_the_page_is_left_arrives_once(chat: Page, assistant: FakeAssistant) -> None:
    chat.route("**/webhooks/web/messages", lambda route: route.abort())
    say(chat, "hello")
    expect(log(chat).locator(".visitor")).to_have_attribute("data-state", "waiting")
    chat.unroute("**/webhooks/web/messages")
    chat.reload()
    expect(bubbles(chat).last).to_have_text("You said hello")
    assert assistant.turns == ["hello"]
    assert "outbox" not in storage(chat)


def test_a_long_answer_is_read_from_its_beginning(chat: Page, assistant: FakeAssistant) -> None:
    assistant.answers["tell me"] = {"text": "\n\n".join(["A long paragraph about pigment and the skin. " * 4] * 9)}
    say(chat, "tell me")
    expect(bubbles(chat)).to_have_count(3)
    expect(log(chat).locator(".visitor .bubble")).to_be_in_viewport()
    top, start = log(chat).bounding_box(), bubbles(chat).last.bounding_box()
    assert top is not None and start is not None and start["y"] - top["y"] < 120


def test_web_addresses_in_an_answer_are_links(chat: Page, assistant: FakeAssistant) -> None:
    assistant.answers["where"] = {"text": "See https://practice.example/a?b=1, or javascript:alert(1)."}
    say(chat, "where")
    expect(bubbles(chat).last).to_contain_text("See https://practice.example/a?b=1")
    expect(bubbles(chat).last.get_by_role("link")).to_have_count(1)
    expect(bubbles(chat).last.get_by_role("link")).to_have_attribute("href", "https://practice.example/a?b=1")


def test_enter_sends_and_shift_enter_makes_a_line(chat: Page) -> None:
    box = chat.get_by_label("Your message")
    box.press_sequentially("one")
    box.press("Shift+Enter")
    box.press_sequentially("two")
    box.press("Enter")
    expect(bubbles(chat).last).to_have_text("You said one\ntwo", use_inner_text=True)


def test_a_blank_message_is_not_sent(chat: Page, assistant: FakeAssistant) -> None:
    say(chat, "  \n ")
    say(chat, "hello")
    expect(bubbles(chat).last).to_have_text("You said hello")
    assert [body["text"] for body in assistant.sent] == ["hello"]


def test_a_message_shows_at_once_as_being_sent(chat: Page, assistant: FakeAssistant) -> None:
    assistant.go.clear()
    say(chat, "hello")
    expect(log(chat).locator(".visitor")).to_have_attribute("data-state", "sending")
    expect(chat.get_by_role("dialog").get_by_role("status")).to_have_text("The assistant is writing")
    assistant.go.set()
    expect(log(chat).locator(".visitor")).to_have_attribute("data-state", "answered")
    expect(chat.get_by_role("dialog").get_by_role("status")).to_be_empty()


def test_messages_written_while_waiting_keep_their_order(chat: Page, assistant: FakeAssistant) -> None:
    assistant.go.clear()
    for text in ("first", "second", "third"):
        say(chat, text)
    assistant.go.set()
    expect(bubbles(chat).last).to_have_text("You said third")
    assert assistant.turns == ["first", "second", "third"]


def test_a_quick_reply_sends_its_payload_and_shows_its_title(chat: Page, assistant: FakeAssistant) -> None:
    assistant.answers["/ask_price"] = {"text": "From € 50.00"}
    log(chat).get_by_role("button", name="Prices").click()
    expect(bubbles(chat)).to_have_text(["Hello, I am an automated assistant.", "Prices", "From € 50.00"])
    assert [body["payload"] for body in assistant.sent] == ["/ask_price"]
    assert "text" not in assistant.sent[0]


def test_a_quick_reply_works_once(chat: Page, assistant: FakeAssistant) -> None:
    log(chat).get_by_role("button", name="Prices").dblclick()
    expect(bubbles(chat).last).to_have_text("You said /ask_price")
    assert len(assistant.sent) == 1


def test_old_buttons_become_inactive(chat: Page, assistant: FakeAssistant) -> None:
    old = log(chat).get_by_role("button", name="Prices")
    say(chat, "hello")
    expect(old).to_have_attribute("aria-disabled", "true")
    expect(old).to_have_attribute("tabindex", "-1")
    old.click(force=True)
    say(chat, "again")
    expect(bubbles(chat).last).to_have_text("You said again")
    assert assistant.turns == ["hello", "again"]


def test_a_card_shows_its_facts_price_and_button(chat: Page, assistant: FakeAssistant) -> None:
    bare = {**CARD, "title": "Camouflage", "price": None, "facts": [], "buttons": []}
    assistant.answers["laser"] = {"text": "This may suit you.", "cards": [CARD, bare]}
    say(chat, "laser")
    card = log(chat).locator(".card").first
    expect(card.get_by_role("heading")).to_have_text("Laser treatment pigment spots")
    expect(card.get_by_role("listitem")).to_have_text(["For dark spots", "High SPF afterwards"])
    expect(card.locator(".price")).to_have_text("from € 50.00")
    expect(log(chat).locator(".card").nth(1).locator(".price")).to_have_count(0)
    card.get_by_role("button").click()
    expect(bubbles(chat).last).to_have_text("You said /book")
    assert assistant.turns == ["laser", "/book"]


def test_free_times_are_chosen_by_day(chat: Page, assistant: FakeAssistant) -> None:
    assistant.answers["when"] = {"text": "When would suit you?", "slots": DAYS}
    say(chat, "when")
    expect(log(chat).get_by_role("button", name="15:20")).to_be_visible()
    expect(log(chat).get_by_role("button", name="09:00")).to_be_hidden()
    chat.get_by_text("Monday 7 December").click()
    log(chat).get_by_role("button", name="09:00").click()
    expect(bubbles(chat).last).to_have_text("You said /slot3")
    expect(log(chat).locator(".visitor .bubble").last).to_have_text("09:00")


def test_a_link_opens_beside_the_page(chat: Page, assistant: FakeAssistant) -> None:
    assistant.answers["video"] = {"text": "Your consultation", "link": {"url": "https://meet.example/room", "title": "Open the video call"}}
    say(chat, "video")
    link = log(chat).get_by_role("link")
    expect(link).to_have_attribute("href", "https://meet.example/room")
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", re.compile("noopener"))


def test_a_message_carries_its_language(chat: Page, assistant: FakeAssistant) -> None:
    assistant.answers["hallo"] = {"text": "Goedendag", "lang": "nl"}
    say(chat, "hallo")
    expect(log(chat).locator("article:has-text('Goedendag')")).to_have_attribute("lang", "nl")
    expect(log(chat).locator(".visitor:has-text('hallo')")).to_have_attribute("lang", "nl")
    expect(log(chat).locator(".visitor:has-text('hallo') .unseen")).to_have_attribute("lang", "en")


HOSTILE = [
    "<img src=x onerror=\"document.title='owned'\">",
    "<script>document.title='owned'</script>",
    "[x](javascript:document.title='owned')",
    "</p><b>bold</b>",
]
NO_WEB_ADDRESSES = [
    "javascript:alert(1)",
    "data:text/html,x",
    "JaVaScRiPt:alert(1)",
    "//evil.example",
    "file:///etc/passwd",
    "not a url",
    "",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_visitor_writes_never_becomes_html(chat: Page, text: str) -> None:
    say(chat, text)
    expect(bubbles(chat)).to_have_text(["Hello, I am an automated assistant.", text, f"You said {text}"])
    assert log(chat).locator("img, script, b, a").count() == 0
    assert "owned" not in chat.title()


def test_what_the_assistant_sends_never_becomes_html(chat: Page, assistant: FakeAssistant) -> None:
    bad = HOSTILE[0]
    assistant.answers["attack"] = {
        "text": bad,
        "lang": '"><img src=x>',
        "buttons": [{"title": bad, "payload": "/x"}],
        "cards": [{"title": bad, "text": bad, "facts": [bad], "price": bad, "buttons": []}],
        "link": {"url": "javascript:document.title='owned'", "title": bad},
        "slots": [{"day": bad, "times": [{"title": bad, "payload": "/y"}]}],
    }
    say(chat, "attack")
    expect(log(chat).locator(".card h3")).to_have_text(bad)
    assert log(chat).locator("img, script, a").count() == 0
    assert "owned" not in chat.title()


@pytest.mark.parametrize("url", NO_WEB_ADDRESSES)
def test_only_web_addresses_become_links(chat: Page, assistant: FakeAssistant, url: str) -> None:
    assistant.answers["link"] = {"text": "Here", "link": {"url": url, "title": "Press me"}}
    say(chat, "link")
    expect(log(chat).get_by_text("Press me")).to_be_visible()
    assert log(chat).locator("a").count() == 0
