"""Questions to the catalogue."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Table, select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.database import reading
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


class Catalogue:
    """The treatments in the database; every question raises CatalogueUnavailable when the database fails."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self, order: Order = "price") -> tuple[Treatment, ...]:
        """All treatments: by price, the cheapest first and those without a price last, by name; or by name (English) alone."""
        return tuple(sorted(self._read(_treatments), key=_by_price if order == "price" else _by_name))

    def by_slug(self, slug: str) -> Treatment | None:
        """The treatment of this slug, or None."""
        return next((found for found in self.all() if found.slug == slug), None)

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


def _treatments(connection: Connection) -> Iterable[Treatment]:
    concerns = _links(connection, treatment_concern)
    filters = _links(connection, treatment_skin_filter)
    rows = connection.execute(select(treatment)).mappings().all()
    return [_treatment(row, concerns.get(row["slug"], set()), filters.get(row["slug"], set())) for row in rows]


def _treatment(row: Mapping[str, Any], concerns: set[str], filters: set[str]) -> Treatment:
    care = {"en": row["dark_skin_care_en"], "nl": row["dark_skin_care_nl"]} if row["dark_skin_care_en"] else None
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
        dark_skin_care=care,
        source=row["source"],
    )


def _links(connection: Connection, table: Table) -> dict[str, set[str]]:
    links: dict[str, set[str]] = {}
    for slug, key in connection.execute(select(table)):
        links.setdefault(slug, set()).add(key)
    return links


def _names(connection: Connection, table: Table) -> dict[str, Texts]:
    return {key: {"en": english, "nl": dutch} for key, english, dutch in connection.execute(select(table))}
