import pytest

from actions.services import Services
from actions.tell_what_is_read import KINDS, TellWhatIsRead
from tests.actions.world import names, parsed, responses, run, tracker


@pytest.mark.parametrize("what", [*sorted(KINDS), "other", "something new"])
def test_what_is_no_text_is_answered_by_its_kind(services: Services, what: str) -> None:
    messages, events = run(TellWhatIsRead(services), tracker(parsed("/sent", "sent", {"what": what})))
    expected = f"utter_sent_{what if what in KINDS else 'other'}"
    assert (names(messages), events) == ([expected], [])
    assert expected in responses()


def test_without_a_kind_it_is_something_other(services: Services) -> None:
    messages, _ = run(TellWhatIsRead(services), tracker(parsed("/sent", "sent", {})))
    assert names(messages) == ["utter_sent_other"]
