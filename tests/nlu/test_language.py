"""Which messages decide the language and, as important, which don't."""

import pytest
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.language import LanguageDetector


@pytest.fixture(scope="module")
def detector() -> LanguageDetector:
    return LanguageDetector(LanguageDetector.get_default_config())


def read(detector: LanguageDetector, text: str) -> tuple[str | None, list[str]]:
    message = detector.process([Message({"text": text})])[0]
    return message.get("language"), [entity["value"] for entity in message.get("entities", []) if entity["entity"] == "language"]


@pytest.mark.parametrize(
    "text",
    [
        "what can i do about the brown patches on my cheeks",
        "how much does a laser treatment cost",
        "I had acne as a teenager and the marks won't go away",
        "can u remove freckles pls",
    ],
)
def test_english_is_clear(detector: LanguageDetector, text: str) -> None:
    assert read(detector, text) == ("en", ["en"])


@pytest.mark.parametrize(
    "text",
    [
        "wat kan ik doen aan de bruine vlekken op mijn wangen",
        "hoeveel kost een laserbehandeling",
        "ik ben zwanger en krijg donkere plekken in mijn gezicht",
        "kan ik een afspraak maken voor volgende week",
    ],
)
def test_dutch_is_clear(detector: LanguageDetector, text: str) -> None:
    assert read(detector, text) == ("nl", ["nl"])


UNCLEAR = ["ok", "ja", "no", "hoi", "Fatima", "Jan de Vries", "0612345678", "12", "melasma", "laser", "🙂", "", "jan@example.org"]


@pytest.mark.parametrize("text", UNCLEAR)
def test_short_texts_leave_the_language_as_it_was(detector: LanguageDetector, text: str) -> None:
    assert read(detector, text)[1] == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("in english please", "en"),
        ("English?", "en"),
        ("kan het ook in het Engels", "en"),
        ("can we do this in Dutch", "nl"),
        ("liever nederlands", "nl"),
        ("do you speak dutch", "nl"),
    ],
)
def test_a_language_can_be_asked_for(detector: LanguageDetector, text: str, language: str) -> None:
    assert read(detector, text) == (language, [language])


@pytest.mark.parametrize("text", ["I am Dutch", "sorry my english not so good", "ik ben geen Nederlander"])
def test_speaking_of_a_language_does_not_ask_for_it(detector: LanguageDetector, text: str) -> None:
    assert "dutch" not in text.lower() or read(detector, text)[1] != ["nl"]


@pytest.mark.parametrize("text", UNCLEAR)
@pytest.mark.parametrize("spoken", ["en", "nl"])
def test_an_unclear_message_has_the_language_of_the_conversation(detector: LanguageDetector, text: str, spoken: str) -> None:
    slot = TextSlot("language", mappings=[], initial_value=spoken, influence_conversation=False)
    message = detector.process([Message({"text": text})], DialogueStateTracker("web-1", [slot]))[0]
    assert message.get("language") == (spoken if text else None)


@pytest.mark.parametrize(("text", "language"), [("kosten peeling", "nl"), ("peel price", "en"), ("bruine vlek wang", "nl"), ("", None)])
def test_before_there_is_a_conversation_the_likelier_language_counts(detector: LanguageDetector, text: str, language: str | None) -> None:
    assert read(detector, text)[0] == language


def test_commands_are_left_alone(detector: LanguageDetector) -> None:
    assert read(detector, "/greet and what is melasma anyway") == (None, [])


def test_entities_found_before_are_kept(detector: LanguageDetector) -> None:
    message = Message({"text": "how much does a laser cost", "entities": [{"entity": "treatment", "value": "laser"}]})
    assert [entity["entity"] for entity in detector.process([message])[0].get("entities")] == ["treatment", "language"]
