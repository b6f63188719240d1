from dataclasses import replace

import pytest

from actions.link_privacy_notice import LinkPrivacyNotice
from actions.services import Services
from tests.actions.conftest import settings
from tests.actions.world import names, parsed, run, tracker


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_start_links_the_privacy_notice(services: Services, language: str) -> None:
    known = replace(services, settings=settings(privacy_url="https://practice.example/privacy"))
    messages, events = run(LinkPrivacyNotice(known), tracker(parsed("/start", "start", {}), language=language))
    assert (names(messages), events) == (["utter_start_privacy"], [])
    assert messages[0]["custom"]["link"]["url"] == "https://practice.example/privacy"
    assert messages[0]["custom"]["link"]["title"]
