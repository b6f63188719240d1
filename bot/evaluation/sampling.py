"""Taking a part of the training examples."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from bot.checks.project import Example
from bot.evaluation.phrases import DEFAULT_LANGUAGE

SEED = 7


def with_language(examples: Sequence[Example]) -> list[Example]:
    """The examples, each with the language that the classifier takes it for."""
    return [example if example.language else replace(example, language=DEFAULT_LANGUAGE) for example in examples]


def sample(examples: Sequence[Example], part: float, language: str | None = None, seed: int = SEED) -> list[Example]:
    """The same part (0 to 1) of the examples of each label and language, one at least; a larger part holds the smaller one.

    Args:
        examples: in the order in which they are given back.
        part: how many of them.
        language: take a part of this language's alone, and all of the others'.
        seed: makes two draws alike.
    """
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, example in enumerate(examples):
        groups[example.label, example.language].append(place)
    taken = set()
    for (label, spoken), places in groups.items():
        count = len(places) if language not in (None, spoken) else max(1, round(part * len(places)))
        taken.update(random.Random(f"{seed} {label} {spoken}").sample(places, len(places))[:count])
    return [example for place, example in enumerate(examples) if place in taken]
