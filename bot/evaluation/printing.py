"""Figures as tables in the terminal."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from rich.markup import escape
from rich.table import Table

from bot.evaluation.confidence import Calibration, TradeOff
from bot.evaluation.learning_curve import LearningCurve
from bot.evaluation.metrics import Confusion, Figures, Report, Scope
from bot.evaluation.shares import Share

TOPICS_SHOWN = 20
CONFUSIONS_SHOWN = 30


def tables(report: Report) -> Iterator[Table]:
    """The report for people."""
    yield _figures(report)
    if report.by_style:
        yield _scopes("By style", "style", report.by_style.items())
    if report.by_topic:
        yield _topics(report.by_topic)
    if report.confusions:
        yield _confused(report.confusions)
    yield _calibration(report.calibration)
    yield _trade_off(report.trade_off)


def curve_table(curve: LearningCurve) -> Table:
    """The learning curve for people."""
    title = "Learning curve" + (f": {curve.varied} beside all of the others" if curve.varied else "")
    columns = (
        "part",
        "examples",
        "language",
        "first",
        "first three",
        "answered right",
        "let through",
        "let through, 95 % of the right kept",
    )
    table = Table(*columns, "learned in", title=title)
    for size in curve.sizes:
        for language, one in size.figures.items():
            shares = (one.scope.first, one.scope.in_three, one.scope.answered_right, one.let_through, one.let_through_when_kept)
            cells = [f"{100 * size.part:.0f} %", str(size.examples), language, *map(percent, shares), f"{size.seconds:.0f} s"]
            table.add_row(*cells, end_section=language == list(size.figures)[-1])
    return table


def percent(share: Share) -> str:
    """A share for people; a dash for a share of nothing."""
    return "-" if share.fraction is None else f"{100 * share.fraction:.1f} %"


def _figures(report: Report) -> Table:
    table = Table("figure", *report.figures, title="Understanding")
    every = list(report.figures.values())
    for name, get in _ROWS.items():
        table.add_row(name, *(_counted(get(figures)) for figures in every))
    for kind in every[0].let_through_by_kind:
        shares = (figures.let_through_by_kind.get(kind, Share(0, 0)) for figures in every)
        table.add_row(f"{kind} not answered as known", *(_counted(Share(share.total - share.count, share.total)) for share in shares))
    table.add_row("macro-F1", *(f"{figures.macro_f1:.3f}" for figures in every))
    table.add_row("time a message, one thread", f"p50 {report.latency.p50:.1f} ms, p95 {report.latency.p95:.1f} ms")
    return table


_ROWS: dict[str, Callable[[Figures], Share]] = {
    "first topic right": lambda figures: figures.scope.first,
    "right in the first three": lambda figures: figures.scope.in_three,
    "answered right": lambda figures: figures.scope.answered_right,
    "not answered though in scope": lambda figures: figures.scope.unsure,
    "out-of-scope let through": lambda figures: figures.let_through,
    "  where 95 % of the right are kept": lambda figures: figures.let_through_when_kept,
    "red flags found": lambda figures: figures.red_flags_found,
    "false alarms among all else": lambda figures: figures.false_alarms,
    "alarms at what looks like a red flag": lambda figures: figures.near_misses_flagged,
    "language told, from three words on": lambda figures: figures.language_right,
}


def _scopes(title: str, column: str, scopes: Iterable[tuple[str, Scope]]) -> Table:
    table = Table(column, "first", "first three", "answered right", "phrases", title=title)
    for name, scope in scopes:
        shares = (scope.first, scope.in_three, scope.answered_right)
        table.add_row(name, *map(percent, shares), str(scope.first.total))
    return table


def _topics(topics: dict[str, Scope]) -> Table:
    table = _scopes("By topic, worst first", "topic", list(topics.items())[:TOPICS_SHOWN])
    return _with_rest(table, len(topics) - TOPICS_SHOWN)


def _confused(confusions: Sequence[Confusion]) -> Table:
    table = Table("expected", "answered as", "times", "for example", title="Confusions")
    for confusion in confusions[:CONFUSIONS_SHOWN]:
        table.add_row(confusion.expected, confusion.got, str(confusion.count), escape(confusion.texts[0]))
    return _with_rest(table, len(confusions) - CONFUSIONS_SHOWN)


def _with_rest(table: Table, more: int) -> Table:
    if more > 0:
        table.caption = f"and {more} more: on the page, and with --json"
    return table


def _calibration(calibration: Calibration) -> Table:
    caption = f"expected gap {100 * calibration.error:.1f} points"
    table = Table("confidence", "mean", "right", "phrases", title="Calibration", caption=caption)
    for one in calibration.bins:
        span = f"{100 * one.low:.0f} to {100 * one.high:.0f} %"
        table.add_row(span, f"{100 * one.confidence:.1f} %", percent(one.right), str(one.right.total))
    return table


def _trade_off(trade_off: dict[str, list[TradeOff]]) -> Table:
    """One column a language: in scope and answered / out-of-scope let through."""
    table = Table("threshold", *trade_off, title="In scope and answered / out-of-scope let through")
    for steps in zip(*trade_off.values(), strict=True):
        table.add_row(f"{steps[0].threshold:.2f}", *(f"{percent(step.accepted)} / {percent(step.let_through)}" for step in steps))
    return table


def _counted(share: Share) -> str:
    return f"{percent(share)} ({share.count} of {share.total})" if share.total else "-"
