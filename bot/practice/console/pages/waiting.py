"""People who wait for one of the staff."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from sqlalchemy.engine import Connection

from bot.channels.messaging import outbox
from bot.database import reading, writing
from bot.practice.console.conversations import people
from bot.practice.console.conversations.people import Place
from bot.practice.console.conversations.summary import Outcome
from bot.practice.console.conversations.undelivered import phones_of, undelivered
from bot.practice.console.staff.accounts import Role
from bot.practice.console.visit import Number, Visit, visit_of

router = APIRouter(prefix="/waiting")


@router.get("")
def show(after: str = "", late: str = "", visit: Visit = Depends(visit_of)) -> Response:
    """Who waits, and how to reach them; that it was seen is recorded, since contact details are shown."""
    with writing(visit.console.engine) as connection:
        visit.record(connection, "waiting_seen")
    with reading(visit.console.engine) as connection:
        rows, next_page = people.waiting_people(connection, Place.read(after))
        done, number = people.done_lately(connection), people.number_waiting(connection)
    databases = visit.console.databases
    messages = [] if after else undelivered(databases)
    senders = [row["sender"] for row in rows] + [message.sender for message in messages]
    with reading(visit.console.conversations) as connection:
        contacts = people.contacts(connection, senders) if senders else {}
    for sender, phone in phones_of(databases, senders).items():
        contacts.setdefault(sender, {}).setdefault("phone", phone)
    facts: dict[str, Any] = {"rows": rows, "next_page": next_page, "done": done, "number": number, "contacts": contacts, "late": bool(late)}
    facts |= {"messages": messages, "number": number + len(messages)}
    return visit.page("waiting.html", outcomes=list(Outcome), parts=people.CONTACT, may_change=visit.who.role >= Role.REVIEWER, **facts)


@router.post("/{number}/take")
def take(number: Number, visit: Visit = Depends(visit_of)) -> Response:
    """Takes somebody on."""
    return _change(visit, number, lambda connection: people.take(connection, number, visit.who, visit.now), "waiting_taken")


@router.post("/{number}/give-back")
def give_back(number: Number, visit: Visit = Depends(visit_of)) -> Response:
    """Lets a colleague take it."""
    return _change(visit, number, lambda connection: people.give_back(connection, number), "waiting_given_back")


@router.post("/{number}/done")
def finish(number: Number, visit: Visit = Depends(visit_of)) -> Response:
    """Is done with somebody."""
    return _change(visit, number, lambda connection: people.finish(connection, number, visit.who, visit.now), "waiting_done")


@router.post("/messages/{number}/again")
def send_again(number: Number, visit: Visit = Depends(visit_of)) -> Response:
    """Sends a message again that did not arrive."""
    return _change_message(visit, number, lambda: outbox.send_again(visit.console.messaging, number, visit.now), "message_sent_again")


@router.post("/messages/{number}/done")
def finish_message(number: Number, visit: Visit = Depends(visit_of)) -> Response:
    """Is done with a message that did not arrive."""
    return _change_message(visit, number, lambda: outbox.give_up(visit.console.messaging, number), "message_given_up")


def _change_message(visit: Visit, number: int, change: Callable[[], bool], action: str) -> Response:
    """The record comes first: it is in another database than the message, and nothing may be done unrecorded."""
    with writing(visit.console.engine) as connection:
        known = any(message.number == number for message in undelivered(visit.console.databases))
        if known:
            visit.record(connection, action, f"message:{number}")
    return visit.go("/waiting" if known and change() else "/waiting?late=yes")


def _change(visit: Visit, number: int, change: Callable[[Connection], bool], action: str) -> Response:
    """Changes it and records that; where a colleague was quicker, the page says so."""
    with writing(visit.console.engine) as connection:
        changed = change(connection)
        if changed:
            visit.record(connection, action, f"conversation:{number}")
    return visit.go("/waiting" if changed else "/waiting?late=yes")
