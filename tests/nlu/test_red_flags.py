"""What raises an alarm, what doesn't, and what an alarm does to a message."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.phrases import words
from bot.nlu.reading import read
from bot.nlu.red_flag_terms import Terms, TermsError, load_terms
from bot.nlu.red_flags import RedFlagDetector, find_red_flag, likely_kind
from bot.settings import ROOT

TERMS_FILE = ROOT / "data" / "red_flags.yml"
PHRASES = [
    json.loads(line)
    for name in ("red_flags", "red_flags_words_en", "red_flags_words_nl")
    for line in (ROOT / "tests" / "nlu" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.fixture(scope="module")
def terms() -> Terms:
    return load_terms(TERMS_FILE)


@pytest.fixture
def detector(terms: Terms) -> RedFlagDetector:
    return RedFlagDetector(terms)


@pytest.mark.parametrize("phrase", [phrase for phrase in PHRASES if phrase["red_flag"]], ids=lambda phrase: phrase["text"])
def test_an_alarm_is_raised_with_its_kind(phrase: dict[str, Any], terms: Terms) -> None:
    flag = find_red_flag(phrase["text"], terms)
    assert flag is not None
    assert flag.kind == phrase["kind"]
    assert flag.evidence


@pytest.mark.parametrize("phrase", [phrase for phrase in PHRASES if not phrase["red_flag"]], ids=lambda phrase: phrase["text"])
def test_no_alarm_is_raised_by_a_near_miss(phrase: dict[str, Any], terms: Terms) -> None:
    assert find_red_flag(phrase["text"], terms) is None


def test_each_word_list_has_an_alarm_and_a_near_miss(terms: Terms) -> None:
    lists = set(yaml.safe_load(TERMS_FILE.read_text(encoding="utf-8"))["words"])
    for red_flag in (True, False):
        met = {name for phrase in PHRASES if phrase["red_flag"] is red_flag for name in _lists_in(phrase["text"], terms)}
        assert not lists - met, f"red_flag {red_flag}: no test phrase for {sorted(lists - met)}"


def _lists_in(text: str, terms: Terms) -> set[str]:
    """The lists that the words are on, also where a harmless phrase or a denial takes them back, and what denials say."""
    return {name for found in terms.finder.find(words(text)) for name in found.values} | {
        mention.list for mention in read(text, terms).mentions
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my mole itches", True),
        ("my mole doesn't itch", False),
        ("my mole doesn’t itch", False),
        ("my mole does not itch, bleed or grow", False),
        ("my mole doesn't itch but it bleeds", True),
        ("my mole doesn't itch and bleeds at night", True),
        ("my mole has no crust, bleeding every day though", True),
        ("my mole won't stop itching", True),
        ("my mole is not only itchy", True),
        ("my mole, I don't know why, itches", True),
        ("mijn moedervlek jeukt helemaal niet", False),
        ("mijn moedervlek jeukt of bloedt niet", False),
        ("mijn moedervlek jeukt niet, bloedt wel", True),
        ("mijn wondje geneest nog altijd niet", True),
    ],
)
def test_denials(text: str, expected: bool, terms: Terms) -> None:
    assert (find_red_flag(text, terms) is not None) is expected


@pytest.mark.parametrize(
    "text",
    [
        "MY MOLE IS BLEEDING!!!",
        "my mole is bleding",
        "my mo\u200ble is bleeding",
        "my birthmrk is groving",
        "mijn geboortevlek bloédt",
        "my mole\nis bleeding",
    ],
)
def test_spelling_case_and_invisible_characters_hide_nothing(text: str, terms: Terms) -> None:
    assert find_red_flag(text, terms) is not None


@pytest.mark.parametrize(
    "text", ["what do you charge for a mole", "cancel the spot check on my mole", "a glowing skin with one spot", "my spot lessons"]
)
def test_real_words_are_not_taken_for_mistyped_ones(text: str, terms: Terms) -> None:
    assert find_red_flag(text, terms) is None


@pytest.mark.parametrize("text", ["", "   ", "😀😀", "\x00", "кожа", "?!.", "no " * 5000, "a" * 10_000])
def test_odd_input_is_no_alarm_and_no_fault(text: str, terms: Terms) -> None:
    assert find_red_flag(text, terms) is None


@pytest.mark.parametrize(
    "text", ["blaren na de tattoolaser", "sinds de kruidenpeeling heb ik pus", "zwarte streep in mijn middelvingernagel"]
)
def test_a_dutch_compound_says_its_last_part(text: str, terms: Terms) -> None:
    assert find_red_flag(text, terms) is not None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a sore on my nose that won't heal, can you laser it off?", "spot"),
        ("een zweertje dat maar niet dicht wil, helpt laser?", "spot"),
        ("I had it lasered and now it won't heal", "after_treatment"),
        ("dit heb ik laten laseren en nu zitten er blaren", "after_treatment"),
    ],
)
def test_a_treatment_that_is_only_asked_for_was_not_had(text: str, kind: str, terms: Terms) -> None:
    flag = find_red_flag(text, terms)
    assert flag is not None
    assert flag.kind == kind


@pytest.mark.parametrize("text", ["what do I do if I get blisters after the laser", "wat moet ik doen als ik blaren krijg na de laser"])
def test_words_of_an_excuse_do_not_lift_it(text: str, terms: Terms) -> None:
    assert find_red_flag(text, terms) is None


@pytest.mark.parametrize("text", ["I can't go on I want to die", "ik wil niet dood maar ik wil niet meer leven", "not suicide, is it"])
def test_a_not_takes_nothing_from_words_of_despair(text: str, terms: Terms) -> None:
    flag = find_red_flag(text, terms)
    assert flag is not None
    assert flag.kind == "crisis"


def test_despair_comes_before_an_emergency(terms: Terms) -> None:
    flag = find_red_flag("I can't breathe, my mole bleeds and I want to die", terms)
    assert flag is not None
    assert flag.kind == "crisis"


def test_the_most_urgent_alarm_wins(terms: Terms) -> None:
    flag = find_red_flag("my mole bleeds, I have blisters after the laser and I can't breathe", terms)
    assert flag is not None
    assert flag.kind == "emergency"


def test_a_red_flag_takes_the_place_of_the_topic(detector: RedFlagDetector) -> None:
    message = _message("my mole bleeds", [("faq/sunspots", 0.9), ("red_flag", 0.05)])
    detector.process([message])
    assert message.get("intent") == {"name": "red_flag", "confidence": 1.0}
    assert [entry["name"] for entry in message.get("intent_ranking")] == ["red_flag", "faq/sunspots"]
    assert message.get("response_selector") == {"all_retrieval_intents": ["faq"]}
    assert message.get("red_flag") == {"kind": "spot", "evidence": "mole, bleeds"}
    assert [(entity["entity"], entity["value"]) for entity in message.get("entities")] == [("language", "en"), ("red_flag_kind", "spot")]
    assert {"intent", "intent_ranking", "red_flag", "entities"} <= message.output_properties


def test_a_message_without_alarm_stays_as_it_is(detector: RedFlagDetector) -> None:
    message = _message("what does a peel cost", [("ask_price", 0.9)])
    before = dict(message.data)
    detector.process([message])
    assert message.data == before


def test_a_command_of_rasa_is_left_alone(detector: RedFlagDetector) -> None:
    message = _message(" /inform my mole bleeds", [("inform", 1.0)])
    detector.process([message])
    assert message.get("red_flag") is None


@pytest.mark.parametrize(
    ("ranking", "heard"),
    [
        ([("red_flag", 0.9)], True),
        ([("nlu_fallback", 0.9), ("red_flag", 0.35), ("faq/pih", 0.2)], True),
        ([("nlu_fallback", 0.9), ("red_flag", 0.25), ("faq/pih", 0.2)], False),
        ([("faq/pih", 0.5), ("red_flag", 0.4)], False),
        ([], False),
    ],
)
def test_the_classifier_is_heard_too(ranking: list[tuple[str, float]], heard: bool, detector: RedFlagDetector) -> None:
    message = _message("something is the matter here", ranking)
    detector.process([message])
    assert (message.get("red_flag") == {"kind": "spot", "evidence": "classifier"}) is heard


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("all odd since then", "spot"),
        ("I've had it all my life and lately it's odd", "spot"),
        ("ik heb hem al mijn hele leven en nu dit", "spot"),
        ("will the laser burn me", "after_treatment"),
        ("het brandt zo na de peeling", "after_treatment"),
        ("my chest feels funny and I'm dizzy after the laser", "emergency"),
        ("zo draaierig en een raar gevoel in mijn keel na de laser", "emergency"),
        ("I've lost all will for life, my lasered cheek burns", "crisis"),
        ("those pills look tempting tonight", "crisis"),
        ("ik ben radeloos, ik trek het niet meer met die moedervlek", "crisis"),
        ("leven hoeft zo nauwelijks, mijn adem stokt", "crisis"),
    ],
)
def test_the_kind_of_an_alarm_that_only_the_classifier_raised(text: str, kind: str, terms: Terms) -> None:
    assert likely_kind(text, terms) == kind


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"alarms": [{"kind": "spot", "all": ["nowhere"]}]}, "no such word list: nowhere"),
        ({"alarms": [{"kind": "odd", "all": ["mole"]}]}, "unknown kind 'odd'"),
        ({"likely": [{"kind": "spot", "all": ["nowhere"]}]}, "no such word list: nowhere"),
        ({"words": {"mole": {"en": [False]}}}, "mole.en: False is not text"),
        ({"words": {"mole": {"en": ["mole"]}, "idle": {"en": ["x"]}}}, "no alarm uses: idle"),
        ({"grammar": {}}, "grammar must have exactly"),
        ({"words": None}, "can't be read"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused(change: dict[str, Any], fault: str, tmp_path: Path) -> None:
    grammar = yaml.safe_load(TERMS_FILE.read_text(encoding="utf-8"))["grammar"]
    right = {"grammar": grammar, "words": {"mole": {"en": ["mole"]}}, "alarms": [{"kind": "spot", "all": ["mole"]}]}
    path = tmp_path / "red_flags.yml"
    path.write_text(yaml.safe_dump(right), encoding="utf-8")
    load_terms(path)
    path.write_text(yaml.safe_dump(right | change), encoding="utf-8")
    with pytest.raises(TermsError, match=fault):
        load_terms(path)


def _message(text: str, ranking: list[tuple[str, float]]) -> Message:
    entries = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    data = {
        "text": text,
        "intent": entries[0] if entries else None,
        "intent_ranking": entries,
        "entities": [{"entity": "language", "value": "en"}],
        "response_selector": {"all_retrieval_intents": ["faq"], "faq": {"response": {"intent_response_key": "faq/sunspots"}}},
    }
    return Message(data=data)
