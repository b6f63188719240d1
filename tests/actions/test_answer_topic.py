from actions.answer_topic import AnswerTopic
from actions.services import Services
from tests.actions.world import names, parsed, responses, run, tracker


def test_every_topic_is_answered_by_its_own_response(services: Services) -> None:
    topics = [name.removeprefix("utter_faq/") for name in responses() if name.startswith("utter_faq/")]
    assert topics
    for topic in topics:
        messages, events = run(AnswerTopic(services), tracker(parsed("/ask_topic", "ask_topic", {"topic": topic})))
        assert (names(messages), events) == ([f"utter_faq/{topic}"], [])
