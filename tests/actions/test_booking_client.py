import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
import responses

from actions.booking_client import TOTAL_SECONDS, AppointmentType, BookingClient, BookingError
from bot.database import open_database
from bot.practice.app import create_app
from tests.practice.serving import served
from tests.practice.world import NOW, SLOT, fill, settings

BASE = "http://booking.example"
APPOINTMENT: dict[str, Any] = {
    "reference": "MD-2222-2222",
    "type": "video",
    "start": "2026-12-04T13:00:00Z",
    "end": "2026-12-04T13:20:00Z",
    "name": "Ada",
    "video_url": None,
    "status": "booked",
}


class Visitor:
    """Somebody who books the same over and over."""

    def __init__(self, client: BookingClient) -> None:
        self.client = client

    def book(self, key: str = "key-number-1", **changes: Any) -> Any:
        content = {"kind": "video", "start": SLOT, "name": "Ada Planted", "email": "planted@example.com", "language": "en"}
        return self.client.book(key, **content | changes)


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Visitor]:
    """The real backend over HTTP."""
    engine = open_database(f"sqlite:///{tmp_path / 'practice.db'}")
    fill(engine)
    chosen = settings(var_dir=tmp_path)
    with served(create_app(chosen, engine, lambda: NOW)) as url:
        yield Visitor(BookingClient(url, chosen.key_for("practice-api")))


@pytest.fixture
def mocked() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture
def client() -> BookingClient:
    return BookingClient(BASE, "key")


CALLS: dict[str, Callable[[BookingClient], object]] = {
    "appointment_types": lambda client: client.appointment_types(),
    "free_slots": lambda client: client.free_slots("video", SLOT, SLOT + timedelta(days=1)),
    "book": lambda client: Visitor(client).book(),
    "look_up": lambda client: client.look_up("MD-2222-2222", "planted@example.com"),
    "move": lambda client: client.move("MD-2222-2222", "planted@example.com", SLOT),
    "cancel": lambda client: client.cancel("MD-2222-2222", "planted@example.com"),
}


def failing(call: Callable[[], object]) -> BookingError:
    with pytest.raises(BookingError) as caught:
        call()
    assert "lanted" not in str(caught.value)
    assert caught.value.__cause__ is None
    return caught.value


def test_types_and_free_slots_come_typed(real: Visitor) -> None:
    assert real.client.appointment_types() == (AppointmentType("video", 20, 0, "online"), AppointmentType("practice", 30, None, "practice"))
    assert SLOT in real.client.free_slots("video", SLOT, SLOT + timedelta(hours=1))


def test_a_booking_is_made_found_moved_and_cancelled(real: Visitor) -> None:
    booked = real.book(phone="0612345678", findings={"looks": "brown"})
    assert (booked.start, booked.end - booked.start, booked.status) == (SLOT, timedelta(minutes=20), "booked")
    assert booked.video_url
    mine = (booked.reference.lower(), "PLANTED@example.com")
    assert real.client.look_up(*mine) == booked
    moved = real.client.move(*mine, SLOT + timedelta(hours=1))
    assert moved.start == SLOT + timedelta(hours=1)
    assert real.client.move(*mine, moved.start) == moved
    assert real.client.cancel(*mine).status == "cancelled"
    assert real.client.cancel(*mine).status == "cancelled"


def test_the_same_key_again_is_the_same_appointment(real: Visitor) -> None:
    assert real.book() == real.book()
    assert failing(lambda: real.book(name="Other Planted")).code == "invalid"


def test_a_taken_slot_names_alternatives(real: Visitor) -> None:
    real.book()
    error = failing(lambda: real.book("key-number-2", email="other.planted@example.com"))
    assert error.code == "slot_taken"
    assert len(error.alternatives) == 3
    assert set(error.alternatives) <= set(real.client.free_slots("video", SLOT - timedelta(hours=2), SLOT + timedelta(hours=2)))


def test_a_slot_in_the_past_is_not_offered_and_names_alternatives(real: Visitor) -> None:
    error = failing(lambda: real.book(start=NOW - timedelta(days=30)))
    assert (error.code, len(error.alternatives)) == ("slot_not_offered", 3)


