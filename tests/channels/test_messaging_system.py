"""Both platforms with the whole running system: every path of the assistant, and the end of a process at the worst moment."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
import requests
from sqlalchemy import inspect, select, text

from bot.channels.messaging.schema import updates
from bot.database import open_database, reading
from tests.channels import fake_telegram, fake_whatsapp
from tests.channels import telegram_updates as tg
from tests.channels import whatsapp_deliveries as wa
from tests.channels.background import in_background
from tests.channels.fake_telegram import FakeTelegram, serving_telegram
from tests.channels.fake_whatsapp import FakeWhatsApp, serving_whatsapp
from tests.channels.messengers import Messenger, OnTelegram, OnWhatsApp
from tests.conversations.facts import facts_for
from tests.system import System, running

pytestmark = pytest.mark.slow

BOOK = '/book_consultation{"appointment_type": "video"}'
ANSWERS = {"concern": "tattoo", "body_part": "hands_arms", "skin_tone": "light", "changes": "no", "pregnancy": "no", "medicine": "none"}
ANSWERS |= {"sun": "no", "tried": "nothing"}


@pytest.fixture(scope="module")
def telegram() -> Iterator[FakeTelegram]:
    with in_background(serving_telegram) as fake:
        yield fake


@pytest.fixture(scope="module")
def whatsapp() -> Iterator[FakeWhatsApp]:
    with in_background(serving_whatsapp) as fake:
        yield fake


@pytest.fixture(scope="module")
def both(trained_model: Path, tmp_path_factory: pytest.TempPathFactory, telegram: FakeTelegram, whatsapp: FakeWhatsApp) -> Iterator[System]:
    """The whole system with both channels on."""
    settings = {
        "telegram_token": fake_telegram.TOKEN,
        "telegram_api_url": telegram.url,
        "whatsapp_token": fake_whatsapp.TOKEN,
        "whatsapp_phone_number_id": fake_whatsapp.PHONE_NUMBER_ID,
        "whatsapp_app_secret": wa.APP_SECRET,
        "whatsapp_verify_token": "the verify token",
        "whatsapp_api_url": whatsapp.url,
    }
    with running(tmp_path_factory.mktemp("messaging"), **settings) as system:
        yield system
    assert telegram.refused == [] and whatsapp.refused == []
    log = system.log("assistant").read_text(errors="replace")
    assert fake_telegram.TOKEN not in log and fake_whatsapp.TOKEN not in log and "Traceback" not in log


@pytest.fixture(params=["telegram", "whatsapp"])
def person(request: pytest.FixtureRequest, both: System, telegram: FakeTelegram, whatsapp: FakeWhatsApp) -> Messenger:
    return OnTelegram(both.settings, telegram) if request.param == "telegram" else OnWhatsApp(both.settings, whatsapp)


def choose(**slot: str) -> str:
    (item,) = slot.items()
    return f'/choose{{"{item[0]}": "{item[1]}"}}'


def test_a_question_is_answered_after_who_this_is(person: Messenger) -> None:
    assert person.say("what is melasma and who gets it") == ["utter_faq/melasma"]
    assert person.heard()[0].startswith("/start")
    assert "automated assistant" in person.words() and "/privacy" in person.words()
    assert person.say("freckles, what are they?") == ["utter_faq/freckles"]
    assert "automated assistant" not in person.words()


def test_guided_choice_booking_with_free_times_summary_and_cancelling(both: System, person: Messenger) -> None:
    email = facts_for(both.settings, datetime.now(timezone.utc))["email"]
    person.say("hello")
    person.tap("/find_treatment")
    for slot, value in ANSWERS.items():
        said = person.tap(choose(**{slot: value}))
    assert "utter_guided_result" in said and "from €" in person.words()
    assert person.tap(BOOK) == ["utter_booking_start"]
    assert len(person.keys()) > 3
    person.tap_first()
    person.say("Anna de Vries")
    person.say(email)
    said = person.tap("/skip")
    if said != ["utter_booking_summary"]:
        said = person.tap(choose(share_findings="no"))
    assert said == ["utter_booking_summary"]
    assert "Anna de Vries" in person.words() and email in person.words()
    assert person.tap(choose(confirm="yes")) == ["utter_booked"]
    assert "MD-" in person.words() and "https://meet.jit.si/" in person.words()
    assert person.say("I need to cancel my appointment") == ["utter_appointment_confirm_cancel"]
    assert person.tap(choose(confirm="yes")) == ["utter_appointment_cancelled"]


def test_a_red_flag_comes_before_everything_in_the_first_message_too(person: Messenger) -> None:
    assert person.say("my mole is bleeding and keeps growing") == ["utter_red_flag_spot"]


def test_later_days_and_stopping(person: Messenger) -> None:
    person.say("book me a video consultation")
    person._tap(person.keys()[-1])
    assert len(person.keys()) > 3
    assert person.say("stop") == ["utter_booking_stopped"]


def test_a_photo_inside_the_guided_choice_is_answered_and_the_question_comes_again(both: System, telegram: FakeTelegram) -> None:
    person = OnTelegram(both.settings, telegram)
    person.say("which treatment would suit me?")
    headers = {"X-Telegram-Bot-Api-Secret-Token": both.settings.telegram_webhook_secret}
    photo = tg.message(person.id, **tg.PHOTO)
    assert requests.post(f"{person.url}/telegram/webhook", json=photo, headers=headers, timeout=10).status_code == 200
    assert person.answer() == ["utter_sent_photo", "utter_guided_concern"]
    assert person.say("/stop") == ["utter_guided_stopped"]
    assert person.say("/help") == ["utter_help"]
    assert person.say("/person")[0].startswith("utter_person")
    assert person.say("/start nl") == ["utter_start", "utter_start_privacy"]
    assert "Goedendag" in person.words()


def test_a_start_inside_a_form_leaves_it(both: System, telegram: FakeTelegram) -> None:
    person = OnTelegram(both.settings, telegram)
    person.say("which treatment would suit me?")
    assert person.say("/start") == ["utter_start", "utter_start_privacy"]
    assert person.say("what is melasma") == ["utter_faq/melasma"]


def test_a_killed_assistant_finishes_what_it_acknowledged_and_repeats_nothing(both: System, person: Messenger) -> None:
    person.say("hello")
    before = len(person.arrived())
    assert person.deliver(text="what is melasma").status_code == 200
    assert person.deliver(text="and freckles?").status_code == 200
    with both.without("assistant", signal.SIGKILL):
        assert len(person.arrived()) == before
    person.answer()
    assert person.heard()[2:] == ["what is melasma", "and freckles?"]
    assert len(person.arrived()) == before + 2


def test_ones_own_data_is_deleted_everywhere_once_the_last_words_have_arrived(both: System, person: Messenger) -> None:
    person.say("I have an aardbeienvlek on my cheek")
    conversation = latest_conversation(person)
    assert person.say("delete my data") == ["utter_delete_data"]
    assert person.tap('/delete_data{"deletion": "all"}') == ["utter_deleting_data"]
    assert "new one" in person.words()
    wait_until(lambda: conversation not in everything(both), "still there")
    person.say("hello again")
    assert latest_conversation(person) != conversation


def latest_conversation(person: Messenger) -> str:
    with reading(person.engine) as connection:
        return str(connection.execute(select(updates.c.conversation).order_by(updates.c.number.desc())).scalars().first())


def everything(both: System) -> str:
    """Every row of the databases that hold conversations."""
    found = []
    for url in (both.settings.conversations_database, both.settings.messaging_database, both.settings.practice_database):
        engine = open_database(url)
        with reading(engine) as connection:
            tables = [table for table in inspect(engine).get_table_names() if table != "privacy_erasure"]
            found += [str(connection.execute(text(f'SELECT * FROM "{table}"')).all()) for table in tables]
        engine.dispose()
    return "".join(found)


def wait_until(condition: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.2)
