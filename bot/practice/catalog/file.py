"""The catalogue's readable file: its shape, and clear words about what is wrong with it."""

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, Extra, StrictBool, StrictInt, ValidationError, root_validator, validator

CATALOG_FILE = Path(__file__).with_name("catalog.yml")


class CatalogFileError(Exception):
    """The catalogue's file can't be used; the message names every faulty entry and field."""


class Strict(BaseModel):
    """A part of the file in which an unknown field is a fault."""

    class Config:
        extra = Extra.forbid
        allow_mutation = False
        min_anystr_length = 1
        anystr_strip_whitespace = True


class Text(Strict):
    """A short text in the languages that visitors speak."""

    en: str
    nl: str


class TreatmentEntry(Strict):
    """One treatment as the file describes it."""

    slug: str
    name: Text
    summary: Text
    kind: Literal["laser", "ipl", "peel", "needling", "product", "cover"]
    price_cents: StrictInt | None
    """Integer cents; None where the practice's page names no price."""
    currency: Literal["EUR"] | None
    price_from: StrictBool | None
    """True: the price is the lowest one."""
    concerns: tuple[str, ...]
    skin_filters: tuple[str, ...]
    dark_skin_care: Text | None = None
    source: str
    """Sections of the practice's page that say so."""

    @validator("price_cents")
    def _price_is_positive(cls, price: int | None) -> int | None:
        if price is not None and price <= 0:
            raise ValueError("a price is a positive number of cents, or null")
        return price

    @validator("concerns", "skin_filters")
    def _named_once(cls, keys: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(keys)) < len(keys):
            raise ValueError("names something twice")
        return keys

    @root_validator(skip_on_failure=True)
    def _price_is_whole(cls, entry: dict[str, Any]) -> dict[str, Any]:
        given = {entry[field] is not None for field in ("price_cents", "currency", "price_from")}
        if len(given) > 1:
            raise ValueError("price_cents, currency and price_from are all given or all null")
        return entry


class CatalogFile(Strict):
    """The whole file: what visitors may ask for, and the treatments."""

    skin_filters: dict[str, Text]
    concerns: dict[str, Text]
    treatments: tuple[TreatmentEntry, ...]


def read_catalog(path: Path = CATALOG_FILE) -> CatalogFile:
    """The catalogue's file, checked.

    Raises:
        CatalogFileError: the file is missing, is no YAML or has faulty entries; names each entry and field.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CatalogFileError(f"{path}: can't be read: {error}") from error
    try:
        catalog = CatalogFile.parse_obj(raw)
    except ValidationError as error:
        faults = [f"{_place(raw, fault['loc'])}: {fault['msg']}" for fault in error.errors()]
    else:
        faults = _references(catalog)
    if faults:
        raise CatalogFileError(f"{path}: " + "; ".join(faults))
    return catalog


def _references(catalog: CatalogFile) -> list[str]:
    """Faults between the entries: a slug used twice, a concern or a filter that the file doesn't define."""
    faults: list[str] = []
    seen: set[str] = set()
    for entry in catalog.treatments:
        if entry.slug in seen:
            faults.append(f"treatment {entry.slug}, slug: used twice")
        seen.add(entry.slug)
        for field, known in (("concerns", catalog.concerns), ("skin_filters", catalog.skin_filters)):
            faults += [f"treatment {entry.slug}, {field}: unknown '{key}'" for key in getattr(entry, field) if key not in known]
    return faults


def _place(raw: Any, location: tuple[int | str, ...]) -> str:
    """Where a fault is, in the words of the file: 'treatment laser_pigment, name.nl'."""
    if len(location) > 1 and location[0] == "treatments":
        entry = raw["treatments"][location[1]]
        slug = entry.get("slug") if isinstance(entry, dict) else None
        field = ".".join(str(part) for part in location[2:] if part != "__root__")
        return f"treatment {slug or 'number ' + str(int(location[1]) + 1)}" + (f", {field}" if field else "")
    return ".".join(str(part) for part in location if part != "__root__") or "file"
