"""Erasing somebody: planted in every table and file, found there, then gone, with everybody else as they were."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.channels import ending
from bot.channels.messaging import leases
from bot.database import reading, writing
from bot.practice.console.masking import MASK
from bot.privacy import erased, erasure
from bot.privacy.person import Person
from bot.privacy.places import IMPERSONAL, PLACES, find
from bot.privacy.schema import erasure as erasures
from bot.privacy.search import also_named, find_person
from tests.practice.console.generator import Said
from tests.privacy.house import ANNA, BERT, House

BOOKKEEPING = {"practice.privacy_erasure", "practice.console_cursor", "practice.sqlite_sequence"}


def erase(house: House, person: Person, by: str = "Staff") -> erasure.Erased:
    with writing(house.databases.practice) as connection:
        number = erasure.ask(connection, person, by, house.now)
    return erasure.perform(house.databases, number, house.folder, house.key, house.now)


def without_search(tables: dict[str, list[tuple[object, ...]]]) -> dict[str, list[tuple[object, ...]]]:
    """Without bookkeeping, and without the files of SQLite's search, whose layout depends on what happened before."""
    return {name: rows for name, rows in tables.items() if name not in BOOKKEEPING and "console_search_" not in name}


def test_every_table_is_in_a_place_or_known_to_be_without_personal_data(house: House) -> None:
    there = {table.partition(".")[2] for table in house.tables()} - {"sqlite_sequence"}
    known = {table for place in PLACES for table in place.tables} | set(IMPERSONAL)
    assert there - known == set(), "say in bot/privacy/places.py whose data these tables hold"
    assert set(IMPERSONAL) & {table for place in PLACES for table in place.tables} == set()


def test_planted_everywhere_found_erased_and_gone(house: House) -> None:
    house.lives_in(BERT)
    before = house.tables()
    house.lives_in(ANNA)
    planted = house.tables()
    # every table that a place answers for has got rows of hers
    changed = {name.partition(".")[2] for name in planted if planted[name] != before.get(name)}
    personal = {table for place in PLACES for table in place.tables} - {"privacy_erasure"}
    assert personal - changed == set()
    holding = house.holding(ANNA)
    assert {"assistant.events", "assistant.web_turn", "messaging.messaging_person", "practice.appointment"} <= holding
    assert {"practice.console_message", "practice.console_note", "practice.console_tag", "practice.console_searched"} <= holding
    if house.databases.practice.dialect.name == "sqlite":
        assert {"conversations.db", "messaging.db", "practice.db"} <= {name.removesuffix("-wal") for name in holding}

    by_mail = find_person(house.databases, ANNA.email)
    assert also_named(house.databases, by_mail) == [ANNA.phone]
    result = erase(house, find_person(house.databases, f"{ANNA.email}, {ANNA.phone}"))
    assert result.done and min(result.counts[place.name] for place in PLACES if place.name not in ("erasures", "notes")) > 0

    assert house.holding(ANNA) == set()
    after = without_search(house.tables())
    ends = [row for row in after.pop("assistant.web_turn") if row not in before["assistant.web_turn"]]
    assert [row[2] for row in ends] == [ending.END]
    after["assistant.web_rate"] = [
        row for row in after["assistant.web_rate"] if row[0] != f"address of {ANNA.slot}"
    ]  # a digest, for a minute
    assert after == {name: rows for name, rows in without_search(before).items() if name != "assistant.web_turn"}


@pytest.mark.parametrize("asked", [ANNA.email.upper(), "06-12 34 56 78", "0031 6 12345678"])
def test_found_by_address_or_number_however_it_is_typed(house: House, asked: str) -> None:
    for who in (ANNA, BERT):
        house.lives_in(who)
    person = find_person(house.databases, asked)
    by_number = {house.whatsapp(ANNA)} if "@" not in asked else set()
    assert person.senders == {ANNA.web} | by_number
    (row,) = find(house.databases, person)["appointments"]["appointment"]
    assert row["email"] == ANNA.email


def test_found_by_reference_and_by_conversation(house: House) -> None:
    for who in (ANNA, BERT):
        house.lives_in(who)
    person = find_person(house.databases, ANNA.email)
    found = find(house.databases, person)
    reference = found["appointments"]["appointment"][0]["reference"]
    number = found["console"]["console_conversation"][0]["id"]
    for asked in (reference.lower().replace("-", " "), str(number), ANNA.web):
        again = find_person(house.databases, asked)
        assert (again.senders, again.appointments) == (person.senders, person.appointments), asked


def test_a_note_about_somebody_else_stays_without_the_address(house: House) -> None:
    for who in (ANNA, BERT):
        house.lives_in(who)
    house.notes_elsewhere(ANNA, on=BERT)
    assert erase(house, find_person(house.databases, ANNA.email)).counts["notes"] == 1
    assert any(f"sister of {MASK}" in str(row) for row in house.tables()["practice.console_note"])


def test_nothing_is_erased_while_a_turn_is_running(house: House) -> None:
    house.lives_in(ANNA)
    person = find_person(house.databases, f"{ANNA.phone}; {ANNA.email}")
    with writing(house.databases.messaging) as connection:
        leases.take(connection, f"in:{house.whatsapp(ANNA)}", "a worker", house.now.timestamp(), 30)
    assert not erase(house, person).done
    assert find(house.databases, person)["conversations"]
    house.now += timedelta(minutes=1)
    assert erasure.perform_due(house.databases, house.folder, house.key, house.now) == 1
    assert house.holding(ANNA) == set()
    assert find(house.databases, person) == {}


def test_one_that_was_cut_off_is_taken_up_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.lives_in(ANNA)
    person = find_person(house.databases, ANNA.email)
    with monkeypatch.context() as broken:
        broken.setattr(type(PLACES[3]), "erase", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):  # as the end of the process would
            erase(house, person)
    assert "events" not in find(house.databases, person).get("conversations", {})
    assert erasure.perform_due(house.databases, house.folder, house.key, house.now) == 1
    assert find(house.databases, person) == {}


def test_a_visitors_own_waits_for_the_last_words_to_arrive(house: House) -> None:
    house.lives_in(ANNA)
    person = Person(senders=frozenset([house.whatsapp(ANNA)]))  # an update of hers is still to be answered
    assert not erase(house, person, by=erasure.VISITOR).done
    house.now += erasure.DELIVERING
    assert erasure.perform_due(house.databases, house.folder, house.key, house.now) == 1
    assert find(house.databases, person) == {}


def test_what_is_kept_of_an_erasure_names_nobody(house: House) -> None:
    house.lives_in(ANNA)
    erase(house, find_person(house.databases, ANNA.email))
    with reading(house.databases.practice) as connection:
        (row,) = connection.execute(select(erasures)).mappings()
    assert row["person"] is None and row["finished_at"] == house.now
    listed = (house.folder / erased.FILE).read_text()
    assert len(listed.splitlines()) == 2 and ANNA.web not in listed


def test_after_a_restored_backup_it_is_erased_again(house: House) -> None:
    for who in (ANNA, BERT):
        house.lives_in(who)
    erase(house, find_person(house.databases, ANNA.email))
    assert not erased.come_back(house.databases, house.folder, house.key)
    said = Said(ANNA.web, "web", "en", house.now.timestamp())
    said.start()
    house.adds(said)
    assert erased.come_back(house.databases, house.folder, house.key).senders == {ANNA.web}
