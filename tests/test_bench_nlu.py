"""What the benchmark of the understanding trains on and how it compares."""

from pathlib import Path
from typing import Any

from rasa.shared.nlu.training_data.loading import load_data

from bot.checks.project import Example
from bot.evaluation.metrics import measure
from bot.evaluation.results import as_data
from tests.bench_nlu import CLASSIFIER, Measured, Trained, compare, configs, learning_anew, ratio, write_data
from tests.evaluation.outcomes import outcome

EXAMPLES = [
    Example("faq/melasma", "nl", 'wat is: "melasma"?', Path("x.yml"), 1),
    Example("faq/melasma", "en", "- what's melasma #1", Path("x.yml"), 1),
    Example("ask_price", "en", "price 🙂 " + "and a long text " * 20, Path("x.yml"), 1),
]


def measured(folder: Path, size: int, seconds: float, *answers: str) -> Measured:
    model = folder / f"{size}.tar.gz"
    model.write_bytes(b"x" * size)
    read: dict[str, Any] = {
        "load_seconds": seconds,
        "memory_mb": 100.0,
        "report": as_data(measure([outcome("faq/pih", one) for one in answers])),
    }
    return Measured(Trained(model, seconds, 500.0), read)


def test_the_data_comes_back_as_it_was(tmp_path: Path) -> None:
    write_data(tmp_path / "data", EXAMPLES)
    found = load_data(str(tmp_path / "data"))
    read = {
        (message.get_full_intent(), message.get("metadata")["intent"]["language"], message.get("text")) for message in found.intent_examples
    }
    assert read == {(example.label, example.language, example.text.strip()) for example in EXAMPLES}
    assert "faq/melasma" in {name.removeprefix("utter_") for name in found.responses}


def test_rasas_own_default_stands_beside_the_projects_pipeline() -> None:
    pipelines = {name: [component["name"] for component in config["pipeline"]] for name, config in configs().items()}
    assert CLASSIFIER in pipelines["ours"]
    assert {"DIETClassifier", "ResponseSelector", "FallbackClassifier"} <= set(pipelines["rasa"])
    assert pipelines["rasa"].count("CountVectorsFeaturizer") == 2


def test_nothing_learned_before_is_taken(tmp_path: Path) -> None:
    found = [component for component in learning_anew(configs()["ours"], tmp_path)["pipeline"] if "kept_in" in component]
    assert [(component["name"], component["kept_in"]) for component in found] == [(CLASSIFIER, str(tmp_path / "kept"))]
    assert learning_anew(configs()["rasa"], tmp_path) == configs()["rasa"]


def test_compares_line_by_line(tmp_path: Path) -> None:
    ours = measured(tmp_path, 2_000_000, 10.0, "faq/pih", "faq/pih")
    rasa = measured(tmp_path, 4_000_000, 40.0, "faq/pih", "greet")
    lines = {line.name: (line.ours, line.rasa, line.ratio) for line in compare(ours, rasa)}
    assert lines["training"] == ("10 s", "40 s", "0.25")
    assert lines["model"] == ("2.0 MB", "4.0 MB", "0.50")
    assert lines["first topic right"] == ("100.0 %", "50.0 %", "2.00")
    assert lines["out-of-scope let through"] == ("-", "-", "-")


def test_nothing_to_compare_with_has_no_ratio() -> None:
    assert (ratio(1.0, 0.0), ratio(None, 1.0), ratio(0.0, 2.0)) == ("-", "-", "0.00")
