"""Figures of an evaluation, computed from outcomes alone."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.evaluation.labels import OUT_OF_SCOPE, RED_FLAG
from bot.evaluation.phrases import Phrase
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
class Share:
    """How many of how many."""

    count: int
    total: int

    @property
    def fraction(self) -> float | None:
        """From 0 to 1; None of nothing."""
        return self.count / self.total if self.total else None


@dataclass(frozen=True)
class Scope:
    """Figures of phrases that the assistant has an answer to."""

    first: Share
    """Best label accepted."""
    in_three: Share
    """One of the three best accepted."""
    answered_right: Share
    """Answered, and with an accepted label."""
    unsure: Share
    """Not answered."""


@dataclass(frozen=True)
class Confusion:
    """A label taken for another one."""

    expected: str
    got: str
    count: int


@dataclass(frozen=True)
class Latency:
    """Time to understand one message, in milliseconds."""

    p50: float
    p95: float


@dataclass(frozen=True)
class Report:
    """All figures of one evaluation."""

    scope: Scope
    macro_f1: float
    """Mean F1 over the labels expected, of what each phrase is answered as; unsure counts as `out_of_scope`."""
    let_through: Share
    """Out-of-scope phrases answered as if known."""
    let_through_by_kind: dict[str, Share]
    by_style: dict[str, Scope]
    red_flags_found: Share
    false_alarms: Share
    """Phrases that are no red flag and were taken for one."""
    confusions: list[Confusion]
    latency: Latency


def measure(outcomes: Sequence[Outcome]) -> Report:
    """All figures of one outcome or more."""
    inside = [outcome for outcome in outcomes if outcome.phrase.in_scope]
    outside = [outcome for outcome in outcomes if not outcome.phrase.in_scope]
    times = [outcome.milliseconds for outcome in outcomes]
    return Report(
        scope=_scope(inside),
        macro_f1=macro_f1(outcomes),
        let_through=_let_through(outside),
        let_through_by_kind={kind: _let_through(group) for kind, group in _groups(outside, lambda o: o.phrase.kind).items()},
        by_style={style: _scope(group) for style, group in _groups(inside, lambda o: o.phrase.style).items()},
        red_flags_found=_share(o.understood.flagged for o in outcomes if RED_FLAG in o.phrase.accept),
        false_alarms=_share(o.understood.flagged for o in outcomes if RED_FLAG not in o.phrase.accept),
        confusions=confusions(outcomes),
        latency=Latency(percentile(times, 0.5), percentile(times, 0.95)),
    )


def macro_f1(outcomes: Iterable[Outcome]) -> float:
    """Mean F1 over the labels that phrases expect: an accepted answer is the expected one, else the first accepted label is."""
    pairs = [(o.answer if o.answered_right else o.phrase.best, o.answer) for o in outcomes]
    expected, answered = Counter(pair[0] for pair in pairs), Counter(pair[1] for pair in pairs)
    right = Counter(pair[0] for pair in pairs if pair[0] == pair[1])
    scores = [2 * right[label] / (expected[label] + answered[label]) for label in expected]
    return sum(scores) / len(scores)


def confusions(outcomes: Iterable[Outcome]) -> list[Confusion]:
    """What was taken for what, most frequent first; an unsure answer counts as `out_of_scope`."""
    pairs = Counter((o.phrase.best, o.answer) for o in outcomes if not o.answered_right)
    ordered = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
    return [Confusion(expected, got, count) for (expected, got), count in ordered]


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share (0 to 1) of one value or more does not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def _scope(outcomes: Sequence[Outcome]) -> Scope:
    return Scope(
        first=_share(o.first for o in outcomes),
        in_three=_share(o.in_three for o in outcomes),
        answered_right=_share(o.answered_right for o in outcomes),
        unsure=_share(o.understood.declined for o in outcomes),
    )


def _let_through(outcomes: Iterable[Outcome]) -> Share:
    return _share(not o.understood.declined for o in outcomes)


def _share(truths: Iterable[bool]) -> Share:
    truths = list(truths)
    return Share(sum(truths), len(truths))


def _groups(outcomes: Iterable[Outcome], key: Callable[[Outcome], str | None]) -> dict[str, list[Outcome]]:
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        name = key(outcome)
        if name is not None:
            groups.setdefault(name, []).append(outcome)
    return dict(sorted(groups.items()))
