"""The steps of each turn, read from the events that Rasa keeps of a conversation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.evaluation.understanding import Understanding, from_parse

SILENT = ("action_listen", "action_session_start", "action_extract_slots")
"""Rasa's own actions, which tell nothing about the way of a message."""
COMMAND = "/"


@dataclass(frozen=True)
class Answer:
    """One message of the assistant."""

    response: str | None
    """Name of the response; None where there is none."""
    text: str
    buttons: tuple[str, ...]
    """Titles of the buttons."""
    custom: Mapping[str, Any]
    """Rich parts, such as `cards`."""


@dataclass
class Turn:
    """One message of the visitor and what followed."""

    text: str
    understood: Understanding
    actions: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)


def read_turns(events: Iterable[Mapping[str, Any]]) -> list[Turn]:
    """The turns of typed messages, without those of commands such as the opening `/start`.

    Args:
        events: Rasa's events as dictionaries, oldest first.
    """
    turns: list[Turn] = []
    for event in events:
        if event["event"] == "user":
            turns.append(Turn(event.get("text") or "", from_parse(event.get("parse_data") or {})))
        elif turns and event["event"] == "action" and event.get("name") not in SILENT:
            turns[-1].actions.append(str(event.get("name") or event.get("action_text")))
        elif turns and event["event"] == "bot":
            turns[-1].answers.append(_answer(event))
    return [turn for turn in turns if not turn.text.startswith(COMMAND)]


def _answer(event: Mapping[str, Any]) -> Answer:
    data = event.get("data") or {}
    return Answer(
        response=(event.get("metadata") or {}).get("utter_action"),
        text=event.get("text") or "",
        buttons=tuple(str(button.get("title")) for button in data.get("buttons") or ()),
        custom=data.get("custom") or {},
    )
