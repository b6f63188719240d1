import pytest

from actions.services import Services
from actions.tell_practice_info import TellPracticeInfo, practice_info
from tests.actions.conftest import settings
from tests.actions.world import names, parsed, run, tracker

HOURS = "Mon to Fri, 9 to 5"
KNOWN = {
    "practice_address": "Street 1, City",
    "practice_phone": "+31 20 123 4567",
    "practice_email": "post@example.com",
}


def test_without_settings_it_says_that_it_does_not_know(services: Services) -> None:
    messages, events = run(TellPracticeInfo(services), tracker(parsed("where are you", "practice_info", {})))
    assert (names(messages), events) == (["utter_practice_unknown"], [])


def test_everything_known_is_told_as_it_is_set() -> None:
    told = {say.response: dict(say.facts) for say in practice_info(settings(**KNOWN), HOURS)}
    assert told == {
        "utter_practice_address": {"address": "Street 1, City"},
        "utter_practice_hours": {"hours": "Mon to Fri, 9 to 5"},
        "utter_practice_phone": {"phone": "+31 20 123 4567"},
        "utter_practice_email": {"email": "post@example.com"},
    }


@pytest.mark.parametrize("missing", KNOWN)
def test_what_is_missing_is_not_passed_over(missing: str) -> None:
    told = [say.response for say in practice_info(settings(**KNOWN | {missing: ""}), HOURS)]
    assert len(told) == len(KNOWN) + 1
    assert told[-1] == "utter_practice_rest_unknown"
