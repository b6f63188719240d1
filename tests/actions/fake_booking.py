"""The booking backend in memory: the client's calls, results and errors, with a switch for each way of failing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from actions.booking_client import Appointment, AppointmentType, BookingError, Code

MINUTES = {"video": 20, "practice": 30}


class FakeBooking:
    """An appointment book for tests, as strict as the real one: it refuses what the real one refuses."""

    def __init__(self, offered: Iterable[datetime], now: Callable[[], datetime]) -> None:
        self.offered = sorted(offered)
        self.now = now
        self.down = False
        """Nothing is done and nothing answered."""
        self.loses_answer = False
        """The next booking is made, but its answer gets lost."""
        self.calls: list[tuple[str, dict[str, Any]]] = []
        """Every call that changes something, with its content."""
        self.belonging: dict[str, list[Appointment]] = {}
        """Appointments that a conversation made or proved to be its visitor's."""
        self.erased: list[tuple[str, bool]] = []
        """Conversations that were to be erased, and whether their appointments to come stay."""
        self._appointments: dict[str, Appointment] = {}
        self._emails: dict[str, str] = {}
        self._keys: dict[str, tuple[dict[str, Any], str]] = {}

    @property
    def booked(self) -> list[Appointment]:
        """Appointments that hold a time."""
        return [appointment for appointment in self._appointments.values() if appointment.status == "booked"]

    def given(self, start: datetime, email: str = "ada@example.com", kind: str = "video") -> Appointment:
        """An appointment made some other way, also in the past."""
        reference = f"MD-{len(self._appointments) + 2222:04}-2222"
        end = start + timedelta(minutes=MINUTES[kind])
        video_url = f"https://video.example/{reference}" if kind == "video" else None
        self._appointments[reference] = Appointment(reference, kind, start, end, "Ada Lovelace", video_url, "booked")
        self._emails[reference] = email
        return self._appointments[reference]

    def appointment_types(self) -> tuple[AppointmentType, ...]:
        """Both kinds."""
        self._answer()
        return (AppointmentType("video", 20, 0, "online"), AppointmentType("practice", 30, None, "practice"))

    def free_slots(self, kind: str, start: datetime, until: datetime, limit: int = 200) -> tuple[datetime, ...]:
        """Free starts of a window."""
        self._answer()
        if kind not in MINUTES or not start < until or not 1 <= limit <= 2000:
            raise _refused("invalid")
        return tuple(free for free in self._free() if start <= free < until)[:limit]

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
        """Books, once for a key."""
        content = {"kind": kind, "start": start, "name": name, "email": email, "language": language, "phone": phone, "findings": findings}
        self.calls.append(("book", content | {"idempotency_key": idempotency_key}))
        self._answer()
        if not 8 <= len(idempotency_key) <= 100 or kind not in MINUTES or not 1 <= len(name) <= 100 or language not in ("en", "nl"):
            raise _refused("invalid")
        if idempotency_key in self._keys:
            earlier, reference = self._keys[idempotency_key]
            if earlier != content:
                raise _refused("invalid")
            return self._appointments[reference]
        self._check(start)
        appointment = replace(self.given(start, email, kind), name=name)
        self._appointments[appointment.reference] = appointment
        self._keys[idempotency_key] = (content, appointment.reference)
        if self.loses_answer:
            self.loses_answer = False
            raise _refused("unavailable")
        return appointment

    def look_up(self, reference: str, email: str) -> Appointment:
        """By both."""
        self._answer()
        found = self._appointments.get(reference)
        if not found or self._emails[reference].casefold() != email.casefold():
            raise _refused("not_found")
        return found

    def move(self, reference: str, email: str, start: datetime) -> Appointment:
        """To a free start."""
        self.calls.append(("move", {"reference": reference, "email": email, "start": start}))
        found = self.look_up(reference, email)
        if found.status == "cancelled":
            raise _refused("not_found")
        self._in_time(found)
        self._check(start)
        moved = replace(found, start=start, end=start + (found.end - found.start))
        self._appointments[reference] = moved
        return moved

    def cancel(self, reference: str, email: str) -> Appointment:
        """Once or again."""
        self.calls.append(("cancel", {"reference": reference, "email": email}))
        found = self.look_up(reference, email)
        if found.status == "booked":
            self._in_time(found)
        self._appointments[reference] = replace(found, status="cancelled")
        return self._appointments[reference]

    def upcoming(self, conversation: str) -> tuple[Appointment, ...]:
        """Those of a conversation that hold a time to come."""
        self._answer()
        mine = self.belonging.get(conversation, [])
        return tuple(each for each in mine if each.status == "booked" and each.start > self.now())

    def erase(self, conversation: str, keep_upcoming: bool) -> None:
        """Notes it."""
        self._answer()
        self.erased.append((conversation, keep_upcoming))

    def _answer(self) -> None:
        if self.down:
            raise _refused("unavailable")

    def _in_time(self, appointment: Appointment) -> None:
        if appointment.start <= self.now():
            raise _refused("too_late")

    def _check(self, start: datetime) -> None:
        if start.tzinfo != timezone.utc or start not in self.offered or start <= self.now():
            raise _refused("slot_not_offered", self._free()[:3])
        if start not in self._free():
            raise _refused("slot_taken", self._free()[:3])

    def _free(self) -> list[datetime]:
        taken = {appointment.start for appointment in self.booked}
        return [start for start in self.offered if start not in taken and start > self.now()]


def _refused(code: Code, alternatives: Iterable[datetime] = ()) -> BookingError:
    return BookingError(code, "fake", tuple(alternatives))
