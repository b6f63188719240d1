"""The tables made from the assistant's events."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from bot.database import reading, writing
from bot.practice.console.conversations import upkeep
from bot.practice.console.conversations.events import events
from bot.practice.console.conversations.index import Index, settled
from bot.practice.console.conversations.models import conversation, message, note, waiting
from bot.practice.console.conversations.summary import Outcome
from bot.practice.console.staff.accounts import account
from tests.practice.console.generator import Said, conversations, fill
from tests.practice.console.world import World

Talk = Callable[[Said], None]


def say(world: World, *talks: Talk, sender: str = "web-1", minutes_ago: float = 60) -> Said:
    """One conversation, in the assistant's database and in the tables."""
    said = Said(sender, "web", "en", (world.now - timedelta(minutes=minutes_ago)).timestamp())
    said.start()
    for talk in talks:
        talk(said)
    add(world, said)
    return said


def add(world: World, said: Said) -> None:
    events.metadata.create_all(world.assistant)
    with writing(world.assistant) as connection:
        connection.execute(insert(events), said.rows)
    said.rows = []
    world.index.catch_up_wholly(world.now)


def rows(world: World, table: Any = conversation) -> list[Any]:
    with reading(world.engine) as connection:
        return list(connection.execute(select(table).order_by(*table.primary_key.columns)).mappings())


def outcome(world: World) -> Outcome:
    (row,) = rows(world)
    return Outcome(row["outcomes"])


def answered(response: str) -> Talk:
    def talk(said: Said) -> None:
        said.user("something", "ask_price", 0.9)
        said.bot(response, "text")

    return talk


def labelled(label: str, confidence: float = 0.9) -> Talk:
    def talk(said: Said) -> None:
        said.user("words", label, confidence)
        said.bot("utter_x", "text")

    return talk


@pytest.mark.parametrize(
    ("talk", "expected"),
    [
        (answered("utter_booked"), Outcome.BOOKED),
        (answered("utter_appointment_moved"), Outcome.MOVED),
        (answered("utter_appointment_cancelled"), Outcome.CANCELLED),
        (answered("utter_red_flag_emergency"), Outcome.RED_FLAG),
        (answered("utter_guided_unsure_changes"), Outcome.RED_FLAG),
        (answered("utter_not_understood_again"), Outcome.NOT_UNDERSTOOD),
        (answered("utter_unavailable"), Outcome.FAILED),
        (answered("utter_price_all"), Outcome(0)),
        (labelled("talk_to_human"), Outcome.PERSON),
        (labelled("complaint"), Outcome.PERSON),
        (labelled("red_flag"), Outcome.RED_FLAG),
        (labelled("nlu_fallback"), Outcome(0)),
    ],
)
def test_outcomes(console: World, talk: Talk, expected: Outcome) -> None:
    say(console, talk)
    assert outcome(console) == expected


def test_a_summary(any_console: World) -> None:
    say(any_console, labelled("faq/melasma", 0.7), labelled("ask_price", 0.95), lambda said: said.user("/skip", "skip", 1.0))
    (row,) = rows(any_console)
    assert (row["channel"], row["language"], row["length"], row["confidence"], row["opening"]) == ("web", "en", 3, 0.7, "words")
    assert [each["label"] for each in rows(any_console, message)] == ["faq/melasma", "ask_price", "skip"]


def test_more_is_said(any_console: World) -> None:
    said = say(any_console, labelled("faq/melasma"))
    said.user("and the price", "ask_price", 0.6)
    add(any_console, said)
    said.bot("utter_price_all", "text")
    add(any_console, said)
    (row,) = rows(any_console)
    assert (row["length"], row["confidence"]) == (2, 0.6)
    assert [each["answer_ms"] is not None for each in rows(any_console, message)] == [True, True]


def test_the_answer_to_a_forms_question_counts_as_understood(console: World) -> None:
    def talk(said: Said) -> None:
        said.form("booking_form")
        said.user("Anna", "nlu_fallback", 0.1)
        said.bot("utter_booking_email", "text")
        said.form(None)

    say(console, labelled("faq/melasma", 0.8), talk)
    assert rows(console)[0]["confidence"] == 0.8
    assert [each["understood"] for each in rows(console, message)] == ["yes", "in_form"]


