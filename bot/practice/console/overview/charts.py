"""Where the parts of a chart stand; a template draws them as SVG, and a table beside it has the same figures."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 220
LEFT, TOP, BOTTOM = 52, 12, 28
"""Room for the scale's numbers, above, and for the names below."""
GAP = 0.2
"""Of a column's room, left empty."""
MOST_NAMES = 8
STEPS = 4
BAR_ROOM, BAR_HEIGHT, BAR_TOP = 44, 14, 24


@dataclass(frozen=True)
class Shape:
    """A rectangle with what it stands for."""

    x: float
    y: float
    width: float
    height: float
    name: str
    value: int


@dataclass(frozen=True)
class Columns:
    """A column for each day, week or month."""

    columns: list[Shape]
    scale: list[tuple[float, int]]
    """Height and number of each line."""
    names: list[tuple[float, str]]
    """Middle and text of the names below; not every column has one."""
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True)
class Bars:
    """A bar for each of some things, its name above it."""

    bars: list[Shape]
    width: int
    height: int


def columns(values: Sequence[int], names: Sequence[str]) -> Columns:
    """The chart of figures in order of time; at least one."""
    top = scale_end(max(values))
    room = (WIDTH - LEFT) / len(values)
    high = HEIGHT - TOP - BOTTOM
    shapes = []
    for index, (value, name) in enumerate(zip(values, names, strict=True)):
        height = high * value / top
        shapes.append(
            Shape(
                round(LEFT + room * (index + GAP / 2), 2),
                round(TOP + high - height, 2),
                round(room * (1 - GAP), 2),
                round(height, 2),
                name,
                value,
            )
        )
    lines = [(round(TOP + high * (1 - step / STEPS), 2), top * step // STEPS) for step in range(STEPS + 1)]
    every = -(-len(names) // MOST_NAMES)
    below = [(round(LEFT + room * (index + 0.5), 2), name) for index, name in enumerate(names) if index % every == 0]
    return Columns(shapes, lines, below)


def bars(named: Sequence[tuple[str, int]], width: int = WIDTH) -> Bars:
    """The chart of figures side by side; the longest bar is as wide as the chart."""
    most = max((value for _, value in named), default=0) or 1
    shapes = [
        Shape(0, BAR_ROOM * index + BAR_TOP, round(width * value / most, 2), BAR_HEIGHT, name, value)
        for index, (name, value) in enumerate(named)
    ]
    return Bars(shapes, width, BAR_ROOM * len(named))


def scale_end(most: int) -> int:
    """The least round number, divisible by `STEPS`, that nothing exceeds: 4, 8, 20, 40, 80, 200 and so on."""
    power = 1
    while True:
        for round_one in (4, 8, 20):
            if round_one * power >= most:
                return round_one * power
        power *= 10
