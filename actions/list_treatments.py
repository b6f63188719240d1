"""What the practice offers: all, by concern, by kind of skin, by price."""

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.base import PromptAction
from actions.cards import treatment_card, withdrawn
from actions.say import Say
from actions.turn import Turn, read_turn
from bot.practice.catalog.queries import Catalogue, Treatment

FILTER_OF_TONE = {"brown": "tinted", "dark": "dark"}
"""The page's skin filter of a skin tone; lighter tones have none."""


class ListTreatments(PromptAction):
    """Answers `list_treatments`."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_list_treatments"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """As narrow as the question."""
        treatments(self.services.catalogue, read_turn(tracker)).through(dispatcher)
        return []


def treatments(catalogue: Catalogue, turn: Turn) -> Say:
    """The answer to a question about what is offered."""
    said = turn.entities
    if asked := said.get("treatment_asked") or withdrawn(catalogue, turn):
        return Say("utter_treatments_not_offered", {"asked": asked}, custom=_cards(catalogue.all(), turn))
    if unwanted := catalogue.by_slug(said.get("treatment_unwanted", "")):
        others = catalogue.for_concern(said.get("concern", "")) or catalogue.all()
        name = unwanted.name.get(turn.language) or unwanted.name["en"]
        return Say(
            "utter_treatments_without", {"treatment": name}, custom=_cards(tuple(t for t in others if t.kind != unwanted.kind), turn)
        )
    skin = said.get("skin_filter") or FILTER_OF_TONE.get(said.get("skin_tone", ""))
    of_skin = catalogue.for_skin(skin) if skin else ()
    of_concern = catalogue.for_concern(said.get("concern", ""))
    if skin in ("tinted", "dark") and of_skin:
        both = tuple(treatment for treatment in of_concern if treatment in of_skin) or of_skin
        return Say("utter_treatments_dark_skin", custom=_cards(both, turn, with_care=True))
    if skin and of_skin:
        return Say("utter_treatments_for_skin", custom=_cards(of_skin, turn))
    if skin:
        return Say("utter_treatments_skin_not_listed", custom=_cards(of_concern or catalogue.all(), turn))
    if of_concern:
        return Say("utter_treatments_for_concern", custom=_cards(of_concern, turn))
    if said.get("sort") == "cheapest":
        return Say("utter_price_cheapest", custom=_cards(catalogue.cheapest(), turn))
    return Say("utter_treatments_all", custom=_cards(catalogue.all(), turn))


def _cards(found: tuple[Treatment, ...], turn: Turn, with_care: bool = False) -> dict[str, object]:
    cards = []
    for treatment in found:
        card = treatment_card(treatment, turn.language)
        if with_care and treatment.dark_skin_care:
            card["facts"] = [*card["facts"], treatment.dark_skin_care.get(turn.language) or treatment.dark_skin_care["en"]]
        cards.append(card)
    return {"cards": cards}
