"""Where the parts of a chart stand."""

import pytest

from bot.practice.console.overview import charts


@pytest.mark.parametrize(("most", "end"), [(0, 4), (1, 4), (4, 4), (5, 8), (9, 20), (21, 40), (80, 80), (81, 200), (1001, 2000)])
def test_a_scale_ends_at_a_round_number(most: int, end: int) -> None:
    assert charts.scale_end(most) == end
    assert end % charts.STEPS == 0


def test_columns_stand_on_the_ground_in_order_and_as_high_as_their_figure() -> None:
    chart = charts.columns([0, 10, 20], ["a", "b", "c"])
    ground = charts.HEIGHT - charts.BOTTOM
    assert [shape.y + shape.height for shape in chart.columns] == [ground] * 3
    assert [shape.height for shape in chart.columns] == [0, (ground - charts.TOP) / 2, ground - charts.TOP]
    lefts = [shape.x for shape in chart.columns]
    assert lefts == sorted(lefts) and chart.columns[-1].x + chart.columns[-1].width <= charts.WIDTH
    assert [value for _, value in chart.scale] == [0, 5, 10, 15, 20]


@pytest.mark.parametrize("number", [1, 8, 28, 100])
def test_names_below_never_crowd(number: int) -> None:
    chart = charts.columns([1] * number, ["x"] * number)
    assert 1 <= len(chart.names) <= charts.MOST_NAMES
    assert len(chart.columns) == number


def test_bars_are_as_wide_as_their_share_of_the_highest() -> None:
    chart = charts.bars([("a", 50), ("b", 25), ("c", 0)], width=100)
    assert [shape.width for shape in chart.bars] == [100, 50, 0]
    assert charts.bars([("a", 0)]).bars[0].width == 0
