import pytest

from actions.services import Services
from actions.tell_price import TellPrice
from tests.actions.world import Message, cards, names, parsed, run, tracker

PRICED = ["IPL treatment pigment spots", "Laser treatment dark tattoo removal", "Laser treatment pigment spots"]
PEEL = "Medical peeling treatment TCA pain control"


def asked(services: Services, language: str = "en", **entities: str) -> Message:
    """The answer to a question about a price in which these things were named."""
    (message,), events = run(TellPrice(services), tracker(parsed("what does it cost", "ask_price", entities), language=language))
    assert events == []
    return message


def titles(message: Message) -> list[str]:
    return [card["title"] for card in cards(message)]


@pytest.mark.parametrize(
    ("treatment", "language", "name", "price"),
    [
        ("laser_pigment", "en", "Laser treatment pigment spots", "from € 50.00"),
        ("tca_peel", "en", PEEL, "from € 200.00"),
        ("laser_tattoo", "nl", "Laserbehandeling donkere tatoeage verwijderen", "vanaf € 50,00"),
    ],
)
def test_a_treatment_with_a_price(services: Services, treatment: str, language: str, name: str, price: str) -> None:
    message = asked(services, language, treatment=treatment)
    assert (message["response"], message["treatment"], message["price"]) == ("utter_price_of", name, price)


@pytest.mark.parametrize("treatment", ["microneedling", "retinol", "sunscreen", "camouflage", "dermatography", "exfoliating_acids"])
def test_a_treatment_without_a_price_gets_none(services: Services, treatment: str) -> None:
    message = asked(services, treatment=treatment)
    assert message["response"] == "utter_price_not_listed"
    assert "€" not in message["price"]


def test_something_not_offered_gets_what_is_offered(services: Services) -> None:
    message = asked(services, treatment_asked="botox")
    assert (message["response"], message["asked"]) == ("utter_price_not_offered", "botox")
    assert titles(message) == [*PRICED, PEEL]


def test_something_not_offered_for_a_concern_gets_what_is_offered_for_it(services: Services) -> None:
    assert titles(asked(services, treatment_asked="hydroquinone", concern="tattoo")) == ["Laser treatment dark tattoo removal"]


def test_what_is_not_offered_comes_before_what_it_resembles(services: Services) -> None:
    assert asked(services, treatment_asked="co2 laser", treatment="laser_pigment")["response"] == "utter_price_not_offered"


@pytest.mark.parametrize("kind", ["video", "practice"])
def test_a_consultation(services: Services, kind: str) -> None:
    assert asked(services, appointment_type=kind)["response"] == f"utter_price_consultation_{kind}"


def test_a_concern_lists_its_treatments_by_price(services: Services) -> None:
    message = asked(services, concern="freckles")
    assert message["response"] == "utter_price_for_concern"
    assert [card["price"] for card in cards(message)[:3]] == ["from € 50.00", "from € 50.00", "no price on the website"]


def test_the_cheapest_are_all_those_that_share_the_lowest_price(services: Services) -> None:
    message = asked(services, sort="cheapest")
    assert message["response"] == "utter_price_cheapest"
    assert titles(message) == PRICED


def test_the_dearest(services: Services) -> None:
    message = asked(services, sort="dearest")
    assert message["response"] == "utter_price_dearest"
    assert titles(message) == [PEEL]


@pytest.mark.parametrize("entities", [{}, {"treatment": "unheard_of"}, {"concern": "unheard_of"}, {"concern": "unknown"}])
def test_without_anything_known_all_prices(services: Services, entities: dict[str, str]) -> None:
    message = asked(services, **entities)
    assert message["response"] == "utter_price_all"
    assert titles(message) == [*PRICED, PEEL]


def test_no_price_stands_anywhere_that_the_page_does_not_name(services: Services) -> None:
    message = asked(services, concern="hyperpigmentation")
    assert {card["price"] for card in cards(message)} == {"from € 50.00", "from € 200.00", "no price on the website"}


def test_a_catalogue_that_cannot_be_read_is_told(broken_services: Services) -> None:
    messages, events = run(TellPrice(broken_services), tracker(parsed("price", "ask_price", {"treatment": "retinol"})))
    assert (names(messages), events) == (["utter_unavailable"], [])


def test_inside_a_form_it_is_told_as_well(broken_services: Services) -> None:
    messages, _ = run(TellPrice(broken_services), tracker(parsed("price", "ask_price", {}), form="booking_form"))
    assert names(messages) == ["utter_unavailable"]
