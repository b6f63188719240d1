"""What became of test phrases."""

from dataclasses import dataclass

from bot.evaluation.labels import OUT_OF_SCOPE
from bot.evaluation.phrases import AlarmPhrase, Phrase
from bot.evaluation.understanding import Understanding


@dataclass(frozen=True)
class Outcome:
    """A phrase and what became of it."""

    phrase: Phrase
    understood: Understanding
    milliseconds: float

    @property
    def first(self) -> bool:
        """Whether the best label is accepted, sure enough for an answer or not."""
        return self._within(1)

    @property
    def in_three(self) -> bool:
        """Whether one of the three best labels is accepted."""
        return self._within(3)

    @property
    def answered_right(self) -> bool:
        """Whether what the dialogue goes on with is accepted; for `oos`, not answering is right."""
        return self.answer in self.phrase.accept

    @property
    def answer(self) -> str:
        """Full intent that it is answered as; `out_of_scope` also when unsure."""
        return OUT_OF_SCOPE if self.understood.declined else self.understood.intent

    def _within(self, places: int) -> bool:
        if self.understood.declined and OUT_OF_SCOPE in self.phrase.accept:
            return True
        return any(label.name in self.phrase.accept for label in self.understood.ranking[:places])


@dataclass(frozen=True)
class AlarmOutcome:
    """A phrase of the red flags and whether it was taken for one."""

    phrase: AlarmPhrase
    flagged: bool
