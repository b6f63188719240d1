"""`evaluate` as typed: refusals, printed figures, JSON."""

import io
import json
import os
from pathlib import Path

import pytest
from rich.console import Console

from bot.__main__ import main
from bot.commands.evaluate import as_data, show
from bot.evaluation import model
from bot.evaluation.metrics import Outcome, Report, measure
from bot.evaluation.model import NoModel, load_agent, newest_model
from bot.evaluation.phrases import Phrase
from bot.evaluation.reading import WARM_UP, read
from bot.evaluation.understanding import Label, Understanding

KNOWN = '{"text": "melasma after my second child", "accept": ["faq/melasma"], "style": "normal"}\n'


class Echo:
    """Stands for the agent: understands everything as one topic and remembers what it read."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    async def parse_message(self, text: str) -> dict[str, object]:
        self.texts.append(text)
        return {"intent": {"name": "faq"}, "intent_ranking": [{"name": "faq/melasma", "confidence": 0.9}], "language": "en"}


def phrase(text: str) -> Phrase:
    return Phrase(text, frozenset({"faq/melasma"}), "faq/melasma", None, "typo", 1)


def report() -> Report:
    known = Understanding("faq/melasma", (Label("faq/melasma", 0.9),), "en", (), None)
    wrong = Understanding("ask_price", (Label("ask_price", 0.9),), "en", (), None)
    return measure([Outcome(phrase("x"), known, 1.0), Outcome(phrase("y"), wrong, 3.0)])


@pytest.mark.parametrize(
    ("content", "reason"),
    [("{", "is no JSON"), ('{"text": "x", "accept": ["faq/none"]}', "unknown label 'faq/none'"), ("", "holds no phrases")],
)
def test_refuses_a_file_in_one_line_with_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, reason: str) -> None:
    path = tmp_path / "phrases.jsonl"
    path.write_text(content)
    assert main(["evaluate", str(path)]) == 2
    printed = capsys.readouterr().err
    assert printed.startswith(str(path)) and reason in printed and printed.count("\n") == 1


def test_says_in_one_line_that_there_is_no_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "phrases.jsonl"
    path.write_text(KNOWN)
    assert main(["evaluate", str(path), "--model", str(tmp_path / "none.tar.gz")]) == 1
    assert capsys.readouterr().err == f"no model at {tmp_path / 'none.tar.gz'}\n"


def test_an_empty_folder_of_models_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(NoModel, match="run make train"):
        newest_model(tmp_path / "models")


def test_the_newest_model_is_the_one_trained_last(tmp_path: Path) -> None:
    for name, seconds in (("a", 200), ("b", 100)):
        (tmp_path / f"{name}.tar.gz").touch()
        os.utime(tmp_path / f"{name}.tar.gz", (seconds, seconds))
    assert newest_model(tmp_path).name == "a.tar.gz"


async def _outcomes(agent: Echo, texts: list[str]) -> list[Outcome]:
    return await read(agent, [phrase(text) for text in texts])


@pytest.mark.asyncio
async def test_warms_up_before_the_clock_counts() -> None:
    agent = Echo()
    outcomes = await _outcomes(agent, [f"text {number}" for number in range(WARM_UP + 5)])
    assert len(agent.texts) == 2 * WARM_UP + 5
    assert len(outcomes) == WARM_UP + 5 and all(outcome.first and outcome.milliseconds >= 0 for outcome in outcomes)


@pytest.mark.asyncio
async def test_a_phrase_that_looks_like_a_command_is_read_as_text() -> None:
    agent = Echo()
    await _outcomes(agent, ["/restart"])
    assert not any(text.startswith("/") for text in agent.texts)


def test_prints_figures_styles_and_confusions() -> None:
    console = Console(file=io.StringIO(), width=100)
    show(report(), console)
    printed = console.file.getvalue()  # type: ignore[attr-defined]
    for text in ("50.0 %", "1 of 2", "p50 1.0 ms", "typo", "ask_price", "macro-F1"):
        assert text in printed


def test_json_has_every_figure() -> None:
    data = json.loads(json.dumps(as_data(report())))
    assert data["scope"]["first"] == {"count": 1, "total": 2, "fraction": 0.5}
    assert data["let_through"]["fraction"] is None
    assert data["confusions"] == [{"expected": "faq/melasma", "got": "ask_price", "count": 1}]
    assert data["latency"] == {"p50": 1.0, "p95": 3.0}


@pytest.mark.slow
def test_measures_a_trained_model(trained_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "phrases.jsonl"
    path.write_text(KNOWN)
    assert main(["evaluate", str(path), "--model", str(trained_model), "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["scope"]["first"]["total"] == 1 and 0 < data["latency"]["p50"] < 1000


@pytest.mark.slow
def test_a_broken_model_is_one_line(tmp_path: Path) -> None:
    broken = tmp_path / "broken.tar.gz"
    broken.write_bytes(b"no archive")
    with pytest.raises(NoModel, match="run make train"), model.quiet():
        load_agent(broken)
