"""Cards for treatments and appointments: the facts that a channel lays out."""

from datetime import date
from itertools import groupby
from typing import Any

from actions.booking_client import Appointment
from actions.say import payload
from actions.spoken import HERE, spoken_day, spoken_moment, spoken_time
from actions.texts import text
from actions.turn import Turn
from bot.practice.catalog.queries import Catalogue, Texts, Treatment
from bot.practice.money import spoken_price


def price_text(treatment: Treatment, language: str) -> str:
    """The price as the page has it, or that the page has none."""
    if treatment.price_cents is None:
        return text("price_not_listed", language)
    price = text("price_from" if treatment.price_from else "price_exact", language, price=spoken_price(treatment.price_cents, language))
    return f"{price} {_in(treatment.price_note, language)}" if treatment.price_note else price


TOPICS = {
    "laser_pigment": "laser_ipl",
    "ipl_pigment": "laser_ipl",
    "tca_peel": "peels",
    "laser_tattoo": "tattoo",
    "microneedling": "microneedling",
    "retinol": "retinoids",
    "exfoliating_acids": "acids",
    "sunscreen": "sunscreen",
    "camouflage": "camouflage",
    "dermatography": "dermatography",
}
"""The topic of `data/faq/` that tells more of a treatment."""


def treatment_card(treatment: Treatment, language: str) -> dict[str, Any]:
    """Name, what it is for, how long it takes, price, and one button: the topic that tells more, where there is one."""
    topic = TOPICS.get(treatment.slug)
    more = [{"title": text("tell_more", language), "payload": payload("ask_topic", topic=topic)}] if topic else []
    return {
        "title": _in(treatment.name, language),
        "text": _in(treatment.summary, language),
        "facts": [_in(treatment.duration, language)] if treatment.duration else [],
        "price": price_text(treatment, language),
        "buttons": more,
    }


def withdrawn(catalogue: Catalogue, turn: Turn) -> str | None:
    """The name of the treatment that was said and is not offered any more."""
    gone = catalogue.withdrawn(turn.entities.get("treatment", ""))
    return _in(gone.name, turn.language) if gone else None


def consultation_name(catalogue: Catalogue, kind: str, language: str) -> str:
    """What the practice calls a kind of consultation; its id where there is no such kind any more."""
    known = catalogue.consultations().get(kind)
    return _in(known.name, language) if known else kind


def appointment_card(appointment: Appointment, name: str, language: str) -> dict[str, Any]:
    """What, when, under which reference, and the video link if there is one.

    Args:
        name: of the kind of consultation.
    """
    card: dict[str, Any] = {
        "title": name,
        "facts": [
            text("moment", language, **spoken_moment(appointment.start, language)),
            text("reference", language, reference=appointment.reference),
        ],
    }
    if appointment.status == "cancelled":
        card["facts"].append(text("cancelled", language))
    elif appointment.video_url:
        card["link"] = {"url": appointment.video_url, "title": text("video_link", language)}
    return card


def slot_days(starts: list[Any], slot: str, language: str, most_days: int = 3, most_times: int = 8) -> list[dict[str, Any]]:
    """Free times by day, each time with the payload that chooses it.

    Args:
        starts: free starts in UTC, ascending.
        slot: the form's slot that a time fills.
    """
    days: list[dict[str, Any]] = []
    for day, group in groupby(starts, key=_local_day):
        if len(days) == most_days:
            break
        times = _spread(list(group), most_times)
        days.append(
            {
                "day": spoken_day(day, language),
                "times": [
                    {"title": spoken_time(start, language), "payload": payload("choose", **{slot: start.isoformat()})} for start in times
                ],
            }
        )
    return days


def _in(texts: Texts, language: str) -> str:
    return texts.get(language) or texts["en"]


def _local_day(start: Any) -> date:
    local_day: date = start.astimezone(HERE).date()
    return local_day


def _spread(items: list[Any], most: int) -> list[Any]:
    """At most so many, spread evenly over all."""
    if len(items) <= most:
        return items
    return [items[round(index * (len(items) - 1) / (most - 1))] for index in range(most)]