def test_a_form_left_half_way(any_console: World) -> None:
    said = say(any_console, lambda said: said.form("booking_form"), labelled("ask_price"), minutes_ago=29)
    assert outcome(any_console) == Outcome(0)
    any_console.pass_time(minutes=31)
    any_console.index.catch_up(any_console.now)
    assert outcome(any_console) == Outcome.LEFT
    said.clock = any_console.now.timestamp()
    answered("utter_booked")(said)
    said.form(None)
    add(any_console, said)
    assert outcome(any_console) == Outcome.BOOKED


def test_making_it_anew_keeps_what_staff_added(any_console: World) -> None:
    say(any_console, labelled("faq/melasma"), labelled("ask_price"))
    login = any_console.staff()
    with writing(any_console.engine) as connection:
        upkeep.add_note(connection, 1, account(connection, login=login), "a note", any_console.now)
        upkeep.flag(connection, 1, True)
        connection.execute(update(conversation).values(opening="out of date"))
        connection.execute(update(message).values(label="out of date"))
    any_console.index.start_over()
    assert any_console.index.catch_up_wholly(any_console.now) == 1
    (row,) = rows(any_console)
    assert (row["id"], row["flagged"], row["opening"], len(rows(any_console, note))) == (1, True, "words", 1)
    assert [each["label"] for each in rows(any_console, message)] == ["faq/melasma", "ask_price"]


def test_doing_it_again_changes_nothing(any_console: World) -> None:
    fill(any_console.assistant, 20, any_console.now)
    assert any_console.index.catch_up_wholly(any_console.now) == 20
    before = rows(any_console), rows(any_console, message), rows(any_console, waiting)
    any_console.index.start_over()
    any_console.index.catch_up_wholly(any_console.now)
    assert (rows(any_console), rows(any_console, message), rows(any_console, waiting)) == before
    assert any_console.index.catch_up(any_console.now) == 0


def test_two_processes_at_once(any_console: World) -> None:
    import threading

    fill(any_console.assistant, 60, any_console.now)
    faults: list[Exception] = []

    def run() -> None:
        try:
            Index(any_console.engine, any_console.assistant).catch_up_wholly(any_console.now)
        except Exception as error:  # noqa: BLE001 - handed to the test
            faults.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    any_console.index.catch_up_wholly(any_console.now)
    assert faults == []
    assert len(rows(any_console)) == 60
    assert len(rows(any_console, message)) == sum(len(_messages(said)) for said in conversations(60, any_console.now))


def _messages(said: Said) -> list[Any]:
    return [row for row in said.rows if row["type_name"] == "user" and row["intent_name"] != "start"]


def test_before_the_assistant_has_ever_run(console: World) -> None:
    assert console.index.catch_up(console.now) == 0


@pytest.mark.parametrize(
    "data", ["no json", "[]", '{"event": "user", "parse_data": {"intent": {"confidence": "x"}}}', '{"event": "bot", "data": 3}']
)
def test_an_event_that_cant_be_read_holds_up_no_other_conversation(console: World, data: str) -> None:
    bad = Said("web-bad", "web", "en", console.now.timestamp() - 3600)
    bad.start()
    add(console, bad)
    with writing(console.assistant) as connection:
        kind = "bot" if "bot" in data else "user"
        connection.execute(insert(events).values(sender_id="web-bad", type_name=kind, timestamp=bad.clock, data=data))
    say(console, labelled("faq/melasma"), sender="web-good")
    assert "web-good" in [row["sender"] for row in rows(console)]


def test_an_event_that_commits_late_is_not_missed() -> None:
    from tests.practice.world import NOW

    old, young = NOW.timestamp() - 600, NOW.timestamp() - 1
    assert settled(0, [(1, "a", young), (2, "a", young)], NOW) == 2
    assert settled(0, [(1, "a", young), (3, "b", young)], NOW) == 1
    assert settled(0, [(1, "a", old), (3, "b", old)], NOW) == 3


