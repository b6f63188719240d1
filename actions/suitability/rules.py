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
        RulesError: an entry is incomplete or names an answer that no question has.
    """
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
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
    when = {question: frozenset(values) for question, values in (entry.get("when") or {}).items()}
    for question, values in when.items():
        if unknown := values - ANSWERS.get(question, frozenset()):
            raise RulesError(f"{name}: unknown answer to {question}: {', '.join(map(str, sorted(unknown, key=str)))}")
    if sum(key in entry for key in ("suggest", "withhold", "care")) != 1:
        raise RulesError(f"{name}: needs exactly one of suggest, withhold and care")
    text = entry.get("care") or entry.get("why")
    if not isinstance(text, dict) or not text.get("en"):
        raise RulesError(f"{name}: has no English text")
    if not entry.get("source"):
        raise RulesError(f"{name}: has no source")
    if "care" in entry and not entry.get("for"):
        raise RulesError(f"{name}: a care needs `for`")
    return Rule(
        id=name,
        when=when,
        text=text,
        source=entry["source"],
        suggest=entry.get("suggest"),
        withhold=frozenset(entry.get("withhold") or ()),
        care_for=frozenset(entry.get("for") or ()),
        weak=bool(entry.get("weak")),
    )