@pytest.mark.parametrize(
    "change",
    [{"email": "planted"}, {"name": "Planted" * 50}, {"kind": "surgery"}, {"name": "planted\ud800"}],
    ids=["email", "name", "kind", "surrogate"],
)
def test_content_that_the_backend_refuses_is_invalid(real: Visitor, change: dict[str, str]) -> None:
    assert failing(lambda: real.book(**change)).code == "invalid"


@pytest.mark.parametrize("key", ["", "a\r\nb: planted", "planted-é€"], ids=["empty", "line break", "no ASCII"])
def test_a_key_that_can_be_no_header_is_the_one_error(real: Visitor, key: str) -> None:
    assert failing(lambda: real.book(key)).code in ("invalid", "unavailable")


@pytest.mark.parametrize("name", ["look_up", "move", "cancel"])
def test_an_unknown_appointment_is_not_found(real: Visitor, name: str) -> None:
    assert failing(lambda: CALLS[name](real.client)).code == "not_found"


def test_a_wrong_key_makes_the_backend_unavailable(real: Visitor) -> None:
    assert failing(BookingClient(real.client._base_url, "wrong").appointment_types).code == "unavailable"


def test_connections_are_kept(real: Visitor) -> None:
    for _ in range(5):
        real.client.appointment_types()
    pools: Any = real.client._session.get_adapter("http://").poolmanager.pools  # type: ignore[attr-defined]
    (pool,) = (pools[key] for key in pools.keys())  # noqa: SIM118 - the container gives its keys by this method alone
    assert (pool.num_connections, pool.num_requests) == (1, 5)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(
    "answer",
    [
        {"body": requests.ConnectionError("refused planted@example.com")},
        {"body": requests.ReadTimeout("slow")},
        {"status": 503, "json": {"error": {"code": "unavailable", "message": "x"}}},
        {"status": 502, "body": "<html>Bad Gateway</html>"},
    ],
    ids=["connection refused", "read timeout", "503", "gateway page"],
)
def test_each_call_is_tried_twice_and_then_unavailable(
    client: BookingClient, mocked: responses.RequestsMock, name: str, answer: dict[str, Any]
) -> None:
    mocked.add(
        responses.Response(responses.GET if name in ("appointment_types", "free_slots") else responses.POST, url=url_of(name), **answer)
    )
    assert failing(lambda: CALLS[name](client)).code == "unavailable"
    assert len(mocked.calls) == 2


def url_of(name: str) -> str:
    path = {"appointment_types": "appointment-types", "free_slots": "slots", "book": "appointments", "look_up": "appointments/lookup"}
    return f"{BASE}/api/{path.get(name, f'appointments/{name}')}"


def test_the_second_try_of_a_booking_has_the_same_key_and_content(client: BookingClient, mocked: responses.RequestsMock) -> None:
    mocked.post(url_of("book"), body=requests.ReadTimeout())
    mocked.post(url_of("book"), json=APPOINTMENT, status=201)
    assert Visitor(client).book().reference == "MD-2222-2222"
    first, second = (call.request for call in mocked.calls)
    assert (first.headers["Idempotency-Key"], first.body) == (second.headers["Idempotency-Key"], second.body)


@pytest.mark.parametrize(("status", "code"), [(404, "not_found"), (409, "too_late"), (422, "invalid")])
def test_a_refusal_is_not_tried_again(client: BookingClient, mocked: responses.RequestsMock, status: int, code: str) -> None:
    mocked.post(url_of("cancel"), status=status, json={"error": {"code": code, "message": "x"}, "alternatives": []})
    assert failing(lambda: CALLS["cancel"](client)).code == code
    assert len(mocked.calls) == 1


