import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml
from sqlalchemy.engine import Engine

from bot.database import open_database
from bot.practice.catalog.file import CATALOG_FILE, CatalogFile, CatalogFileError, read_catalog
from bot.practice.catalog.queries import Catalogue, CatalogueUnavailable
from bot.practice.catalog.seed import seed

PRICES_ON_THE_PAGE = {"laser_pigment": 5000, "ipl_pigment": 5000, "tca_peel": 20000, "laser_tattoo": 5000}


@pytest.fixture(scope="session")
def page() -> CatalogFile:
    return read_catalog()


@pytest.fixture
def catalogue(empty_engine: Engine, page: CatalogFile) -> Catalogue:
    seed(empty_engine, page)
    return Catalogue(empty_engine)


@pytest.fixture
def edited(tmp_path: Path) -> Callable[..., Path]:
    """The file with entries changed by slug."""

    def edit(**changes: dict[str, object]) -> Path:
        content = yaml.safe_load(CATALOG_FILE.read_text(encoding="utf-8"))
        for entry in content["treatments"]:
            entry.update(changes.get(entry["slug"], {}))
        path = tmp_path / "catalog.yml"
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
        return path

    return edit


def test_prices_are_where_the_page_has_them_and_nowhere_else(catalogue: Catalogue) -> None:
    priced = {found.slug: found.price_cents for found in catalogue.all() if found.price_cents is not None}
    assert priced == PRICES_ON_THE_PAGE
    assert all((found.currency, found.price_from) == ("EUR", True) for found in catalogue.all() if found.slug in priced)
    assert all(found.currency is None for found in catalogue.all() if found.slug not in priced)


def test_every_treatment_of_the_page_is_there_in_both_languages(catalogue: Catalogue) -> None:
    found = {each.slug: each for each in catalogue.all()}
    others = {"microneedling", "retinol", "exfoliating_acids", "sunscreen", "camouflage", "dermatography"}
    assert set(found) == PRICES_ON_THE_PAGE.keys() | others
    assert all(each.name[language] and each.summary[language] for each in found.values() for language in ("en", "nl"))
    assert all(each.source for each in found.values())


def test_ordered_by_price_the_cheapest_come_first_and_the_unpriced_last_by_name(catalogue: Catalogue) -> None:
    found = catalogue.all()
    prices = [each.price_cents for each in found]
    assert prices == [5000, 5000, 5000, 20000] + [None] * 6
    unpriced = [each.name["en"].casefold() for each in found[4:]]
    assert unpriced == sorted(unpriced)


def test_the_cheapest_are_all_that_share_the_lowest_price(catalogue: Catalogue) -> None:
    assert {found.slug for found in catalogue.cheapest()} == {"laser_pigment", "ipl_pigment", "laser_tattoo"}


def test_a_treatment_is_found_by_its_slug_and_an_unknown_one_is_none(catalogue: Catalogue) -> None:
    found = catalogue.by_slug("tca_peel")
    assert found and found.dark_skin_care and "dark skin" in found.dark_skin_care["en"]
    assert catalogue.by_slug("botox") is None


def test_every_concern_has_a_treatment_and_light_spots_get_no_light_or_peel(catalogue: Catalogue) -> None:
    assert all(catalogue.for_concern(concern) for concern in catalogue.concerns())
    assert {found.slug for found in catalogue.for_concern("hypopigmentation")} == {"camouflage", "dermatography"}
    assert {found.slug for found in catalogue.for_concern("tattoo")} == {"laser_tattoo"}
    assert catalogue.for_concern("wrinkles") == ()


def test_for_dark_skin_only_what_the_page_links_with_it(catalogue: Catalogue) -> None:
    assert {found.slug for found in catalogue.for_skin("dark")} == {"retinol", "exfoliating_acids", "camouflage", "dermatography"}
    assert catalogue.for_skin("scars") == ()
    assert catalogue.skin_filters()["dark"] == {"en": "dark skin", "nl": "Donkere huid"}


def test_seeding_again_changes_nothing(empty_engine: Engine, catalogue: Catalogue, page: CatalogFile) -> None:
    before = catalogue.all()
    seed(empty_engine, page)
    assert catalogue.all() == before


def test_seeding_from_several_processes_at_once_is_fine(empty_engine: Engine, page: CatalogFile) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: seed(empty_engine, page), range(4)))
    assert len(Catalogue(empty_engine).all()) == 10


def test_a_changed_file_adds_what_is_new_and_leaves_what_staff_may_have_changed(
    empty_engine: Engine, catalogue: Catalogue, edited: Callable[..., Path]
) -> None:
    path = edited(laser_pigment={"price_cents": 5500, "concerns": ["sunspots"]}, sunscreen={"slug": "new_sunscreen"})
    before = catalogue.all()
    seed(empty_engine, read_catalog(path))
    assert tuple(each for each in catalogue.all() if each.slug != "new_sunscreen") == before
    added = catalogue.by_slug("new_sunscreen")
    assert added and "melasma" in added.concerns


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"price_cents": 49.5}, "treatment tca_peel, price_cents"),
        ({"price_cents": -1}, "treatment tca_peel, price_cents"),
        ({"price_cents": None}, "treatment tca_peel: price_cents, currency and price_from"),
        ({"name": {"en": "Peel"}}, "treatment tca_peel, name.nl"),
        ({"name": {"en": "Peel", "nl": " "}}, "treatment tca_peel, name.nl"),
        ({"kind": "magic"}, "treatment tca_peel, kind"),
        ({"concerns": ["wrinkles"]}, "treatment tca_peel, concerns: unknown 'wrinkles'"),
        ({"concerns": ["pih", "pih"]}, "treatment tca_peel, concerns: names something twice"),
        ({"skin_filters": ["blue"]}, "treatment tca_peel, skin_filters: unknown 'blue'"),
        ({"prise": 1}, "treatment tca_peel, prise"),
        ({"slug": "retinol"}, "treatment retinol, slug: used twice"),
    ],
)
def test_a_broken_entry_is_named_with_its_field(edited: Callable[..., Path], change: dict[str, object], names: str) -> None:
    with pytest.raises(CatalogFileError) as caught:
        read_catalog(edited(tca_peel=change))
    assert names in str(caught.value)


@pytest.mark.parametrize("content", ["", "[]", "treatments: {", "treatments: 7", "treatments: [7]"])
def test_a_file_of_another_shape_gives_the_one_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "catalog.yml"
    path.write_text(content)
    with pytest.raises(CatalogFileError, match="catalog.yml"):
        read_catalog(path)


def test_a_missing_file_gives_the_one_error(tmp_path: Path) -> None:
    with pytest.raises(CatalogFileError):
        read_catalog(tmp_path / "none.yml")


def test_a_database_that_fails_is_the_one_documented_error(tmp_path: Path, page: CatalogFile) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    engine = open_database(f"sqlite:///{folder / 'practice.db'}")
    seed(engine, page)
    shutil.rmtree(folder)
    engine.dispose()  # an open connection would go on reading the file that is gone
    for question in (Catalogue(engine).all, Catalogue(engine).concerns, Catalogue(engine).cheapest):
        with pytest.raises(CatalogueUnavailable):
            question()


def test_a_database_without_tables_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(CatalogueUnavailable):
        Catalogue(open_database(f"sqlite:///{tmp_path / 'empty.db'}")).all()
