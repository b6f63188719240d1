import pytest

from actions.list_treatments import ListTreatments
from actions.services import Services
from bot.practice.catalog.queries import Catalogue
from tests.actions.world import Message, cards, names, parsed, run, tracker


def asked(services: Services, language: str = "en", **entities: str) -> Message:
    """The answer to a question about what is offered in which these things were named."""
    (message,), events = run(ListTreatments(services), tracker(parsed("what do you offer", "list_treatments", entities), language=language))
    assert events == []
    return message


def slugs(message: Message, catalogue: Catalogue, language: str = "en") -> list[str]:
    """Treatments on the cards."""
    by_name = {treatment.name[language]: treatment.slug for treatment in catalogue.all()}
    return [by_name[card["title"]] for card in cards(message)]


def test_all_by_price(services: Services, catalogue: Catalogue) -> None:
    message = asked(services)
    assert message["response"] == "utter_treatments_all"
    assert slugs(message, catalogue) == [treatment.slug for treatment in catalogue.all("price")]
    assert all(card["text"] and card["price"] for card in cards(message))


@pytest.mark.parametrize(
    "concern", ["sunspots", "melasma", "pih", "freckles", "cafe_au_lait", "nevus_of_ota", "tattoo", "hypopigmentation"]
)
def test_by_concern(services: Services, catalogue: Catalogue, concern: str) -> None:
    message = asked(services, concern=concern)
    assert message["response"] == "utter_treatments_for_concern"
    assert slugs(message, catalogue) == [treatment.slug for treatment in catalogue.for_concern(concern)] != []


@pytest.mark.parametrize("entities", [{"skin_filter": "dark"}, {"skin_tone": "dark"}, {"skin_filter": "tinted"}, {"skin_tone": "brown"}])
def test_for_dark_and_tinted_skin_with_its_care(services: Services, catalogue: Catalogue, entities: dict[str, str]) -> None:
    message = asked(services, **entities)
    assert message["response"] == "utter_treatments_dark_skin"
    assert not {"ipl_pigment", "laser_pigment"} & set(slugs(message, catalogue))
    care = {slug: card.get("facts") for slug, card in zip(slugs(message, catalogue), cards(message), strict=True)}
    acids = catalogue.by_slug("exfoliating_acids")
    assert acids
    assert acids.dark_skin_care
    assert care["exfoliating_acids"] == [acids.dark_skin_care["en"]]
    assert care["camouflage"] == []


def test_the_cheapest_for_dark_skin_stays_with_dark_skin(services: Services, catalogue: Catalogue) -> None:
    message = asked(services, skin_tone="dark", sort="cheapest")
    assert message["response"] == "utter_treatments_dark_skin"
    assert "ipl_pigment" not in slugs(message, catalogue)


def test_a_concern_on_dark_skin_takes_both(services: Services, catalogue: Catalogue) -> None:
    assert slugs(asked(services, skin_tone="dark", concern="hypopigmentation"), catalogue) == ["dermatography", "camouflage"]


def test_by_another_kind_of_skin(services: Services, catalogue: Catalogue) -> None:
    message = asked(services, skin_filter="unwanted_pigment")
    assert message["response"] == "utter_treatments_for_skin"
    assert "tca_peel" in slugs(message, catalogue)


@pytest.mark.parametrize("skin", ["dry", "oily", "vessels"])
def test_a_kind_of_skin_that_the_page_says_nothing_about(services: Services, catalogue: Catalogue, skin: str) -> None:
    message = asked(services, skin_filter=skin)
    assert message["response"] == "utter_treatments_skin_not_listed"
    assert len(slugs(message, catalogue)) == len(catalogue.all())


@pytest.mark.parametrize("tone", ["light", "medium"])
def test_lighter_tones_narrow_nothing(services: Services, tone: str) -> None:
    assert asked(services, skin_tone=tone)["response"] == "utter_treatments_all"


def test_the_cheapest(services: Services, catalogue: Catalogue) -> None:
    message = asked(services, sort="cheapest")
    assert message["response"] == "utter_price_cheapest"
    assert slugs(message, catalogue) == [treatment.slug for treatment in catalogue.cheapest()]


def test_something_not_offered_gets_all_that_is(services: Services, catalogue: Catalogue) -> None:
    message = asked(services, treatment_asked="botox", concern="melasma")
    assert (message["response"], message["asked"]) == ("utter_treatments_not_offered", "botox")
    assert len(slugs(message, catalogue)) == len(catalogue.all())


def test_dutch_cards_for_dutch_visitors(services: Services, catalogue: Catalogue) -> None:
    message = asked(services, "nl", concern="tattoo")
    assert slugs(message, catalogue, "nl") == ["laser_tattoo"]
    assert cards(message)[0]["price"] == "vanaf € 50,00"


def test_a_catalogue_that_cannot_be_read_is_told(broken_services: Services) -> None:
    messages, _ = run(ListTreatments(broken_services), tracker(parsed("list", "list_treatments", {})))
    assert names(messages) == ["utter_unavailable"]
