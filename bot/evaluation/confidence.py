"""Whether confidence keeps its word, and what another threshold would bring."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.evaluation.labels import OUT_OF_SCOPE
from bot.evaluation.outcomes import Outcome
from bot.evaluation.shares import Share, share

BINS = 10
THRESHOLDS = [number / 20 for number in range(20)]
KEPT = 0.95


@dataclass(frozen=True)
class Bin:
    """The phrases whose best label has about the same confidence."""

    low: float
    high: float
    confidence: float
    """Mean confidence of their best labels, 0 to 1."""
    right: Share
    """How many of these labels are accepted."""


@dataclass(frozen=True)
class Calibration:
    """How far confidence and being right agree, over all phrases with a label."""

    bins: list[Bin]
    """Lowest confidence first; empty bins are left out."""
    error: float
    """Expected gap between confidence and share right, 0 to 1."""


@dataclass(frozen=True)
class TradeOff:
    """What one threshold brings: a message is answered when its best label is as sure as that and not `out_of_scope`."""

    threshold: float
    accepted: Share
    """Phrases in scope that are answered."""
    right: Share
    """Phrases in scope that are answered, and with an accepted label."""
    let_through: Share
    """Out-of-scope phrases that are answered."""


def calibration(outcomes: Sequence[Outcome]) -> Calibration:
    """Confidence of the best label beside whether it is accepted."""
    bins: dict[int, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.understood.ranking:
            bins[min(int(_confidence(outcome) * BINS), BINS - 1)].append(outcome)
    found = [_bin(place, bins[place]) for place in sorted(bins)]
    total = sum(one.right.total for one in found)
    gaps = sum(abs(one.confidence * one.right.total - one.right.count) for one in found)
    return Calibration(found, gaps / total if total else 0.0)


def _bin(place: int, outcomes: Sequence[Outcome]) -> Bin:
    mean = sum(map(_confidence, outcomes)) / len(outcomes)
    right = share(outcome.understood.ranking[0].name in outcome.phrase.accept for outcome in outcomes)
    return Bin(place / BINS, (place + 1) / BINS, mean, right)


def trade_off(outcomes: Sequence[Outcome]) -> list[TradeOff]:
    """What each of `THRESHOLDS` would bring."""
    inside, outside = _inside(outcomes), _outside(outcomes)
    return [
        TradeOff(
            threshold=threshold,
            accepted=share(_answered(outcome, threshold) for outcome in inside),
            right=share(_answered(outcome, threshold) and _best_is_right(outcome) for outcome in inside),
            let_through=share(_answered(outcome, threshold) for outcome in outside),
        )
        for threshold in THRESHOLDS
    ]


def let_through_when_kept(outcomes: Sequence[Outcome], kept: float = KEPT) -> Share:
    """Out-of-scope phrases answered at the highest threshold that keeps this share of the right answers, whatever threshold is set.

    Makes pipelines comparable whose confidences mean different things.
    """
    right = sorted((_confidence(outcome) for outcome in _inside(outcomes) if _best_is_right(outcome)), reverse=True)
    threshold = right[max(0, math.ceil(kept * len(right)) - 1)] if right else 0.0
    return share(_answered(outcome, threshold) for outcome in _outside(outcomes))


def _inside(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return [outcome for outcome in outcomes if outcome.phrase.in_scope]


def _outside(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return [outcome for outcome in outcomes if not outcome.phrase.in_scope]


def _confidence(outcome: Outcome) -> float:
    return outcome.understood.ranking[0].confidence


def _answered(outcome: Outcome, threshold: float) -> bool:
    ranking = outcome.understood.ranking
    return bool(ranking) and ranking[0].name != OUT_OF_SCOPE and ranking[0].confidence >= threshold


def _best_is_right(outcome: Outcome) -> bool:
    ranking = outcome.understood.ranking
    return bool(ranking) and ranking[0].name != OUT_OF_SCOPE and ranking[0].name in outcome.phrase.accept
