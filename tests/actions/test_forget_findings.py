from actions.forget_findings import ForgetFindings
from actions.services import Services
from tests.actions.world import parsed, run, slots_set, tracker


def test_what_was_found_before_is_forgotten_without_a_word(services: Services) -> None:
    messages, events = run(ForgetFindings(services), tracker(parsed("it bleeds", "red_flag", {}), findings={"suggested": "laser_pigment"}))
    assert messages == []
    assert slots_set(events) == {"concern": None, "changes": None, "findings": None}
