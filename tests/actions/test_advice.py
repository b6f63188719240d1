from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.suitability.advice import MOST_SUGGESTIONS, Advice, advise
from actions.suitability.rules import ANSWERS, RULES_FILE, Rule, RulesError, load_rules
from bot.practice.catalog.queries import Catalogue

Answers = Mapping[str, str]

RULES = load_rules()
DECIDING = ("concern", "skin_tone", "changes", "pregnancy", "medicine", "sun")
"""Questions that a suggestion can depend on; the others only bring words of care."""

PROCEDURES = {"laser", "ipl", "peel", "needling"}
HEALTHY: Answers = {
    "body_part": "face",
    "skin_tone": "light",
    "changes": "no",
    "pregnancy": "no",
    "medicine": "none",
    "sun": "no",
    "tried": "nothing",
}


@pytest.fixture(scope="session")
def kinds(catalogue: Catalogue) -> dict[str, str]:
    """Treatments of the catalogue and their kind."""
    return {treatment.slug: treatment.kind for treatment in catalogue.all()}


@pytest.fixture(scope="session")
def advised(kinds: dict[str, str]) -> list[tuple[Answers, Advice]]:
    """The advice for every combination of answers; where and what was tried go through theirs along the way."""
    aside = [
        dict(zip(("body_part", "tried"), pair, strict=True)) for pair in product(*(sorted(ANSWERS[q]) for q in ("body_part", "tried")))
    ]
    combinations = product(*(sorted(ANSWERS[question]) for question in DECIDING))
    all_answers = [dict(zip(DECIDING, values, strict=True)) | aside[i % len(aside)] for i, values in enumerate(combinations)]
    return [(answers, advise(answers, RULES, kinds)) for answers in all_answers]


def of(advised: list[tuple[Answers, Advice]], question: str, *values: str) -> Iterator[Advice]:
    """Advice where the question was answered so; at least one."""
    found = [advice for answers, advice in advised if answers[question] in values]
    assert found
    return iter(found)


def suggested(advice: Advice, kinds: dict[str, str]) -> set[str]:
    """Slugs and kinds that are suggested."""
    slugs = {suggestion.treatment for suggestion in advice.suggestions}
    return slugs | {kinds[slug] for slug in slugs}


def test_where_and_what_was_tried_decide_no_suggestion() -> None:
    assert not [rule.id for rule in RULES if (rule.suggest or rule.withhold) and rule.when.keys() - set(DECIDING)]


def test_a_changed_spot_stops_everything(advised: list[tuple[Answers, Advice]]) -> None:
    assert all(advice == Advice(see_doctor=True) for advice in of(advised, "changes", "yes", "unsure"))


def test_without_a_clear_no_to_changes_nothing_is_suggested(advised: list[tuple[Answers, Advice]]) -> None:
    assert not any(advice.suggestions or advice.see_doctor for advice in of(advised, "changes", "skipped"))


def test_only_a_changed_spot_is_sent_to_the_doctor(advised: list[tuple[Answers, Advice]]) -> None:
    assert not any(advice.see_doctor for advice in of(advised, "changes", "no"))


@pytest.mark.parametrize(
    ("question", "values", "never"),
    [
        ("pregnancy", ["yes"], {"laser", "ipl", "peel", "retinol"}),
        ("pregnancy", ["skipped"], {"retinol"}),
        ("skin_tone", ["brown", "dark", "skipped"], {"ipl"}),
        ("medicine", ["isotretinoin"], PROCEDURES | {"retinol"}),
    ],
)
def test_what_is_not_for_everybody_is_withheld(
    advised: list[tuple[Answers, Advice]], kinds: dict[str, str], question: str, values: list[str], never: set[str]
) -> None:
    assert not any(suggested(advice, kinds) & never for advice in of(advised, question, *values))


@pytest.mark.parametrize("concern", ["unknown", "skipped"])
def test_an_unknown_concern_leads_to_the_consultation(advised: list[tuple[Answers, Advice]], concern: str) -> None:
    assert not any(advice.suggestions for advice in of(advised, "concern", concern))


@pytest.mark.parametrize("concern", sorted(ANSWERS["concern"] - {"unknown", "skipped"}))
def test_every_concern_has_a_suggestion_for_a_light_healthy_skin(kinds: dict[str, str], concern: str) -> None:
    assert advise({"concern": concern, **HEALTHY}, RULES, kinds).suggestions


def test_a_question_left_out_counts_as_left_open(advised: list[tuple[Answers, Advice]], kinds: dict[str, str]) -> None:
    for answers, advice in advised[::7]:
        given = {question: value for question, value in answers.items() if value != "skipped"}
        assert advise(given, RULES, kinds) == advice


def test_suggestions_are_few_and_different(advised: list[tuple[Answers, Advice]]) -> None:
    for _, advice in advised:
        slugs = [suggestion.treatment for suggestion in advice.suggestions]
        assert len(slugs) == len(set(slugs)) <= MOST_SUGGESTIONS


def test_what_was_withheld_is_told_only_where_it_was_wanted(kinds: dict[str, str]) -> None:
    pregnant = {**HEALTHY, "pregnancy": "yes"}
    assert "pregnancy_wait" in told(advise({**pregnant, "concern": "sunspots"}, RULES, kinds))
    assert "pregnancy_wait" not in told(advise({**pregnant, "concern": "hypopigmentation"}, RULES, kinds))


