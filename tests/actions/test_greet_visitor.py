from dataclasses import replace

import pytest

from actions.greet_visitor import GreetVisitor
from actions.services import Services
from tests.actions.conftest import settings
from tests.actions.world import names, parsed, run, tracker


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_first_message_links_the_privacy_notice(services: Services, language: str) -> None:
    known = replace(services, settings=settings(privacy_url="https://practice.example/privacy"))
    messages, events = run(GreetVisitor(known), tracker(parsed("/start", "start", {}), language=language))
    assert (names(messages), events) == (["utter_start"], [])
    assert messages[0]["custom"]["link"]["url"] == "https://practice.example/privacy"
    assert messages[0]["custom"]["link"]["title"]
