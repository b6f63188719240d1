"""`evaluate` as typed: refusals, printed figures, JSON."""

import io
import json
import os
from pathlib import Path

import pytest
from rich.console import Console

from bot.__main__ import main
from bot.commands import evaluate
from bot.evaluation import model, printing
from bot.evaluation.learning_curve import LearningCurve, Size
from bot.evaluation.metrics import Report, figures_by_language, measure
from bot.evaluation.model import NoModel, load_agent, newest_model
from bot.evaluation.outcomes import Outcome
from bot.evaluation.phrases import AlarmPhrase, Phrase
from bot.evaluation.reading import WARM_UP, read, read_alarms
from bot.evaluation.results import as_json
from tests.evaluation.outcomes import outcome

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
    return measure(
        [outcome("faq/melasma", "faq/melasma", style="typo"), outcome("faq/melasma", "ask_price", text="[b]y", style="typo", ms=3.0)]
    )


@pytest.fixture
def agent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Echo:
    """Stands for the newest model; results go to a folder of the test's own."""
    echo = Echo()
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setattr(evaluate, "newest_model", lambda _models: tmp_path / "echo.tar.gz")
    monkeypatch.setattr(evaluate, "load_agent", lambda _model: echo)
    return echo


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


@pytest.mark.asyncio
async def test_red_flags_are_read_for_the_flag_alone() -> None:
    agent = Echo()
    [found] = await read_alarms(agent, [AlarmPhrase("/it bleeds", True, "en")])
    assert not found.flagged and not agent.texts[0].startswith("/")


def printed(*tables: object) -> str:
    console = Console(file=io.StringIO(), width=160)
    for table in tables:
        console.print(table)
    return str(console.file.getvalue())  # type: ignore[attr-defined]


def test_prints_every_table() -> None:
    text = printed(*printing.tables(report()))
    for expected in ("50.0 % (1 of 2)", "p50 1.0 ms", "typo", "By topic", "[b]y", "macro-F1", "90 to 100 %", "0.95"):
        assert expected in text


def test_prints_the_learning_curve() -> None:
    figures = figures_by_language([outcome("faq/pih", "faq/pih"), outcome("faq/pih", "greet", language="nl")])
    text = printed(printing.curve_table(LearningCurve("nl", [Size(0.25, 120, 31.4, figures)])))
    for expected in ("nl beside all", "25 %", "120", "31 s", "50.0 %"):
        assert expected in text


def test_json_has_every_figure() -> None:
    data = json.loads(as_json(report()))
    assert data["figures"]["all"]["scope"]["first"] == {"count": 1, "total": 2, "fraction": 0.5}
    assert data["figures"]["all"]["let_through"]["fraction"] is None
    assert data["confusions"] == [{"expected": "faq/melasma", "got": "ask_price", "count": 1, "texts": ["[b]y"]}]
    assert data["latency"] == {"p50": 1.0, "p95": 3.0}


def test_measures_given_files_and_writes_the_page(agent: Echo, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    phrases, alarms = tmp_path / "phrases.jsonl", tmp_path / "alarms.jsonl"
    phrases.write_text(KNOWN)
    alarms.write_text('{"text": "my mole bleeds", "red_flag": true}\n')
    assert main(["evaluate", str(phrases), "--red-flags", str(alarms), "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["figures"]["all"]["scope"]["first"] == {"count": 1, "total": 1, "fraction": 1.0}
    assert data["figures"]["all"]["red_flags_found"] == {"count": 0, "total": 1, "fraction": 0.0}
    assert "echo.tar.gz" in (tmp_path / "evaluation" / "index.html").read_text()


def test_without_a_file_all_sets_of_the_project_are_measured(agent: Echo, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)["figures"]["all"]
    assert figures["scope"]["first"]["total"] > 1000
    assert figures["red_flags_found"]["total"] > 200


def test_the_learning_curve_is_kept_for_the_page(
    agent: Echo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    phrases = tmp_path / "phrases.jsonl"
    phrases.write_text(KNOWN)
    monkeypatch.setattr(evaluate, "learn_topics", lambda _config: lambda _examples: lambda asked: outcome(asked.best, asked.best))
    assert main(["evaluate", str(phrases), "--learning-curve", "--vary", "nl", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [size["part"] for size in data["sizes"]] == [0.25, 0.5, 0.75, 1.0] and data["varied"] == "nl"
    assert main(["evaluate", str(phrases)]) == 0
    page = (tmp_path / "evaluation" / "index.html").read_text()
    assert "curve-plot-1" in page and "trade-off-plot" in page
    assert agent.texts


@pytest.mark.slow
def test_measures_a_trained_model(
    trained_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    path = tmp_path / "phrases.jsonl"
    path.write_text(KNOWN)
    assert main(["evaluate", str(path), "--model", str(trained_model), "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["figures"]["all"]["scope"]["first"]["total"] == 1 and 0 < data["latency"]["p50"] < 1000


@pytest.mark.slow
def test_a_broken_model_is_one_line(tmp_path: Path) -> None:
    broken = tmp_path / "broken.tar.gz"
    broken.write_bytes(b"no archive")
    with pytest.raises(NoModel, match="run make train"), model.quiet():
        load_agent(broken)
