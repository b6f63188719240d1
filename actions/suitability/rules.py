"""The suitability rules as data: read from `rules.yml` and checked, entry by entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

RULES_FILE = Path(__file__).with_name("rules.yml")

ANSWERS: Mapping[str, frozenset[str]] = {
    question: frozenset(values.split()) | {"skipped"}
    for question, values in {
        "concern": "melasma sunspots pih freckles cafe_au_lait nevus_of_ota hypopigmentation tattoo unknown",
        "body_part": "face around_eyes hands_arms neck_chest back legs elsewhere",
        "skin_tone": "light medium brown dark",
        "changes": "yes no unsure",
        "pregnancy": "yes no",
        "medicine": "none photosensitising isotretinoin unsure",
        "sun": "yes no",
        "tried": "nothing creams laser peel other",
    }.items()
}
"""Every answer that the guided questions know."""

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's where it is there, ten times as fast."""

FIELDS = frozenset({"id", "when", "suggest", "withhold", "care", "for", "why", "source", "weak"})

Text = Mapping[str, str]
"""What the visitor reads, by language."""


class RulesError(Exception):
    """An entry of the rules can't be used; names the entry and what is wrong."""


@dataclass(frozen=True)
class Rule:
    """One entry of `rules.yml`; exactly one of `suggest`, `withhold` and `care` says what it does."""

    id: str
    when: Mapping[str, frozenset[str]]
    text: Text
    source: str
    suggest: str | None = None
    """A treatment's slug."""
    withhold: frozenset[str] = frozenset()
    """Slugs or kinds that are not suggested."""
    care_for: frozenset[str] = frozenset()
    """Slugs or kinds that the care applies to; `any` for whatever is suggested."""
    weak: bool = False

    def holds(self, answers: Mapping[str, str]) -> bool:
        """Whether every condition is met; an answer not given counts as left open."""
        return all(answers.get(question, "skipped") in values for question, values in self.when.items())


def load_rules(path: Path = RULES_FILE) -> tuple[Rule, ...]:
    """All rules in the order of the file.

    Raises:
        RulesError: the file is no YAML, or an entry is incomplete or names an answer that no question has.
    """
    try:
        entries = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    except yaml.YAMLError as error:
        raise RulesError(f"{path.name}: can't be read: {error}") from error
    if not isinstance(entries, list):
        raise RulesError(f"{path.name}: a list of rules is expected")
    rules = tuple(_rule(entry) for entry in entries)
    if repeated := {rule.id for rule in rules if sum(other.id == rule.id for other in rules) > 1}:
        raise RulesError(f"{path.name}: ids used twice: {', '.join(sorted(repeated))}")
    return rules


def _rule(entry: Any) -> Rule:
    name = entry.get("id") if isinstance(entry, dict) else None
    if not name:
        raise RulesError(f"an entry without an id: {entry!r:.80}")
    if unknown := entry.keys() - FIELDS:
        raise RulesError(f"{name}: unknown fields: {', '.join(sorted(map(str, unknown)))}")
    if sum(key in entry for key in ("suggest", "withhold", "care")) != 1:
        raise RulesError(f"{name}: needs exactly one of suggest, withhold and care")
    text = entry.get("care") or entry.get("why")
    if not isinstance(text, dict) or not text.get("en"):
        raise RulesError(f"{name}: has no English text")
    if not entry.get("source"):
        raise RulesError(f"{name}: has no source")
    return Rule(
        id=name,
        when=_conditions(name, entry.get("when") or {}),
        text=text,
        source=entry["source"],
        suggest=next(iter(_words(name, "suggest", [entry["suggest"]]))) if "suggest" in entry else None,
        withhold=_words(name, "withhold", entry["withhold"]) if "withhold" in entry else frozenset(),
        care_for=_words(name, "for", entry.get("for")) if "care" in entry else frozenset(),
        weak=bool(entry.get("weak")),
    )


def _conditions(name: str, when: Any) -> Mapping[str, frozenset[str]]:
    if not isinstance(when, dict):
        raise RulesError(f"{name}: when must name questions with their answers")
    conditions = {question: _words(name, question, values) for question, values in when.items()}
    for question, values in conditions.items():
        if unknown := values - ANSWERS.get(question, frozenset()):
            raise RulesError(f"{name}: unknown answer to {question}: {', '.join(sorted(unknown))}")
    return conditions


def _words(name: str, field: str, values: Any) -> frozenset[str]:
    if not isinstance(values, list) or not values or not all(value and isinstance(value, str) for value in values):
        raise RulesError(f'{name}: {field} must be words in a list, "yes" and "no" in quotes')
    return frozenset(values)
