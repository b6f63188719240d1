"""The page of the last measurements."""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from bot.evaluation.learning_curve import LearningCurve, Size
from bot.evaluation.metrics import figures_by_language, measure
from bot.evaluation.page import write_page
from bot.evaluation.results import BENCHMARK, CURVE, REPORT, keep
from tests.evaluation.outcomes import alarm, outcome

HOSTILE = '<script>alert("1")</script> & so'
OUTCOMES = [
    outcome("faq/pih", "faq/pih", style="typo"),
    outcome("faq/pih", "greet", text=HOSTILE),
    outcome("ask_price", "ask_price", language="nl", understood_as="nl", style="short"),
    outcome("out_of_scope", "greet", kind="near_miss"),
]
VOID = {"meta", "link", "br", "img", "input", "hr"}


class Page(HTMLParser):
    """Reads a page and fails on a tag that is not closed where it should be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def of(self, tag: str, **attributes: str) -> list[dict[str, Any]]:
        return [found for name, found in self.tags if name == tag and attributes.items() <= found.items()]

    @property
    def order(self) -> list[str]:
        """Plots and tables as they follow each other."""
        return ["plot" if name == "svg" else name for name, found in self.tags if name == "table" or found.get("class") == "plot"]


@pytest.fixture
def page(tmp_path: Path) -> Page:
    report = measure(OUTCOMES, [alarm(red_flag=True, flagged=True, language="nl")])
    size = Size(0.25, 10, 1.0, figures_by_language(OUTCOMES))
    keep(tmp_path, REPORT, {"measured": "2030-01-01", "model": "x.tar.gz", "report": report})
    keep(tmp_path, CURVE, {"measured": "2030-01-01", "curve": LearningCurve(None, [size])})
    keep(tmp_path, f"{CURVE}_nl", {"measured": "2030-01-01", "curve": LearningCurve("nl", [size, size])})
    lines = [{"name": "model", "ours": "20 MB", "rasa": "40 MB", "ratio": "0.50"}]
    keep(tmp_path, BENCHMARK, {"measured": "2030-01-01", "examples": 7, "lines": lines})
    return Page(write_page(tmp_path).read_text(encoding="utf-8"))


def test_every_plot_is_followed_by_its_table(page: Page) -> None:
    assert page.order.count("plot") == 4
    assert all(following == "table" for kind, following in zip(page.order, page.order[1:], strict=False) if kind == "plot")


def test_every_plot_has_a_title_and_a_description_of_its_own(page: Page) -> None:
    ids = [found["id"] for _, found in page.tags if found.get("id")]
    assert len(ids) == len(set(ids))
    for plot in page.of("svg", **{"class": "plot"}):
        assert plot["role"] == "img" and set(str(plot["aria-labelledby"]).split()) <= set(ids)


def test_shows_every_part(page: Page) -> None:
    assert {
        "languages",
        "styles",
        "topics",
        "confusions",
        "calibration",
        "trade-off",
        "learning-curve-1",
        "learning-curve-2",
        "benchmark",
    } <= {str(found.get("id")) for found in page.of("h2")}
    for text in ("x.tar.gz", "nl beside all", "near_miss", "20 MB", "faq/pih"):
        assert text in page.text


def test_texts_are_shown_as_texts(page: Page) -> None:
    assert not page.of("script")
    assert HOSTILE in page.text


def test_nothing_is_loaded_from_elsewhere(page: Page) -> None:
    assert not [found for _, found in page.tags if {"src", "href", "xlink:href"} & found.keys()]
    assert "default-src 'none'" in str(page.of("meta", **{"http-equiv": "Content-Security-Policy"}))


def test_nothing_measured_is_a_page_too(tmp_path: Path) -> None:
    assert Page(write_page(tmp_path).read_text(encoding="utf-8")).order == []


def test_a_measurement_takes_the_place_of_the_older_one(tmp_path: Path) -> None:
    for model in ("old.tar.gz", "new.tar.gz"):
        keep(tmp_path, REPORT, {"measured": "2030-01-01", "model": model, "report": measure(OUTCOMES)})
    text = write_page(tmp_path).read_text(encoding="utf-8")
    assert "new.tar.gz" in text and "old.tar.gz" not in text
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["model"] == "new.tar.gz"
