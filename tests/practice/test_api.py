import json
import logging
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.engine import Engine

from bot.database import open_database
from bot.practice.app import create_app
from bot.practice.booking.seed import seed_booking
from bot.practice.booking.store import AppointmentStore
from bot.practice.guards import BODY_LIMIT
from tests.practice.world import NOW, fill, settings

START = "2026-12-04T13:00:00Z"
BOOKING: dict[str, Any] = {"type": "video", "start": START, "name": "Ada Planted", "email": "planted@example.com", "language": "en"}
SLOTS = {"type": "video", "from": "2026-12-04T00:00:00Z", "until": "2026-12-05T00:00:00Z"}


def make_app(engine: Engine, tmp_path: Path) -> FastAPI:
    return create_app(settings(var_dir=tmp_path), engine, lambda: NOW)


@pytest.fixture
def client(engine: Engine, tmp_path: Path) -> Iterator[TestClient]:
    seed_booking(engine, settings(var_dir=tmp_path))
    key = settings(var_dir=tmp_path).key_for("practice-api")
    with TestClient(make_app(engine, tmp_path), headers={"X-API-Key": key}, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def small(tmp_path: Path) -> Iterator[TestClient]:
    """On SQLite alone, for what doesn't depend on the database."""
    engine = open_database(f"sqlite:///{tmp_path / 'small.db'}")
    fill(engine)
    key = settings(var_dir=tmp_path).key_for("practice-api")
    with TestClient(make_app(engine, tmp_path), headers={"X-API-Key": key}, raise_server_exceptions=False) as client:
        yield client


def book(client: TestClient, key: str = "key-number-1", **changes: Any) -> Any:
    return client.post("/api/appointments", json=BOOKING | changes, headers={"Idempotency-Key": key})


def code(response: Any) -> tuple[int, str]:
    """Status and code of an error that has the one shape."""
    error = response.json()["error"]
    assert set(error) == {"code", "message"} and error["message"]
    return response.status_code, error["code"]


def test_what_can_be_booked(small: TestClient) -> None:
    video, practice = (
        {"en": "Free video consultation", "nl": "Gratis videoconsult"},
        {"en": "Consultation in the practice", "nl": "Consult in de praktijk"},
    )
    assert small.get("/api/appointment-types").json() == [
        {"id": "video", "name": video, "minutes": 20, "price_cents": 0, "place": "online"},
        {"id": "practice", "name": practice, "minutes": 30, "price_cents": None, "place": "practice"},
    ]


def test_booking_from_free_slot_to_cancellation(client: TestClient) -> None:
    assert START in client.get("/api/slots", params=SLOTS).json()["slots"]
    made = book(client, phone="06 12345678", findings={"looks": "brown"})
    assert made.status_code == 201
    booked = made.json()
    assert booked.keys() == {"reference", "type", "start", "end", "name", "video_url", "status"}
    assert (booked["start"], booked["end"], booked["status"]) == (START, "2026-12-04T13:20:00Z", "booked")
    assert START not in client.get("/api/slots", params=SLOTS).json()["slots"]
    mine = {"reference": booked["reference"], "email": "PLANTED@example.com"}
    assert client.post("/api/appointments/lookup", json=mine).json() == booked
    moved = client.post("/api/appointments/move", json=mine | {"start": "2026-12-04T14:00:00Z"}).json()
    assert moved == booked | {"start": "2026-12-04T14:00:00Z", "end": "2026-12-04T14:20:00Z"}
    cancelled = client.post("/api/appointments/cancel", json=mine)
    assert (cancelled.status_code, cancelled.json()) == (200, moved | {"status": "cancelled"})
    assert client.post("/api/appointments/cancel", json=mine).json() == cancelled.json()


def test_same_key_same_content_is_the_same_and_other_content_a_conflict(client: TestClient) -> None:
    assert book(client).json() == book(client).json()
    assert code(book(client, name="Other")) == (409, "idempotency_conflict")


def test_a_taken_slot_gives_three_alternatives(client: TestClient) -> None:
    book(client)
    refused = book(client, "key-number-2", email="other@example.com")
    assert code(refused) == (409, "slot_taken")
    assert len(refused.json()["alternatives"]) == 3
    assert set(refused.json()["alternatives"]) <= set(client.get("/api/slots", params=SLOTS).json()["slots"])


def test_a_start_that_is_not_offered_gives_alternatives(small: TestClient) -> None:
    refused = book(small, start="2020-01-01T09:00:00Z")
    assert code(refused) == (409, "slot_not_offered")
    assert refused.json()["alternatives"][0] == "2026-11-30T12:00:00Z"


@pytest.mark.parametrize("route", ["lookup", "move", "cancel"])
def test_unknown_reference_and_wrong_email_are_the_same_404(small: TestClient, route: str) -> None:
    reference = book(small).json()["reference"]
    more = {"start": START} if route == "move" else {}
    answers = [
        small.post(f"/api/appointments/{route}", json={"reference": ref, "email": email, **more})
        for ref, email in [(reference, "other@example.com"), ("MD-2222-2222", "planted@example.com"), ("?", "planted@example.com")]
    ]
    assert {code(answer) for answer in answers} == {(404, "not_found")}
    assert len({answer.text for answer in answers}) == 1


FAULTS = [
    ({"type": "surgery"}, "type"),
    ({"start": "2026-02-31T13:00:00Z"}, "start"),
    ({"start": "2026-12-04T11:30:00"}, "start"),
    ({"start": "tomorrow"}, "start"),
    ({"start": 1796389200}, "start"),
    ({"start": "0001-01-01T00:00:00+14:00"}, "start"),
    ({"start": "9999-12-31T23:59:59Z"}, "start"),
    ({"name": ""}, "name"),
    ({"name": "   "}, "name"),
    ({"name": "x" * 101}, "name"),
    ({"name": "x" * 300}, "name"),
    ({"name": "Ada\x00"}, "name"),
    ({"name": "Ada\nBcc: x"}, "name"),
    ({"name": "Ada\ud800"}, "name"),
    ({"name": 7}, "name"),
    ({"name": None}, "name"),
    ({"email": "no-domain"}, "email"),
    ({"email": "ada@"}, "email"),
    ({"email": "ada@example.com\x00"}, "email"),
    ({"email": "a" * 400}, "email"),
    ({"phone": "12"}, "phone"),
    ({"phone": "not a number"}, "phone"),
    ({"phone": "06" + "1" * 300}, "phone"),
    ({"findings": {"a": "x" * 2001}}, "findings"),
    ({"findings": {"a": {"b": "c"}}}, "findings"),
    ({"findings": {"a": "\x00"}}, "findings"),
    ({"findings": ["a"]}, "findings"),
    ({"language": "fr"}, "language"),
    ({"planted@example.com": 1}, "body"),
    ({"findings": {"planted": 1}}, "findings"),
]


@pytest.mark.parametrize(("change", "field"), FAULTS, ids=[f"{field}={ascii(list(change.values())[0])[:30]}" for change, field in FAULTS])
def test_a_faulty_value_is_named_by_its_field_and_never_repeated(small: TestClient, change: dict[str, Any], field: str) -> None:
    # ASCII, so that a broken surrogate travels as JSON allows it to.
    body = json.dumps(BOOKING | change)
    refused = small.post("/api/appointments", content=body, headers={"Idempotency-Key": "key-number-1", "Content-Type": "application/json"})
    assert code(refused) == (422, "invalid")
    message = refused.json()["error"]["message"]
    assert message.startswith(field)
    assert "lanted" not in message
    assert not any(isinstance(value, str) and len(value) > 3 and value.strip() and value in message for value in change.values())


@pytest.mark.parametrize("value", [BOOKING["name"], "Zoë van der Meer-O’Neill", "李小龍", "x" * 100, "  Ada  "])
def test_names_of_all_scripts_are_taken_and_trimmed(client: TestClient, value: str) -> None:
    assert book(client, name=value).json()["name"] == value.strip()


def test_longest_findings_are_taken(small: TestClient) -> None:
    assert book(small, findings={"a": "é" * (2000 - len('{"a": ""}'))}).status_code == 201


@pytest.mark.parametrize("key", [None, "short", "x" * 101, "has space in it"])
def test_a_missing_or_odd_idempotency_key_is_refused(small: TestClient, key: str | None) -> None:
    refused = small.post("/api/appointments", json=BOOKING, headers={"Idempotency-Key": key} if key else {})
    assert code(refused) == (422, "invalid")


@pytest.mark.parametrize(
    "change",
    [
        {"type": "surgery"},
        {"type": None},
        {"from": "yesterday"},
        {"from": "2026-12-04"},
        {"until": "2026-12-04T00:00:00Z"},
        {"until": "2026-12-01T00:00:00Z"},
        {"from": "0001-01-01T00:00:00+14:00"},
        {"limit": "0"},
        {"limit": "many"},
    ],
    ids=str,
)
def test_a_faulty_question_for_slots_is_422(small: TestClient, change: dict[str, str | None]) -> None:
    query = {name: value for name, value in {**SLOTS, **change}.items() if value is not None}
    assert code(small.get("/api/slots", params=query)) == (422, "invalid")


def test_slots_are_limited(small: TestClient) -> None:
    assert len(small.get("/api/slots", params=SLOTS | {"limit": "2"}).json()["slots"]) == 2


@pytest.mark.parametrize("key", [None, "", "wrong", "é"])
@pytest.mark.parametrize(("method", "path"), [("GET", "/api/slots"), ("POST", "/api/appointments"), ("GET", "/api"), ("GET", "/api/none")])
def test_without_the_key_nothing_of_the_api_answers(small: TestClient, method: str, path: str, key: str | None) -> None:
    small.headers.pop("X-API-Key")
    headers = {} if key is None else {"X-API-Key": key.encode("latin-1")}
    assert code(small.request(method, path, headers=headers, content="{")) == (401, "unauthorized")  # type: ignore[arg-type]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b'"x"', b"null", b"\xff\xfe", b"[" * 20000, b"NaN", b'{"start": NaN}'])
@pytest.mark.parametrize("path", ["/api/appointments", "/api/appointments/lookup"])
def test_a_body_that_is_no_fitting_json_is_a_client_error(small: TestClient, path: str, body: bytes) -> None:
    headers = {"Idempotency-Key": "key-number-1", "Content-Type": "application/json"}
    status, name = code(small.post(path, content=body, headers=headers))
    assert (status, name) in {(422, "invalid"), (400, "malformed")}


def test_a_form_instead_of_json_is_a_client_error(small: TestClient) -> None:
    assert code(small.post("/api/appointments/lookup", data={"reference": "x", "email": "y"})) == (422, "invalid")


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_above_64_kb_is_413(small: TestClient, announced: bool) -> None:
    body = json.dumps(BOOKING | {"name": "x" * BODY_LIMIT}).encode()
    chunks = (body[at : at + 8192] for at in range(0, len(body), 8192))
    headers = {"Idempotency-Key": "key-number-1", "Content-Type": "application/json"}
    refused = small.post("/api/appointments", content=body if announced else chunks, headers=headers)
    assert code(refused) == (413, "too_long")


def test_unknown_routes_and_methods_are_json(small: TestClient) -> None:
    assert code(small.get("/api/none")) == (404, "unknown_route")
    assert code(small.get("/none")) == (404, "unknown_route")
    assert code(small.delete("/api/slots")) == (405, "method_not_allowed")


@pytest.fixture
def without_tables(tmp_path: Path) -> Iterator[TestClient]:
    engine = open_database(f"sqlite:///{tmp_path / 'missing' / 'none.db'}")
    key = settings(var_dir=tmp_path).key_for("practice-api")
    with TestClient(make_app(engine, tmp_path), headers={"X-API-Key": key}, raise_server_exceptions=False) as client:
        yield client


def test_a_failing_database_is_503_with_retry_after(without_tables: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    asks: list[Callable[[], Any]] = [lambda: without_tables.get("/api/slots", params=SLOTS), lambda: book(without_tables)]
    for ask in asks:
        response = ask()
        assert code(response) == (503, "unavailable")
        assert response.headers["Retry-After"] == "1"
    assert "lanted" not in caplog.text + response.text


def test_a_locked_database_is_503_and_recovers(small: TestClient, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "small.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert code(book(small)) == (503, "unavailable")
    other.execute("ROLLBACK")
    other.close()
    assert book(small).status_code == 201


def test_an_unforeseen_error_is_500_and_logs_no_personal_data(
    small: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("Ada Planted, planted@example.com")

    monkeypatch.setattr(AppointmentStore, "book", fail)
    response = book(small)
    assert code(response) == (500, "internal")
    assert "lanted" not in response.text + caplog.text
    assert "RuntimeError" in caplog.text and "test_api.py" in caplog.text


def test_no_personal_data_in_any_log_of_a_whole_booking(small: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    reference = book(small).json()["reference"]
    book(small, name="")
    small.post("/api/appointments/cancel", json={"reference": reference, "email": "planted@example.com"})
    assert "lanted" not in caplog.text


def test_health_says_what_it_depends_on(client: TestClient) -> None:
    assert client.get("/health").json() == {"status": "ok", "depends_on": {"database": "ok"}}


def test_health_is_503_without_the_database(without_tables: TestClient) -> None:
    response = without_tables.get("/health")
    assert (response.status_code, response.json()) == (503, {"status": "unavailable", "depends_on": {"database": "unavailable"}})


def test_health_and_openapi_need_no_key(small: TestClient) -> None:
    small.headers.pop("X-API-Key")
    assert small.get("/health").status_code == 200
    paths = small.get("/openapi.json").json()["paths"]
    assert {path for path in paths if path.startswith("/api")} == {
        "/api/appointment-types",
        "/api/slots",
        "/api/personal-data/upcoming",
        "/api/personal-data/erasures",
        "/api/appointments",
        "/api/appointments/lookup",
        "/api/appointments/move",
        "/api/appointments/cancel",
    }
