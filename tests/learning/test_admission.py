"""Which corrections become examples."""

from pathlib import Path

import pytest

from bot.checks.project import Project
from bot.learning.admission import Correction, Refusal, admit, measured_texts
from bot.settings import ROOT
from tests.commands.tree import plant, write


@pytest.fixture
def project(tmp_path: Path) -> Project:
    plant(tmp_path)
    write(tmp_path, "tests/nlu/red_flags.jsonl", '{"text": "my mole bleeds", "red_flag": true}\n')
    return Project(tmp_path)


def one(text: str, label: str = "faq/melasma", language: str = "en", number: int = 1) -> Correction:
    return Correction(number, text, label, language)


@pytest.mark.parametrize(
    ("correction", "refusal"),
    [
        (one("call me on 06 12345678"), Refusal.PERSONAL),
        (one("I am \u2022\u2022\u2022"), Refusal.PERSONAL),
        (one("[dark](treatment) patch"), Refusal.UNREADABLE),
        (one(""), Refusal.UNREADABLE),
        (one("What is this patch called?!"), Refusal.IN_TESTS),
        (one("My mole bleeds", "privacy"), Refusal.IN_TESTS),
        (one("Question 3 about my data"), Refusal.OTHER_LABEL),
        (one("dark patch", "faq/freckles"), Refusal.NO_PLACE),
        (one("donkere vlek", language="nl"), Refusal.NO_PLACE),
    ],
)
def test_refused(project: Project, correction: Correction, refusal: Refusal) -> None:
    assert admit([correction], project, measured_texts(project)).refused == [(correction, refusal)]


def test_new_and_known(project: Project) -> None:
    new, known, twice, torn = one("dark patch"), one("QUESTION 3 about melasma"), one("Dark patch!"), one("dark patch", "privacy")
    admission = admit([new, known, twice, torn], project, measured_texts(project))
    assert (admission.new, admission.known, admission.refused) == ([new], [known, twice], [(torn, Refusal.OTHER_LABEL)])


def test_every_set_of_the_project_counts() -> None:
    project = Project(ROOT)
    texts = measured_texts(project)
    files = [*ROOT.glob("tests/language/*.jsonl"), *ROOT.glob("tests/nlu/red_flags*.jsonl")]
    assert len(texts) == sum(len([line for line in file.read_text().split("\n") if line.strip()]) for file in files)
