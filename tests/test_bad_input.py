"""What should never be sent, over the real system: each has a clear answer or a clear error, and nothing is kept half or run twice."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from uuid import uuid4

import pytest
import requests

from bot.channels.tokens import Tokens
from tests.chat import ANSWER_SECONDS, Chat
from tests.conversations.facts import facts_for
from tests.system import System

pytestmark = pytest.mark.slow


@pytest.fixture
def chat(system: System) -> Chat:
    return system.open()


@pytest.fixture
def booking(chat: Chat) -> Chat:
    """In the middle of a booking, at the question for a name."""
    chat.tap('/book_consultation{"appointment_type": "video"}')
    assert chat.tap(chat.last.times[0]["payload"]).asks == "name"
    return chat


def refused(answer: requests.Response) -> tuple[int, str]:
    """Status and code of an error."""
    error = answer.json()["error"]
    assert error["message"]
    return answer.status_code, error["code"]


def raw(chat: Chat, body: bytes) -> requests.Response:
    """Sends a body as it is."""
    return chat.post(None, data=body, headers={"Content-Type": "application/json"})


# --- refused: nothing of it is kept


@pytest.mark.parametrize("text", ["", "   ", "\n\t ", "\u200b\u200d", "\x00", "\x01\x02"], ids=repr)
def test_nothing_to_read_is_refused(chat: Chat, text: str) -> None:
    before = chat.said(), chat.history()
    assert refused(chat.post({"id": str(uuid4()), "text": text})) == (400, "empty")
    assert (chat.said(), chat.history()) == before


def test_ten_thousand_characters_are_refused(chat: Chat) -> None:
    before = chat.said(), chat.history()
    assert refused(chat.post({"id": str(uuid4()), "text": "laser " * 1667})) == (413, "too_long")
    assert (chat.said(), chat.history()) == before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b'{"id": 1, "text": "hello"}',
        b'{"id": "no-uuid", "text": "hello"}',
        b"[" * 20_000,
    ],
    ids=lambda body: repr(body[:40]),
)
def test_malformed_json_is_refused(chat: Chat, body: bytes) -> None:
    before = chat.said()
    assert refused(raw(chat, body)) == (400, "malformed")
    assert chat.said() == before


@pytest.mark.parametrize("content", [{}, {"text": None}, {"text": 5}, {"text": ["hello"]}, {"text": "hello", "payload": "/help"}], ids=repr)
def test_a_message_of_another_shape_is_refused(chat: Chat, content: dict[str, object]) -> None:
    assert refused(chat.post({"id": str(uuid4()), **content})) == (400, "malformed")


def test_a_forged_or_expired_token_is_refused(system: System, chat: Chat) -> None:
    now = datetime.now(timezone.utc)
    expired = Tokens(system.settings.key_for("web-session")).make(chat.session, now - timedelta(seconds=1))
    forged = Tokens("another key").make(chat.session, now + timedelta(hours=1))
    before = chat.said()
    for bearer, code in (
        ("", "token_missing"),
        ("Bearer x", "token_invalid"),
        (f"Bearer {forged}", "token_invalid"),
        (f"Bearer {expired}", "token_expired"),
    ):
        answer = chat.post({"id": str(uuid4()), "text": "hello"}, headers={"Authorization": bearer})
        assert refused(answer) == (401, code)
    assert chat.said() == before


@pytest.mark.parametrize(
    "payload", ['/choose{"confirm": "yes"}', "/restart", "/session_start", '/talk_to_human{"language": "nl"}', "hello", "/action_restart"]
)
def test_a_payload_never_offered_is_refused(chat: Chat, payload: str) -> None:
    before = chat.said(), chat.history()
    assert refused(chat.post({"id": str(uuid4()), "payload": payload})) == (400, "payload_not_offered")
    assert (chat.said(), chat.history()) == before


def test_a_payload_offered_to_somebody_else_is_refused(system: System, chat: Chat) -> None:
    other = system.open()
    other.tap("/find_treatment")
    assert refused(chat.post({"id": str(uuid4()), "payload": other.offered({"concern": "melasma"})})) == (400, "payload_not_offered")


# --- answered: odd, but a message


@pytest.mark.parametrize(
    "text",
    [
        "😀😀😀",
        "👩🏽‍⚕️",
        "你好吗",
        "кожа пигмент",
        "مرحبا بشرة",
        "नमस्ते",
        "🇳🇱",
        "?",
        "...",
        "a",
        "é" * 500,
        "x" * 1000,
        "la\x00ser\x07 co\x1bst",
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_odd_text_has_an_answer_and_harms_nothing(chat: Chat, text: str) -> None:
    reply = chat.say(text)
    assert reply.messages and reply.responses
    assert reply.form is None
    assert chat.say("what is melasma").responses == ["utter_faq/melasma"]


def test_control_characters_are_taken_out(chat: Chat) -> None:
    chat.say("what\x00 is\x07 mel\x1basma")
    assert chat.said()[-1] == "what is melasma"


def test_html_stays_text(chat: Chat) -> None:
    text = "<script>alert(1)</script><b>what is melasma</b>"
    reply = chat.say(text)
    assert reply.messages
    assert chat.said()[-1] == text
    assert [message["text"] for message in chat.history() if message["from"] == "visitor"] == [text]
    assert "<script" not in reply.words


@pytest.mark.parametrize(
    "text",
    [
        "/restart",
        "/session_start",
        '/book_consultation{"appointment_type": "video"}',
        '/choose{"confirm": "yes"}',
        " /restart",
        "/find_treatment",
        "/back",
    ],
)
def test_a_typed_command_is_only_text(chat: Chat, text: str) -> None:
    chat.say("what is melasma")
    reply = chat.say(text)
    assert reply.messages
    assert reply.understood.intent not in ("restart", "session_start", "choose", "back")
    assert chat.said()[-2:] == ["what is melasma", "\u2060" + text.strip()]


def test_a_typed_command_sets_no_slot(booking: Chat) -> None:
    reply = booking.say('/choose{"confirm": "yes", "name": "Anna", "no_such_slot": "x"}')
    assert (reply.form, reply.asks) == ("booking_form", "name")
    assert {"confirm", "name", "no_such_slot"}.isdisjoint(reply.slots)


# --- a message sent again


def test_the_same_id_again_gives_the_same_answer_and_no_second_turn(chat: Chat) -> None:
    body = {"id": str(uuid4()), "text": "what is melasma"}
    first, again = chat.post(body), chat.post(body)
    assert first.json() == again.json()
    assert chat.said().count("what is melasma") == 1


def test_the_same_id_with_other_words_is_refused(chat: Chat) -> None:
    body = {"id": str(uuid4()), "text": "what is melasma"}
    chat.post(body)
    assert refused(chat.post(body | {"text": "what is vitiligo"})) == (409, "id_reused")
    assert "what is vitiligo" not in chat.said()


# --- inside the booking


@pytest.mark.parametrize(
    ("answer", "response"),
    [
        ("Anna " * 60, "utter_booking_name_too_long"),
        ("1234", "utter_booking_name_unclear"),
        ("<b>Anna</b>", "utter_booking_name_unclear"),
    ],
    ids=["300 characters", "digits", "HTML"],
)
def test_a_name_that_is_none(booking: Chat, answer: str, response: str) -> None:
    reply = booking.say(answer)
    assert reply.responses == [response, "utter_booking_name"]
    assert (reply.asks, reply.slots.get("name")) == ("name", None)


@pytest.mark.parametrize(
    "address",
    ["anna@", "@example.com", "anna@nl", "anna@@example.com", "anna@exa mple.com", "anna.example.com", f"{'a' * 300}@example.com"],
)
def test_an_email_that_is_none(booking: Chat, address: str) -> None:
    booking.say("Anna de Vries")
    reply = booking.say(address)
    assert reply.responses == ["utter_booking_email_invalid", "utter_booking_email"]
    assert (reply.asks, reply.slots.get("email")) == ("email", None)


@pytest.mark.parametrize(
    ("wish", "response"),
    [
        ("31 February", "utter_booking_no_such_date"),
        ("2026-02-31", "utter_booking_no_such_date"),
        ("yesterday", "utter_booking_past"),
        ("1-1-2020", "utter_booking_past"),
        ("1 January 2090", "utter_booking_too_far"),
    ],
)
def test_a_day_that_cannot_be(chat: Chat, wish: str, response: str) -> None:
    chat.tap('/book_consultation{"appointment_type": "video"}')
    reply = chat.say(wish)
    assert reply.responses == [response, "utter_booking_start"]
    assert (reply.asks, reply.slots.get("start")) == ("start", None)
    assert reply.times


# --- the booking backend itself


def test_the_booking_api_refuses_what_cannot_be_booked(system: System) -> None:
    facts = facts_for(system.settings, datetime.now(timezone.utc))
    good = {
        "type": "video",
        "start": facts["start"],
        "name": "Anna",
        "email": facts["email"],
        "language": "en",
        "phone": None,
        "findings": None,
    }
    cases: list[Callable[[], dict[str, object]]] = [
        lambda: good | {"email": "anna@"},
        lambda: good | {"name": "A" * 300},
        lambda: good | {"start": "2026-02-31T12:00:00Z"},
        lambda: good | {"no_such_field": 1},
    ]
    for case in cases:
        assert _book(system, case()).status_code == 422
    past = _book(system, good | {"start": "2020-01-01T12:00:00Z"})
    assert (past.status_code, past.json()["error"]["code"]) == (409, "slot_not_offered")
    assert _book(system, good).status_code == 201


def _book(system: System, content: dict[str, object]) -> requests.Response:
    headers = {"X-API-Key": system.settings.key_for("practice-api"), "Idempotency-Key": uuid4().hex, "Content-Type": "application/json"}
    url = f"{system.settings.internal_practice_url}/api/appointments"
    return requests.post(url, data=json.dumps(content), headers=headers, timeout=ANSWER_SECONDS)
