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
from bot.practice.booking.appointment import Appointment, BookingRequest, Numbered, Owned, Which
from bot.practice.booking.availability import Window, bookable_window, free_starts, offered_starts
from bot.practice.booking.diary import hold_rules, read_diary, read_types
from bot.practice.booking.errors import IdempotencyConflict, NotFound, SlotNotOffered, SlotTaken, TooLate, UnknownType
from bot.practice.booking.models import appointment, appointment_unit
from bot.practice.booking.reference import new_reference, read_reference
from bot.practice.booking.rules import AppointmentType, Diary, Limits, TypeId
from bot.practice.booking.units import units
from bot.practice.changes import VISITOR, By, Thing, save

KEPT = ("status", "starts_at", "therapist", "no_show_at")
"""Fields of an appointment whose changes are kept."""

ATTEMPTS = 10
"""How often a transaction that lost a race looks again at what is there now; each time another therapist's hour may have gone."""

Also = Callable[[Connection, int], None]
"""What else belongs into the transaction; gets the number of the appointment."""


def _nothing_else(_connection: Connection, _number: int) -> None: ...


class AppointmentStore:
    """The practice's appointments; every instant is aware, and `now` comes from the caller."""

    def __init__(self, engine: Engine, limits: Limits, video_base_url: str) -> None:
        self._engine = engine
        self._limits = limits
        self._video_base_url = video_base_url.rstrip("/")

    def types(self) -> tuple[AppointmentType, ...]:
        """The kinds of consultation that can be booked now."""
        with reading(self._engine) as connection:
            return tuple(kind for kind in read_types(connection).values() if kind.active)

    def free_slots(self, kind: TypeId, window: Window, now: datetime, limit: int | None = None) -> list[datetime]:
        """The free starts of a window, in order of time, at most `limit`; none for a kind that is not offered now.

        Raises:
            UnknownType: there is no such kind of consultation.
        """
        with reading(self._engine) as connection:
            return _free(connection, read_diary(connection, self._limits), kind, window, now)[:limit]

    def book(
        self, request: BookingRequest, idempotency_key: str, now: datetime, by: By = VISITOR, also: Also = _nothing_else
    ) -> Appointment:
        """Books, or gives the appointment that this key has already booked.

        Raises:
            SlotTaken, SlotNotOffered: with the nearest free starts.
            IdempotencyConflict: the key was used for other content.
            UnknownType: there is no such kind of consultation.
        """

        def work(connection: Connection) -> Appointment:
            return self._book(connection, request, idempotency_key, now, by, also)

        return self._in_transaction(work, request.type, request.start, now)

    def find(self, reference: str, email: str) -> Appointment:
        """The appointment of a reference and an e-mail address.

        Raises:
            NotFound: there is none.
        """
        with reading(self._engine) as connection:
            return Appointment.of(_row(connection, Owned(reference, email)))

    def move(self, reference: str, email: str, start: datetime, now: datetime) -> Appointment:
        """Moves a visitor's appointment to another start; doing it again changes nothing.

        Raises:
            NotFound: there is none, or it is cancelled.
            TooLate: it has begun.
            SlotTaken, SlotNotOffered: with the nearest free starts.
        """
        return self.move_which(Owned(reference, email), start, now)

    def cancel(self, reference: str, email: str, now: datetime) -> Appointment:
        """Cancels a visitor's appointment and frees its time; doing it again changes nothing.

        Raises:
            NotFound: there is none.
            TooLate: it has begun.
        """
        return self.cancel_which(Owned(reference, email), now)

    def move_which(self, which: Which, start: datetime, now: datetime, by: By = VISITOR, also: Also = _nothing_else) -> Appointment:
        """The same for whoever may do it.

        Raises:
            Conflict: it was changed since staff looked at it.
        """
        with reading(self._engine) as connection:
            kind = _row(connection, which)["type"]
        return self._in_transaction(lambda connection: self._move(connection, which, start, now, by, also), kind, start, now)

    def cancel_which(self, which: Which, now: datetime, by: By = VISITOR, also: Also = _nothing_else) -> Appointment:
        """The same for whoever may do it.

        Raises:
            Conflict: it was changed since staff looked at it.
        """
        with writing(self._engine) as connection:
            row = _row(connection, which, lock=True)
            if row["status"] == "booked":
                if row["starts_at"] <= now:
                    raise TooLate
                _release(connection, row["id"])
                _change(connection, row, which, by, now, status="cancelled")
                also(connection, row["id"])
            return _by_id(connection, row["id"])

    def hand_over(self, which: Numbered, therapist: str, now: datetime, by: By, also: Also = _nothing_else) -> None:
        """Gives an appointment to another therapist who is free then.

        Raises:
            NotFound: there is none, or it is cancelled.
            TooLate: it has begun.
            SlotTaken: that therapist is not free.
            SlotNotOffered: nobody of this key works now.
            Conflict: it was changed since staff looked at it.
        """
        try:
            with writing(self._engine) as connection:
                hold_rules(connection)
                row = _changeable(connection, which, now)
                if row["therapist"] == therapist:
                    return
                if therapist not in read_diary(connection, self._limits).therapists:
                    raise SlotNotOffered
                _release(connection, row["id"])
                _claim(connection, row["id"], therapist, row["starts_at"], _minutes(row))
                _change(connection, row, which, by, now, therapist=therapist)
                also(connection, row["id"])
        except IntegrityError as taken:
            raise SlotTaken from taken

    def note_no_show(self, which: Numbered, missing: bool, now: datetime, by: By, also: Also = _nothing_else) -> None:
        """Notes that a visitor did not come, or came after all.

        Raises:
            NotFound: there is none, it is cancelled, or it has not begun.
            Conflict: it was changed since staff looked at it.
        """
        with writing(self._engine) as connection:
            row = _row(connection, which, lock=True)
            if row["status"] != "booked" or row["starts_at"] > now:
                raise NotFound
            if (row["no_show_at"] is not None) != missing:
                _change(connection, row, which, by, now, no_show_at=now if missing else None)
                also(connection, row["id"])

    def _in_transaction(self, work: Callable[[Connection], Appointment], kind: TypeId, start: datetime, now: datetime) -> Appointment:
        """Runs the work, again where a constraint refused it: the next look sees what the other one has committed."""
        for _ in range(ATTEMPTS):
            try:
                with writing(self._engine) as connection:
                    hold_rules(connection)
                    return work(connection)
            except IntegrityError:
                continue
            except SlotTaken:
                break
            except SlotNotOffered as refused:
                raise SlotNotOffered(self._nearest(kind, start, now)) from refused
        raise SlotTaken(self._nearest(kind, start, now))

    def _book(self, connection: Connection, request: BookingRequest, key: str, now: datetime, by: By, also: Also) -> Appointment:
        earlier = connection.execute(select(appointment).where(appointment.c.idempotency_key == key)).mappings().first()
        if earlier:
            if earlier["request_digest"] != request.digest():
                raise IdempotencyConflict
            return Appointment.of(earlier)
        diary = read_diary(connection, self._limits)
        kind = _type(diary, request.type)
        # The row comes before the look at the time: whoever repeats a request meets its key here, not its own booking as somebody else's.
        booked = connection.execute(insert(appointment).values(self._new_row(request, kind, key, now)))
        (number,) = booked.inserted_primary_key
        therapist = _somebody_free(connection, diary, kind, request.start, now)
        _claim(connection, number, therapist, request.start, kind.minutes)
        connection.execute(update(appointment).where(appointment.c.id == number).values(therapist=therapist))
        save(connection, _thing(number), None, {}, {"status": "booked"}, by, now)
        also(connection, number)
        return _by_id(connection, number)

    def _move(self, connection: Connection, which: Which, start: datetime, now: datetime, by: By, also: Also) -> Appointment:
        row = _row(connection, which, lock=True)
        if row["status"] == "cancelled":
            raise NotFound
        if row["starts_at"] != start:
            if row["starts_at"] <= now:
                raise TooLate
            diary = read_diary(connection, self._limits)
            kind = diary.types[row["type"]]
            _release(connection, row["id"])
            therapist = _somebody_free(connection, diary, kind, start, now, before=row["therapist"])
            _claim(connection, row["id"], therapist, start, kind.minutes)
            end = start + timedelta(minutes=kind.minutes)
            _change(connection, row, which, by, now, starts_at=start, ends_at=end, therapist=therapist)
            also(connection, row["id"])
        return _by_id(connection, row["id"])

    def _nearest(self, kind: TypeId, start: datetime, now: datetime) -> tuple[datetime, ...]:
        """The three free starts nearest to a start, in order of time; looked for close by first, which is mostly enough."""
        close = Window(start - timedelta(days=3), start + timedelta(days=3))
        all_days = Window(now, now + timedelta(days=self._limits.horizon_days + 1))
        free = self.free_slots(kind, close, now)
        if len(free) < 3:
            free = self.free_slots(kind, all_days, now)
        return tuple(sorted(nsmallest(3, free, key=lambda other: abs(other - start))))

    def _new_row(self, request: BookingRequest, kind: AppointmentType, key: str, now: datetime) -> dict[str, Any]:
        return {
            "reference": new_reference(),
            "idempotency_key": key,
            "request_digest": request.digest(),
            "type": request.type,
            "starts_at": request.start,
            "ends_at": request.start + timedelta(minutes=kind.minutes),
            "name": request.name,
            "email": request.email,
            "phone": request.phone,
            "findings": request.findings_text(),
            "language": request.language,
            "video_url": self._new_video_url() if kind.place == "online" else None,
            "status": "booked",
            "created_at": now,
            "changed_at": now,
        }

    def _new_video_url(self) -> str:
        return f"{self._video_base_url}/medicadermis-{secrets.token_urlsafe(16)}"


