from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, Event, UserUttered

from bot.dialogue.urgent import KINDS, next_action
from bot.settings import ROOT

RESPONSES: dict[str, Any] = yaml.safe_load(Path(ROOT / "data/responses/safety.yml").read_text(encoding="utf-8"))["responses"]


def said(intent: str, **entities: str) -> UserUttered:
    found = [{"entity": entity, "value": value} for entity, value in entities.items()]
    return UserUttered("...", intent={"name": intent, "confidence": 1.0}, entities=found)


def followed(*events: Event) -> list[str]:
    """The actions that follow, until the assistant listens again."""
    told: list[Event] = list(events)
    actions: list[str] = []
    while (action := next_action(told)) is not None and action != "action_listen":
        actions.append(action)
        told.append(ActionExecuted(action))
    return actions


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_advice_comes_before_anything_else(kind: str) -> None:
    assert followed(said("red_flag", red_flag_kind=kind)) == [f"utter_red_flag_{kind}", "action_deactivate_loop", "action_forget_findings"]


@pytest.mark.parametrize("entities", [{}, {"red_flag_kind": "unheard_of"}])
def test_without_a_known_kind_it_is_the_advice_for_a_spot(entities: dict[str, str]) -> None:
    assert next_action([said("red_flag", **entities)]) == "utter_red_flag_spot"


def test_a_form_that_refused_the_message_does_not_come_before_it() -> None:
    events = [said("red_flag"), ActionExecuted("booking_form"), ActionExecutionRejected("booking_form")]
    assert next_action(events) == "utter_red_flag_spot"


def test_after_the_advice_it_listens() -> None:
    events = [said("red_flag"), *map(ActionExecuted, ("utter_red_flag_spot", "action_deactivate_loop", "action_forget_findings"))]
    assert next_action(events) == "action_listen"


def test_a_turn_that_left_nothing_to_say_gets_a_word_even_inside_a_form() -> None:
    assert followed(said("nothing_said")) == ["utter_unavailable"]


@pytest.mark.parametrize("events", [[], [said("faq")], [said("red_flag"), ActionExecuted("utter_red_flag_spot"), said("thanks")]])
def test_it_has_no_say_in_anything_else(events: list[Event]) -> None:
    assert next_action(events) is None


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_advice_offers_nothing(kind: str) -> None:
    assert not any(variant.get("buttons") or variant.get("custom") for variant in RESPONSES[f"utter_red_flag_{kind}"])


@pytest.mark.parametrize("variant", RESPONSES["utter_red_flag_crisis"])
def test_the_answer_to_despair_says_where_help_is(variant: dict[str, Any]) -> None:
    assert all(fact in variant["text"] for fact in ("112", "113", "0800-0113", "113.nl"))
    assert "113.nl" in variant["metadata"]["source"]
