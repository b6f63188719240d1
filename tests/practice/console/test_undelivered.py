"""Messages that did not arrive, on the page of those who wait."""

import json

from sqlalchemy import select

from bot.channels.messaging.outbox import Outbox
from bot.channels.messaging.schema import sendings
from bot.database import reading
from bot.practice.console.models import audit
from bot.practice.console.staff.accounts import Role
from tests.practice.console.world import World
from tests.privacy.conftest import house as house
from tests.privacy.conftest import postgresql_url as postgresql_url
from tests.privacy.house import ANNA, House


def test_shown_sent_again_and_done(house: House) -> None:
    house.lives_in(ANNA)
    world = World(house.folder, house.databases.practice, database_url=house.settings.database_url)
    browser = world.browser(world.staff(Role.REVIEWER))
    page = browser.get("/waiting").text
    assert f'href="tel:{ANNA.phone}"' in page and "131026" in page and "not delivered" in page
    browser.send("/waiting/messages/1/again", page="/waiting")
    assert "131026" not in browser.get("/waiting").text
    outbox = Outbox(house.databases.messaging, "whatsapp")
    sending = outbox.claim(house.whatsapp(ANNA), house.now)
    assert sending and json.dumps(sending.request).count(ANNA.name) == 1
    outbox.fail(sending, "131026", house.now)
    browser.send("/waiting/messages/1/done", page="/waiting")
    with reading(house.databases.messaging) as connection:
        assert connection.execute(select(sendings.c.state)).scalars().all() == []
    for gone in ("1", "77"):
        assert browser.send(f"/waiting/messages/{gone}/again", page="/waiting").headers["location"].endswith("late=yes")
    with reading(world.engine) as connection:
        recorded = [row for row in connection.execute(select(audit.c.action, audit.c.subject)) if "message" in row.action]
    assert [tuple(row) for row in recorded] == [("message_sent_again", "message:1"), ("message_given_up", "message:1")]
    world.close()


def test_a_reader_sees_them_and_changes_nothing(house: House) -> None:
    house.lives_in(ANNA)
    world = World(house.folder, house.databases.practice, database_url=house.settings.database_url)
    reader = world.browser(world.staff())
    assert reader.send("/waiting/messages/1/done", page="/waiting").status_code == 403
    assert "131026" in reader.get("/waiting").text
    world.close()
