"""The geometry of a line plot in percent; page.html.j2 draws it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 520, 340
LEFT, RIGHT, TOP, BOTTOM = 52, 16, 12, 46
MARK = 3.5


@dataclass(frozen=True)
class Axis:
    """A scale in percent."""

    label: str
    low: int = 0
    high: int = 100

    @property
    def ticks(self) -> list[int]:
        """Round values to mark."""
        step = next(step for step in (1, 2, 5, 10, 20, 25) if (self.high - self.low) / step <= 6)
        return list(range(self.low, self.high + 1, step))


@dataclass(frozen=True)
class Line:
    """Points joined by a line, in percent."""

    name: str
    points: list[tuple[float, float]]
    faint: bool = False
    """Drawn as an aid, without marks."""
    weights: list[int] | None = None
    """How much stands behind each point; marks are drawn as large."""

    @property
    def marks(self) -> list[tuple[float, float, float]]:
        """The points, each with the radius of its mark."""
        weights = self.weights or [1] * len(self.points)
        radii = [MARK if self.weights is None else 2 + 6 * (weight / max(weights)) ** 0.5 for weight in weights]
        return [(x, y, round(radius, 1)) for (x, y), radius in zip(self.points, radii, strict=True)]


@dataclass(frozen=True)
class Plot:
    """Lines between two axes."""

    x: Axis
    y: Axis
    lines: list[Line]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM

    def at_x(self, percent: float) -> float:
        """Where a value lies, in the plot's units from its left edge."""
        return round(self.left + (percent - self.x.low) / (self.x.high - self.x.low) * (self.right - self.left), 1)

    def at_y(self, percent: float) -> float:
        """Where a value lies, in the plot's units from its upper edge."""
        return round(self.bottom - (percent - self.y.low) / (self.y.high - self.y.low) * (self.bottom - self.top), 1)

    def path(self, line: Line) -> str:
        """The line as SVG writes it."""
        return " ".join(f"{'L' if place else 'M'}{self.at_x(x)} {self.at_y(y)}" for place, (x, y) in enumerate(line.points))


def calibration_plot(calibration: dict[str, Any]) -> Plot:
    """Share right over confidence, beside the line on which they are the same."""
    points = [(100 * one["confidence"], 100 * one["right"]["fraction"]) for one in calibration["bins"]]
    measured = Line("measured, larger where there are more phrases", points, weights=[one["right"]["total"] for one in calibration["bins"]])
    return Plot(Axis("confidence, %"), Axis("right, %"), [measured, Line("as it should be", [(0, 0), (100, 100)], faint=True)])


def trade_off_plot(trade_off: dict[str, list[dict[str, Any]]]) -> Plot:
    """Out-of-scope let through over in-scope accepted, a line for each language."""
    lines = [Line(language, _points(steps, "accepted", "let_through")) for language, steps in trade_off.items()]
    points = [point for line in lines for point in line.points]
    across = Axis("in scope and answered, %", low=_tens_below(x for x, _y in points))
    up = Axis("out-of-scope let through, %", high=100 - _tens_below(100 - y for _x, y in points))
    return Plot(across, up, [line for line in lines if line.points])


def curve_plot(curve: dict[str, Any]) -> Plot:
    """Right at the first label and in the first three over the size of the training data, for each language."""
    languages = curve["sizes"][0]["figures"] if curve["sizes"] else {}
    lines = [
        Line(
            f"{language}: {name}", _measured((size["part"], size["figures"][language]["scope"][key]["fraction"]) for size in curve["sizes"])
        )
        for language in languages
        for key, name in (("first", "first"), ("in_three", "first three"))
    ]
    return Plot(Axis("examples, %"), Axis("right, %", low=_tens_below(y for line in lines for _x, y in line.points)), lines)


def _tens_below(values: Iterable[float]) -> int:
    """Where an axis up to 100 begins so that it shows them all."""
    return min(90, 10 * int(min(values, default=0) // 10))


def _points(steps: Iterable[dict[str, Any]], across: str, up: str) -> list[tuple[float, float]]:
    return _measured((step[across]["fraction"], step[up]["fraction"]) for step in steps)


def _measured(pairs: Iterable[tuple[float | None, float | None]]) -> list[tuple[float, float]]:
    """Fractions as percent, without those of nothing."""
    return [(100 * x, 100 * y) for x, y in pairs if x is not None and y is not None]
