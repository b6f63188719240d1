"""Messages that lean on the topic before, and those that don't."""

from typing import Any

import pytest
import yaml
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.classifier import as_parse
from bot.nlu.decision import Decision, Outcome, Ranked
from bot.nlu.follow_ups import FollowUpResolver, load_follow_ups
from bot.practice.catalog.file import read_catalog
from bot.settings import ROOT

FILE = ROOT / "data" / "follow_ups.yml"
TOPICS = {file.stem for file in (ROOT / "data" / "faq").glob("*.yml")}


@pytest.fixture(scope="module")
def resolver() -> FollowUpResolver:
    return FollowUpResolver(load_follow_ups(FILE))


def asked(label: str, **entities: str) -> UserUttered:
    intent, _, topic = label.partition("/")
    found = [{"entity": name, "value": value} for name, value in entities.items()]
    parse = {"intent": {"name": intent, "full_retrieval_intent_name": label if topic else None}}
    return UserUttered("...", intent={"name": intent}, entities=found, parse_data=parse)


def follow(resolver: FollowUpResolver, text: str, *labels: str, before: tuple[UserUttered, ...], **entities: str) -> dict[str, Any]:
    """What becomes of a message that was understood as the first label, or as unsure between several."""
    outcome = Outcome.UNDERSTOOD if len(labels) == 1 else Outcome.UNSURE
    found = [{"entity": name, "value": value} for name, value in entities.items()]
    parse = as_parse(Decision(outcome, [Ranked(label, 0.9 / len(labels)) for label in labels]))
    message = Message({"text": text, "entities": found, **parse}, output_properties={"text", "intent", "entities", "response_selector"})
    events = [event for said in before for event in (said, ActionExecuted("x"), BotUttered("..."))]
    resolved = resolver.process([message], DialogueStateTracker.from_events("web-1", events))[0]
    data: dict[str, Any] = resolved.as_dict()
    return data


def label_of(parse: dict[str, Any]) -> str:
    if parse["intent"]["name"] != "faq":
        return str(parse["intent"]["name"])
    return str(parse["response_selector"]["faq"]["response"]["intent_response_key"])


def values(parse: dict[str, Any]) -> dict[str, str]:
    return {entity["entity"]: entity["value"] for entity in parse["entities"]}


@pytest.mark.parametrize(
    ("text", "label", "before", "entities"),
    [
        ("and what does it cost?", "ask_price", "faq/peels", {"treatment": "tca_peel"}),
        ("en wat kost dat", "ask_price", "faq/laser_ipl", {"treatment": "laser_pigment"}),
        ("how much is that", "ask_price", "faq/melasma", {"concern": "melasma"}),
        ("en wat helpt daartegen? iets dat bij mij past", "find_treatment", "faq/sunspots", {"concern": "sunspots"}),
    ],
)
def test_a_task_is_about_the_topic_before(resolver: FollowUpResolver, text: str, label: str, before: str, entities: dict[str, str]) -> None:
    parse = follow(resolver, text, label, before=(asked(before),))
    assert (label_of(parse), values(parse)) == (label, entities)


@pytest.mark.parametrize(
    ("text", "labels", "before", "meant"),
    [
        ("is that safe on dark skin?", ["faq/dark_skin_safety"], "faq/peels", "faq/peels_dark_skin"),
        ("is that safe on dark skin?", ["faq/dark_skin_safety"], "faq/retinoids", "faq/retinoids"),
        ("is that safe on dark skin?", ["faq/dark_skin_safety"], "faq/laser_ipl", "faq/dark_skin_safety"),
        ("en op een donkere huid, kan dat?", ["faq/peels_dark_skin", "faq/dark_skin_safety"], "faq/acids", "faq/acids"),
        ("and the sun after it?", ["faq/sunscreen"], "faq/laser_ipl", "faq/laser_aftercare"),
    ],
)
def test_a_question_means_the_topic_before(resolver: FollowUpResolver, text: str, labels: list[str], before: str, meant: str) -> None:
    assert label_of(follow(resolver, text, *labels, before=(asked(before),))) == meant


