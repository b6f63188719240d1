"""The one client of the practice's booking backend: typed results, or BookingError."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Literal, TypeVar

import requests
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError

T = TypeVar("T")

CONNECT_SECONDS = 0.5
READ_SECONDS = 1.7
TOTAL_SECONDS = 3.6
"""Longest time for a call with its second try: a visitor gets an answer within five seconds."""

SHORTEST_TRY_SECONDS = 0.7
"""A second try with less time than this is not worth making."""

REPLY_LIMIT = 1024 * 1024
"""Largest answer that is read, in bytes."""

Code = Literal["unavailable", "slot_taken", "slot_not_offered", "not_found", "too_late", "invalid"]

CODES: Mapping[tuple[int, str], Code] = {
    (404, "not_found"): "not_found",
    (409, "slot_taken"): "slot_taken",
    (409, "slot_not_offered"): "slot_not_offered",
    (409, "too_late"): "too_late",
    (409, "idempotency_conflict"): "invalid",
    (422, "invalid"): "invalid",
    (413, "too_long"): "invalid",
    (400, "malformed"): "invalid",
}
"""What the backend's refusals are called here; every other answer makes the backend unavailable."""


class BookingError(Exception):
    """The one error of the client; carries no personal data."""

    def __init__(self, code: Code, reason: str, alternatives: tuple[datetime, ...] = ()) -> None:
        super().__init__(f"{code}: {reason}")
        self.code: Code = code
        """unavailable: try later; slot_taken, slot_not_offered: another time; not_found; too_late: it has begun; invalid: other content."""
        self.alternatives = alternatives
        """The nearest free starts in UTC, in order of time; with slot_taken and slot_not_offered."""


@dataclass(frozen=True)
class Appointment:
    """A booked or cancelled appointment."""

    reference: str
    type: str
    start: datetime
    """UTC."""
    end: datetime
    """UTC."""
    name: str
    video_url: str | None
    """Where the video consultation takes place; None for one in the practice."""
    status: Literal["booked", "cancelled"]


@dataclass(frozen=True)
class AppointmentType:
    """A kind of consultation."""

    id: str
    minutes: int
    price_cents: int | None
    """0 is free; None where the practice names no price."""
    place: Literal["online", "practice"]