def test_a_late_event_comes_in_when_it_is_there(console: World) -> None:
    first, second = (Said(f"web-{number}", "web", "en", console.now.timestamp() - 5) for number in (1, 2))
    for said in (first, second):
        said.start()
        labelled("faq/melasma")(said)
    events.metadata.create_all(console.assistant)
    with writing(console.assistant) as connection:
        late = [{"id": 100 + count, **row} for count, row in enumerate(second.rows)]
        connection.execute(insert(events), late)
    console.index.catch_up_wholly(console.now)
    with writing(console.assistant) as connection:
        connection.execute(insert(events), [{"id": 1 + count, **row} for count, row in enumerate(first.rows)])
    console.index.catch_up_wholly(console.now)
    assert {row["sender"] for row in rows(console)} == {"web-1", "web-2"}


def test_forgetting_a_conversation(any_console: World) -> None:
    say(any_console, labelled("talk_to_human"), sender="web-1")
    say(any_console, labelled("complaint"), sender="web-2")
    with writing(any_console.assistant) as connection:
        connection.execute(delete(events).where(events.c.sender_id == "web-2"))
    any_console.index.forget("web-2")
    assert [row["sender"] for row in rows(any_console)] == ["web-1"]
    assert {row["conversation_id"] for table in (message, waiting) for row in rows(any_console, table)} == {1}
    say(any_console, labelled("ask_price"), sender="web-3")  # takes the numbers of the deleted events on SQLite
    assert [row["sender"] for row in rows(any_console)] == ["web-1", "web-3"]


def test_what_a_visitor_deletes_in_the_chat_goes_here_too(any_console: World) -> None:
    for sender in ("web-1", "web-2"):
        say(any_console, labelled("talk_to_human"), sender=sender)
    assert any_console.index.forget_deleted(any_console.now) == 0
    with writing(any_console.assistant) as connection:
        connection.execute(delete(events).where(events.c.sender_id == "web-1"))
    assert any_console.index.forget_deleted(any_console.now) == 1
    assert [row["sender"] for row in rows(any_console)] == ["web-2"]
    assert len(rows(any_console, message)) == len(rows(any_console, waiting)) == 1


def test_names_and_addresses_are_masked_in_the_list(console: World) -> None:
    def talk(said: Said) -> None:
        said.user("I'm Anna de Vries, anna@example.com, 06 12 34 56 78", "greet", 0.9)
        said.slot("name", "Anna de Vries")
        said.bot("utter_greet", "text")

    say(console, talk)
    opening = rows(console)[0]["opening"]
    assert not any(part in opening for part in ("Anna", "Vries", "example", "12 34"))


def test_who_waits(any_console: World) -> None:
    said = say(any_console, labelled("talk_to_human"), labelled("red_flag"))
    (row,) = rows(any_console, waiting)
    assert (Outcome(row["reasons"]), row["urgency"]) == (Outcome.PERSON | Outcome.RED_FLAG, 1)
    with writing(any_console.engine) as connection:
        connection.execute(update(waiting).values(done_by="Anna", done_at=any_console.now))
    labelled("ask_price")(said)
    add(any_console, said)
    assert rows(any_console, waiting)[0]["done_by"] == "Anna"
    labelled("complaint")(said)
    add(any_console, said)
    (row,) = rows(any_console, waiting)
    assert (Outcome(row["reasons"]), row["urgency"], row["done_by"]) == (Outcome.PERSON, 3, None)


def test_what_was_reviewed_is_to_be_looked_at_again_when_more_is_said(console: World) -> None:
    said = say(console, labelled("faq/melasma"))
    with writing(console.engine) as connection:
        connection.execute(update(conversation).values(reviewed=True))
    said.slot("x", 1)
    add(console, said)
    assert rows(console)[0]["reviewed"]
    labelled("ask_price")(said)
    add(console, said)
    assert not rows(console)[0]["reviewed"]
