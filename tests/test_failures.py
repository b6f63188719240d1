"""When parts fail: a plain sentence and a way on within five seconds, nothing lost or done twice, and it recovers by itself."""

import signal
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timezone
from uuid import uuid4

import pytest
from sqlalchemy import text as sql

from bot.database import open_database, reading
from tests.chat import Chat, Reply
from tests.conversations.facts import facts_for
from tests.system import System

pytestmark = pytest.mark.slow

LONGEST_SECONDS = 5.0


@contextmanager
def in_time() -> Iterator[None]:
    """What happens inside the block takes no longer than a visitor waits."""
    started = time.monotonic()
    yield
    assert time.monotonic() - started < LONGEST_SECONDS


@contextmanager
def never_answering(port: int) -> Iterator[None]:
    """Something that takes every connection on a port and says nothing."""
    listener = socket.create_server(("127.0.0.1", port))
    listener.settimeout(0.1)
    ended, taken = threading.Event(), []

    def take() -> None:
        while not ended.is_set():
            try:
                taken.append(listener.accept()[0])
            except TimeoutError:
                continue

    thread = threading.Thread(target=take, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        for connection in (*taken, listener):
            connection.close()


def appointments(system: System, email: str) -> int:
    """How many appointments an address has."""
    engine = open_database(system.settings.practice_database)
    with reading(engine) as connection:
        found = connection.execute(sql("SELECT count(*) FROM appointment WHERE email = :email"), {"email": email}).scalar_one()
    engine.dispose()
    return int(found)


def up_to_the_summary(chat: Chat, email: str) -> Reply:
    """Answers every question of a booking but the last."""
    chat.tap('/book_consultation{"appointment_type": "video"}')
    chat.tap(chat.last.times[0]["payload"])
    chat.say("Anna de Vries")
    chat.say(email)
    reply = chat.tap("/skip")
    assert reply.asks == "confirm"
    return reply


@pytest.fixture
def email(system: System) -> str:
    return facts_for(system.settings, datetime.now(timezone.utc))["email"]


def test_without_the_action_server_a_plain_sentence_and_then_on(system: System) -> None:
    chat = system.open()
    chat.tap("/find_treatment")
    chat.tap({"concern": "sunspots"})
    with system.without("actions"):
        with in_time():
            reply = chat.say("on my face")
        assert reply.messages and "utter_unavailable" in reply.responses
        with in_time():
            assert chat.say("how much is laser?").messages
        with in_time():
            assert system.open().say("what is melasma").responses == ["utter_faq/melasma"]
    reply = chat.say("how much is laser?")
    assert "utter_price_of" in reply.responses
    assert chat.say("which treatment would suit me?").form == "guided_form"


def test_without_the_booking_backend_a_booking_waits_and_is_made_once(system: System, email: str) -> None:
    chat = system.open()
    up_to_the_summary(chat, email)
    with system.without("practice"):
        with in_time():
            reply = chat.tap({"confirm": "yes"})
        assert reply.responses == ["utter_booking_not_booked_now"]
        assert (reply.form, reply.slots["name"], reply.slots["email"]) == ("booking_form", "Anna de Vries", email)
        with in_time():
            assert chat.tap({"confirm": "yes"}).messages
    reply = chat.last if chat.last.form else chat.tap("/book_consultation")
    assert chat.tap({"confirm": "yes"}).responses == ["utter_booked"]
    assert appointments(system, email) == 1


def test_a_booking_backend_that_never_answers_costs_no_appointment_and_no_word(system: System, email: str) -> None:
    chat = system.open()
    up_to_the_summary(chat, email)
    with system.without("practice"), never_answering(system.settings.practice_port), in_time():
        reply = chat.tap({"confirm": "yes"})
    assert reply.responses == ["utter_booking_not_booked_now"]
    assert chat.tap({"confirm": "yes"}).responses == ["utter_booked"]
    assert appointments(system, email) == 1


def test_without_the_booking_backend_no_form_is_lost(system: System) -> None:
    chat = system.open()
    with system.without("practice"):
        with in_time():
            reply = chat.tap('/book_consultation{"appointment_type": "video"}')
        assert reply.responses == ["utter_unavailable"]
        assert reply.form is None
        assert chat.say("what is melasma").responses == ["utter_faq/melasma"]
    reply = chat.say("book me a video call")
    assert (reply.form, reply.asks) == ("booking_form", "start")


def test_a_locked_database_is_told_and_the_message_goes_through_later(system: System) -> None:
    chat = system.open()
    body = {"id": str(uuid4()), "text": "what is melasma"}
    path = system.settings.conversations_database.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with in_time():
            answer = chat.post(body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")
        assert int(answer.headers["Retry-After"]) >= 1
        other.execute("ROLLBACK")
    answer = chat.post(body)
    assert answer.status_code == 200 and answer.json()["messages"]
    assert chat.post(body).json() == answer.json()
    assert chat.said().count("what is melasma") == 1


def test_a_killed_assistant_comes_back_to_the_same_question(system: System) -> None:
    chat = system.open()
    chat.tap("/find_treatment")
    assert chat.tap({"concern": "sunspots"}).asks == "body_part"
    with system.without("assistant", signal.SIGKILL):
        pass
    assert chat.history()
    reply = chat.tap({"body_part": "face"})
    assert (reply.form, reply.asks, reply.slots["concern"]) == ("guided_form", "skin_tone", "sunspots")
