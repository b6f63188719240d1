"""From the answers to what may suit: a pure function over the rules, without Rasa, database or clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from actions.suitability.rules import Rule

MOST_SUGGESTIONS = 3


@dataclass(frozen=True)
class Suggestion:
    """A treatment that may suit, and the rule that says why."""

    treatment: str
    why: Rule


@dataclass(frozen=True)
class Advice:
    """What may suit. Without suggestions the consultation is the advice."""

    see_doctor: bool = False
    """A change in the spot: a hard stop, nothing else is said."""
    suggestions: tuple[Suggestion, ...] = ()
    withheld: tuple[Rule, ...] = ()
    """Rules that kept something back."""
    care: tuple[Rule, ...] = ()


def advise(answers: Mapping[str, str], rules: Sequence[Rule], kinds: Mapping[str, str], unwanted: str = "") -> Advice:
    """What may suit these answers.

    Args:
        answers: question to value; a question left open is `skipped` or missing.
        kinds: treatment to its kind, as in the catalogue.
        unwanted: a treatment that the visitor refuses; none of its kind is suggested.

    A treatment is suggested only after a clear "no" to changes in the spot: an open answer leads to the consultation.
    """
    changes = answers.get("changes", "skipped")
    if changes in ("yes", "unsure"):
        return Advice(see_doctor=True)
    holding = [rule for rule in rules if rule.holds(answers)]
    care_anyway = tuple(rule for rule in holding if "any" in rule.care_for)
    if changes != "no":
        return Advice(care=care_anyway)
    wanted = [rule for rule in holding if rule.suggest in kinds]
    keepers = [rule for rule in holding if rule.withhold and any(_names(rule.withhold, w.suggest, kinds) for w in wanted)]
    refused = frozenset({unwanted, kinds.get(unwanted, unwanted)})
    agreed = [w for w in wanted if not _names(refused, w.suggest, kinds)]
    kept = [w for w in agreed if not any(_names(rule.withhold, w.suggest, kinds) for rule in keepers)]
    suggestions = tuple(Suggestion(str(rule.suggest), rule) for rule in kept[:MOST_SUGGESTIONS])
    care = tuple(rule for rule in holding if "any" in rule.care_for or any(_names(rule.care_for, s.treatment, kinds) for s in suggestions))
    return Advice(suggestions=suggestions, withheld=tuple(keepers), care=care)


def _names(group: frozenset[str], treatment: str | None, kinds: Mapping[str, str]) -> bool:
    """Whether a treatment is meant by its own name or by its kind."""
    return treatment in group or kinds.get(treatment or "") in group
