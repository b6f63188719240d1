from dataclasses import replace

import pytest

from actions.offer_person import RESUME, OfferPerson
from actions.services import Services
from tests.actions.conftest import settings
from tests.actions.world import domain_forms, names, parsed, payloads, run, slots_set, tracker

MESSAGE = parsed("can I talk to somebody", "talk_to_human", {})
PHONE, EMAIL = {"practice_phone": "+31 20 123 4567"}, {"practice_email": "post@example.com"}


@pytest.mark.parametrize(
    ("known", "response", "facts"),
    [
        ({}, "utter_person_consultation", {}),
        (PHONE, "utter_person_phone", {"phone": "+31 20 123 4567"}),
        (EMAIL, "utter_person_email", {"email": "post@example.com"}),
        (PHONE | EMAIL, "utter_person_phone_email", {"phone": "+31 20 123 4567", "email": "post@example.com"}),
    ],
)
def test_a_person_is_reached_as_the_settings_say(services: Services, known: dict[str, str], response: str, facts: dict[str, str]) -> None:
    messages, events = run(OfferPerson(replace(services, settings=settings(**known))), tracker(MESSAGE))
    assert names(messages) == [response]
    assert facts.items() <= messages[0].items()
    assert (payloads(messages[0]), events) == ([], [])


@pytest.mark.parametrize("form", RESUME)
def test_a_form_is_left_and_can_be_taken_up_again(services: Services, form: str) -> None:
    messages, events = run(OfferPerson(services), tracker(MESSAGE, form=form, requested_slot="email", email="ada@example.com"))
    assert payloads(messages[0]) == [f"/{RESUME[form]}"]
    assert [event["name"] for event in events if event["event"] == "active_loop"] == [None]
    assert slots_set(events) == {"requested_slot": None}


def test_every_form_can_be_taken_up_again() -> None:
    assert RESUME.keys() == domain_forms()
