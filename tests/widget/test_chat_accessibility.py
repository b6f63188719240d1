"""The chat and the pages for everybody: keyboard, screen reader, dark, small, enlarged."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import violations
from tests.widget.conftest import OpenPage, bubbles, log, say
from tests.widget.fake_assistant import FakeAssistant
from tests.widget.test_chat import CARD, DAYS

pytestmark = pytest.mark.slow

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
ENLARGED = {"width": 640, "height": 400}
"""A desktop at 200 %."""
LINK = {"url": "https://meet.example/room", "title": "Open"}
RICH = {"text": "All at once", "cards": [CARD], "slots": DAYS, "link": LINK, "buttons": CARD["buttons"]}


def rich_chat(page: Page, assistant: FakeAssistant) -> Page:
    """Every kind of message at once, with old buttons and a failure."""
    page.get_by_role("button", name="Ask the assistant").click()
    assistant.answers["all"] = RICH
    say(page, "all")
    log(page).get_by_role("heading").wait_for()
    assistant.faults = [(500, "internal")]
    say(page, "fail")
    log(page).get_by_role("button", name="Try again").wait_for()
    say(page, "all")
    expect(bubbles(page)).to_have_count(6)
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_open_chat_has_no_violation(visit: OpenPage, assistant: FakeAssistant, scheme: str, viewport: dict[str, int]) -> None:
    assert violations(rich_chat(visit(color_scheme=scheme, viewport=viewport, bypass_csp=True), assistant)) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/privacy"])
def test_a_page_with_the_closed_chat_has_no_violation(visit: OpenPage, path: str, scheme: str) -> None:
    page = visit(path, color_scheme=scheme, bypass_csp=True)  # axe puts styles of its own into the page
    page.get_by_role("button", name="Ask the assistant").wait_for()
    assert violations(page) == []


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_focus_goes_to_the_input_on_open_and_back_on_escape(visit: OpenPage, viewport: dict[str, int]) -> None:
    page = visit(viewport=viewport)
    launcher = page.get_by_role("button", name="Ask the assistant")
    launcher.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your message")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(launcher).to_be_focused()


def test_a_conversation_by_keyboard_alone(visit: OpenPage, assistant: FakeAssistant) -> None:
    assistant.answers["when"] = {"text": "When?", "slots": DAYS}
    assistant.answers["/slot3"] = {"text": "Booked", "buttons": [{"title": "Thanks", "payload": "/thanks"}]}
    page = visit()
    page.get_by_role("button", name="Ask the assistant").focus()
    keys = page.keyboard
    keys.press("Enter")
    keys.type("when")
    keys.press("Enter")
    expect(log(page).get_by_role("button", name="15:00")).to_be_visible()
    keys.press("Shift+Tab")  # from the input to the last day, past the inactive button of the greeting
    expect(page.locator("summary", has_text="Monday 7 December")).to_be_focused()
    keys.press("Enter")
    keys.press("Tab")
    expect(log(page).get_by_role("button", name="09:00")).to_be_focused()
    keys.press("Enter")
    expect(log(page).get_by_role("button", name="Thanks")).to_be_visible()
    keys.press("Tab")  # the focus stayed where the choice was made: the next stop is the new choice
    expect(log(page).get_by_role("button", name="Thanks")).to_be_focused()
    keys.press("Space")
    expect(bubbles(page).last).to_have_text("You said /thanks")


def test_the_page_behind_a_chat_on_a_phone_is_out_of_reach(visit: OpenPage) -> None:
    page = visit(viewport=PHONE)
    page.get_by_role("button", name="Ask the assistant").click()
    expect(page.get_by_label("Your message")).to_be_focused()
    assert page.locator("dialog").evaluate("node => node.matches(':modal')")


def test_the_log_is_announced_politely_and_says_who_speaks(chat: Page) -> None:
    say(chat, "hello")
    expect(bubbles(chat)).to_have_count(3)
    expect(log(chat)).to_have_attribute("aria-live", "polite")
    said = ["Assistant: Hello, I am an automated assistant.Prices", "You: helloAnswered", "Assistant: You said hello"]
    expect(log(chat).locator("article")).to_have_text(said)
    expect(log(chat).locator(".state span")).to_have_attribute("aria-hidden", "true")  # the answer itself says it


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP, ENLARGED], ids=["phone", "desktop", "enlarged"])
def test_every_target_is_large_enough(visit: OpenPage, assistant: FakeAssistant, viewport: dict[str, int]) -> None:
    page = rich_chat(visit(viewport=viewport), assistant)
    targets = page.get_by_role("dialog").locator("button:visible, textarea, summary, a")
    boxes = [each.bounding_box() for each in targets.all()]
    small = [box for box in boxes if box is None or min(box["width"], box["height"]) < 43.9]
    assert small == []


@pytest.mark.parametrize("viewport", [PHONE, ENLARGED, {"width": 320, "height": 256}], ids=["phone", "200 %", "400 %"])
def test_nothing_is_cut_off_when_space_is_small(visit: OpenPage, assistant: FakeAssistant, viewport: dict[str, int]) -> None:
    page = rich_chat(visit(viewport=viewport), assistant)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for part in (page.get_by_role("dialog"), log(page)):
        assert part.evaluate("node => node.scrollWidth <= node.clientWidth")
    page.get_by_role("button", name="Send").click(trial=True)
    page.get_by_role("button", name="Close").click(trial=True)


def test_nothing_moves_for_those_who_asked_for_rest(visit: OpenPage, assistant: FakeAssistant) -> None:
    page = visit(reduced_motion="reduce")
    page.get_by_role("button", name="Ask the assistant").click()
    assistant.go.clear()
    say(page, "hello")
    page.locator(".typing i").first.wait_for()
    assert page.locator(".typing i").first.evaluate("node => getComputedStyle(node).animationName") == "none"
    assert log(page).evaluate("node => getComputedStyle(node).scrollBehavior") == "auto"


def test_turning_the_phone_keeps_the_chat_and_what_was_being_written(visit: OpenPage) -> None:
    page = visit(viewport={"width": 740, "height": 360})
    page.get_by_role("button", name="Ask the assistant", exact=True).click()
    box, dialog = page.get_by_label("Your message"), page.locator("dialog.window")
    box.press_sequentially("half a sen")
    assert dialog.evaluate("node => node.matches(':modal')")
    page.set_viewport_size({"width": 1024, "height": 768})
    expect(dialog).not_to_have_css("width", "1024px")
    assert not dialog.evaluate("node => node.matches(':modal')")
    page.set_viewport_size({"width": 360, "height": 740})
    expect(dialog).to_have_css("width", "360px")
    assert dialog.evaluate("node => node.matches(':modal')")
    expect(box).to_have_value("half a sen")
    expect(box).to_be_focused()


def test_the_line_to_write_in_stays_above_the_keyboard_of_a_phone(visit: OpenPage) -> None:
    page = visit(viewport=PHONE)
    page.get_by_role("button", name="Ask the assistant", exact=True).click()
    page.evaluate(
        """() => {  // a keyboard makes the part that is seen smaller, and not the page
        Object.defineProperties(visualViewport, { height: { value: 420 }, offsetTop: { value: 60 } });
        visualViewport.dispatchEvent(new Event("resize"));
    }"""
    )
    expect(page.locator("dialog.window")).to_have_css("height", "420px")
    box, send = page.locator("dialog.window").bounding_box(), page.get_by_role("button", name="Send").bounding_box()
    assert box is not None and send is not None
    assert box["y"] == 60 and send["y"] + send["height"] <= 60 + 420


def test_forced_colours_leave_every_part_to_be_seen(visit: OpenPage, assistant: FakeAssistant) -> None:
    page = rich_chat(visit(forced_colors="active"), assistant)
    for part in (".visitor .bubble", ".assistant .bubble", ".reply", ".send", "textarea", ".window"):
        assert page.locator(part).first.evaluate("node => parseFloat(getComputedStyle(node).borderTopWidth)") >= 1, part
    page.get_by_role("button", name="Close").click()
    assert page.locator(".launcher").evaluate("node => getComputedStyle(node).borderTopStyle") == "solid"


def test_the_order_of_the_keyboard_is_that_of_the_eye(chat: Page) -> None:
    names = []
    chat.get_by_role("dialog").get_by_label("More options").focus()
    for _ in range(6):
        names.append(
            chat.evaluate(
                """() => {
            const node = document.activeElement.shadowRoot?.activeElement;
            return node && (node.getAttribute("aria-label") || node.labels?.[0]?.textContent || node.firstChild.textContent);
        }"""
            )
        )
        chat.keyboard.press("Tab")
    assert names == ["More options", "Close", "Privacy notice", "Conversation", "Prices", "Your message"]


def test_the_menu_and_the_question_before_deleting_have_no_violation(visit: OpenPage) -> None:
    page = visit(bypass_csp=True)
    page.get_by_role("button", name="Ask the assistant", exact=True).click()
    page.get_by_role("dialog").get_by_label("More options").click()
    assert violations(page) == []
    page.get_by_role("button", name="Delete this conversation").click()
    page.get_by_role("alertdialog").wait_for()
    assert violations(page) == []
