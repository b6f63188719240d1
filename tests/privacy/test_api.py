"""What the chat asks of the practice: whose appointments go with a conversation."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.practice.app import create_app
from bot.privacy import erasure
from bot.privacy.upkeep import look_after
from tests.practice.console.generator import Said
from tests.privacy.house import ANNA, BERT, House

THIEF = "web-ffffffffffffffffffffffffffffffff"


@pytest.fixture
def api(house: House) -> Iterator[TestClient]:
    house.lives_in(ANNA)
    app = create_app(house.settings, house.databases.practice, lambda: house.now)
    with TestClient(app, headers={"X-API-Key": house.settings.key_for("practice-api")}) as client:
        yield client


def ask(api: TestClient, what: str, conversation: str, **more: Any) -> Any:
    return api.post(f"/api/personal-data/{what}", json={"conversation": conversation, **more})


def says(house: House, sender: str, **slots: str) -> None:
    said = Said(sender, "web", "en", house.now.timestamp())
    said.start()
    for name, value in slots.items():
        said.slot(name, value)
    house.adds(said)


def test_the_appointment_that_it_booked(api: TestClient, house: House) -> None:
    (mine,) = ask(api, "upcoming", ANNA.web).json()
    assert mine["name"] == ANNA.name
    house.now += timedelta(days=30)
    assert ask(api, "upcoming", ANNA.web).json() == []


def test_an_address_that_is_only_told_deletes_nothing(api: TestClient, house: House) -> None:
    (anna,) = ask(api, "upcoming", ANNA.web).json()
    says(house, THIEF, email=ANNA.email, reference="MD-2222-2222", name=ANNA.name)
    assert ask(api, "upcoming", THIEF).json() == []
    says(house, THIEF, reference=anna["reference"], email=BERT.email)
    # the right reference and the right address were both told: that is the proof which moving and cancelling ask for as well
    assert [each["reference"] for each in ask(api, "upcoming", THIEF).json()] == [anna["reference"]]


@pytest.mark.parametrize("keep", [True, False])
def test_erased_with_the_appointments_or_without(api: TestClient, house: House, keep: bool) -> None:
    assert ask(api, "erasures", ANNA.web, keep_upcoming=keep).status_code == 202
    look_after(house.databases, house.settings, house.now)
    assert ANNA.web in str(house.tables()["assistant.events"]), "the answer to it is to be given first"
    house.now += erasure.SETTLING
    look_after(house.databases, house.settings, house.now)
    left = house.tables()
    assert ANNA.web not in str(left["assistant.events"])
    assert (ANNA.email in str(left["practice.appointment"])) == keep
    assert ANNA.phone[1:] in str(left["messaging.messaging_person"]), "another channel is another conversation"


@pytest.mark.parametrize("conversation", ["", "web-'; --", "*", "web-%", "x" * 300, 7, None])
def test_what_is_no_conversation_is_refused(api: TestClient, conversation: Any) -> None:
    assert ask(api, "erasures", conversation, keep_upcoming=False).status_code == 422


def test_nobody_without_the_key(house: House) -> None:
    client = TestClient(create_app(house.settings, house.databases.practice, lambda: house.now))
    assert ask(client, "erasures", ANNA.web, keep_upcoming=False).status_code == 401
