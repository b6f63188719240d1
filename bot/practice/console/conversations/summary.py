"""What the list shows of a conversation, worked out from its transcript."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, IntFlag

from bot.practice.console.conversations.transcript import Transcript, Turn, Understood
from bot.practice.console.masking import mask

OPENING_CHARS = 160


class Outcome(IntFlag):
    """What came of a conversation; several can be true."""

    BOOKED = 1
    MOVED = 2
    CANCELLED = 4
    PERSON = 8
    RED_FLAG = 16
    NOT_UNDERSTOOD = 32
    LEFT = 64
    """A form was left open and nobody came back."""
    FAILED = 128
    """Something didn't work, and the visitor was told so."""

    @property
    def key(self) -> str:
        """Its name in addresses and in the texts."""
        return str(self.name).lower()


WAITS = Outcome.PERSON | Outcome.RED_FLAG | Outcome.FAILED
"""What calls for a person."""
URGENCY = ((Outcome.RED_FLAG, 1), (Outcome.FAILED, 2), (Outcome.PERSON, 3))

BY_RESPONSE = {
    "utter_booked": Outcome.BOOKED,
    "utter_appointment_moved": Outcome.MOVED,
    "utter_appointment_cancelled": Outcome.CANCELLED,
    "utter_guided_unsure_changes": Outcome.RED_FLAG,
    "utter_not_understood": Outcome.NOT_UNDERSTOOD,
    "utter_not_understood_again": Outcome.NOT_UNDERSTOOD,
    "utter_unavailable": Outcome.FAILED,
    "utter_booking_not_booked_now": Outcome.FAILED,
}
BY_LABEL = {"talk_to_human": Outcome.PERSON, "complaint": Outcome.PERSON, "red_flag": Outcome.RED_FLAG, "nothing_said": Outcome.FAILED}


class Band(IntEnum):
    """How sure the assistant was of the message it was least sure of."""

    NONE = 0
    """Nothing was typed."""
    LOW = 1
    MIDDLE = 2
    HIGH = 3

    @property
    def key(self) -> str:
        """Its name in addresses and in the texts."""
        return self.name.lower()


LOW_BELOW, HIGH_FROM = 0.5, 0.8


@dataclass(frozen=True)
class Wait:
    """A message that calls for a person."""

    why: Outcome
    event: int
    at: datetime


@dataclass(frozen=True)
class Summary:
    """One row of the list, apart from what staff adds."""

    channel: str
    language: str
    started_at: datetime
    last_at: datetime
    length: int
    outcomes: Outcome
    confidence: float | None
    opening: str
    reference: str | None
    form_open: bool
    waits: tuple["Wait", ...]
    """Every message that calls for a person."""

    @property
    def band(self) -> Band:
        """The confidence's band."""
        if self.confidence is None:
            return Band.NONE
        return Band.LOW if self.confidence < LOW_BELOW else Band.MIDDLE if self.confidence < HIGH_FROM else Band.HIGH


def summarise(transcript: Transcript) -> Summary | None:
    """The summary; None where nothing has been said by anybody."""
    said = transcript.said
    started = next((turn.at or turn.answered_at for turn in transcript.turns), None)
    if started is None or transcript.ended_at is None:
        return None
    typed = [turn for turn in said if not turn.tapped]
    unsure = [turn.confidence for turn in typed if turn.understood is not Understood.IN_FORM]
    waits = [Wait(outcome_of(turn) & WAITS, turn.event, turn.at or started) for turn in transcript.turns if outcome_of(turn) & WAITS]
    outcomes = Outcome(0)
    for turn in transcript.turns:
        outcomes |= outcome_of(turn)
    opening = next((turn for turn in typed if turn.understood is not Understood.IN_FORM), typed[0] if typed else None)
    known = [str(transcript.slots[slot]) for slot in ("name", "email", "phone") if transcript.slots.get(slot)]
    return Summary(
        channel=transcript.channel,
        language=str(transcript.slots.get("language") or "en")[:2],
        started_at=started,
        last_at=transcript.ended_at,
        length=len(said),
        outcomes=outcomes,
        confidence=min(unsure, default=None),
        opening=mask(opening.text, known)[:OPENING_CHARS] if opening else "",
        reference=transcript.slots.get("booked"),
        form_open=transcript.form is not None,
        waits=tuple(waits),
    )


def outcome_of(turn: Turn) -> Outcome:
    """What one turn adds."""
    found = BY_LABEL.get(turn.label, Outcome(0)) if turn.event else Outcome(0)
    for outcome in _of_responses(turn):
        found |= outcome
    return found


def _of_responses(turn: Turn) -> Iterator[Outcome]:
    for name in turn.responses:
        yield BY_RESPONSE.get(name, Outcome.RED_FLAG if name.startswith("utter_red_flag") else Outcome(0))
