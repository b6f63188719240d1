"""Questions to the catalogue."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Table, select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.database import reading
from bot.practice.booking.diary import read_types, read_week
from bot.practice.booking.hours import OpeningHours
from bot.practice.booking.models import told_hours
from bot.practice.booking.rules import AppointmentType
from bot.practice.catalog.models import concern, skin_filter, treatment, treatment_concern, treatment_skin_filter

Texts = Mapping[str, str]
"""A text by language: 'en' and 'nl'."""

Order = Literal["price", "name"]


class CatalogueUnavailable(Exception):
    """The database of the catalogue can't be read now."""


@dataclass(frozen=True)
class Treatment:
    """A treatment or product that the practice offers."""

    slug: str
    name: Texts
    summary: Texts
    """What it is for, in one sentence."""
    kind: str
    """laser, ipl, peel, needling, product or cover."""
    price_cents: int | None
    """Integer cents; None where the practice names no price."""
    currency: str | None
    price_from: bool
    """True: the price is the lowest one."""
    concerns: frozenset[str]
    skin_filters: frozenset[str]
    dark_skin_care: Texts | None
    """What asks for care on dark skin, where the practice's page says so."""
    source: str
    """Sections of the practice's page that say so."""
    price_note: Texts | None = None
    """Words behind the price."""
    duration: Texts | None = None
    """How long it takes, in words."""
    hidden: bool = False
    """True: not offered now, and told to nobody."""


@dataclass(frozen=True)
class ToldHours:
    """What visitors are told who ask for the opening hours."""

    week: OpeningHours | None
    """The week of consultations; None: the words instead."""
    words: Texts


class Catalogue:
    """What the practice offers, as it is in the database now; every question raises CatalogueUnavailable when the database fails."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self, order: Order = "price") -> tuple[Treatment, ...]:
        """All treatments that are offered: by price, the cheapest first and those without a price last, by name; or by name (English) alone."""
        return self._sorted(order, hidden=False)

    def by_slug(self, slug: str) -> Treatment | None:
        """The treatment of this slug, or None where it is not offered."""
        return next((found for found in self.all() if found.slug == slug), None)

    def withdrawn(self, slug: str) -> Treatment | None:
        """The treatment of this slug that is not offered now, or None."""
        return next((found for found in self.hidden() if found.slug == slug), None)

    def hidden(self) -> tuple[Treatment, ...]:
        """All treatments that are not offered now, by name."""
        return self._sorted("name", hidden=True)

    def for_concern(self, concern: str) -> tuple[Treatment, ...]:
        """Treatments for a concern, in the order of price; none for a concern that the catalogue doesn't know."""
        return tuple(found for found in self.all() if concern in found.concerns)

    def for_skin(self, skin_filter: str) -> tuple[Treatment, ...]:
        """Treatments that the practice's page links with a kind of skin, in the order of price."""
        return tuple(found for found in self.all() if skin_filter in found.skin_filters)

    def cheapest(self) -> tuple[Treatment, ...]:
        """The treatments that share the lowest price; none when nothing has a price."""
        priced = [found for found in self.all() if found.price_cents is not None]
        return tuple(found for found in priced if found.price_cents == priced[0].price_cents)

    def concerns(self) -> Mapping[str, Texts]:
        """Names of the concerns, by key."""
        return self._read(lambda connection: _names(connection, concern))

    def skin_filters(self) -> Mapping[str, Texts]:
        """Names of the kinds of skin that the page filters by, by key."""
        return self._read(lambda connection: _names(connection, skin_filter))

    def consultations(self) -> Mapping[str, AppointmentType]:
        """Every kind of consultation by its id, in the order in which they are offered; also those that can't be booked now."""
        found: Mapping[str, AppointmentType] = self._read(read_types)
        return found

    def told_hours(self) -> ToldHours | None:
        """The opening hours as visitors are told them; None where the practice has given none."""
        told: ToldHours | None = self._read(_told_hours)
        return told

    def _sorted(self, order: Order, hidden: bool) -> tuple[Treatment, ...]:
        found = (each for each in self._read(_treatments) if each.hidden == hidden)
        return tuple(sorted(found, key=_by_price if order == "price" else _by_name))

    def _read(self, query: Callable[[Connection], Any]) -> Any:
        try:
            with reading(self._engine) as connection:
                return query(connection)
        except SQLAlchemyError as error:
            raise CatalogueUnavailable(f"catalogue: {type(error).__name__}") from error


def _by_price(found: Treatment) -> tuple[bool, int, str]:
    return found.price_cents is None, found.price_cents or 0, found.name["en"].casefold()


def _by_name(found: Treatment) -> str:
    return found.name["en"].casefold()


def _told_hours(connection: Connection) -> ToldHours | None:
    row = connection.execute(select(told_hours)).mappings().first()
    if row is None or row["source"] == "none":
        return None
    week = read_week(connection) if row["source"] == "week" else None
    return ToldHours(week, {"en": row["text_en"], "nl": row["text_nl"]})


def _treatments(connection: Connection) -> Iterable[Treatment]:
    concerns = _links(connection, treatment_concern)
    filters = _links(connection, treatment_skin_filter)
    rows = connection.execute(select(treatment)).mappings().all()
    return [_treatment(row, concerns.get(row["slug"], set()), filters.get(row["slug"], set())) for row in rows]


def _treatment(row: Mapping[str, Any], concerns: set[str], filters: set[str]) -> Treatment:
    return Treatment(
        slug=row["slug"],
        name={"en": row["name_en"], "nl": row["name_nl"]},
        summary={"en": row["summary_en"], "nl": row["summary_nl"]},
        kind=row["kind"],
        price_cents=row["price_cents"],
        currency=row["currency"],
        price_from=bool(row["price_from"]),
        concerns=frozenset(concerns),
        skin_filters=frozenset(filters),
        dark_skin_care=_optional(row, "dark_skin_care"),
        source=row["source"],
        price_note=_optional(row, "price_note"),
        duration=_optional(row, "duration"),
        hidden=row["hidden"],
    )


def _optional(row: Mapping[str, Any], name: str) -> Texts | None:
    return {"en": row[f"{name}_en"], "nl": row[f"{name}_nl"]} if row[f"{name}_en"] else None


def _links(connection: Connection, table: Table) -> dict[str, set[str]]:
    links: dict[str, set[str]] = {}
    for slug, key in connection.execute(select(table)):
        links.setdefault(slug, set()).add(key)
    return links


def _names(connection: Connection, table: Table) -> dict[str, Texts]:
    return {key: {"en": english, "nl": dutch} for key, english, dutch in connection.execute(select(table))}
