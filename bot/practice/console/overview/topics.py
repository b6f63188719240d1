"""What topics are called, in the words that visitors see them offered in."""

from types import SimpleNamespace

from bot.practice.console.teaching.labels import TOPICS, titles
from bot.practice.console.texts import texts

PREFIX = "faq/"


def title(topic: str, language: str) -> str:
    """The name of a topic or intent; its label where it has none (any more)."""
    if topic.startswith(PREFIX):
        return titles(TOPICS, TOPICS.stat().st_mtime).get(topic, {}).get(language) or topic
    wishes: SimpleNamespace = texts(language).wishes
    return str(getattr(wishes, topic, topic))
