"""The console's page: found masked, shown and exported on record, erased after a word."""

import io
import json
import re
import zipfile
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from bot.database import reading
from bot.practice.console.masking import MASK
from bot.practice.console.models import audit
from bot.practice.console.staff.accounts import Role
from tests.practice.console.world import Browser, World
from tests.privacy.house import ANNA, BERT, House

FIND = "/privacy/find"


class Desk:
    """An administrator who looks somebody up."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.world = World(house.folder, house.databases.practice, database_url=house.settings.database_url, backups="on the NAS, 30 days")
        self.browser: Browser = self.world.browser(self.world.staff(Role.ADMINISTRATOR))

    def find(self, who: str) -> str:
        """The address of what was found."""
        answer = self.browser.send(FIND, page="/privacy", who=who)
        assert answer.status_code == 303, answer.status_code
        return str(answer.headers["location"]).removeprefix("/staff")

    def audit(self) -> list[str]:
        """What the trail says, whole."""
        with reading(self.house.databases.practice) as connection:
            return [f"{row.action} {row.subject} {row.detail}" for row in connection.execute(select(audit).order_by(audit.c.id))]

    def ticks(self, page: str) -> dict[str, list[str]]:
        """What is ticked on a page."""
        found: dict[str, list[str]] = {}
        for name, value in re.findall(r'type="checkbox" name="(\w+)" value="([^"]+)"', self.browser.get(page).text):
            found.setdefault(name, []).append(value)
        return found


@pytest.fixture
def desk(house: House) -> Iterator[Desk]:
    for who in (ANNA, BERT):
        house.lives_in(who)
    desk = Desk(house)
    yield desk
    desk.world.close()


def test_found_masked_and_shown_on_record(desk: Desk) -> None:
    page = desk.find(f"{ANNA.email}, {ANNA.phone}")
    assert ANNA.email not in page and "@" not in page
    hidden = desk.browser.get(page).text
    assert MASK in hidden and ANNA.word in hidden
    assert not any(needle in hidden.replace(f"called {ANNA.name.split()[0]}", "") for needle in (ANNA.name, ANNA.phone))
    shown = desk.browser.send(f"{page}/show", page=page).text
    assert ANNA.name in shown and BERT.name not in shown
    assert [line.split()[0] for line in desk.audit()][-2:] == ["person_found", "person_shown"]
    assert not any(needle in line for line in desk.audit() for needle in ANNA.needles)


def test_the_other_number_is_offered_and_found(desk: Desk) -> None:
    page = desk.find(ANNA.email)
    assert ANNA.phone not in desk.browser.get(page).text
    again = str(desk.browser.send(f"{page}/others", page=page).headers["location"]).removeprefix("/staff")
    assert sorted(desk.ticks(again)["conversation"]) == sorted([ANNA.web, desk.house.whatsapp(ANNA)])


@pytest.mark.parametrize(("who", "status"), [("nothing of the kind", 422), ("", 422), ("9" * 300, 422)])
def test_what_cannot_be_looked_for(desk: Desk, who: str, status: int) -> None:
    assert desk.browser.send(FIND, page="/privacy", who=who).status_code == status


def test_what_a_colleague_looked_for_is_not_theirs_to_see(desk: Desk) -> None:
    page = desk.find(ANNA.email)
    other = desk.world.browser(desk.world.staff(Role.ADMINISTRATOR, login="other@practice.example"))
    assert other.get(page).status_code == 404


@pytest.mark.parametrize("masked", ["", "yes"])
def test_exported_as_an_archive(desk: Desk, masked: str) -> None:
    page = desk.find(f"{ANNA.email}, {ANNA.phone}")
    answer = desk.browser.send(f"{page}/export", page=page, masked=masked)
    assert "personal-data.zip" in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        data, html = archive.read("data.json").decode(), archive.read("data.html").decode()
    assert set(json.loads(data)["places"]) >= {"conversations", "web", "messaging", "console", "searches", "appointments"}
    for content in (data, html):
        assert ANNA.word in content and BERT.email not in content.replace(ANNA.email, "") and BERT.name not in content
        assert (ANNA.email in content) == (ANNA.name in content) == (ANNA.phone in content) == (not masked)
    assert desk.audit()[-1].startswith("person_exported")


def test_erased_after_the_word(desk: Desk) -> None:
    page = desk.find(f"{ANNA.email}, {ANNA.phone}")
    ticked = desk.ticks(page)
    assert desk.browser.send(f"{page}/erase", page=page, confirm="yes", **ticked).status_code == 422
    assert desk.house.holding(ANNA)
    answer = desk.browser.send(f"{page}/erase", page=page, confirm=" Erase ", **ticked)
    told = desk.browser.get(answer.headers["location"].removeprefix("/staff")).text
    assert "on the NAS, 30 days" in told
    assert desk.house.holding(ANNA) == set() and desk.house.holding(BERT)
    assert desk.browser.get(page).status_code == 404  # what was searched for is gone as well
    assert desk.audit()[-1].startswith("person_erased erasure:1")


def test_what_is_not_ticked_stays(desk: Desk) -> None:
    page = desk.find(f"{ANNA.email}, {ANNA.phone}")
    desk.browser.send(f"{page}/erase", page=page, confirm="erase", conversation=ANNA.web, appointment="999")
    left = desk.house.holding(ANNA)
    assert "practice.appointment" in left and "messaging.messaging_person" in left
    assert ANNA.web not in str(desk.house.tables()["assistant.events"])
