import pytest

from actions.services import Services
from actions.warn_red_flag import KINDS, WarnRedFlag
from tests.actions.world import domain_forms, names, parsed, payloads, responses, run, slots_set, tracker


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_advice_fits_what_was_found(services: Services, kind: str) -> None:
    messages, _ = run(WarnRedFlag(services), tracker(parsed("it bleeds", "red_flag", {"red_flag_kind": kind})))
    assert names(messages) == [f"utter_red_flag_{kind}"]


@pytest.mark.parametrize("entities", [{}, {"red_flag_kind": "unheard_of"}])
def test_without_a_known_kind_it_is_the_advice_for_a_spot(services: Services, entities: dict[str, str]) -> None:
    messages, _ = run(WarnRedFlag(services), tracker(parsed("it bleeds", "red_flag", entities)))
    assert names(messages) == ["utter_red_flag_spot"]


def test_outside_a_form_what_was_found_before_is_forgotten(services: Services) -> None:
    _, events = run(WarnRedFlag(services), tracker(parsed("it bleeds", "red_flag", {}), findings={"suggested": "laser_pigment"}))
    assert slots_set(events) == {"findings": None}
    assert not [event for event in events if event["event"] == "active_loop"]


@pytest.mark.parametrize("form", sorted(domain_forms()))
def test_any_form_is_left_for_good(services: Services, form: str) -> None:
    _, events = run(WarnRedFlag(services), tracker(parsed("it bleeds", "red_flag", {}), form=form, requested_slot="x", concern="sunspots"))
    assert [event["name"] for event in events if event["event"] == "active_loop"] == [None]
    assert slots_set(events) == {"requested_slot": None, "concern": None, "changes": None, "findings": None}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_advice_offers_nothing(services: Services, kind: str) -> None:
    messages, _ = run(WarnRedFlag(services), tracker(parsed("it bleeds", "red_flag", {"red_flag_kind": kind})))
    assert (payloads(messages[0]), messages[0]["custom"]) == ([], {})
    assert not any(variant.get("buttons") for variant in responses()[f"utter_red_flag_{kind}"])