class BookingClient:
    """Calls the booking backend; every call gives its result or raises BookingError, within TOTAL_SECONDS.

    Each call is repeated once when the backend can't be reached or fails: all are safe to repeat, booking by its idempotency key,
    moving and cancelling because doing it again changes nothing.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        session: requests.Session | None = None,
        timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS),
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._api_key = api_key
        self._session = session or _own_session()
        self._connect_seconds, self._read_seconds = timeout

    def appointment_types(self) -> tuple[AppointmentType, ...]:
        """What can be booked."""
        reply = self._call("GET", "/api/appointment-types")
        return _understood(lambda: tuple(_type(entry) for entry in _typed(reply, list)))

    def free_slots(self, kind: str, start: datetime, until: datetime, limit: int = 200) -> tuple[datetime, ...]:
        """Free starts from `start` on and before `until`, in UTC and in order of time."""
        query = {"type": kind, "from": _iso(start), "until": _iso(until), "limit": str(limit)}
        reply = self._call("GET", "/api/slots", query=query)
        return _understood(lambda: _instants(_typed(reply, dict)["slots"]))

    def book(
        self,
        idempotency_key: str,
        kind: str,
        start: datetime,
        name: str,
        email: str,
        language: str,
        phone: str | None = None,
        findings: Mapping[str, str] | None = None,
    ) -> Appointment:
        """Books; the same key (8 to 100 signs) with the same content again gives the same appointment.

        Raises:
            BookingError: slot_taken, slot_not_offered (both with alternatives), invalid, unavailable. After `unavailable` the booking may
                have been made: repeat it with the same key.
        """
        content = {
            "type": kind,
            "start": _iso(start),
            "name": name,
            "email": email,
            "language": language,
            "phone": phone,
            "findings": dict(findings) if findings else None,
        }
        return self._appointment("/api/appointments", content, {"Idempotency-Key": idempotency_key})

    def look_up(self, reference: str, email: str) -> Appointment:
        """The appointment of a reference and an e-mail address; BookingError not_found if there is none."""
        return self._appointment("/api/appointments/lookup", {"reference": reference, "email": email})

    def move(self, reference: str, email: str, start: datetime) -> Appointment:
        """Moves an appointment; BookingError not_found, too_late, slot_taken or slot_not_offered if it can't be."""
        return self._appointment("/api/appointments/move", {"reference": reference, "email": email, "start": _iso(start)})

    def cancel(self, reference: str, email: str) -> Appointment:
        """Cancels an appointment; BookingError not_found or too_late if it can't be."""
        return self._appointment("/api/appointments/cancel", {"reference": reference, "email": email})

    def upcoming(self, conversation: str) -> tuple[Appointment, ...]:
        """The appointments to come that a conversation made, or proved to be its visitor's."""
        reply = self._call("POST", "/api/personal-data/upcoming", content={"conversation": conversation})
        return _understood(lambda: tuple(_booked(entry) for entry in _typed(reply, list)))

    def erase(self, conversation: str, keep_upcoming: bool) -> None:
        """Has everything about a conversation erased soon, with its appointments; those to come stay if wanted."""
        self._call("POST", "/api/personal-data/erasures", content={"conversation": conversation, "keep_upcoming": keep_upcoming})

    def _appointment(self, path: str, content: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Appointment:
        reply = self._call("POST", path, content=content, headers=headers)
        return _understood(lambda: _booked(_typed(reply, dict)))

    def _call(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        content: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """The JSON of a good answer, from the first or the second try."""
        deadline = time.monotonic() + TOTAL_SECONDS
        request = self._prepared(requests.Request(method, self._base_url + path, dict(headers or {}), params=query, json=content))
        try:
            return self._try(request, deadline)
        except BookingError as error:
            if error.code != "unavailable" or deadline - time.monotonic() < SHORTEST_TRY_SECONDS:
                raise
        return self._try(request, deadline)

    def _prepared(self, request: requests.Request) -> requests.PreparedRequest:
        request.headers.update({"X-API-Key": self._api_key, "Accept": "application/json"})
        try:
            return self._session.prepare_request(request)
        except (RequestException, ValueError) as error:
            # What can't even be written as a request, such as a header with a line break.
            raise BookingError("invalid", type(error).__name__) from None

    def _try(self, request: requests.PreparedRequest, deadline: float) -> Any:
        left = deadline - time.monotonic() - self._connect_seconds
        timeout = (self._connect_seconds, max(0.1, min(self._read_seconds, left)))
        try:
            with self._session.send(request, timeout=timeout, stream=True, allow_redirects=False) as response:
                body = _read(response, deadline)
        except (RequestException, HTTPError, OSError, ValueError) as error:
            # The cause is left out: it names the address that was called and can carry what was sent.
            raise BookingError("unavailable", type(error).__name__) from None
        return _answer(response.status_code, body)


def _own_session() -> requests.Session:
    """A session that keeps its connections and asks no proxy, since the backend is on this machine or network."""
    session = requests.Session()
    session.trust_env = False
    return session


def _read(response: requests.Response, deadline: float) -> bytes:
    """The body, given up where it is endless or comes too slowly."""
    body = b""
    while chunk := response.raw.read1(64 * 1024, decode_content=True):
        body += chunk
        if len(body) > REPLY_LIMIT or time.monotonic() > deadline:
            raise BookingError("unavailable", "the answer is too long or too slow")
    return body


def _answer(status: int, body: bytes) -> Any:
    """The JSON of a good answer; BookingError for every other one."""
    try:
        reply = json.loads(body)
    except (ValueError, RecursionError):
        raise BookingError("unavailable", f"status {status} without JSON") from None
    if status in (200, 201, 202):
        return reply
    error = reply.get("error") if isinstance(reply, dict) else None
    name = error.get("code") if isinstance(error, dict) else None
    code = CODES.get((status, name), "unavailable") if isinstance(name, str) else "unavailable"
    alternatives = _understood(lambda: _instants(reply["alternatives"])) if code in ("slot_taken", "slot_not_offered") else ()
    raise BookingError(code, f"status {status}", alternatives)


def _understood(read: Callable[[], T]) -> T:
    """What `read` makes of an answer; an answer of another shape makes the backend unavailable."""
    try:
        return read()
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise BookingError("unavailable", f"unexpected answer: {type(error).__name__}") from None


def _booked(reply: Mapping[str, Any]) -> Appointment:
    return Appointment(
        reference=_typed(reply["reference"], str),
        type=_typed(reply["type"], str),
        start=_instant(reply["start"]),
        end=_instant(reply["end"]),
        name=_typed(reply["name"], str),
        video_url=None if reply["video_url"] is None else _typed(reply["video_url"], str),
        status=_one_of(reply["status"], "booked", "cancelled"),
    )


def _type(reply: Any) -> AppointmentType:
    entry = _typed(reply, dict)
    return AppointmentType(
        id=_typed(entry["id"], str),
        minutes=_typed(entry["minutes"], int),
        price_cents=None if entry["price_cents"] is None else _typed(entry["price_cents"], int),
        place=_one_of(entry["place"], "online", "practice"),
    )


def _typed(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise TypeError(kind.__name__)
    return value


def _one_of(value: Any, *allowed: str) -> Any:
    if value not in allowed:
        raise ValueError(allowed)
    return value


def _instants(texts: Any) -> tuple[datetime, ...]:
    return tuple(_instant(text) for text in _typed(texts, list))


def _instant(text: Any) -> datetime:
    return datetime.strptime(_typed(text, str), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)


def _iso(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
