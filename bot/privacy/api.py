"""What the chat asks of the practice when a visitor wants their data deleted; the API's key is checked before."""

from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter
from pydantic import Field, StrictBool, StrictStr
from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.database import reading, writing
from bot.practice.booking.appointment import Appointment
from bot.practice.booking.contents import AppointmentReply, Content
from bot.practice.booking.models import appointment
from bot.practice.console.audit import record
from bot.privacy import erasure
from bot.privacy.databases import Databases
from bot.privacy.person import Person
from bot.privacy.search import SENDER, appointments_of


class OfConversation(Content):
    """Which conversation."""

    conversation: StrictStr = Field(regex=f"^{SENDER.pattern}$", description="the assistant's id of it")


class ErasureContent(OfConversation):
    """What is to be erased."""

    keep_upcoming: StrictBool = Field(description="whether the appointments to come stay")


def privacy_router(databases: Callable[[], Databases], clock: Callable[[], datetime]) -> APIRouter:
    """The routes below `/api/personal-data`."""
    router = APIRouter(prefix="/api/personal-data")

    @router.post("/upcoming")
    def upcoming(content: OfConversation) -> list[AppointmentReply]:
        """Appointments to come that the conversation booked, or proved to be its visitor's by reference and e-mail address."""
        mine = appointments_of(databases(), [content.conversation])
        with reading(databases().practice) as connection:
            return [AppointmentReply.of(found) for found in _to_come(connection, mine, clock())]

    @router.post("/erasures", status_code=202)
    def erase(content: ErasureContent) -> dict[str, bool]:
        """Erases the conversation and its appointments as soon as its last answer is given."""
        now, mine = clock(), appointments_of(databases(), [content.conversation])
        with writing(databases().practice) as connection:
            if content.keep_upcoming:
                mine -= {found.id for found in _to_come(connection, mine, now)}
            person = Person(frozenset([content.conversation]), mine)
            number = erasure.ask(connection, person, erasure.VISITOR, now, now + erasure.SETTLING)
            record(connection, erasure.VISITOR, "person_erased", f"erasure:{number}", now)
        return {"accepted": True}

    return router


def _to_come(connection: Connection, numbers: frozenset[int], now: datetime) -> list[Appointment]:
    to_come = appointment.c.id.in_(numbers), appointment.c.starts_at > now, appointment.c.status == "booked"
    rows = connection.execute(select(appointment).where(*to_come).order_by(appointment.c.starts_at)).mappings()
    return [Appointment.of(row) for row in rows]
