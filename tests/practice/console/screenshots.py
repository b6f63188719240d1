"""`python -m tests.practice.console.screenshots`: every page of the console in both languages, as pictures to look at."""

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from bot.practice.console.staff.accounts import Role
from bot.settings import ROOT
from tests.browser import open_browser
from tests.practice.console.practice import fill_practice
from tests.practice.console.served import log_in, served_console

PAGES = {
    "overview": "/overview",
    "overview_weeks": "/overview?span=weeks_12",
    "conversations": "/conversations",
    "filtered": "/conversations?outcome=booked&language=nl",
    "conversation": "/conversations/{number}",
    "waiting": "/waiting",
    "teach": "/teach",
    "teach_message": "/teach/{unclear}",
    "teach_judged": "/teach/judged",
    "keep": "/conversations/{number}/test",
    "appointments": "/appointments?start=2026-12-04",
    "appointment": "/appointments/1",
    "appointment_new": "/appointments/new?kind=video&day=2026-12-04",
    "treatments": "/practice/treatments",
    "treatment": "/practice/treatments/tca_peel",
    "treatment_new": "/practice/treatments/new",
    "hours": "/practice/hours",
    "types": "/practice/types",
    "type": "/practice/types/practice",
    "therapists": "/practice/therapists",
    "therapist": "/practice/therapists/1",
    "account": "/account",
    "people": "/people",
    "audit": "/audit",
    "privacy": "/privacy",
}
SIZES = {"desktop": {"width": 1440, "height": 900}, "tablet": {"width": 820, "height": 1180}}


def main() -> None:
    """Takes them all."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "screenshots" / "console")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as state, served_console(Path(state), conversations=400) as (world, url), open_browser() as browser:
        login = world.staff(Role.ADMINISTRATOR)
        fill_practice(world)
        for language in ("en", "nl"):
            for size in SIZES:
                _take(browser, url, login, folder, language, size)
        _take(browser, url, login, folder, "en", "desktop", scheme="dark")
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


def _take(browser: Browser, url: str, login: str, folder: Path, language: str, size: str, scheme: str = "light") -> None:
    context = browser.new_context(viewport=SIZES[size], locale=language, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    name = f"{language}-{size}-{scheme}"
    page.goto(f"{url}/staff/")
    _shoot(page, folder / f"log_in-{name}.png")
    log_in(page, url, login)
    for what, path in PAGES.items():
        page.goto(f"{url}/staff{path.format(number=_interesting(page, url), unclear=_unclear(page, url))}")
        for details in page.locator("details.understood").all()[:2]:
            details.locator("summary").click()
        _shoot(page, folder / f"{what}-{name}.png")
    context.close()


def _interesting(page: Page, url: str) -> str:
    """Number of a conversation in which something was booked."""
    page.goto(f"{url}/staff/conversations?outcome=booked")
    return page.locator("tbody tr").first.get_attribute("data-id") or "1"


def _unclear(page: Page, url: str) -> str:
    """Number of a message that was not understood."""
    page.goto(f"{url}/staff/teach")
    return (page.locator(".row-link").first.get_attribute("href") or "").rpartition("/")[2]


def _shoot(page: Page, path: Path) -> None:
    page.screenshot(path=str(path), full_page=True)


if __name__ == "__main__":
    main()
