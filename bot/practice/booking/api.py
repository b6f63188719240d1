"""The booking backend's HTTP API."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Header, Query, Request, Security
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import APIKeyHeader

from bot.practice.booking.availability import Window
from bot.practice.booking.contents import AppointmentReply, BookContent, Identified, MoveContent, SlotsReply, TypeReply, instant, iso
from bot.practice.booking.errors import BookingRefused, NotFound, UnknownType
from bot.practice.booking.rules import TypeId
from bot.practice.booking.store import AppointmentStore
from bot.practice.errors import ErrorReply, error_reply

Clock = Callable[[], datetime]
"""Gives the present instant, aware."""


class RefusedReply(ErrorReply):
    """Why not, and the nearest free starts, in order of time, where another one would do."""

    alternatives: list[str]


def booking_router(store: AppointmentStore, clock: Clock) -> APIRouter:
    """The routes below `/api`; the key itself is checked by `RequireKey`, before a body is read."""
    document_key = Security(APIKeyHeader(name="X-API-Key", auto_error=False))
    router = APIRouter(prefix="/api", dependencies=[document_key], responses=_errors(401, 422, 503))
    _add_questions(router, store, clock)
    _add_booking(router, store, clock)
    _add_changes(router, store, clock)
    return router


def refused(_request: Request, error: Exception) -> JSONResponse:
    """The answer to what can't be booked, found, moved or cancelled."""
    assert isinstance(error, BookingRefused)
    if isinstance(error, NotFound):
        return error_reply(404, error.code, str(error))
    if isinstance(error, UnknownType):
        return error_reply(422, error.code, str(error))
    alternatives = [iso(start) for start in getattr(error, "alternatives", ())]
    return error_reply(409, error.code, str(error), alternatives=alternatives)


def _add_questions(router: APIRouter, store: AppointmentStore, clock: Clock) -> None:
    @router.get("/appointment-types")
    def appointment_types() -> list[TypeReply]:
        """What can be booked now."""
        return [TypeReply.of(kind) for kind in store.types()]

    @router.get("/slots")
    def slots(
        kind: TypeId = Query(alias="type", max_length=20),
        start: str = Query(alias="from", description="first instant, such as 2026-12-04T13:00:00Z"),
        until: str = Query(description="instant at which the search ends, itself excluded"),
        limit: int = Query(200, ge=1, le=2000),
    ) -> SlotsReply:
        """Free starts within a stretch of time."""
        window = Window(_instant(start, "from"), _instant(until, "until"))
        if window.end <= window.start:
            raise _invalid("until", "must be after from")
        return SlotsReply(slots=[iso(found) for found in store.free_slots(kind, window, clock(), limit)])


def _add_booking(router: APIRouter, store: AppointmentStore, clock: Clock) -> None:
    @router.post("/appointments", status_code=201, responses=_errors(409))
    def book(content: BookContent, idempotency_key: str = Header(min_length=8, max_length=100, pattern="^[!-~]+$")) -> AppointmentReply:
        """Books; the same key with the same content again gives the same appointment."""
        return AppointmentReply.of(store.book(content.request(), idempotency_key, clock()))


def _add_changes(router: APIRouter, store: AppointmentStore, clock: Clock) -> None:
    @router.post("/appointments/lookup", responses=_errors(404))
    def look_up(content: Identified) -> AppointmentReply:
        """An appointment, cancelled or not."""
        return AppointmentReply.of(store.find(content.reference, content.email))

    @router.post("/appointments/move", responses=_errors(404, 409))
    def move(content: MoveContent) -> AppointmentReply:
        """Moves an appointment; the same again changes nothing, a cancelled one is not found."""
        return AppointmentReply.of(store.move(content.reference, content.email, content.start, clock()))

    @router.post("/appointments/cancel", responses=_errors(404, 409))
    def cancel(content: Identified) -> AppointmentReply:
        """Cancels an appointment; the same again changes nothing."""
        return AppointmentReply.of(store.cancel(content.reference, content.email, clock()))


def _errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Errors of a route for the API's description."""
    return {status: {"model": RefusedReply if status == 409 else ErrorReply} for status in statuses}


def _instant(text: str, name: str) -> datetime:
    try:
        return instant(text)
    except ValueError as error:
        raise _invalid(name, str(error)) from error


def _invalid(name: str, message: str) -> RequestValidationError:
    return RequestValidationError([{"loc": ("query", name), "msg": message, "type": "value_error"}])
