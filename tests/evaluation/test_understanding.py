"""Reading Rasa's parse."""

import pytest

from bot.evaluation.understanding import Label, from_parse


def test_a_topic_has_its_full_name() -> None:
    parse = {"intent": {"name": "faq", "confidence": 0.8}, "intent_ranking": [{"name": "faq/pih", "confidence": 0.8}]}
    assert from_parse(parse).intent == "faq/pih"


def test_the_selectors_topic_goes_before_the_rankings() -> None:
    parse = {
        "intent": {"name": "faq", "confidence": 0.8, "full_retrieval_intent_name": "faq/melasma"},
        "intent_ranking": [{"name": "faq/pih", "confidence": 0.3}, {"name": "faq/melasma", "confidence": 0.2}],
    }
    understood = from_parse(parse)
    assert understood.intent == "faq/melasma"
    assert understood.ranking == (Label("faq/melasma", 0.8), Label("faq/pih", 0.3))


def test_the_fallback_is_the_intent_and_no_label() -> None:
    parse = {"intent": {"name": "nlu_fallback"}, "intent_ranking": [{"name": "nlu_fallback"}, {"name": "faq/pih", "confidence": 0.3}]}
    understood = from_parse(parse)
    assert (understood.intent, understood.ranking) == ("nlu_fallback", (Label("faq/pih", 0.3),))
    assert understood.declined


def test_a_parse_without_anything_is_not_understood() -> None:
    understood = from_parse({"text": "", "intent": {"name": None, "confidence": 0.0}, "entities": []})
    assert (understood.intent, understood.ranking, understood.language, understood.red_flag) == ("nlu_fallback", (), None, None)


def test_language_entities_and_red_flag_are_kept() -> None:
    parse = {
        "intent": {"name": "red_flag"},
        "language": "en",
        "entities": [{"entity": "body_part", "value": "arm"}],
        "red_flag": {"kind": "x"},
    }
    understood = from_parse(parse)
    assert (understood.language, understood.entities[0]["value"], understood.red_flag) == ("en", "arm", {"kind": "x"})
    assert understood.flagged


@pytest.mark.parametrize(("selector", "full_name"), [("faq", "faq/pih"), ("default", None)])
def test_a_response_selectors_topics_take_the_place_of_the_retrieval_intent(selector: str, full_name: str | None) -> None:
    parse = {
        "intent": {"name": "faq", "confidence": 0.6, "full_retrieval_intent_name": full_name},
        "intent_ranking": [{"name": "faq", "confidence": 0.6}, {"name": "greet", "confidence": 0.4}],
        "response_selector": {
            selector: {
                "ranking": [
                    {"intent_response_key": "faq/pih", "confidence": 0.5},
                    {"intent_response_key": "faq/melasma", "confidence": 0.3},
                ]
            }
        },
    }
    understood = from_parse(parse)
    assert understood.intent == "faq/pih"
    assert [label.name for label in understood.ranking] == ["faq/pih", "greet", "faq/melasma"]
    assert [label.confidence for label in understood.ranking] == pytest.approx([0.3, 0.4, 0.18])


def test_topics_of_a_second_best_retrieval_intent_come_behind_the_best() -> None:
    parse = {
        "intent": {"name": "greet", "confidence": 0.5},
        "intent_ranking": [{"name": "greet", "confidence": 0.5}, {"name": "deny", "confidence": 0.1}, {"name": "faq", "confidence": 0.4}],
        "response_selector": {"faq": {"ranking": [{"intent_response_key": "faq/pih", "confidence": 0.9}]}},
    }
    assert [label.name for label in from_parse(parse).ranking] == ["greet", "faq/pih", "deny"]
