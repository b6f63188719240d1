"""Two models on the same phrases: what got better, what got worse, and whether that can be chance."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.evaluation.labels import RED_FLAG
from bot.evaluation.metrics import ALL
from bot.evaluation.outcomes import AlarmOutcome, Outcome
from bot.evaluation.shares import Share
from bot.texts import LANGUAGES

CHANCE = 1.64
"""Standard deviations that a loss may come to. Every training shifts some phrases either way; as many heads as tails are thrown, and
a surplus of more than this many deviations comes by chance in 5 of 100 throws only."""
MOST = 0.01
"""Part of a figure's phrases that may be lost in any case, so that no row of small losses within chance adds up unseen."""
NEAR_MISS = "near_miss"


@dataclass(frozen=True)
class Reading:
    """What a model made of all phrases."""

    outcomes: Sequence[Outcome]
    alarms: Sequence[AlarmOutcome] = ()


@dataclass(frozen=True)
class Figure:
    """One figure that matters, of both models."""

    name: str
    language: str
    before: Share
    after: Share
    lost: tuple[str, ...]
    """Phrases that were right and are not any more."""
    gained: tuple[str, ...]
    strict: bool
    """Whether no phrase at all may be lost."""

    @property
    def allowed(self) -> int:
        """How many more phrases may be lost than gained; of a strict figure how many may be lost."""
        if self.strict:
            return 0
        by_chance = math.floor(CHANCE * math.sqrt(len(self.lost) + len(self.gained)))
        return min(by_chance, max(1, math.floor(MOST * self.after.total)))

    @property
    def is_worse(self) -> bool:
        """Whether the new model can't be taken."""
        return len(self.lost) - (0 if self.strict else len(self.gained)) > self.allowed


@dataclass(frozen=True)
class Comparison:
    """All figures that matter."""

    figures: tuple[Figure, ...] = field(default_factory=tuple)

    @property
    def worse(self) -> list[Figure]:
        """The figures for which the new model is refused."""
        return [figure for figure in self.figures if figure.is_worse]


@dataclass(frozen=True)
class Measure:
    """How one figure is taken."""

    name: str
    concerns: Callable[[Outcome], bool]
    right: Callable[[Outcome], bool]
    strict: bool = False
    of_alarms: bool | None = None
    """Which phrases of the red-flag sets it counts as well: red flags, or what only looks like one."""


MEASURES = (
    Measure("first topic right", lambda one: one.phrase.in_scope, lambda one: one.first),
    Measure("right in the first three", lambda one: one.phrase.in_scope, lambda one: one.in_three),
    Measure("answered right", lambda one: one.phrase.in_scope, lambda one: one.answered_right),
    Measure("out-of-scope not answered as known", lambda one: not one.phrase.in_scope, lambda one: one.understood.declined),
    Measure("near misses not answered as known", lambda one: one.phrase.kind == NEAR_MISS, lambda one: one.understood.declined),
    Measure("red flags found", lambda one: RED_FLAG in one.phrase.accept, lambda one: one.understood.flagged, True, True),
    Measure("no false alarm", lambda one: RED_FLAG not in one.phrase.accept, lambda one: not one.understood.flagged, False, False),
)


def compare(before: Reading, after: Reading) -> Comparison:
    """Both models on the same phrases in the same order, each figure over all languages and in each of them."""
    return Comparison(
        tuple(
            figure
            for measure in MEASURES
            for language in (ALL, *LANGUAGES)
            if (figure := _figure(measure, language, before, after)).after.total
        )
    )


def _figure(measure: Measure, language: str, before: Reading, after: Reading) -> Figure:
    old, new = list(_verdicts(measure, language, before)), list(_verdicts(measure, language, after))
    pairs = list(zip(old, new, strict=True))
    return Figure(
        measure.name,
        language,
        Share(sum(right for _, right in old), len(old)),
        Share(sum(right for _, right in new), len(new)),
        tuple(text for (text, was), (_, now) in pairs if was and not now),
        tuple(text for (text, was), (_, now) in pairs if now and not was),
        measure.strict,
    )


def _verdicts(measure: Measure, language: str, reading: Reading) -> Iterator[tuple[str, bool]]:
    """Each phrase that a figure concerns, and whether it is right."""
    for outcome in reading.outcomes:
        if language in (ALL, outcome.phrase.language) and measure.concerns(outcome):
            yield outcome.phrase.text, measure.right(outcome)
    for alarm in reading.alarms:
        if language in (ALL, alarm.phrase.language) and alarm.phrase.red_flag is measure.of_alarms:
            yield alarm.phrase.text, alarm.flagged is alarm.phrase.red_flag