@pytest.mark.parametrize(
    ("text", "ask"),
    [
        ("does it hurt?", "pain"),
        ("en doet dat pijn", "pain"),
        ("how many sessions would that be", "sessions"),
        ("mag dat als ik zwanger ben", "pregnancy"),
        ("zijn daar risico's aan", "side_effects"),
    ],
)
def test_what_no_topic_answers_is_asked_of_the_treatment_before(resolver: FollowUpResolver, text: str, ask: str) -> None:
    parse = follow(resolver, text, "out_of_scope", before=(asked("faq/laser_ipl"),))
    assert (label_of(parse), values(parse)) == ("follow_up", {"follow_up": ask, "topic": "laser_ipl"})
    again = follow(resolver, text, "out_of_scope", before=(asked("faq/laser_ipl"), asked("follow_up", follow_up="pain", topic="laser_ipl")))
    assert label_of(again) == "follow_up"


@pytest.mark.parametrize(
    ("text", "label", "before", "entities"),
    [
        ("what does a laser cost and is that all", "ask_price", (asked("faq/peels"),), {"treatment": "laser_pigment"}),
        ("what does everything cost", "ask_price", (asked("faq/peels"),), {}),
        ("and what does it cost?", "ask_price", (), {}),
        ("and what does it cost?", "ask_price", (asked("book_consultation"),), {}),
        (
            "I have been to three clinics and every time they told me that it costs a different price",
            "ask_price",
            (asked("faq/peels"),),
            {},
        ),
        ("does it hurt?", "out_of_scope", (asked("faq/melasma"),), {}),
        ("and the weather then?", "out_of_scope", (asked("faq/peels"),), {}),
        ("what does it cost", "ask_price", (asked("faq/peels"), asked("privacy"), asked("privacy"), asked("privacy")), {}),
    ],
)
def test_a_message_that_speaks_for_itself_stays_as_it_is(
    resolver: FollowUpResolver, text: str, label: str, before: tuple[UserUttered, ...], entities: dict[str, str]
) -> None:
    parse = follow(resolver, text, label, before=before, **entities)
    assert (label_of(parse), values(parse)) == (label, entities)


def test_an_open_form_is_told_nothing_new(resolver: FollowUpResolver) -> None:
    events = [asked("book_consultation", appointment_type="video"), ActionExecuted("booking_form"), ActiveLoop("booking_form")]
    parse = as_parse(Decision(Outcome.UNDERSTOOD, [Ranked("book_consultation", 0.9)]))
    message = Message({"text": "actually make it Thursday", "entities": [], **parse})
    assert not resolver.process([message], DialogueStateTracker.from_events("web-1", events))[0].get("entities")


def test_small_talk_and_buttons_keep_the_topic(resolver: FollowUpResolver) -> None:
    parse = follow(resolver, "and the price of it?", "ask_price", before=(asked("ask_topic", topic="peels"), asked("thanks")))
    assert values(parse) == {"treatment": "tca_peel"}


def test_the_file_names_what_there_is() -> None:
    follow_ups, catalogue = load_follow_ups(FILE), read_catalog()
    named = {*follow_ups.topics, *follow_ups.treatments, *follow_ups.instead}
    named |= {topic for meant in follow_ups.instead.values() for pair in meant.items() for topic in pair}
    assert named <= TOPICS
    treatments = {treatment.slug for treatment in catalogue.treatments}
    assert {entities["treatment"] for entities in follow_ups.topics.values() if "treatment" in entities} <= treatments
    texts = yaml.safe_load((ROOT / "data" / "responses" / "follow_ups.yml").read_text(encoding="utf-8"))["responses"]
    assert {f"utter_follow_up_{ask}" for ask in follow_ups.asks} == set(texts)
