"""The project's importer: what Rasa's own would read, without its detours."""

import copy
from pathlib import Path

import pytest
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message

from bot.settings import ROOT
from bot.training_data import Example, ProjectImporter

ODD = """
version: "3.1"
responses:
  utter_faq/no:
  - text: no
    metadata: {title: {en: "No: a title", nl: yes}, count: 3, since: 2026-01-02}
    buttons: [{title: off, payload: '/choose{{"confirm": "no"}}'}]
  - condition: [{type: slot, name: language, value: nl}]
    text: >-
      Twee
      regels
nlu:
- intent: faq/no
  metadata: {language: en}
  examples: |
    - what about "no", yes and null
    - [a laser](treatment) for $5: #1 é 😀
    - what about "no", yes and null
- intent: greet
  examples: |
    - hi
    -   hello
- synonym: laser
  examples: |
    - lazer
- regex: house
  examples: |
    - \\d+
"""


def importers(folder: Path) -> tuple[ProjectImporter, RasaFileImporter]:
    return ProjectImporter(training_data_paths=[str(folder)]), RasaFileImporter(training_data_paths=[str(folder)])


def assert_alike(folder: Path) -> None:
    ours, rasas = (importer.get_nlu_data() for importer in importers(folder))
    assert [message.data for message in ours.training_examples] == [message.data for message in rasas.training_examples]
    assert ours.responses == rasas.responses
    assert (ours.entity_synonyms, ours.regex_features, ours.lookup_tables) == (
        rasas.entity_synonyms,
        rasas.regex_features,
        rasas.lookup_tables,
    )


def test_odd_files_are_read_as_rasa_reads_them(tmp_path: Path) -> None:
    (tmp_path / "odd.yml").write_text(ODD, encoding="utf-8")
    assert_alike(tmp_path)


@pytest.mark.parametrize("folder", ["responses", "faq"])
def test_the_projects_files_are_read_as_rasa_reads_them(folder: str, tmp_path: Path) -> None:
    for file in sorted((ROOT / "data" / folder).glob("*.yml"))[:5]:
        (tmp_path / file.name).write_bytes(file.read_bytes())
    assert_alike(tmp_path)


def test_rasa_takes_it_from_the_configuration() -> None:
    importer = TrainingDataImporter.load_from_config(str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "data" / "dialogue")])
    found, waiting = [], [importer]
    while waiting:
        one = waiting.pop()
        found.append(type(one))
        waiting += [*getattr(one, "_importers", []), *([one.importer] if hasattr(one, "importer") else [])]
        waiting += [one._importer] if hasattr(one, "_importer") else []
    assert ProjectImporter in found


def test_a_changed_copy_changes_by_itself() -> None:
    example = Example.of(Message.build("hello", "greet"))
    known = example.fingerprint()
    copied = copy.deepcopy(example)
    assert (copied, copied.fingerprint()) == (example, known)
    copied.set("text", "bye")
    assert copied != example
    assert (example.get("text"), example.fingerprint()) == ("hello", known)
