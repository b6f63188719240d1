"""A conversation read from its events: what was said, and what the assistant made of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from bot.practice.console.conversations.events import Event

UNSEEN = frozenset({"start", "nothing_said"})
"""Intents of messages that a channel sends by itself."""


class Understood(str, Enum):
    """What became of a visitor's message."""

    YES = "yes"
    TAPPED = "tapped"
    IN_FORM = "in_form"
    """Unsure by itself, but taken as the answer to a form's question."""
    DOUBTFUL = "doubtful"
    """The nearest topics were offered."""
    OUT_OF_SCOPE = "out_of_scope"
    NO = "no"


@dataclass(frozen=True)
class Link:
    """A link as it was shown."""

    title: str
    url: str


@dataclass(frozen=True)
class Card:
    """A treatment or an appointment as it was shown."""

    title: str
    text: str
    price: str
    facts: tuple[str, ...]
    link: Link | None
    buttons: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """One message of the assistant."""

    response: str
    """Name of the response; empty where there was none."""
    text: str
    buttons: tuple[str, ...]
    cards: tuple[Card, ...]
    days: tuple[tuple[str, tuple[str, ...]], ...]
    """Free times: each day with its times."""
    link: Link | None
    offers: Mapping[str, str]
    """Title of every payload that could be tapped."""


@dataclass
class Turn:
    """A visitor's message with all that followed on it; the first turn has none where the assistant began."""

    event: int = 0
    at: datetime | None = None
    text: str = ""
    """As typed; of a button its title."""
    payload: str = ""
    """What a tapped button sent."""
    tapped: bool = False
    hidden: bool = False
    """Sent by the channel, not by the visitor."""
    label: str = ""
    confidence: float = 0.0
    ranking: tuple[tuple[str, float], ...] = ()
    """Labels with their confidence, best first."""
    language: str = ""
    entities: tuple[tuple[str, str], ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    """Slots that were set, with their last value."""
    actions: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    answered_at: datetime | None = None
    form: str | None = None
    """The form that was active when the message came."""

    @property
    def answer_ms(self) -> int | None:
        """From the message to its last answer."""
        return round((self.answered_at - self.at).total_seconds() * 1000) if self.answered_at and self.at else None

    @property
    def responses(self) -> list[str]:
        """Names of the answers."""
        return [answer.response for answer in self.answers]

    @property
    def understood(self) -> Understood:
        """What became of it, judged by what was answered."""
        said = self.responses
        if self.tapped:
            return Understood.TAPPED
        if any(name.startswith("utter_not_understood") for name in said):
            return Understood.NO
        if "utter_did_you_mean" in said:
            return Understood.DOUBTFUL
        if "utter_out_of_scope" in said:
            return Understood.OUT_OF_SCOPE
        return Understood.IN_FORM if self.form and self.label in ("nlu_fallback", "out_of_scope") else Understood.YES


@dataclass
class Transcript:
    """A whole conversation."""

    turns: list[Turn] = field(default_factory=list)
    channel: str = ""
    slots: dict[str, Any] = field(default_factory=dict)
    """All slots at the end."""
    form: str | None = None
    """The form that is active at the end."""
    ended_at: datetime | None = None
    last_event: int = 0

    @property
    def said(self) -> list[Turn]:
        """The turns that a visitor began."""
        return [turn for turn in self.turns if turn.event and not turn.hidden]


def read(events: Iterable[Event]) -> Transcript:
    """Puts a conversation together.

    Raises:
        ValueError, TypeError, KeyError, AttributeError: an event is not as Rasa writes it.
    """
    transcript = Transcript()
    offers: dict[str, str] = {}
    for event in events:
        transcript.last_event = event.id
        if event.type == "user":
            transcript.turns.append(_turn(event, transcript.form, offers))
            transcript.channel = transcript.channel or event.data.get("input_channel") or ""
            transcript.ended_at = event.at
            continue
        if not transcript.turns:
            transcript.turns.append(Turn())
        turn = transcript.turns[-1]
        if event.type == "bot":
            answer = _answer(event.data)
            offers.update(answer.offers)
            turn.answers.append(answer)
            turn.answered_at = transcript.ended_at = event.at
        elif event.type == "slot":
            turn.facts[event.data["name"]] = transcript.slots[event.data["name"]] = event.data.get("value")
        elif event.type == "active_loop":
            transcript.form = event.data.get("name")
        elif event.type == "action" and event.data.get("name") != "action_listen":
            turn.actions.append(str(event.data.get("name") or ""))
    transcript.turns = [turn for turn in transcript.turns if turn.event or turn.answers]
    return transcript


def _turn(event: Event, form: str | None, offers: Mapping[str, str]) -> Turn:
    parse = event.data.get("parse_data") or {}
    intent = parse.get("intent") or {}
    text = str(event.data.get("text") or "")
    tapped = text.startswith("/")
    return Turn(
        event=event.id,
        at=event.at,
        text=offers.get(text, "") if tapped else text.lstrip("\u2060"),
        payload=text if tapped else "",
        tapped=tapped,
        hidden=tapped and intent.get("name") in UNSEEN,
        label=str(intent.get("full_retrieval_intent_name") or intent.get("name") or ""),
        confidence=float(intent.get("confidence") or 0.0),
        ranking=tuple((str(each["name"]), float(each["confidence"])) for each in parse.get("intent_ranking") or []),
        language=str(parse.get("language") or ""),
        entities=tuple((str(each["entity"]), str(each["value"])) for each in parse.get("entities") or []),
        form=form,
    )


def _answer(data: Mapping[str, Any]) -> Answer:
    parts = data.get("data") or {}
    custom = parts.get("custom") or {}
    buttons = (parts.get("buttons") or []) + (parts.get("quick_replies") or [])
    cards = custom.get("cards") or []
    days = custom.get("slots") or []
    return Answer(
        response=str((data.get("metadata") or {}).get("utter_action") or ""),
        text=str(data.get("text") or ""),
        buttons=_titles(buttons),
        cards=tuple(_card(card) for card in cards),
        days=tuple((str(day.get("day") or ""), _titles(day.get("times"))) for day in days),
        link=_link(custom.get("link")),
        offers={str(button["payload"]): str(button["title"]) for button in _offered(buttons, cards, days) if button.get("payload")},
    )


def _card(card: Mapping[str, Any]) -> Card:
    title, text, price = (str(card.get(part) or "") for part in ("title", "text", "price"))
    return Card(title, text, price, tuple(map(str, card.get("facts") or [])), _link(card.get("link")), _titles(card.get("buttons")))


def _link(link: Mapping[str, Any] | None) -> Link | None:
    return Link(str(link.get("title") or link.get("url") or ""), str(link.get("url") or "")) if link else None


def _offered(buttons: Iterable[Mapping[str, Any]], cards: Iterable[Mapping[str, Any]], days: Iterable[Mapping[str, Any]]) -> Iterator[Any]:
    yield from buttons
    for card in cards:
        yield from card.get("buttons") or []
    for day in days:
        yield from day.get("times") or []


def _titles(buttons: Iterable[Mapping[str, Any]] | None) -> tuple[str, ...]:
    return tuple(str(button.get("title") or "") for button in buttons or [])
