"""The geometry of plots."""

import pytest

from bot.evaluation.plots import Axis, Line, Plot, calibration_plot, curve_plot, trade_off_plot

FULL = Plot(Axis("x"), Axis("y"), [])


def share(fraction: float | None) -> dict[str, float | None]:
    return {"fraction": fraction}


@pytest.mark.parametrize(
    ("low", "high", "ticks"), [(0, 100, [0, 20, 40, 60, 80, 100]), (90, 100, [90, 92, 94, 96, 98, 100]), (0, 10, [0, 2, 4, 6, 8, 10])]
)
def test_an_axis_has_a_handful_of_round_ticks(low: int, high: int, ticks: list[int]) -> None:
    assert Axis("x", low, high).ticks == ticks


def test_the_corners_lie_at_the_corners() -> None:
    assert (FULL.at_x(0), FULL.at_x(100)) == (FULL.left, FULL.right)
    assert (FULL.at_y(0), FULL.at_y(100)) == (FULL.bottom, FULL.top)


def test_a_narrow_axis_is_drawn_as_wide() -> None:
    narrow = Plot(Axis("x", 80), Axis("y", 50), [])
    assert (narrow.at_x(80), narrow.at_y(75)) == (narrow.left, (narrow.top + narrow.bottom) / 2)


def test_a_line_begins_with_a_move() -> None:
    path = FULL.path(Line("a", [(0, 0), (100, 100)]))
    assert path == f"M{float(FULL.left)} {float(FULL.bottom)} L{float(FULL.right)} {float(FULL.top)}"


def test_marks_grow_with_what_stands_behind_them() -> None:
    small, large = Line("a", [(0, 0), (1, 1)], weights=[1, 100]).marks
    assert small[2] < large[2]


def test_the_axes_of_the_trade_off_fit_its_points() -> None:
    steps = [{"accepted": share(0.97), "let_through": share(0.12)}, {"accepted": share(0.83), "let_through": share(0.01)}]
    plot = trade_off_plot({"all": steps, "nl": [{"accepted": share(None), "let_through": share(0.5)}]})
    assert (plot.x.low, plot.x.high, plot.y.low, plot.y.high) == (80, 100, 0, 20)
    assert [line.name for line in plot.lines] == ["all"]
    assert plot.lines[0].points == [(97.0, 12.0), (83.0, 1.0)]


def test_calibration_stands_beside_the_diagonal() -> None:
    measured, same = calibration_plot({"bins": [{"confidence": 0.85, "right": {"fraction": 0.5, "total": 4}}]}).lines
    assert measured.points == [(85.0, 50.0)] and not measured.faint
    assert same.points == [(0, 0), (100, 100)] and same.faint


def test_a_learning_curve_has_two_lines_a_language() -> None:
    figures = {language: {"scope": {"first": share(0.74), "in_three": share(0.9)}} for language in ("all", "nl")}
    plot = curve_plot({"sizes": [{"part": part, "figures": figures} for part in (0.5, 1.0)]})
    assert [line.name for line in plot.lines] == ["all: first", "all: first three", "nl: first", "nl: first three"]
    assert plot.lines[0].points == [(50.0, 74.0), (100.0, 74.0)]
    assert plot.y.low == 70


def test_nothing_measured_is_an_empty_plot() -> None:
    assert curve_plot({"sizes": []}).lines == [] and trade_off_plot({}).lines == []
