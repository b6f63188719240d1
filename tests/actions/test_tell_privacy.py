from actions.services import Services
from actions.tell_privacy import TellPrivacy
from tests.actions.world import names, parsed, run, tracker


def test_the_notice_is_linked(services: Services) -> None:
    messages, events = run(TellPrivacy(services), tracker(parsed("what do you store", "privacy", {})))
    assert (names(messages), events) == (["utter_privacy"], [])
    assert messages[0]["custom"]["link"]["url"] == "http://localhost:8000/privacy"
