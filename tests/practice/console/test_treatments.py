"""The catalogue in the console: seen, changed, kept, put back; what the assistant reads is what was saved."""

import re

import pytest
from sqlalchemy import select

from bot.database import reading, writing
from bot.practice import changes
from bot.practice.catalog.file import read_catalog
from bot.practice.catalog.seed import seed
from bot.practice.changes import Thing
from bot.practice.console.models import audit
from bot.practice.console.staff.accounts import Role
from tests.practice.console.practice import administrator, catalogue, changed, edit, form_on, post
from tests.practice.console.world import World

PEEL = "/practice/treatments/tca_peel"


def kept(world: World, slug: str = "tca_peel") -> list[tuple[str, object, object, str | None]]:
    with reading(world.engine) as connection:
        return [(each.field, each.before, each.after, each.name) for each in changes.history(connection, Thing("treatment", slug))]


def test_a_changed_price_is_what_the_assistant_reads_next_and_is_kept(any_console: World) -> None:
    browser = administrator(any_console)
    answer = edit(browser, PEEL, price_cents="€ 1.234,50", price_from=None, price_note_en="per session", price_note_nl="per sessie")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/staff{PEEL}")
    peel = catalogue(any_console).by_slug("tca_peel")
    assert peel and (peel.price_cents, peel.currency, peel.price_from) == (123450, "EUR", False)
    assert peel.price_note == {"en": "per session", "nl": "per sessie"}
    assert ("price_cents", 20000, 123450, "Administrator") in kept(any_console)
    html = browser.get(PEEL).text
    assert "€ 200.00" in html and "€ 1234.50" in html
    with reading(any_console.engine) as connection:
        trail = connection.execute(select(audit.c.action, audit.c.subject).order_by(audit.c.id.desc())).first()
    assert tuple(trail or ()) == ("treatment_changed", "treatment:tca_peel")


def test_saving_without_a_change_keeps_nothing_in_the_history(console: World) -> None:
    assert edit(administrator(console), PEEL).status_code == 303
    assert kept(console) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("price_cents", "-5"),
        ("price_cents", "0"),
        ("price_cents", "much"),
        ("price_cents", "1000000"),
        ("name_en", " "),
        ("name_nl", "x" * 201),
        ("summary_nl", ""),
        ("name_en", "bad \u0007 bell"),
        ("concerns", "wrinkles"),
        ("skin_filters", "blue"),
        ("duration_en", "an hour"),
    ],
)
def test_what_can_not_be_is_named_beside_its_field_and_the_input_stays(console: World, field: str, value: str) -> None:
    browser = administrator(console)
    answer = edit(browser, PEEL, **{field: value, "dark_skin_care_en": "kept input <b>"})
    assert answer.status_code == 422
    assert "kept input &lt;b&gt;" in answer.text
    wrong = "duration_nl" if field == "duration_en" else field
    assert re.search(rf'id="{wrong}-fault">[^<]+<', answer.text)
    assert kept(console) == []


def test_the_second_of_two_who_change_the_same_is_told_and_loses_nothing(any_console: World) -> None:
    first, second = administrator(any_console, "first@practice.example"), administrator(any_console, "second@practice.example")
    opened = form_on(second.get(PEEL).text, PEEL)
    edit(first, PEEL, price_cents="210")
    late = post(second, PEEL, changed(opened, price_cents="220", duration_en="an hour", duration_nl="een uur"))
    assert late.status_code == 409
    assert "First" in late.text and "€ 210.00" in late.text
    again = form_on(late.text, PEEL)
    assert ("price_cents", "220") in again and ("duration_en", "an hour") in again
    peel = catalogue(any_console).by_slug("tca_peel")
    assert peel and peel.price_cents == 21000
    assert post(second, PEEL, again).status_code == 303
    peel = catalogue(any_console).by_slug("tca_peel")
    assert peel and (peel.price_cents, peel.duration) == (22000, {"en": "an hour", "nl": "een uur"})


def test_a_value_is_put_back(console: World) -> None:
    browser = administrator(console)
    edit(browser, PEEL, price_cents="210", price_from=None)
    edit(browser, PEEL, price_cents="220")
    with reading(console.engine) as connection:
        first = next(each for each in changes.history(connection, Thing("treatment", "tca_peel")) if each.before == 20000)
    assert f"?back={first.id}" in browser.get(PEEL).text
    back = form_on(browser.get(f"{PEEL}?back={first.id}").text, PEEL)
    assert ("price_cents", "200.00") in back
    assert post(browser, PEEL, back).status_code == 303
    peel = catalogue(console).by_slug("tca_peel")
    assert peel and (peel.price_cents, peel.price_from) == (20000, False)


