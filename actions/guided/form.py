"""The guided choice: a few questions, then what may suit, why, what asks for care, what it costs, and a consultation."""

from collections.abc import Callable, Mapping
from typing import Any

from actions.cards import price_text, treatment_card
from actions.forms.form import Form, Progress
from actions.forms.step import Slots
from actions.guided.steps import STEPS
from actions.say import Say
from actions.services import Services
from actions.suitability.advice import Advice, Suggestion, advise
from actions.suitability.rules import Rule
from actions.turn import Turn
from bot.practice.catalog.queries import Treatment


class GuidedForm(Form):
    """Asks only what changes the advice; every question may be left open."""

    steps = STEPS
    paused = "utter_guided_paused"
    stopped = "utter_guided_stopped"

    def __init__(self, services: Services, rules: Callable[[], tuple[Rule, ...]]) -> None:
        """Takes the catalogue from the services, and what reads the rules, which are needed only at the end."""
        self.catalogue = services.catalogue
        self.rules = rules

    def opened(self, turn: Turn, slots: Slots) -> Mapping[str, Any]:
        """A treatment that is not wanted is remembered until the advice."""
        return {"unwanted": turn.entities.get("treatment_unwanted") or slots.get("unwanted")}

    def reset(self) -> dict[str, Any]:
        """Empties the answers, and what was not wanted."""
        return {**super().reset(), "unwanted": None}

    def interrupted(self, slots: Slots) -> Progress | None:
        """A spot that changes, or may have, is for a doctor: no treatment is named and nothing is sold."""
        changes = slots.get("changes")
        if changes not in ("yes", "unsure"):
            return None
        response = "utter_red_flag_spot" if changes == "yes" else "utter_guided_unsure_changes"
        return Progress(self.reset() | {"findings": None}, (Say(response),))

    def finished(self, slots: Slots, turn: Turn) -> Progress:
        """The advice, kept as `findings` for a booking; the answers themselves are emptied."""
        answers = {step.slot: str(slots[step.slot]) for step in self.steps if slots.get(step.slot)}
        treatments = {treatment.slug: treatment for treatment in self.catalogue.all()}
        kinds = {slug: treatment.kind for slug, treatment in treatments.items()}
        advice = advise(answers, self.rules(), kinds, str(slots.get("unwanted") or ""))
        findings = {**answers, "suggested": " ".join(s.treatment for s in advice.suggestions)}
        return Progress(self.reset() | {"findings": findings}, tuple(_told(advice, treatments, turn.language)))


def _told(advice: Advice, treatments: Mapping[str, Treatment], language: str) -> list[Say]:
    """The advice as messages: what may suit with why and price, what was kept back, what asks for care, and the way on."""
    says: list[Say] = []
    if advice.suggestions:
        cards = [_card(suggestion, treatments[suggestion.treatment], language) for suggestion in advice.suggestions]
        says.append(Say("utter_guided_result", custom={"cards": cards}))
    else:
        says.append(Say("utter_guided_no_result"))
    notes = [*advice.withheld, *advice.care]
    if notes:
        says.append(Say("utter_guided_care", {"notes": " ".join(_in(rule.text, language) for rule in notes)}))
    says.append(Say("utter_guided_next"))
    return says


def _card(suggestion: Suggestion, treatment: Treatment, language: str) -> dict[str, Any]:
    return treatment_card(treatment, language) | {"text": _in(suggestion.why.text, language), "price": price_text(treatment, language)}


def _in(text: Mapping[str, str], language: str) -> str:
    return text.get(language) or text["en"]
