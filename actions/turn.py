"""What the visitor said in this turn, read from Rasa's tracker into plain types."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker

from actions.words import says

MOST_WORDS = 6
"""A longer message is more than the bare answer to a question."""


@dataclass(frozen=True)
class Turn:
    """One message of the visitor with what was understood of it."""

    text: str = ""
    """The text as typed; of a tapped button its payload."""
    intent: str = ""
    confidence: float = 0.0
    entities: Mapping[str, str] = field(default_factory=dict)
    """The first value of each entity."""
    ranking: tuple[tuple[str, float], ...] = ()
    """Full labels (`faq/melasma`) with their confidence, best first."""
    language: str = "en"

    @property
    def tapped(self) -> bool:
        """Whether it was a button; typed text that starts with a slash is kept apart by the channel."""
        return self.text.startswith("/")

    @property
    def words(self) -> list[str]:
        """The words in lower case."""
        return self.text.lower().replace("?", " ").replace(",", " ").split()

    @property
    def brief(self) -> bool:
        """Whether it was typed and is short enough to be a bare answer."""
        return not self.tapped and len(self.words) <= MOST_WORDS

    @property
    def is_question(self) -> bool:
        """Whether it reads as a question and not as an answer."""
        if self.tapped:
            return False
        return self.text.rstrip().endswith("?") or (says("question", self.text) and not says("no_question", self.text))


def read_turn(tracker: Tracker) -> Turn:
    """The latest message of the visitor."""
    message: dict[str, Any] = tracker.latest_message or {}
    entities: dict[str, str] = {}
    for entity in message.get("entities") or []:
        entities.setdefault(entity["entity"], str(entity["value"]))
    ranking = tuple((str(entry["name"]), float(entry["confidence"])) for entry in message.get("intent_ranking") or [])
    intent = message.get("intent") or {}
    return Turn(
        text=message.get("text") or "",
        intent=intent.get("name") or "",
        confidence=float(intent.get("confidence") or 0.0),
        entities=entities,
        ranking=ranking,
        language=tracker.get_slot("language") or "en",
    )
