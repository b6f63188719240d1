"""What staff has set is what actions say: kinds of consultation, what was withdrawn, hours that may be told."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import update
from sqlalchemy.engine import Engine

from actions.booking.steps import AppointmentKind
from actions.booking_client import BookingClient
from actions.forms.step import Filled
from actions.list_treatments import ListTreatments
from actions.services import Services
from actions.spoken import spoken_week
from actions.tell_practice_info import told_hours
from actions.tell_price import TellPrice
from bot.database import open_database, writing
from bot.practice.booking.hours import parse_opening_hours
from bot.practice.booking.models import appointment_type
from bot.practice.booking.models import told_hours as told_table
from bot.practice.booking.seed import seed_booking
from bot.practice.catalog.file import read_catalog
from bot.practice.catalog.models import treatment
from bot.practice.catalog.queries import Catalogue
from bot.practice.catalog.seed import seed
from tests.actions.conftest import settings
from tests.actions.fake_booking import FakeBooking
from tests.actions.world import NOW, Message, cards, parsed, payloads, run, tapped, tracker, turn


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A practice's database that a test may change."""
    engine = open_database(f"sqlite:///{tmp_path / 'practice.db'}")
    seed(engine, read_catalog())
    seed_booking(engine, settings())
    yield engine
    engine.dispose()


@pytest.fixture
def own(engine: Engine) -> Services:
    return Services(Catalogue(engine), cast(BookingClient, FakeBooking([], lambda: NOW)), settings(), lambda: NOW)


def change(engine: Engine, table: object, condition: object, **values: object) -> None:
    with writing(engine) as connection:
        connection.execute(update(table).where(condition).values(**values))  # type: ignore[arg-type]


def asked(own: Services, action: type[TellPrice] | type[ListTreatments], **entities: str) -> Message:
    messages, _ = run(action(own), tracker(parsed("words", "ask_price", entities), language="en"))
    return messages[0]


def test_kinds_are_offered_under_their_names_and_in_the_visitors_language(own: Services, engine: Engine) -> None:
    change(engine, appointment_type, appointment_type.c.id == "practice", name_nl="Consult bij ons")
    say = AppointmentKind(own.catalogue).ask({}, turn(language="nl"))
    assert [(button["title"], button["payload"]) for button in say.buttons] == [
        ("Gratis videoconsult", '/choose{"appointment_type": "video"}'),
        ("Consult bij ons", '/choose{"appointment_type": "practice"}'),
    ]


def test_a_kind_that_is_off_is_neither_offered_nor_taken(own: Services, engine: Engine) -> None:
    step = AppointmentKind(own.catalogue)
    assert step.overhear(tapped('/choose{"appointment_type": "video"}'), {}) == Filled({"appointment_type": "video"})
    change(engine, appointment_type, appointment_type.c.id == "video", active=False)
    assert [button["payload"] for button in step.ask({}, turn()).buttons] == ['/choose{"appointment_type": "practice"}']
    assert step.overhear(tapped('/choose{"appointment_type": "video"}'), {}) is None
    assert step.overhear(tapped('/choose{"appointment_type": "massage"}'), {}) is None


def test_without_any_kind_it_says_that_nothing_is_free(own: Services, engine: Engine) -> None:
    change(engine, appointment_type, appointment_type.c.id != "", active=False)
    assert AppointmentKind(own.catalogue).ask({}, turn()).response == "utter_booking_nothing_free"


@pytest.mark.parametrize(("cents", "price"), [(2500, "€ 25.00"), (0, "nothing")])
def test_a_consultation_with_a_price_tells_it(own: Services, engine: Engine, cents: int, price: str) -> None:
    change(engine, appointment_type, appointment_type.c.id == "practice", price_cents=cents)
    message = asked(own, TellPrice, appointment_type="practice")
    assert (message["response"], message["consultation"], message["price"]) == (
        "utter_price_consultation",
        "Consultation in the practice",
        price,
    )
    assert asked(own, TellPrice, appointment_type="video")["response"] == "utter_price_consultation_video"


def test_a_withdrawn_treatment_is_told_as_not_offered(own: Services, engine: Engine) -> None:
    change(engine, treatment, treatment.c.slug == "tca_peel", hidden=True)
    told = asked(own, TellPrice, treatment="tca_peel")
    assert told["response"] == "utter_price_not_offered" and "TCA" in told["asked"]
    assert "€ 200.00" not in str(cards(told))
    assert asked(own, ListTreatments, treatment="tca_peel")["response"] == "utter_treatments_not_offered"


def test_words_behind_the_price_and_duration_stand_on_the_card(own: Services, engine: Engine) -> None:
    words = {"price_note_en": "per session", "price_note_nl": "per sessie", "duration_en": "an hour", "duration_nl": "een uur"}
    change(engine, treatment, treatment.c.slug == "tca_peel", **words)
    assert asked(own, TellPrice, treatment="tca_peel")["price"] == "from € 200.00 per session"
    card = next(card for card in cards(asked(own, TellPrice)) if "TCA" in card["title"])
    assert (card["price"], card["facts"]) == ("from € 200.00 per session", ["an hour"])
    assert payloads(asked(own, TellPrice)) == []


def test_hours_are_told_only_as_the_practice_has_given_them(own: Services, engine: Engine) -> None:
    assert told_hours(own.catalogue, "en") == ""
    change(engine, told_table, told_table.c.id == 1, source="own", text_en="Mornings", text_nl="Ochtenden")
    assert told_hours(own.catalogue, "nl") == "Ochtenden"
    change(engine, told_table, told_table.c.id == 1, source="week")
    assert "Monday to Friday" in told_hours(own.catalogue, "en")


@pytest.mark.parametrize(
    ("hours", "english", "dutch"),
    [
        ("mon-sun 09:00-17:00", "Monday to Sunday 09:00 to 17:00", "maandag t/m zondag 09.00 tot 17.00 uur"),
        (
            "mon-tue 09:00-12:00 13:00-24:00; thu 10:00-12:00",
            "Monday to Tuesday 09:00 to 12:00 and 13:00 to 24:00; Thursday 10:00 to 12:00",
            "maandag t/m dinsdag 09.00 tot 12.00 uur en 13.00 tot 24.00 uur; donderdag 10.00 tot 12.00 uur",
        ),
    ],
)
def test_a_week_in_words(hours: str, english: str, dutch: str) -> None:
    week = parse_opening_hours(hours)
    assert (spoken_week(week, "en"), spoken_week(week, "nl")) == (english, dutch)
