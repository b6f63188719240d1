from typing import Any

import pytest

from actions.offer_topics import MOST_TOPICS, TASKS, OfferTopics, misunderstood_before
from actions.services import Services
from actions.texts import text
from tests.actions.world import Message, did_user, names, parsed, payloads, responses, run, tracker

DOMAIN = {
    "responses": {
        f"utter_faq/{topic}": [{"text": topic, "metadata": {"title": {"en": f"About {topic}", "nl": f"Over {topic}"}}}]
        for topic in ("melasma", "freckles", "sun", "laser")
    }
}
RANKING = [("faq/melasma", 0.4), ("faq/freckles", 0.3), ("ask_price", 0.2), ("faq/sun", 0.15)]


def offered(
    services: Services,
    ranking: list[tuple[str, float]],
    intent: str = "nlu_fallback",
    least: float | None = 0.1,
    before: list[str] | None = None,
    language: str = "en",
) -> list[Message]:
    """What is said to a message with these likeliest labels, after messages of these intents."""
    understanding: dict[str, Any] = {} if least is None else {"understanding": {"suggest_threshold": least}}
    message = parsed("blah", intent, {}, **understanding)
    message["intent_ranking"] = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    events = [did_user(parsed("x", name, {})) for name in [*(before or []), intent]]
    messages, returned = run(OfferTopics(services), tracker(message, events, language=language), DOMAIN)
    assert returned == []
    return messages


def test_the_nearest_topics_and_tasks_are_offered(services: Services) -> None:
    (message,) = offered(services, RANKING)
    assert message["response"] == "utter_did_you_mean"
    assert [button["title"] for button in message["buttons"]] == [
        "About melasma",
        "About freckles",
        text("title_ask_price", "en"),
        text("none_of_these", "en"),
    ]
    assert payloads(message) == ['/ask_topic{"topic": "melasma"}', '/ask_topic{"topic": "freckles"}', "/ask_price", "/talk_to_human"]


def test_no_more_than_a_few_are_offered(services: Services) -> None:
    (message,) = offered(services, RANKING)
    assert len(payloads(message)) == MOST_TOPICS + 1


def test_titles_are_in_the_visitors_language(services: Services) -> None:
    (message,) = offered(services, RANKING, language="nl")
    assert message["buttons"][0]["title"] == "Over melasma"


@pytest.mark.parametrize(
    ("ranking", "least"),
    [
        (RANKING[:1], 0.1),
        (RANKING, 0.35),
        (RANKING, None),
        ([], 0.1),
        ([("faq/unheard_of", 0.4), ("out_of_scope", 0.3), ("affirm", 0.2)], 0.1),
    ],
    ids=["one alone", "all but one too unlikely", "no threshold told", "none", "nothing that can be offered"],
)
def test_with_less_than_two_it_says_that_it_does_not_know(
    services: Services, ranking: list[tuple[str, float]], least: float | None
) -> None:
    assert names(offered(services, ranking, least=least)) == ["utter_not_understood"]


def test_what_is_out_of_scope_is_never_guessed_at(services: Services) -> None:
    assert names(offered(services, RANKING, "out_of_scope")) == ["utter_out_of_scope"]


@pytest.mark.parametrize("intent", ["nlu_fallback", "out_of_scope"])
@pytest.mark.parametrize("before", ["nlu_fallback", "out_of_scope"])
def test_after_two_misunderstandings_a_person_is_offered(services: Services, before: str, intent: str) -> None:
    assert names(offered(services, RANKING, intent, before=["greet", before])) == [
        "utter_not_understood_again",
        "utter_person_consultation",
    ]


def test_a_message_understood_in_between_counts(services: Services) -> None:
    assert names(offered(services, RANKING, before=["nlu_fallback", "faq"])) == ["utter_did_you_mean"]


def test_the_first_message_was_preceded_by_nothing() -> None:
    assert not misunderstood_before([])
    assert not misunderstood_before([did_user(parsed("x", "nlu_fallback", {}))])


@pytest.mark.parametrize("task", sorted(TASKS))
def test_every_task_has_a_title(task: str) -> None:
    assert text(f"title_{task}", "en")


def test_every_topic_has_a_title_in_english() -> None:
    topics = {name: variants for name, variants in responses().items() if name.startswith("utter_faq/")}
    assert topics
    assert [name for name, variants in topics.items() if not variants[0]["metadata"]["title"].get("en")] == []
