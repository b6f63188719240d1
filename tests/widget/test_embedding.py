"""The chat on another website: one line, whatever that website does, and nothing that leaks either way."""

import pytest
from playwright.sync_api import Page, Request, expect

from tests.widget.conftest import OPEN, OpenPage, Website, bubbles, log, say
from tests.widget.fake_assistant import FakeAssistant

pytestmark = pytest.mark.slow

GREETING = "Hello, I am an automated assistant."
LOOKS = ("display", "position", "fontSize", "color", "backgroundColor", "borderRadius", "padding", "visibility", "opacity", "lineHeight")


def open_chat(page: Page, language: str = "en") -> Page:
    page.get_by_role("button", name=OPEN[language], exact=True).click()
    expect(bubbles(page)).to_have_text([GREETING])
    return page


def looks(page: Page) -> list[dict[str, str]]:
    """How the parts of the chat look and where they are."""
    return page.evaluate(
        """(names) => ["dialog", "h2", ".log", ".bubble", ".reply", "textarea", ".send", ".close"].map((selector) => {
        const node = document.querySelector("medicadermis-chat").shadowRoot.querySelector(selector);
        const [style, box] = [getComputedStyle(node), node.getBoundingClientRect()];
        return { selector, box: [box.x, box.y, box.width, box.height].map(Math.round).join(), ...Object.fromEntries(names.map((n) => [n, style[n]])) };
    })""",
        LOOKS,
    )


def test_one_line_is_all_that_a_website_needs(visit: OpenPage, website: Website, assistant: FakeAssistant) -> None:
    website.carry('data-language="nl"')
    page = open_chat(visit(website.url), "nl")
    expect(page.get_by_role("dialog").get_by_role("link", name="Privacyverklaring")).to_have_attribute(
        "href", f"{website.practice}/nl/privacy"
    )
    assert assistant.seen == [("POST", "session", {"language": "nl"})]


def test_the_language_is_that_of_the_page(visit: OpenPage, website: Website) -> None:
    website.carry(language="nl-NL")
    page = open_chat(visit(website.url), "nl")
    expect(page.locator("medicadermis-chat")).to_have_attribute("lang", "nl")


def test_the_tag_may_stand_on_the_page_twice(visit: OpenPage, website: Website) -> None:
    website.carry(head=f'<script async src="{website.practice}/widget.js"></script>')
    page = visit(website.url)
    page.get_by_role("button", name=OPEN["en"]).wait_for()
    assert page.locator("medicadermis-chat").count() == 1


def test_it_works_under_the_documented_content_policy(visit: OpenPage, website: Website) -> None:
    practice, assistant = website.practice, website.assistant
    policy = f"default-src 'none'; script-src {practice}; style-src {practice}; connect-src {practice} {assistant}"
    website.carry(policy=f"{policy}; require-trusted-types-for 'script'; trusted-types 'none'")
    page = open_chat(visit(website.url))  # `visit` fails on anything that breaks a policy
    say(page, "hello")
    expect(bubbles(page).last).to_have_text("You said hello")
    expect(page.get_by_role("dialog")).to_have_css("position", "fixed")
    with page.expect_download():
        page.get_by_label("More options").click()
        page.get_by_role("button", name="Download this conversation").click()


HOSTILE = """<style>
* { all: unset !important; font-size: 3px !important; color: red !important; visibility: hidden !important }
button, dialog, medicadermis-chat { display: none !important; opacity: 0 !important; transform: scale(0.1) !important }
</style>"""


def test_a_hostile_style_changes_nothing(visit: OpenPage, website: Website) -> None:
    expected = looks(open_chat(visit(website.url)))
    website.carry(head=HOSTILE)
    assert looks(open_chat(visit(website.url))) == expected


def test_the_chat_changes_nothing_on_the_page(visit: OpenPage, website: Website) -> None:
    page = visit(website.url)
    measure = "() => JSON.stringify([...document.querySelectorAll('body, main, h1')].map((e) => [getComputedStyle(e).cssText, e.getBoundingClientRect()]))"
    before = page.evaluate(measure)
    names = page.evaluate("() => Object.keys(window).length")
    open_chat(page)
    assert page.evaluate(measure) == before
    assert page.evaluate("() => Object.keys(window).length") == names, "no global name is taken"


WRAPPER = """<script>
    window.overheard = [];
    window.fetch = (...request) => { window.overheard.push(String(request)); throw new Error("not allowed"); };
    XMLHttpRequest.prototype.send = () => { throw new Error("not allowed"); };
</script>"""


def test_a_website_that_wraps_fetch_hears_and_breaks_nothing(visit: OpenPage, website: Website) -> None:
    website.carry(head=WRAPPER)
    page = open_chat(visit(website.url))
    say(page, "a secret")
    expect(bubbles(page).last).to_have_text("You said a secret")
    assert page.evaluate("window.overheard") == []


