"""One question of a form: when it is needed, how it is asked, and how an answer is read."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from actions.say import Say
from actions.turn import Turn

SKIPPED = "skipped"
"""Value of a question that the visitor left open."""

Slots = Mapping[str, Any]


@dataclass(frozen=True)
class Filled:
    """The answer was understood."""

    slots: Mapping[str, Any]
    say: Say | None = None
    """Something to say before the next question."""


@dataclass(frozen=True)
class Refused:
    """It was an answer, but not one that can be used."""

    say: Say
    slots: Mapping[str, Any] = field(default_factory=dict)
    """What was learned all the same."""


Heard = Filled | Refused


class Step(ABC):
    """A question that fills one slot."""

    slot: str
    optional: bool = False
    """Whether it may be left open."""
    essential: bool = False
    """Whether the form waits for it rather than leave it open by itself; the visitor may still skip it."""
    eager: bool = False
    """Whether people also answer it in the form of a question ("can we do Friday?")."""
    own_turn: bool = False
    """Whether only an answer to this very question counts, as with a yes to what was just read back."""

    @property
    @abstractmethod
    def question(self) -> str:
        """Name of the response that asks it."""

    def needed(self, slots: Slots) -> bool:
        """Whether it has to be asked, given the other answers."""
        return True

    def ask(self, slots: Slots, turn: Turn) -> Say:
        """The question as it is put now."""
        return Say(self.question)

    @abstractmethod
    def read(self, turn: Turn, slots: Slots) -> Heard | None:
        """The turn taken as the answer to this question; None: it is something else."""

    def claim(self, turn: Turn, slots: Slots) -> Heard | None:
        """The turn as an answer although its words are a command ("stop", "skip") elsewhere."""
        return None

    def recognise(self, turn: Turn, slots: Slots) -> Heard | None:
        """The turn as an answer that looks like nothing else, whatever the topic classifier took its words for."""
        return None

    def overhear(self, turn: Turn, slots: Slots) -> Heard | None:
        """The turn as an answer given without being asked; stricter than `read`."""
        return None
