"""From what staff knows of somebody to their records: by e-mail address, telephone number, reference or conversation."""

import json
import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.engine import Connection

from bot.channels.messaging.schema import people
from bot.database import reading
from bot.practice.booking.contents import telephone
from bot.practice.booking.models import appointment
from bot.practice.booking.reference import read_reference
from bot.practice.console.conversations.events import events
from bot.practice.console.conversations.models import conversation, message
from bot.privacy.databases import Databases
from bot.privacy.mentions import is_email, like, pattern
from bot.privacy.person import Person

MOST = 10
"""Things asked for at once."""
CONVERSATION = re.compile(r"#?([1-9][0-9]{0,8})")
SENDER = re.compile(r"(?:web|whatsapp|telegram)-[0-9a-zA-Z-]{1,80}")
EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]+")


class NotReadable(Exception):
    """What was asked for is no e-mail address, telephone number, reference or conversation; carries nothing of it."""


def find_person(databases: Databases, asked: str) -> Person:
    """The records that belong to what was asked for; none where nothing is known. Several things are separated by commas.

    Conversations in which the value was typed, appointments that carry it, and what belongs to these: the appointments that a
    conversation booked or looked up, and the conversations that booked an appointment. Not what only shares a number with these:
    households do (`also_named`).

    Raises:
        NotReadable: nothing that can be looked for.
    """
    parts = [part.strip() for part in re.split(r"[,;\n]", asked) if part.strip()][:MOST]
    values = {part: normal(part) for part in parts}
    if not values:
        raise NotReadable
    senders: frozenset[str] = frozenset()
    appointments: frozenset[int] = frozenset()
    for part, value in values.items():
        if value is None:
            senders |= _senders_of(databases, part)
        else:
            senders |= _senders_saying(databases, value) | _senders_reached_at(databases, value)
            appointments |= _appointments_with(databases, value)
    senders |= _senders_that_booked(databases, appointments)
    appointments |= appointments_of(databases, senders)
    return Person(senders, appointments, frozenset(filter(None, values.values())))


def also_named(databases: Databases, person: Person) -> list[str]:
    """E-mail addresses and numbers that a person's appointments carry and that were not asked for: to be looked for too, if they are theirs."""
    query = select(appointment.c.email, appointment.c.phone).where(appointment.c.id.in_(person.appointments))
    with reading(databases.practice) as connection:
        found = connection.execute(query).all()
    named = {row.email.lower() for row in found} | {row.phone for row in found if row.phone}
    return sorted(named - person.values)


def normal(asked: str) -> str | None:
    """An e-mail address in lower case, a telephone number in E.164 or a reference as it is written; None for a conversation.

    Raises:
        NotReadable: it is nothing of all this.
    """
    if EMAIL.fullmatch(asked):
        return asked.lower()
    if reference := read_reference(asked):
        return reference
    try:
        return telephone(asked)
    except ValueError:
        pass
    if CONVERSATION.fullmatch(asked) or SENDER.fullmatch(asked):
        return None
    raise NotReadable


def appointments_of(databases: Databases, senders: Iterable[str]) -> frozenset[int]:
    """The appointments that conversations have booked, and those that they proved to be theirs by reference and e-mail address."""
    found: set[int] = set()
    if not databases.has("assistant", events.name):
        return frozenset()
    for sender in senders:
        with reading(databases.assistant) as connection:
            booked, claimed, emails = _told(connection, sender)
        with reading(databases.practice) as connection:
            a = appointment.c
            proved = a.reference.in_(claimed) & func.lower(a.email).in_(emails)
            found |= set(connection.execute(select(a.id).where(or_(a.reference.in_(booked), proved))).scalars())
    return frozenset(found)


def _told(connection: Connection, sender: str) -> tuple[set[str], set[str], set[str]]:
    """References that the conversation booked, references and e-mail addresses that were told in it."""
    slots: dict[str, set[str]] = {"booked": set(), "reference": set(), "email": set()}
    told = select(events.c.action_name, events.c.data).where(
        events.c.sender_id == sender, events.c.type_name == "slot", events.c.action_name.in_(slots)
    )
    for name, data in connection.execute(told):
        value = json.loads(data).get("value")
        if isinstance(value, str):
            slots[name].add(value)
    return slots["booked"], slots["reference"], {email.lower() for email in slots["email"]}


def _appointments_with(databases: Databases, value: str) -> frozenset[int]:
    a = appointment.c
    column: Any = func.lower(a.email) if is_email(value) else a.phone if value.startswith("+") else a.reference
    with reading(databases.practice) as connection:
        return frozenset(connection.execute(select(a.id).where(column == value)).scalars())


def _senders_saying(databases: Databases, value: str) -> frozenset[str]:
    """Conversations in which the value was typed, by the console's copy of what visitors typed."""
    query = select(conversation.c.sender, message.c.text).join(message, message.c.conversation_id == conversation.c.id)
    with reading(databases.practice) as connection:
        found = connection.execute(query.where(like(message.c.text, value))).all()
    return frozenset(row.sender for row in found if pattern(value).search(row.text))


def _senders_reached_at(databases: Databases, value: str) -> frozenset[str]:
    """People on a messaging platform with this number."""
    if not value.startswith("+") or not databases.has("messaging", people.name):
        return frozenset()
    digits = value.lstrip("+")
    with reading(databases.messaging) as connection:
        found = connection.execute(select(people.c.conversation, people.c.address).where(people.c.address.contains(digits))).all()
    return frozenset(row.conversation for row in found if digits in (str(id_).lstrip("+") for id_ in json.loads(row.address).values()))


def _senders_that_booked(databases: Databases, appointments: Iterable[int]) -> frozenset[str]:
    with reading(databases.practice) as connection:
        references = connection.execute(select(appointment.c.reference).where(appointment.c.id.in_(appointments))).scalars().all()
        booked = select(conversation.c.sender).where(conversation.c.reference.in_(references))
        return frozenset(connection.execute(booked).scalars())


def _senders_of(databases: Databases, asked: str) -> frozenset[str]:
    """By the conversation's number in the console or its name in the assistant's database."""
    number = CONVERSATION.fullmatch(asked)
    if number:
        with reading(databases.practice) as connection:
            found = connection.execute(select(conversation.c.sender).where(conversation.c.id == int(number[1]))).scalars()
            return frozenset(found)
    return frozenset([asked])