def _free(connection: Connection, diary: Diary, kind: TypeId, window: Window, now: datetime) -> list[datetime]:
    offered = _type(diary, kind)
    if not offered.active:
        return []
    window = bookable_window(diary.rules, window, now)
    reach = Window(window.start, window.end + timedelta(minutes=offered.minutes))
    return free_starts(diary.rules, offered.minutes, _calendars(connection, diary, reach).values(), window, now)


def _type(diary: Diary, kind: TypeId) -> AppointmentType:
    if kind not in diary.types:
        raise UnknownType
    return diary.types[kind]


def _somebody_free(
    connection: Connection, diary: Diary, kind: AppointmentType, start: datetime, now: datetime, before: str | None = None
) -> str:
    """The first therapist who is free, `before` all others the one it was with.

    This look is for a clear answer; who really gets the time is decided by the claims' primary key.

    Raises:
        SlotNotOffered, SlotTaken: the practice doesn't offer this start, or nobody is free.
    """
    if not kind.active or start not in offered_starts(diary.rules, kind.minutes, Window(start, start + timedelta(minutes=1)), now):
        raise SlotNotOffered
    calendars = _calendars(connection, diary, Window(start, start + timedelta(minutes=kind.minutes)))
    for therapist in sorted(calendars, key=lambda each: each != before):
        if calendars[therapist].isdisjoint(units(start, kind.minutes)):
            return therapist
    raise SlotTaken


