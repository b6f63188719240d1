"""Reading Rasa's parse."""

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
