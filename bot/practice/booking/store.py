"""Booking, looking up, moving and cancelling: each one transaction, held by the database's constraints."""

import hmac
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from heapq import nsmallest
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError

from bot.database import reading, writing
from bot.practice.booking.appointment import Appointment, BookingRequest
from bot.practice.booking.availability import Window, bookable_window, free_starts, offered_starts
from bot.practice.booking.errors import IdempotencyConflict, NotFound, SlotNotOffered, SlotTaken, TooLate
from bot.practice.booking.models import appointment, appointment_unit
from bot.practice.booking.reference import new_reference, read_reference
from bot.practice.booking.rules import AppointmentType, Rules, TypeId
from bot.practice.booking.units import units

THERAPIST = "practice"
"""Whose calendar it is: one for the whole practice so far."""

ATTEMPTS = 3
"""How often a transaction that lost a race looks again at what is there now."""


class AppointmentStore:
    """The practice's appointments; every instant is aware, and `now` comes from the caller."""

    def __init__(self, engine: Engine, rules: Rules, types: tuple[AppointmentType, ...], video_base_url: str) -> None:
        self._engine = engine
        self._rules = rules
        self._minutes: Mapping[str, int] = {kind.id: kind.minutes for kind in types}
        self._video_base_url = video_base_url.rstrip("/")

    def free_slots(self, kind: TypeId, window: Window, now: datetime, limit: int | None = None) -> list[datetime]:
        """The free starts of a window, in order of time, at most `limit`."""
        with reading(self._engine) as connection:
            return self._free(connection, kind, window, now)[:limit]

    def book(self, request: BookingRequest, idempotency_key: str, now: datetime) -> Appointment:
        """Books, or gives the appointment that this key has already booked.

        Raises:
            SlotTaken, SlotNotOffered: with the nearest free starts.
            IdempotencyConflict: the key was used for other content.
        """
        kind, start = request.type, request.start
        offered = self._is_offered(kind, start, now)
        return self._in_transaction(lambda connection: self._book(connection, request, idempotency_key, offered, now), kind, start, now)

    def find(self, reference: str, email: str) -> Appointment:
        """The appointment of a reference and an e-mail address.

        Raises:
            NotFound: there is none.
        """
        with reading(self._engine) as connection:
            return Appointment.of(_row(connection, reference, email))

    def move(self, reference: str, email: str, start: datetime, now: datetime) -> Appointment:
        """Moves an appointment to another start; doing it again changes nothing.

        Raises:
            NotFound: there is none, or it is cancelled.
            TooLate: it has begun.
            SlotTaken, SlotNotOffered: with the nearest free starts.
        """
        kind = self.find(reference, email).type
        offered = self._is_offered(kind, start, now)
        return self._in_transaction(lambda connection: self._move(connection, reference, email, start, offered, now), kind, start, now)

    def cancel(self, reference: str, email: str, now: datetime) -> Appointment:
        """Cancels an appointment and frees its time; doing it again changes nothing.

        Raises:
            NotFound: there is none.
            TooLate: it has begun.
        """
        with writing(self._engine) as connection:
            row = _row(connection, reference, email, lock=True)
            if row["status"] == "booked":
                if row["starts_at"] <= now:
                    raise TooLate
                _release(connection, row["id"])
                _change(connection, row["id"], status="cancelled", changed_at=now)
            return _by_id(connection, row["id"])

    def _in_transaction(self, work: Callable[[Connection], Appointment], kind: TypeId, start: datetime, now: datetime) -> Appointment:
        """Runs the work, again where a constraint refused it: the next look sees what the other one has committed."""
        for _ in range(ATTEMPTS):
            try:
                with writing(self._engine) as connection:
                    return work(connection)
            except IntegrityError:
                continue
            except SlotTaken:
                break
            except SlotNotOffered as refused:
                raise SlotNotOffered(self._nearest(kind, start, now)) from refused
        raise SlotTaken(self._nearest(kind, start, now))

    def _book(self, connection: Connection, request: BookingRequest, key: str, offered: bool, now: datetime) -> Appointment:
        earlier = connection.execute(select(appointment).where(appointment.c.idempotency_key == key)).mappings().first()
        if earlier:
            if earlier["request_digest"] != request.digest():
                raise IdempotencyConflict
            return Appointment.of(earlier)
        # The row comes before the look at the time: whoever repeats a request meets its key here, not its own booking as somebody else's.
        booked = connection.execute(insert(appointment).values(self._new_row(request, key, now)))
        (identity,) = booked.inserted_primary_key
        self._check(connection, request.type, request.start, offered)
        self._claim(connection, identity, request.type, request.start)
        return _by_id(connection, identity)

    def _move(self, connection: Connection, reference: str, email: str, start: datetime, offered: bool, now: datetime) -> Appointment:
        row = _row(connection, reference, email, lock=True)
        if row["status"] == "cancelled":
            raise NotFound
        if row["starts_at"] != start:
            if row["starts_at"] <= now:
                raise TooLate
            _release(connection, row["id"])
            self._check(connection, row["type"], start, offered)
            self._claim(connection, row["id"], row["type"], start)
            _change(connection, row["id"], starts_at=start, ends_at=self._end(row["type"], start), changed_at=now)
        return _by_id(connection, row["id"])

    def _is_offered(self, kind: TypeId, start: datetime, now: datetime) -> bool:
        """Whether the practice offers this start, taken or not; asked before a transaction, which then holds its locks for less long."""
        return start in offered_starts(self._rules, self._minutes[kind], Window(start, start + timedelta(minutes=1)), now)

    def _check(self, connection: Connection, kind: TypeId, start: datetime, offered: bool) -> None:
        """Refuses a start that is not offered or not free.

        This look is for a clear answer; who really gets the time is decided by the claims' primary key.
        """
        if not offered:
            raise SlotNotOffered
        if _claimed(connection, Window(start, self._end(kind, start))):
            raise SlotTaken

    def _free(self, connection: Connection, kind: TypeId, window: Window, now: datetime) -> list[datetime]:
        minutes = self._minutes[kind]
        window = bookable_window(self._rules, window, now)
        reach = Window(window.start, window.end + timedelta(minutes=minutes))
        return free_starts(self._rules, minutes, _claimed(connection, reach), window, now)

    def _nearest(self, kind: TypeId, start: datetime, now: datetime) -> tuple[datetime, ...]:
        """The three free starts nearest to a start, in order of time; looked for close by first, which is mostly enough."""
        close = Window(start - timedelta(days=3), start + timedelta(days=3))
        all_days = Window(now, now + timedelta(days=self._rules.horizon_days + 1))
        free = self.free_slots(kind, close, now)
        if len(free) < 3:
            free = self.free_slots(kind, all_days, now)
        return tuple(sorted(nsmallest(3, free, key=lambda other: abs(other - start))))

    def _claim(self, connection: Connection, identity: int, kind: TypeId, start: datetime) -> None:
        claims = [{"therapist": THERAPIST, "unit_start": unit, "appointment_id": identity} for unit in units(start, self._minutes[kind])]
        connection.execute(insert(appointment_unit), claims)

    def _end(self, kind: TypeId, start: datetime) -> datetime:
        return start + timedelta(minutes=self._minutes[kind])

    def _new_row(self, request: BookingRequest, key: str, now: datetime) -> dict[str, Any]:
        return {
            "reference": new_reference(),
            "idempotency_key": key,
            "request_digest": request.digest(),
            "type": request.type,
            "starts_at": request.start,
            "ends_at": self._end(request.type, request.start),
            "name": request.name,
            "email": request.email,
            "phone": request.phone,
            "findings": request.findings_text(),
            "language": request.language,
            "video_url": self._new_video_url() if request.type == "video" else None,
            "status": "booked",
            "created_at": now,
            "changed_at": now,
        }

    def _new_video_url(self) -> str:
        return f"{self._video_base_url}/medicadermis-{secrets.token_urlsafe(16)}"


