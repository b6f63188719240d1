"""The page that shows the last measurements: one file, opened from disk, that loads nothing."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.evaluation import plots
from bot.evaluation.results import BENCHMARK, CURVE, REPORT, kept

PAGE = "index.html"


def write_page(folder: Path) -> Path:
    """Writes the page of the results kept in a folder."""
    page = folder / PAGE
    page.write_text(render(kept(folder, REPORT), kept(folder, CURVE), kept(folder, BENCHMARK)), encoding="utf-8")
    return page


def render(reports: list[Any], curves: list[Any], benchmarks: list[Any]) -> str:
    """The page as HTML, from results as plain data."""
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    templates.filters["percent"] = percent
    return templates.get_template("page.html.j2").render(reports=reports, curves=curves, benchmarks=benchmarks, plots=plots)


def percent(share: dict[str, Any]) -> str:
    """A share for people; a dash for a share of nothing."""
    return "–" if share["fraction"] is None else f"{100 * share['fraction']:.1f} %"
