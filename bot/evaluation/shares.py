"""Counts as parts of a whole, and percentiles."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Share:
    """How many of how many."""

    count: int
    total: int

    @property
    def fraction(self) -> float | None:
        """From 0 to 1; None of nothing."""
        return self.count / self.total if self.total else None


def share(truths: Iterable[bool]) -> Share:
    """How many of them are true."""
    truths = list(truths)
    return Share(sum(truths), len(truths))


def percentile(values: Sequence[float], part: float) -> float:
    """The smallest value that at least this part (0 to 1) of one value or more does not exceed."""
    return sorted(values)[max(0, math.ceil(part * len(values)) - 1)]
