"""What something costs: from the catalogue, and nothing that isn't in it."""

from collections.abc import Mapping

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.base import PromptAction
from actions.cards import consultation_name, price_text, treatment_card, withdrawn
from actions.say import Say
from actions.texts import text
from actions.turn import Turn, read_turn
from bot.practice.catalog.queries import Catalogue, Treatment
from bot.practice.money import spoken_price


class TellPrice(PromptAction):
    """Answers `ask_price`."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_tell_price"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """By treatment, by concern, the cheapest, or all."""
        price(self.services.catalogue, read_turn(tracker)).through(dispatcher)
        return []


def price(catalogue: Catalogue, turn: Turn) -> Say:
    """The answer to a question about a price."""
    said = turn.entities
    if asked := said.get("treatment_asked") or withdrawn(catalogue, turn):
        return Say("utter_price_not_offered", {"asked": asked}, custom=_cards(_nearest(catalogue, said), turn))
    if treatment := catalogue.by_slug(said.get("treatment", "")):
        facts = {"treatment": treatment.name.get(turn.language) or treatment.name["en"], "price": price_text(treatment, turn.language)}
        return Say("utter_price_of" if treatment.price_cents is not None else "utter_price_not_listed", facts)
    if kind := said.get("appointment_type"):
        return _consultation(catalogue, kind, turn.language)
    if treatments := catalogue.for_concern(said.get("concern", "")):
        return Say("utter_price_for_concern", custom=_cards(treatments, turn))
    if said.get("sort") == "cheapest":
        return Say("utter_price_cheapest", custom=_cards(catalogue.cheapest(), turn))
    priced = tuple(treatment for treatment in catalogue.all() if treatment.price_cents is not None)
    if said.get("sort") == "dearest":
        return Say("utter_price_dearest", custom=_cards(priced[-1:], turn))
    return Say("utter_price_all", custom=_cards(priced, turn))


def _consultation(catalogue: Catalogue, kind: str, language: str) -> Say:
    """The video consultation is free, as many answers promise; the other one may have a price."""
    known = catalogue.consultations().get(kind)
    if kind == "video" or known is None or known.price_cents is None:
        return Say(f"utter_price_consultation_{kind}")
    price = spoken_price(known.price_cents, language) if known.price_cents else text("price_nothing", language)
    facts = {"consultation": consultation_name(catalogue, kind, language), "price": price}
    return Say("utter_price_consultation", facts)


def _nearest(catalogue: Catalogue, said: Mapping[str, str]) -> tuple[Treatment, ...]:
    """For something not offered: what is offered for the same concern, else what has a price."""
    return catalogue.for_concern(said.get("concern", "")) or tuple(
        treatment for treatment in catalogue.all() if treatment.price_cents is not None
    )


def _cards(treatments: tuple[Treatment, ...], turn: Turn) -> dict[str, object]:
    return {"cards": [treatment_card(treatment, turn.language) for treatment in treatments]}