def _calendars(connection: Connection, diary: Diary, window: Window) -> dict[str, set[datetime]]:
    """The units taken within a window, by therapist; of all who work, in their order."""
    c = appointment_unit.c
    query = select(c.therapist, c.unit_start).where(c.unit_start >= window.start, c.unit_start < window.end)
    calendars: dict[str, set[datetime]] = {therapist: set() for therapist in diary.therapists}
    for row in connection.execute(query):
        calendars.get(row.therapist, set()).add(row.unit_start)
    return calendars


def _row(connection: Connection, which: Which, lock: bool = False) -> Mapping[str, Any]:
    """The row of an appointment; locked, nobody else moves or cancels it meanwhile.

    Raises:
        NotFound: there is none, or the e-mail address is another one.
    """
    c = appointment.c
    query = select(appointment).where(
        c.id == which.number if isinstance(which, Numbered) else c.reference == read_reference(which.reference)
    )
    row = connection.execute(query.with_for_update() if lock else query).mappings().first()
    if row is None or (isinstance(which, Owned) and not _same(row["email"], which.email)):
        raise NotFound
    return row


def _changeable(connection: Connection, which: Which, now: datetime) -> Mapping[str, Any]:
    row = _row(connection, which, lock=True)
    if row["status"] == "cancelled":
        raise NotFound
    if row["starts_at"] <= now:
        raise TooLate
    return row


def _same(email: str, other: str) -> bool:
    return hmac.compare_digest(email.casefold().encode(), other.strip().casefold().encode())


def _minutes(row: Mapping[str, Any]) -> int:
    return int((row["ends_at"] - row["starts_at"]) / timedelta(minutes=1))


def _by_id(connection: Connection, number: int) -> Appointment:
    return Appointment.of(connection.execute(select(appointment).where(appointment.c.id == number)).mappings().one())


def _claim(connection: Connection, number: int, therapist: str, start: datetime, minutes: int) -> None:
    claims = [{"therapist": therapist, "unit_start": unit, "appointment_id": number} for unit in units(start, minutes)]
    connection.execute(insert(appointment_unit), claims)


def _release(connection: Connection, number: int) -> None:
    connection.execute(delete(appointment_unit).where(appointment_unit.c.appointment_id == number))


def _change(connection: Connection, row: Mapping[str, Any], which: Which, by: By, now: datetime, **values: Any) -> None:
    """Writes new values, and what they were before.

    Raises:
        Conflict: it was changed since staff looked at it.
    """
    seen = which.seen if isinstance(which, Numbered) else None
    before, after = ({name: _kept(values_[name]) for name in KEPT if name in values} for values_ in (row, values))
    save(connection, _thing(row["id"]), seen, before, after, by, now)
    connection.execute(update(appointment).where(appointment.c.id == row["id"]).values(changed_at=now, **values))


def _kept(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _thing(number: int) -> Thing:
    return Thing("appointment", str(number))