def test_no_request_goes_to_anybody_else(visit: OpenPage, website: Website) -> None:
    hosts: set[str] = set()

    def note(request: Request) -> None:
        hosts.add("/".join(request.url.split("/")[:3]))

    page = visit(website.url)
    page.on("request", note)
    page.reload()
    open_chat(page)
    say(page, "hello")
    expect(bubbles(page).last).to_have_text("You said hello")
    assert hosts == {website.url, website.practice, website.assistant}
    assert page.context.cookies() == []


def test_the_chat_takes_the_look_of_the_website(visit: OpenPage, website: Website) -> None:
    style = "<style>medicadermis-chat { --chat-accent: rgb(0, 80, 0); --chat-on-accent: rgb(255, 255, 200); --chat-radius: 2px; --chat-font: serif; --chat-edge: 40px }</style>"
    picture = f"{website.practice}/demo/icon.svg"
    website.carry(f'data-name="Ask Sam" data-position="left" data-theme="dark" data-icon="{picture}"', head=style)
    page = visit(website.url)
    launcher = page.get_by_role("button", name=OPEN["en"])
    expect(launcher).to_have_css("background-color", "rgb(0, 80, 0)")
    expect(launcher).to_have_css("color", "rgb(255, 255, 200)")
    expect(launcher.locator("img")).to_have_attribute("src", picture)
    box = launcher.bounding_box()
    assert box is not None and box["x"] == 40
    open_chat(page)
    expect(page.get_by_role("dialog", name="Ask Sam")).to_have_css("font-family", "serif")
    expect(page.get_by_role("dialog")).to_have_css("border-radius", "2px")
    expect(page.get_by_role("dialog")).to_have_css("background-color", "rgb(29, 24, 21)")


def test_a_website_can_open_close_send_and_listen(visit: OpenPage, website: Website, assistant: FakeAssistant) -> None:
    page = visit(website.url)
    page.evaluate(
        """async () => {
        await customElements.whenDefined("medicadermis-chat");
        const chat = document.querySelector("medicadermis-chat");
        window.heard = [];
        for (const event of ["open", "close", "message"]) chat.on(event, (detail) => window.heard.push([event, detail?.from, Object.keys(detail ?? {}).join()]));
        const stop = chat.on("open", () => window.heard.push("never"));
        stop();
        await chat.open();
        await chat.send("what is melasma");
    }"""
    )
    expect(bubbles(page).last).to_have_text("You said what is melasma")
    page.evaluate("document.querySelector('medicadermis-chat').close()")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name=OPEN["en"], exact=True)).to_be_visible()
    page.wait_for_function("window.heard.length === 4")
    assert page.evaluate("window.heard") == [
        ["open", None, ""],
        ["message", "visitor", "from,id"],
        ["message", "assistant", "from,id"],
        ["close", None, ""],
    ]
    assert assistant.turns == ["what is melasma"]


def test_a_message_of_another_window_is_not_listened_to(visit: OpenPage, website: Website, assistant: FakeAssistant) -> None:
    page = open_chat(visit(website.url))
    say(page, "hello")
    expect(bubbles(page).last).to_have_text("You said hello")
    name = f"medicadermis-chat {website.assistant}"
    page.evaluate("(name) => { for (const data of ['deleted', {what: 'deleted'}, '<b>x</b>']) window.postMessage(data, '*'); }", name)
    stranger = page.context.new_page()
    stranger.goto(website.practice + "/privacy")  # the same name in another origin is another channel
    stranger.evaluate("(name) => new BroadcastChannel(name).postMessage('deleted')", name)
    say(page, "still here")
    expect(bubbles(page)).to_have_text([GREETING, "hello", "You said hello", "still here", "You said still here"])


def test_removing_and_moving_the_element_leaves_a_working_chat(visit: OpenPage, website: Website) -> None:
    page = open_chat(visit(website.url))
    say(page, "hello")
    expect(bubbles(page).last).to_have_text("You said hello")
    page.evaluate("document.querySelector('main').append(document.querySelector('medicadermis-chat'))")
    expect(bubbles(page)).to_have_text([GREETING, "hello", "You said hello"])
    say(page, "again")
    expect(log(page).locator(".bubble").last).to_have_text("You said again")


def test_a_page_without_https_still_makes_ids(visit: OpenPage, website: Website, assistant: FakeAssistant) -> None:
    page = visit(website.url)
    page.add_init_script("Object.defineProperty(Crypto.prototype, 'randomUUID', { value: undefined })")
    page.reload()
    open_chat(page)
    say(page, "one")  # the assistant takes no id that is not a UUID
    expect(bubbles(page).last).to_have_text("You said one")
    say(page, "two")
    expect(bubbles(page).last).to_have_text("You said two")
    assert len({body["id"] for body in assistant.sent}) == 2
