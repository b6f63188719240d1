"""Every state of the chat with the running system, in both languages: no violation of an accessibility rule, nothing cut off."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser import violations
from tests.system import System
from tests.widget.states import DESKTOP, PHONE_DARK, Walk

pytestmark = pytest.mark.slow

STATES = [
    *(
        "closed",
        "greeting",
        "menu",
        "faq",
        "did-you-mean",
        "long-words",
        "treatments",
        "guided-choice",
        "advice",
        "slots",
        "summary",
        "booked",
    ),
    *("error", "offline", "expired", "typing", "delete", "deleted"),
]
CUT_OFF = """() => {
    const root = document.querySelector("medicadermis-chat").shadowRoot;
    const parts = [document.documentElement, ...root.querySelectorAll(".window, .log, .message, .card, .bubble, .replies, .confirm")];
    return parts.filter((part) => part.scrollWidth > part.clientWidth + 1).map((part) => part.className || part.tagName);
}"""


@pytest.mark.parametrize(("language", "options"), [("en", DESKTOP), ("nl", PHONE_DARK)], ids=["en-desktop-light", "nl-phone-dark"])
def test_every_state_is_accessible(system: System, browser: Browser, language: str, options: dict[str, Any]) -> None:
    walk, found, seen = Walk(browser, system.settings.public_practice_url, language, **options), [], []
    for state in walk.states():
        seen.append(state)
        found += [f"{state}: {rule}" for rule in violations(walk.page)]
        found += [f"{state}: {part} is cut off" for part in walk.page.evaluate(CUT_OFF)]
    walk.close()
    assert found == []
    assert seen == STATES