def _claimed(connection: Connection, window: Window) -> set[datetime]:
    """The units taken within a window."""
    query = select(appointment_unit.c.unit_start).where(
        appointment_unit.c.therapist == THERAPIST,
        appointment_unit.c.unit_start >= window.start,
        appointment_unit.c.unit_start < window.end,
    )
    return set(connection.execute(query).scalars())


def _row(connection: Connection, reference: str, email: str, lock: bool = False) -> Mapping[str, Any]:
    """The row of a reference and an e-mail address; locked, nobody else moves or cancels it meanwhile."""
    query = select(appointment).where(appointment.c.reference == read_reference(reference))
    row = connection.execute(query.with_for_update() if lock else query).mappings().first()
    if row is None or not _same(row["email"], email):
        raise NotFound
    return row


def _same(email: str, other: str) -> bool:
    return hmac.compare_digest(email.casefold().encode(), other.strip().casefold().encode())


def _by_id(connection: Connection, identity: int) -> Appointment:
    return Appointment.of(connection.execute(select(appointment).where(appointment.c.id == identity)).mappings().one())


def _release(connection: Connection, identity: int) -> None:
    connection.execute(delete(appointment_unit).where(appointment_unit.c.appointment_id == identity))


def _change(connection: Connection, identity: int, **values: Any) -> None:
    connection.execute(update(appointment).where(appointment.c.id == identity).values(**values))
