"""The console in a real browser: accessible in both languages, usable by keyboard alone, showing what comes in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from bot.database import reading
from bot.practice.console.conversations.models import conversation
from bot.practice.console.staff.accounts import Role
from bot.practice.console.teaching.models import judgement, unclear
from tests.browser import open_browser
from tests.practice.console.practice import fill_practice
from tests.practice.console.served import log_in, served_console
from tests.practice.console.test_conversations import HOSTILE, typed
from tests.practice.console.test_index import say
from tests.practice.console.world import World

pytestmark = pytest.mark.slow

PAGES = (
    *(
        "/conversations",
        "/conversations?outcome=booked",
        "/conversations/1",
        "/conversations/1/test",
        "/waiting",
        "/teach",
        "/teach/{unclear}",
        "/teach/judged",
        "/account",
        "/people",
        "/audit",
        "/privacy",
        "/nothing",
    ),
    *("/appointments?start=2026-12-04", "/appointments/1", "/appointments/new?kind=video&day=2026-12-04"),
    *("/practice/treatments", "/practice/treatments/tca_peel", "/practice/treatments/new", "/practice/hours"),
    *("/practice/types", "/practice/types/practice", "/practice/types/new", "/practice/therapists", "/practice/therapists/1"),
    *("/overview", "/overview?span=weeks_12"),
)
TABLET = {"width": 820, "height": 1180}
Served = tuple[World, str]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A console with sixty conversations and an administrator."""
    folder: Path = tmp_path_factory.mktemp("console")
    with served_console(folder, conversations=60) as (world, url):
        world.staff(Role.ADMINISTRATOR)
        fill_practice(world)
        yield world, url


def opened(browser: Browser, url: str, **options: Any) -> Page:
    page = browser.new_context(**{"locale": "en", "viewport": {"width": 1280, "height": 800}, **options}).new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.on("dialog", lambda dialog: pytest.fail("a dialog was opened"))
    log_in(page, url, "administrator@practice.example")
    return page


def address(world: World, path: str) -> str:
    """A page's path with the number of a message that was not understood."""
    with reading(world.engine) as connection:
        return path.format(unclear=connection.execute(select(func.max(unclear.c.event))).scalar_one())


def violations(page: Page) -> str:
    found = Axe().run(page)
    return found.generate_report() if found.violations_count else ""


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible(browser: Browser, served: Served, language: str, scheme: str) -> None:
    world, url = served
    page = opened(browser, url, locale=language, color_scheme=scheme)
    for path in PAGES:
        page.goto(f"{url}/staff{address(world, path)}")
        page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        assert page.locator("html").get_attribute("lang") == language
        assert violations(page) == "", path
    page.context.clear_cookies()
    page.goto(f"{url}/staff/log-in")
    assert violations(page) == ""
    page.context.close()


@pytest.mark.parametrize("language", ["en", "nl"])
def test_what_is_known_of_somebody_is_accessible_and_stands_in_no_address(browser: Browser, served: Served, language: str) -> None:
    world, url = served
    page = opened(browser, url, locale=language, viewport=TABLET)
    page.goto(f"{url}/staff/conversations?outcome=booked")
    page.locator(".row-link").first.click()
    page.locator("form[action$='privacy/find'] button").click()
    page.wait_for_url("**/privacy/found/*")
    assert violations(page) == ""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("form[action$=show] button").click()
    assert violations(page) == ""
    page.locator("#confirm").fill("no")
    page.locator("form[action$=erase] button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert violations(page) == ""
    page.context.close()


def test_nothing_is_wider_than_a_tablet(browser: Browser, served: Served) -> None:
    world, url = served
    page = opened(browser, url, viewport=TABLET, has_touch=True)
    for path in PAGES:
        page.goto(f"{url}/staff{address(world, path)}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.context.close()


def test_five_conversations_reviewed_by_keyboard_alone(browser: Browser, served: Served) -> None:
    world, url = served
    page = opened(browser, url)
    page.goto(f"{url}/staff/conversations?reviewed=no")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator(".row-link").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/conversations/60?*")
    page.wait_for_load_state()
    page.keyboard.press("f")
    expect(page.locator("[data-key=f]")).to_have_attribute("aria-pressed", "true")
    page.wait_for_load_state()
    page.keyboard.press("n")
    expect(page.locator("#note")).to_be_focused()
    page.keyboard.type("read by keyboard, j and r are letters here")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".note")).to_contain_text("read by keyboard")
    for number in (60, 59, 58, 57, 56):
        page.wait_for_url(f"**/conversations/{number}*")
        page.wait_for_load_state()
        page.keyboard.press("r")
    page.wait_for_url("**/conversations/55*")
    page.wait_for_load_state()
    page.keyboard.press("u")
    page.wait_for_url("**/conversations?*")
    with reading(world.engine) as connection:
        reviewed = select(func.count()).select_from(conversation).where(conversation.c.reviewed)
        assert connection.execute(reviewed).scalar_one() == 5
    page.context.close()


def test_topics_are_chosen_by_keyboard_alone(browser: Browser, served: Served) -> None:
    world, url = served
    page = opened(browser, url)
    page.goto(f"{url}/staff/teach")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/teach/*")
    page.wait_for_load_state()
    page.keyboard.press("1")
    expect(page.locator("input[name=label]:checked")).to_have_count(1)
    page.keyboard.press("/")
    expect(page.locator("#other")).to_be_focused()
    page.keyboard.type("Freckles")
    expect(page.locator("input[name=label][value=other]")).to_be_checked()
    first = page.url
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: address != first)
    page.wait_for_load_state()
    page.keyboard.press("0")
    expect(page.locator("input[name=label][value=out_of_scope]")).to_be_checked()
    before = page.url
    page.keyboard.press("s")
    page.wait_for_url(lambda address: address != before)
    with reading(world.engine) as connection:
        chosen = set(connection.execute(select(judgement.c.label)).scalars())
    assert chosen == {"faq/freckles", "out_of_scope"}
    page.context.close()


def test_single_keys_can_be_switched_off(browser: Browser, served: Served) -> None:
    _, url = served
    page = opened(browser, url)
    page.goto(f"{url}/staff/account")
    page.get_by_role("checkbox").uncheck()
    page.locator("form[action$=preferences] button").click()
    page.goto(f"{url}/staff/conversations")
    page.keyboard.press("j")
    expect(page.locator("body")).to_be_focused()
    page.goto(f"{url}/staff/account")
    page.get_by_role("checkbox").check()
    page.locator("form[action$=preferences] button").click()
    page.context.close()


def test_new_ones_appear_without_reloading_and_run_nothing(browser: Browser, served: Served) -> None:
    world, url = served
    page = opened(browser, url)
    page.goto(f"{url}/staff/conversations")
    page.evaluate("window.stays = true")
    say(world, typed(HOSTILE), sender="web-new", minutes_ago=0)
    row = page.locator("tbody tr").first
    expect(row).to_contain_text("<script>alert(1)", timeout=15_000)
    assert page.evaluate("window.stays")
    expect(page.locator("#live-told")).to_have_text("1 new")
    row.locator("a").click()
    expect(page.locator(".visitor").first).to_contain_text("<img src=x")
    page.context.close()