def test_care_is_told_only_for_what_is_suggested(kinds: dict[str, str]) -> None:
    tanned = {**HEALTHY, "sun": "yes"}
    assert "recent_sun" in told(advise({**tanned, "concern": "sunspots"}, RULES, kinds))
    assert "recent_sun" not in told(advise({**tanned, "concern": "hypopigmentation"}, RULES, kinds))


def test_isotretinoin_in_pregnancy_is_told_even_where_nothing_is_suggested(kinds: dict[str, str]) -> None:
    answers = {**HEALTHY, "concern": "unknown", "pregnancy": "yes", "medicine": "isotretinoin", "changes": "skipped"}
    assert "pregnancy_isotretinoin" in told(advise(answers, RULES, kinds))


def told(advice: Advice) -> set[str]:
    """Rules that the advice tells of."""
    return {rule.id for rule in (*(suggestion.why for suggestion in advice.suggestions), *advice.withheld, *advice.care)}


# --- the rules as data


def test_every_rule_can_fire(advised: list[tuple[Answers, Advice]]) -> None:
    fired = {rule for _, advice in advised for rule in told(advice)}
    assert [rule.id for rule in RULES if rule.id not in fired] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_has_its_source_and_names_only_what_exists(rule: Rule, kinds: dict[str, str]) -> None:
    assert rule.source.strip()
    assert rule.text.keys() == {"en", "nl"}
    assert all(text.strip() for text in rule.text.values())
    assert rule.suggest is None or rule.suggest in kinds
    assert rule.withhold | rule.care_for <= kinds.keys() | set(kinds.values()) | {"any"}


GOOD: dict[str, Any] = {
    "id": "planted",
    "when": {"concern": ["melasma"]},
    "suggest": "retinol",
    "why": {"en": "Because."},
    "source": "somewhere",
}
CARE: dict[str, Any] = {"id": "planted", "care": {"en": "Mind."}, "for": ["any"], "source": "somewhere"}

BROKEN: dict[str, dict[str, Any]] = {
    "no source": {**GOOD, "source": ""},
    "no text": {**GOOD, "why": None},
    "Dutch only": {**GOOD, "why": {"nl": "Omdat."}},
    "a text without a language": {**GOOD, "why": "Because."},
    "does nothing": {key: value for key, value in GOOD.items() if key != "suggest"},
    "does two things": {**GOOD, "withhold": ["laser"]},
    "an unknown question": {**GOOD, "when": {"shoe_size": ["42"]}},
    "an unknown answer": {**GOOD, "when": {"concern": ["melasmma"]}},
    "yes without quotes": {**GOOD, "when": {"pregnancy": [True]}},
    "an answer that is no list": {**GOOD, "when": {"concern": "melasma"}},
    "an empty condition": {**GOOD, "when": {"concern": None}},
    "conditions as a list": {**GOOD, "when": ["melasma"]},
    "suggests a list": {**GOOD, "suggest": ["retinol"]},
    "suggests nothing": {**GOOD, "suggest": None},
    "withholds a bare word": {"id": "planted", "withhold": "retinol", "why": {"en": "Because."}, "source": "somewhere"},
    "withholds nothing": {"id": "planted", "withhold": [], "why": {"en": "Because."}, "source": "somewhere"},
    "care for nothing": {key: value for key, value in CARE.items() if key != "for"},
    "care for a bare word": {**CARE, "for": "any"},
    "a mistyped field": {**CARE, "wen": {"concern": ["melasma"]}},
}


def rules_file(folder: Path, *entries: Any) -> Path:
    path = folder / "rules.yml"
    path.write_text(yaml.safe_dump(list(entries)), encoding="utf-8")
    return path


def test_whole_entries_are_read(tmp_path: Path) -> None:
    suggest, care = load_rules(rules_file(tmp_path, GOOD, {**CARE, "id": "other"}))
    assert (suggest.suggest, suggest.when) == ("retinol", {"concern": {"melasma"}})
    assert (care.care_for, care.when) == ({"any"}, {})


@pytest.mark.parametrize("entry", BROKEN.values(), ids=BROKEN)
def test_a_broken_entry_is_named(tmp_path: Path, entry: dict[str, Any]) -> None:
    with pytest.raises(RulesError, match="planted"):
        load_rules(rules_file(tmp_path, CARE | {"id": "whole"}, entry))


@pytest.mark.parametrize("entry", [{}, {"when": {}}, "text", None], ids=str)
def test_an_entry_without_an_id_is_shown(tmp_path: Path, entry: Any) -> None:
    with pytest.raises(RulesError, match="without an id"):
        load_rules(rules_file(tmp_path, entry))


def test_an_id_used_twice_is_named(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match="twice.*planted"):
        load_rules(rules_file(tmp_path, GOOD, CARE))


@pytest.mark.parametrize("content", ["", "id: planted", "- id: [", "just words"])
def test_a_file_that_is_no_list_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "rules.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RulesError, match="rules.yml"):
        load_rules(path)


def test_the_answers_that_the_file_explains_are_those_that_exist() -> None:
    explained = RULES_FILE.read_text(encoding="utf-8").split("suggest:")[0]
    assert [value for values in ANSWERS.values() for value in values if value not in explained] == []


@pytest.mark.parametrize("concern", ["sunspots", "melasma", "pih", "freckles"])
def test_a_treatment_that_is_refused_is_not_suggested_nor_its_kind(concern: str, kinds: dict[str, str]) -> None:
    for unwanted, kind in kinds.items():
        advice = advise({**HEALTHY, "concern": concern}, RULES, kinds, unwanted)
        assert kind not in {kinds[suggestion.treatment] for suggestion in advice.suggestions}