GARBAGE: dict[str, dict[str, Any]] = {
    "no JSON": {"body": "{"},
    "HTML": {"body": "<html></html>"},
    "empty": {"body": ""},
    "binary": {"body": b"\xff\xfe\x00"},
    "deeply nested": {"body": "[" * 100_000},
    "list": {"json": []},
    "text": {"json": "MD"},
    "null": {"json": None},
    "missing field": {"json": {key: value for key, value in APPOINTMENT.items() if key != "end"}},
    "number for text": {"json": APPOINTMENT | {"reference": 7}},
    "text for instant": {"json": APPOINTMENT | {"start": "soon"}},
    "number for instant": {"json": APPOINTMENT | {"start": 7}},
    "instant without zone": {"json": APPOINTMENT | {"start": "2026-12-04T13:00:00"}},
    "31 February": {"json": APPOINTMENT | {"start": "2026-02-31T13:00:00Z"}},
    "other status": {"json": APPOINTMENT | {"status": "maybe"}},
    "list for status": {"json": APPOINTMENT | {"status": []}},
    "redirect": {"status": 302, "headers": {"Location": "http://elsewhere.example/"}, "json": APPOINTMENT},
    "404 of another server": {"status": 404, "json": {"detail": "Not Found"}},
    "409 without code": {"status": 409, "json": {"error": "taken"}},
    "409 with a list as code": {"status": 409, "json": {"error": {"code": []}}},
    "409 without alternatives": {"status": 409, "json": {"error": {"code": "slot_taken", "message": "x"}}},
    "500": {"status": 500, "json": {"error": {"code": "internal", "message": "x"}}},
    "endless": {"body": b"x" * 2_000_000},
}


@pytest.mark.parametrize("answer", GARBAGE.values(), ids=GARBAGE)
def test_an_answer_of_any_other_shape_is_unavailable(client: BookingClient, mocked: responses.RequestsMock, answer: dict[str, Any]) -> None:
    mocked.add(responses.Response(responses.POST, url_of("look_up"), **answer))
    assert failing(lambda: CALLS["look_up"](client)).code == "unavailable"


@pytest.mark.parametrize("reply", [{}, {"slots": "x"}, {"slots": [7]}, {"slots": {}}, []], ids=str)
def test_slots_of_any_other_shape_are_unavailable(client: BookingClient, mocked: responses.RequestsMock, reply: object) -> None:
    mocked.get(url_of("free_slots"), json=reply)
    assert failing(lambda: CALLS["free_slots"](client)).code == "unavailable"


@pytest.mark.parametrize("change", [{"minutes": "20"}, {"minutes": True}, {"price_cents": 1.5}, {"place": "moon"}, {"id": None}], ids=str)
def test_types_of_any_other_shape_are_unavailable(client: BookingClient, mocked: responses.RequestsMock, change: dict[str, object]) -> None:
    mocked.get(url_of("appointment_types"), json=[{"id": "video", "minutes": 20, "price_cents": 0, "place": "online"} | change])
    assert failing(lambda: CALLS["appointment_types"](client)).code == "unavailable"


def test_nobody_listening_is_unavailable_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    start = time.monotonic()
    assert failing(BookingClient(f"http://127.0.0.1:{port}", "key").appointment_types).code == "unavailable"
    assert time.monotonic() - start < 1.5


def test_a_backend_that_accepts_and_never_answers_is_given_up_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        start = time.monotonic()
        assert failing(BookingClient(f"http://127.0.0.1:{silent.getsockname()[1]}", "key").appointment_types).code == "unavailable"
        took = time.monotonic() - start
    assert 2 < took < TOTAL_SECONDS + 0.3


def test_a_backend_that_stops_in_the_middle_of_its_answer_is_given_up_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def half_answer() -> None:
            kept = []
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[")
                kept.append(connection)

        threading.Thread(target=half_answer, daemon=True).start()
        start = time.monotonic()
        assert failing(BookingClient(f"http://127.0.0.1:{server.getsockname()[1]}", "key").appointment_types).code == "unavailable"
        took = time.monotonic() - start
        server.shutdown(socket.SHUT_RDWR)
    assert took < TOTAL_SECONDS + 0.3


def test_a_backend_that_comes_back_is_used_again(client: BookingClient, mocked: responses.RequestsMock) -> None:
    mocked.get(url_of("appointment_types"), body=requests.ConnectionError())
    mocked.get(url_of("appointment_types"), json=[])
    assert client.appointment_types() == ()
