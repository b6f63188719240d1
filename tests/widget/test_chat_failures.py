"""When parts fail: the visitor sees it, loses nothing, and has a way on."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.widget.conftest import OpenPage, bubbles, log, say
from tests.widget.fake_assistant import FakeAssistant

pytestmark = pytest.mark.slow

GREETING = "Hello, I am an automated assistant."
BUSY = (503, "unavailable")
ENDED = "The earlier conversation has ended, so this is a new one."


def ids(assistant: FakeAssistant) -> set[str]:
    return {body["id"] for body in assistant.sent}


def retry(page: Page) -> None:
    log(page).get_by_role("button", name="Try again").click()


def test_a_short_fault_is_tried_again_with_the_same_id(chat: Page, assistant: FakeAssistant) -> None:
    assistant.faults = [BUSY]
    say(chat, "hello")
    expect(bubbles(chat)).to_have_text([GREETING, "hello", "You said hello"])
    assert (len(assistant.sent), len(ids(assistant)), assistant.turns) == (2, 1, ["hello"])


def test_a_lost_answer_is_fetched_without_a_second_turn(chat: Page, assistant: FakeAssistant) -> None:
    assistant.lost_answers = 1
    say(chat, "book it")
    expect(bubbles(chat)).to_have_text([GREETING, "book it", "You said book it"])
    assert (len(assistant.sent), assistant.turns) == (2, ["book it"])


def test_a_lasting_fault_fails_with_a_button_that_keeps_the_id(chat: Page, assistant: FakeAssistant) -> None:
    assistant.faults = [BUSY] * 3
    say(chat, "hello")
    message = log(chat).locator(".visitor")
    expect(message).to_have_attribute("data-state", "failed")
    expect(message).to_contain_text("The assistant can't answer at the moment.")
    assert len(assistant.sent) == 3
    retry(chat)
    expect(message).to_have_attribute("data-state", "answered")
    expect(chat.get_by_label("Your message")).to_be_focused()
    assert (len(ids(assistant)), assistant.turns) == (1, ["hello"])


def test_messages_wait_for_a_lost_connection_and_arrive_once_in_order(chat: Page, assistant: FakeAssistant) -> None:
    chat.context.set_offline(True)
    for text in ("first", "second", "third"):
        say(chat, text)
    messages = log(chat).locator(".visitor")
    for index in range(3):
        expect(messages.nth(index)).to_have_attribute("data-state", "waiting")
        expect(messages.nth(index)).to_contain_text("sent as soon as there is one")
    chat.context.set_offline(False)
    expect(bubbles(chat)).to_have_text([GREETING, "first", "You said first", "second", "You said second", "third", "You said third"])
    assert assistant.turns == ["first", "second", "third"]


def test_a_failed_message_waits_for_nothing(chat: Page, assistant: FakeAssistant) -> None:
    assistant.faults = [(500, "internal")]
    say(chat, "first")
    expect(log(chat).locator(".visitor")).to_have_attribute("data-state", "failed")
    chat.context.set_offline(True)
    say(chat, "second")
    expect(log(chat).locator(".visitor").last).to_have_attribute("data-state", "waiting")
    expect(log(chat).locator(".visitor").first).to_have_attribute("data-state", "failed")
    chat.context.set_offline(False)
    expect(bubbles(chat).last).to_have_text("You said second")
    assert assistant.turns == ["second"]


def test_a_waiting_message_can_be_sent_by_hand(chat: Page, assistant: FakeAssistant) -> None:
    tries: list[str] = []

    def break_off(route: Route) -> None:
        tries.append(route.request.post_data_json["id"])
        route.abort()

    chat.route("**/webhooks/web/messages", break_off)
    say(chat, "hello")
    expect(log(chat).locator(".visitor")).to_have_attribute("data-state", "waiting")
    chat.unroute("**/webhooks/web/messages")
    retry(chat)
    expect(bubbles(chat).last).to_have_text("You said hello")
    assert ids(assistant) == set(tries)


def test_opening_without_a_connection_says_so_and_goes_on_with_it(visit: OpenPage, assistant: FakeAssistant) -> None:
    page = visit()
    launcher = page.get_by_role("button", name="Ask the assistant", exact=True)
    launcher.wait_for()
    page.context.set_offline(True)
    launcher.click()
    expect(log(page)).to_contain_text("No connection with the assistant.")
    say(page, "hello")
    expect(log(page).locator(".visitor")).to_have_attribute("data-state", "waiting")
    page.context.set_offline(False)
    expect(bubbles(page)).to_have_text([GREETING, "hello", "You said hello"])
    expect(log(page)).not_to_contain_text("No connection")
    assert len(assistant.sessions) == 1


def test_a_failed_message_is_still_there_after_a_reload(chat: Page, assistant: FakeAssistant) -> None:
    assistant.faults = [(500, "internal")]
    say(chat, "hello")
    expect(log(chat).locator(".visitor")).to_have_attribute("data-state", "failed")
    chat.reload()
    expect(log(chat).locator(".visitor")).to_contain_text("Something went wrong")
    assert assistant.turns == []
    retry(chat)
    expect(bubbles(chat).last).to_have_text("You said hello")
    assert len(ids(assistant)) == 1


def test_a_proxy_page_instead_of_an_answer_counts_as_unavailable(chat: Page) -> None:
    chat.route("**/webhooks/web/messages", lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"))
    say(chat, "hello")
    expect(log(chat).locator(".visitor")).to_contain_text("The assistant can't answer at the moment.")


ERRORS = [(429, "too_many", "a little fast"), (500, "internal", "Something went wrong"), (500, "not_known_yet", "Something went wrong")]


@pytest.mark.parametrize(("status", "code", "words"), ERRORS)
def test_an_error_is_told_in_the_visitors_language(chat: Page, assistant: FakeAssistant, status: int, code: str, words: str) -> None:
    assistant.faults = [(status, code)]
    say(chat, "hello")
    expect(log(chat).locator(".visitor")).to_contain_text(words)
    expect(chat.get_by_text("for developers")).to_have_count(0)
    assert len(assistant.sent) == 1


def test_a_message_that_is_too_long_comes_back_to_be_shortened(chat: Page) -> None:
    long = "spot " * 300
    say(chat, long)
    message = log(chat).locator(".visitor")
    expect(message).to_contain_text("This message is too long.")
    expect(chat.get_by_label("Your message")).to_have_value(long.strip())
    assert message.get_by_role("button").count() == 0


def test_an_earlier_failure_can_be_tried_again_after_another_message(chat: Page, assistant: FakeAssistant) -> None:
    assistant.faults = [(500, "internal")]
    say(chat, "first")
    expect(log(chat).locator(".visitor")).to_have_attribute("data-state", "failed")
    say(chat, "second")
    expect(bubbles(chat).last).to_have_text("You said second")
    retry(chat)
    expect(bubbles(chat).last).to_have_text("You said first")
    assert assistant.turns == ["second", "first"]


def test_the_chat_opens_again_after_a_failed_start(visit: OpenPage, assistant: FakeAssistant) -> None:
    assistant.faults = [BUSY] * 3
    page = visit()
    page.get_by_role("button", name="Ask the assistant").click()
    expect(log(page)).to_contain_text("The assistant can't answer at the moment.")
    retry(page)
    expect(bubbles(page)).to_have_text([GREETING])
    expect(log(page).get_by_role("button", name="Try again")).to_have_count(0)


def test_writing_after_a_failed_start_starts_the_conversation(visit: OpenPage, assistant: FakeAssistant) -> None:
    assistant.faults = [BUSY] * 3
    page = visit()
    page.get_by_role("button", name="Ask the assistant").click()
    log(page).get_by_role("button", name="Try again").wait_for()
    say(page, "hello")
    expect(bubbles(page).last).to_have_text("You said hello")
    expect(log(page).get_by_role("button", name="Try again")).to_have_count(0)
    assert assistant.turns == ["hello"]


def test_a_session_that_ended_while_away_is_replaced_and_said_so(chat: Page, assistant: FakeAssistant) -> None:
    say(chat, "hello")
    expect(bubbles(chat).last).to_have_text("You said hello")
    assistant.forget_sessions()
    chat.reload()
    expect(log(chat)).to_contain_text(ENDED)
    expect(bubbles(chat)).to_have_text([GREETING])


def test_a_message_into_an_ended_session_is_answered_in_a_new_one(chat: Page, assistant: FakeAssistant) -> None:
    assistant.forget_sessions()
    say(chat, "hello")
    expect(log(chat)).to_contain_text(ENDED)
    expect(bubbles(chat)).to_have_text([GREETING, GREETING, "hello", "You said hello"])
    expect(log(chat).get_by_text(ENDED)).to_be_in_viewport()
    assert assistant.turns == ["hello"]


def test_a_choice_of_an_ended_session_must_be_made_again(chat: Page, assistant: FakeAssistant) -> None:
    assistant.forget_sessions()
    log(chat).get_by_role("button", name="Prices").click()
    expect(log(chat).locator(".visitor")).to_contain_text("That choice is no longer open.")
    log(chat).get_by_role("button", name="Prices").last.click()
    expect(bubbles(chat).last).to_have_text("You said /ask_price")


def test_the_chat_works_where_the_browser_forbids_storage(visit: OpenPage, assistant: FakeAssistant) -> None:
    page = visit("/privacy")
    page.add_init_script(
        "for (const kind of ['sessionStorage', 'localStorage'])"
        "Object.defineProperty(window, kind, { get() { throw new DOMException('no', 'SecurityError'); } })"
    )
    page.reload()
    page.get_by_role("button", name="Ask the assistant").click()
    expect(bubbles(page)).to_have_text([GREETING])
    say(page, "hello")
    expect(bubbles(page).last).to_have_text("You said hello")
    assert len(assistant.sessions) == 1