def test_a_change_of_something_else_is_not_put_back_here(console: World) -> None:
    browser = administrator(console)
    edit(browser, PEEL, price_cents="210")
    assert ("price_cents", "50.00") in form_on(
        browser.get("/practice/treatments/laser_pigment?back=1").text, "/practice/treatments/laser_pigment"
    )


def test_a_hidden_treatment_is_offered_no_more_and_stays_in_the_console(console: World) -> None:
    browser = administrator(console)
    edit(browser, PEEL, hidden="yes")
    read = catalogue(console)
    assert read.by_slug("tca_peel") is None
    assert "tca_peel" not in {each.slug for each in (*read.all(), *read.for_concern("pih"), *read.for_skin("unwanted_pigment"))}
    gone = read.withdrawn("tca_peel")
    assert gone and gone.price_cents == 20000
    assert PEEL in browser.get("/practice/treatments").text


def test_a_name_is_only_what_is_shown(console: World) -> None:
    edit(administrator(console), PEEL, name_nl="Peeling <nieuw>")
    peel = catalogue(console).by_slug("tca_peel")
    assert peel and peel.name["nl"] == "Peeling <nieuw>"


def test_a_price_can_be_taken_away(console: World) -> None:
    edit(administrator(console), PEEL, price_cents="")
    peel = catalogue(console).by_slug("tca_peel")
    assert peel and (peel.price_cents, peel.currency) == (None, None)


def test_a_new_treatment_is_listed_and_priced_and_says_what_it_still_needs(any_console: World) -> None:
    browser = administrator(any_console)
    words = {"name_en": "LED light", "name_nl": "Ledlicht", "summary_en": "Light.", "summary_nl": "Licht.", "kind": "product"}
    answer = edit(browser, "/practice/treatments/new", "/practice/treatments", price_cents="30", concerns=["pih"], **words)
    assert answer.headers["location"] == "/staff/practice/treatments/led_light"
    added = catalogue(any_console).by_slug("led_light")
    assert added and (added.kind, added.price_cents, added.concerns) == ("product", 3000, {"pih"})
    assert "data/entities.yml" in browser.get("/practice/treatments/led_light").text
    assert "data/entities.yml" not in browser.get(PEEL).text
    again = edit(browser, "/practice/treatments/new", "/practice/treatments", **words)
    assert again.headers["location"] == "/staff/practice/treatments/led_light_2"


def test_a_new_treatment_needs_what_every_treatment_needs(console: World) -> None:
    answer = edit(administrator(console), "/practice/treatments/new", "/practice/treatments", kind="magic", name_en="Half")
    assert answer.status_code == 422
    assert {"name_nl-fault", "summary_en-fault", "kind-fault"} <= set(re.findall(r'id="([\w-]+-fault)"', answer.text))


def test_the_next_start_leaves_everything_as_staff_has_set_it(console: World) -> None:
    edit(administrator(console), PEEL, price_cents="210", concerns=["pih"], hidden="yes")
    seed(console.engine, read_catalog())
    gone = catalogue(console).withdrawn("tca_peel")
    assert gone and (gone.price_cents, gone.concerns) == (21000, {"pih"})


@pytest.mark.parametrize("slug", ["no_such", "UPPER", "a" * 41, "%00", "a b"])
def test_what_does_not_exist_is_not_found(console: World, slug: str) -> None:
    browser = administrator(console)
    assert browser.get(f"/practice/treatments/{slug}").status_code in (400, 404)


def test_readers_see_and_can_not_change(console: World) -> None:
    page = console.browser(console.staff(Role.READER)).get(PEEL)
    assert page.status_code == 200
    assert "disabled" in page.text and "<button>Save" not in page.text


def test_of_changes_at_once_one_is_saved_and_each_is_told_apart(any_console: World) -> None:
    thing = Thing("treatment", "tca_peel")
    with writing(any_console.engine) as connection:
        assert changes.save(connection, thing, 0, {"price_cents": 1}, {"price_cents": 2}, changes.By(1, "A"), any_console.now)
    with pytest.raises(changes.Conflict), writing(any_console.engine) as connection:
        changes.save(connection, thing, 0, {"price_cents": 1}, {"price_cents": 3}, changes.By(2, "B"), any_console.now)
