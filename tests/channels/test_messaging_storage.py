"""Inbox, outbox, people and offers, on SQLite and PostgreSQL, with several workers at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from itertools import count
from typing import Any

import pytest
from sqlalchemy import delete, inspect, select
from sqlalchemy.engine import Engine

from bot.channels import schema as web_schema
from bot.channels.messaging import outbox as outboxes
from bot.channels.messaging import records
from bot.channels.messaging.heard import Done, Heard, Moved
from bot.channels.messaging.inbox import GONE, KEEP_SECONDS, Inbox, Turn
from bot.channels.messaging.outbox import Outbox
from bot.channels.messaging.payloads import Choice
from bot.channels.messaging.rendering import Rendered, Request
from bot.channels.messaging.schema import metadata, people, sendings, updates
from bot.database import reading, writing
from bot.tables import create_tables

START = datetime(2026, 11, 20, 12, 0, tzinfo=timezone.utc)
SOON = START + timedelta(seconds=1)
LOST = SOON + timedelta(seconds=31)
HELLO = Rendered((Request({"text": "hello"}),))
SECRET = "Anna's own words, 0612345678"
_ids = count(1)


@pytest.fixture
def engine(engines: Callable[[], Engine]) -> Engine:
    engine = engines()
    for tables in (web_schema.metadata, metadata):
        create_tables(engine, tables)
        with writing(engine) as connection:
            for table in tables.sorted_tables:
                connection.execute(delete(table))
    return engine


def inbox(engine: Engine, most: int = 1000) -> Inbox:
    return Inbox(engine, "telegram", "a key", most)


@pytest.fixture
def box(engine: Engine) -> Inbox:
    return inbox(engine)


def heard(person: str = "1", position: int | None = None, id_: str | None = None, **done: Any) -> Heard:
    number = next(_ids)
    return Heard(
        id_ or str(number), (person,), {"chat_id": person}, number if position is None else position, Done(**{"text": SECRET} | done)
    )


def conversation(engine: Engine, box: Inbox, *items: Heard) -> str:
    """Stores items of one person and gives the conversation."""
    box.store(items, START)
    with reading(engine) as connection:
        return str(connection.execute(select(updates.c.conversation).order_by(updates.c.number.desc())).scalars().first())


def claimed(box: Inbox, name: str, now: datetime = SOON) -> Turn:
    turn = box.claim(name, now)
    assert turn is not None
    return turn


def test_of_all_workers_one_gets_a_turn(engines: Callable[[], Engine], engine: Engine, box: Inbox) -> None:
    name = conversation(engine, box, heard(), heard())
    workers = [inbox(engines()) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        turns = [turn for turn in pool.map(lambda worker: worker.claim(name, SOON), workers) if turn]
    assert len(turns) == 1
    assert workers[0].claim(name, SOON) is None
    assert turns[0] and workers[1].finish(turns[0], HELLO, SOON)
    assert claimed(workers[2], name).number > turns[0].number


def test_an_update_delivered_to_several_workers_at_once_is_one(engines: Callable[[], Engine], engine: Engine) -> None:
    item = heard()
    workers = [inbox(engines()) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda worker: worker.store([item], START), workers))
    with reading(engine) as connection:
        assert len(connection.execute(select(updates)).all()) == 1
        assert len(connection.execute(select(people)).all()) == 1


def test_turns_come_in_the_platform_s_order_and_not_before_they_have_settled(engine: Engine, box: Inbox) -> None:
    name = conversation(engine, box, heard(position=7), heard(position=5))
    assert box.due(START, 10) == [] and box.claim(name, START) is None
    assert box.due(SOON, 10) == [name]
    turn = claimed(box, name)
    assert box.due(SOON, 10) == []
    box.finish(turn, HELLO, SOON)
    assert turn.number > claimed(box, name).number


def test_a_turn_whose_worker_died_is_taken_over_and_ended_once(engine: Engine, box: Inbox) -> None:
    name = conversation(engine, box, heard())
    lost = claimed(box, name)
    assert box.due(SOON + timedelta(seconds=29), 10) == []
    assert box.due(LOST, 10) == [name]
    taken = claimed(box, name, LOST)
    assert (taken.id, taken.attempts) == (lost.id, 2)
    assert box.finish(taken, HELLO, LOST)
    assert not box.finish(lost, HELLO, LOST)
    with reading(engine) as connection:
        assert len(connection.execute(select(sendings)).all()) == 1


def test_a_turn_that_is_put_off_keeps_its_place(engine: Engine, box: Inbox) -> None:
    name = conversation(engine, box, heard(), heard())
    turn = claimed(box, name)
    box.postpone(turn, 10.0, SOON)
    assert box.claim(name, SOON + timedelta(seconds=5)) is None
    assert claimed(box, name, SOON + timedelta(seconds=11)).number == turn.number


def test_who_writes_too_fast_waits_and_loses_nothing(engine: Engine) -> None:
    box = inbox(engine, most=2)
    name = conversation(engine, box, heard(), heard(), heard())
    for _ in range(2):
        box.finish(claimed(box, name), HELLO, SOON)
    assert box.claim(name, SOON) is None
    assert claimed(box, name, SOON + timedelta(seconds=62)) is not None


def test_the_first_message_is_greeted_once_and_the_second_attempt_of_it_too(engine: Engine, box: Inbox) -> None:
    name = conversation(engine, box, heard(text="hi", language="nl"), heard(text="there"))
    assert claimed(box, name).says == claimed(box, name, LOST).says == ('/start{"language": "nl"}', "hi")
    box.finish(claimed(box, name, LOST + timedelta(seconds=31)), HELLO, LOST)
    assert claimed(box, name, LOST).says == ("there",)


def test_choices_are_taken_by_key_where_they_were_offered_and_by_number_where_one_is_shown(engine: Engine, box: Inbox) -> None:
    one, two = Choice("One", "/one" + "x" * 500), Choice("Two", "/two")
    mine = conversation(engine, box, heard("1", text="/typed"))
    theirs = conversation(engine, box, heard("2", key=one.key))
    box.finish(claimed(box, mine), Rendered(HELLO.requests, (one, two), (two,)), SOON)
    assert claimed(box, theirs).says[-1] == GONE
    for done, says in (({"key": one.key}, one.payload), ({"text": "1"}, "/two"), ({"text": "2"}, "2"), ({"text": "1 or so"}, "1 or so")):
        box.store([heard("1", **done)], START)
        turn = claimed(box, mine)
        assert turn.says == (says,)
        box.postpone(turn, -1.0, SOON)
        with writing(engine) as connection:
            connection.execute(delete(updates).where(updates.c.number == turn.number))


def test_texts_are_kept_only_until_their_turn_is_finished(engine: Engine, box: Inbox) -> None:
    name = conversation(engine, box, heard())
    box.finish(claimed(box, name), HELLO, SOON)
    with reading(engine) as connection:
        assert [row.content for row in connection.execute(select(updates))] == [None]


def test_platform_ids_stand_in_no_table_but_the_address(engine: Engine, box: Inbox) -> None:
    name = conversation(engine, box, heard("31612345678"))
    kept = records.export(engine, name)
    assert "31612345678" in json.dumps(kept.pop("messaging_person"))
    assert "31612345678" not in json.dumps(kept) + name


def test_a_person_moves_with_the_conversation_and_the_old_id_is_free(engine: Engine, box: Inbox) -> None:
    name = conversation(engine, box, heard("old"))
    box.store([Moved(("old",), ("new",), {"chat_id": "new"})], START)
    assert conversation(engine, box, heard("new")) == name
    assert conversation(engine, box, heard("old")) != name


def test_what_is_kept_of_a_person_can_be_handed_out_and_erased(engine: Engine, box: Inbox) -> None:
    name, other = conversation(engine, box, heard("1")), conversation(engine, box, heard("2"))
    box.finish(claimed(box, name), Rendered((Request({"text": SECRET}),), (Choice(SECRET, "/x"),)), SOON)
    box.store([heard("1")], START)
    claimed(box, name)
    kept = records.export(engine, name)
    assert set(kept) == {table.name for table in records.ABOUT_A_PERSON}
    assert all(SECRET in json.dumps(kept[table]) for table in ("messaging_update", "messaging_sending", "messaging_offer"))
    assert records.erase(engine, name) == sum(map(len, kept.values())) > 0
    assert not any(records.export(engine, name).values()) and all(records.export(engine, other)["messaging_person"])
    with reading(engine) as connection:
        everything = json.dumps([list(map(str, row)) for table in metadata.sorted_tables for row in connection.execute(select(table))])
    assert name not in everything
    assert conversation(engine, box, heard("1")) != name


def test_every_table_is_erased_or_names_nobody(engine: Engine) -> None:
    names = [table for table in inspect(engine).get_table_names() if table.startswith("messaging_")]
    assert set(names) == {table.name for table in (*records.ABOUT_A_PERSON, *metadata.sorted_tables)}
    assert set(names) - {table.name for table in records.ABOUT_A_PERSON} == {"messaging_lease"}


def test_a_finished_update_is_known_for_a_week_and_then_forgotten(engine: Engine, box: Inbox) -> None:
    item = heard()
    name = conversation(engine, box, item)
    box.finish(claimed(box, name), HELLO, SOON)
    box.forget_old(SOON + timedelta(days=7))
    box.store([item], SOON)
    assert box.due(LOST, 10) == []
    box.forget_old(SOON + timedelta(seconds=KEEP_SECONDS + 1))
    with reading(engine) as connection:
        assert connection.execute(select(updates)).all() == []


@pytest.fixture
def name(engine: Engine, box: Inbox) -> str:
    """A conversation with two messages to send."""
    name = conversation(engine, box, heard())
    box.finish(claimed(box, name), Rendered((Request({"text": "1"}), Request({"text": "2"}))), SOON)
    return name


def sent_by(engine: Engine) -> Outbox:
    return Outbox(engine, "telegram")


def test_of_all_workers_one_sends_a_message_and_the_next_waits_for_it(engines: Callable[[], Engine], name: str) -> None:
    workers = [sent_by(engines()) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        sendings_ = [sending for sending in pool.map(lambda worker: worker.claim(name, SOON), workers) if sending]
    assert [sending.request for sending in sendings_] == [{"text": "1"}]
    workers[0].sent(sendings_[0], "77", SOON)
    second = workers[1].claim(name, SOON)
    assert second is not None and second.request == {"text": "2"}


def test_a_message_that_is_tried_again_keeps_its_place(engine: Engine, name: str) -> None:
    box = sent_by(engine)
    first = box.claim(name, SOON)
    assert first is not None
    box.retry(first, "timeout", 10.0, SOON)
    assert box.claim(name, SOON + timedelta(seconds=5)) is None
    again = box.claim(name, SOON + timedelta(seconds=11))
    assert again is not None and (again.number, again.attempts) == (first.number, 1)


def test_a_message_whose_worker_died_while_sending_is_shown_and_not_sent_again(engine: Engine, name: str) -> None:
    box = sent_by(engine)
    first = box.claim(name, SOON)
    assert first is not None
    later = SOON + timedelta(seconds=61)
    assert box.due(later, 10) == [name]
    second = box.claim(name, later)
    assert second is not None and second.request == {"text": "2"}
    box.sent(first, "77", later)  # too late to change anything
    assert [(trouble.number, trouble.state) for trouble in outboxes.troubles(engine)] == [(first.number, "unconfirmed")]


def test_a_platform_that_names_our_key_clears_up_what_was_unconfirmed(engine: Engine, name: str) -> None:
    box = sent_by(engine)
    first = box.claim(name, SOON)
    assert first is not None and box.claim(name, SOON + timedelta(seconds=61)) is not None
    box.confirm("wamid.1", first.key, None, None, False, SOON)
    assert outboxes.troubles(engine) == []


def test_the_staff_can_have_a_failed_message_sent_again(engine: Engine, name: str) -> None:
    box = sent_by(engine)
    first = box.claim(name, SOON)
    assert first is not None
    box.fail(first, "403", SOON)
    assert outboxes.send_again(engine, first.number, LOST)
    assert not outboxes.send_again(engine, first.number, LOST)
    again = box.claim(name, LOST)
    assert again is not None and again.number == first.number


def test_what_was_sent_is_forgotten_after_a_while(engine: Engine, name: str) -> None:
    box = sent_by(engine)
    first = box.claim(name, SOON)
    assert first is not None
    box.sent(first, "77", SOON)
    box.forget_old(SOON + timedelta(days=9))
    with reading(engine) as connection:
        assert [row.state for row in connection.execute(select(sendings))] == ["waiting"]
