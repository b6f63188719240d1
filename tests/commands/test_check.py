"""Each fault is found where it is, and a sound project has none."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.__main__ import main
from bot.checks.table import CHECKS, find_faults
from bot.checks.topics import count_sentences
from tests.commands.tree import change, plant, write

TASK, OTHER, ACTION, DOMAIN = "data/intents/privacy.yml", "data/responses/other.yml", "actions/tell_price.py", "domain.yml"


def cases() -> list[dict[str, str]]:
    content: list[dict[str, str]] = YAML(typ="safe").load(Path(__file__).with_name("faults.yml"))
    return content


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return plant(tmp_path)


def reasons(root: Path) -> list[str]:
    return [str(fault) for fault in find_faults(root)]


def test_a_sound_project_has_no_faults(project: Path) -> None:
    assert reasons(project) == []


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["case"])
def test_finds(project: Path, case: dict[str, str]) -> None:
    change(project, case["file"], case["old"], case["new"])
    assert any(reason.startswith(case["fault"]) for reason in reasons(project)), reasons(project)


def test_finds_a_response_in_two_files(project: Path) -> None:
    write(project, "data/responses/prices.yml", "responses:\n  utter_price:\n  - text: Fifty.\n")
    assert "data/responses/prices.yml:2: utter_price stands in data/responses/other.yml as well: only the last counts" in reasons(project)


def test_finds_a_topic_outside_its_file(project: Path) -> None:
    write(project, "data/intents/more.yml", "nlu:\n- intent: faq/melasma\n  examples: |\n    - a mask\n")
    assert reasons(project) == ["data/intents/more.yml:4: faq/melasma belongs in data/faq/melasma.yml"]


def test_finds_a_missing_domain(project: Path) -> None:
    (project / "domain.yml").unlink()
    assert "domain.yml: is missing" in reasons(project)


def test_finds_a_text_said_by_a_channel(project: Path) -> None:
    write(project, "bot/channels/web.py", 'dispatcher.utter_message("hello")\n')
    assert reasons(project) == ["bot/channels/web.py:1: utter_message(text=...): say a response by its name"]


def test_collects_all_faults_at_once(project: Path) -> None:
    change(project, OTHER, "utter_price_none", "utter_unsaid")
    change(project, TASK, "    - question 0 about my data\n", "")
    assert [reason.split(":")[0] for reason in reasons(project)] == ["actions/tell_price.py", TASK, OTHER]


@pytest.mark.parametrize(
    "statement",
    [
        'raise ValueError("a price can not be told without a tracker.")',
        'assert tracker, "a price can not be told without a tracker."',
        'logger.warning("a price can not be told without a tracker.")',
        'pattern = r"\\b(price|cost) of (the|a) laser (now)?"',
        '"""A docstring under an attribute, for whoever reads."""',
    ],
)
def test_leaves_texts_for_developers_alone(project: Path, statement: str) -> None:
    change(project, ACTION, "        if not tracker:", f"        {statement}\n        if not tracker:")
    assert reasons(project) == []


@pytest.mark.parametrize("facts", ["facts", "{**facts}", "facts=facts"])
def test_does_not_guess_at_facts_that_the_syntax_tree_does_not_tell(project: Path, facts: str) -> None:
    change(project, ACTION, '{"price": "50"}', facts)
    assert reasons(project) == []


def test_an_example_may_stand_in_two_languages(project: Path) -> None:
    dutch = "nlu:\n- intent: privacy\n  metadata: {language: nl}\n  examples: |\n    - question 1 about my data\n"
    write(project, "data/intents/dutch.yml", dutch)
    assert reasons(project) == []


def test_a_form_asks_with_its_own_responses(project: Path) -> None:
    change(project, DOMAIN, "required_slots: []", "required_slots: [language]")
    change(project, OTHER, "utter_price_none:", "utter_ask_guided_form_language:")
    change(project, ACTION, 'f"utter_price_{tracker.kind}"', '"utter_privacy"')
    assert reasons(project) == []


@pytest.mark.parametrize(("text", "count"), [("From € 50.00 it is.", 1), ("One. Two", 2), ("Really?! Yes.", 2), ("", 0)])
def test_counts_sentences(text: str, count: int) -> None:
    assert count_sentences(text) == count


def test_every_check_says_what_it_holds() -> None:
    assert all(check.__doc__ for check in CHECKS)
    assert len(set(CHECKS)) == len(CHECKS)


def test_the_command_prints_the_faults_and_fails(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(project, OTHER, "utter_price_none", "utter_unsaid")
    assert main(["check", "--root", str(project)]) == 1
    assert "data/responses/other.yml:20: nobody says utter_unsaid" in capsys.readouterr().out


def test_the_command_says_when_there_are_no_faults(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--root", str(project)]) == 0
    assert capsys.readouterr().out.startswith("no faults")
