"""What is kept of each day, and its sums."""

import random
from collections import Counter
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import delete, insert

from bot.database import writing
from bot.practice.console.conversations.days import Kind, Step, day_of, rounded
from bot.practice.console.conversations.events import events
from bot.practice.console.conversations.models import day, figure, message, topic
from bot.practice.console.conversations.summary import Outcome
from tests.practice.console import generator
from tests.practice.console.generator import Said
from tests.practice.console.test_index import Talk, add, answered, labelled, rows, say
from tests.practice.console.world import World, at

SCENES = (generator.ask, generator.price, generator.lost, generator.book, generator.begin_booking, generator.person, generator.red_flag)


def counted(world: World) -> Counter[tuple[date, str, str]]:
    """The sums, counted one by one from the rows."""
    found: Counter[tuple[date, str, str]] = Counter()
    for row in rows(world, day):
        found[row["day"], "conversations", ""] += 1
        found[row["day"], "channel", row["channel"]] += 1
        found[row["day"], "language", row["language"]] += 1
        for kind, flags, column in (("outcome", Outcome, "outcomes"), ("step", Step, "steps")):
            for flag in flags:
                found[row["day"], kind, flag.key] += bool(flag & row[column])
    for row in rows(world, topic):
        for kind, column in (("topic", "asked"), ("doubtful", "doubtful"), ("missed", "missed")):
            found[row["day"], kind, row["topic"]] += row[column]
    for row in rows(world, message):
        found[day_of(row["at"]), "understood", row["understood"]] += 1
        if row["answer_ms"] is not None:
            found[day_of(row["at"]), "answer", str(rounded(row["answer_ms"]))] += 1
    return +found


def summed(world: World) -> Counter[tuple[date, str, str]]:
    return Counter({(row["day"], row["kind"], row["name"]): row["number"] for row in rows(world, figure)})


def of_day(world: World) -> dict[date, dict[str, Any]]:
    return {row["day"]: dict(row) for row in rows(world, day)}


@pytest.mark.parametrize("seed", range(3))
def test_the_sums_are_what_counting_gives_whatever_happens(any_console: World, seed: int) -> None:
    dice = random.Random(seed)
    said: dict[str, Said] = {}

    def speak() -> None:
        sender = f"{dice.choice(['web', 'whatsapp'])}-{dice.randrange(8)}"
        talks: list[Talk] = [lambda each, scene=scene: scene(each, dice) for scene in dice.choices(SCENES, k=2)]
        if sender not in said:
            said[sender] = say(any_console, *talks, sender=sender, minutes_ago=dice.randrange(5000))
            return
        said[sender].clock = max(said[sender].clock, any_console.now.timestamp() - dice.randrange(5000) * 60)
        for talk in talks:
            talk(said[sender])
        add(any_console, said[sender])

    def forget() -> None:
        if said:
            sender = dice.choice(sorted(said))
            del said[sender]
            with writing(any_console.assistant) as connection:
                connection.execute(delete(events).where(events.c.sender_id == sender))
            any_console.index.forget(sender)

    def wait() -> None:
        any_console.pass_time(hours=dice.randrange(40))
        any_console.index.catch_up_wholly(any_console.now)

    def rebuild() -> None:
        any_console.index.start_over()
        any_console.index.catch_up_wholly(any_console.now)

    for _ in range(40):
        dice.choices((speak, forget, wait, rebuild), (12, 2, 4, 1))[0]()
        assert summed(any_console) == counted(any_console)
    assert any(row["previous"] for row in rows(any_console, day))
    assert sum(row["outcomes"] & Outcome.LEFT for row in rows(any_console, day))


def test_a_conversation_that_goes_on_after_midnight_has_two_days(any_console: World) -> None:
    any_console.now = at("2026-10-25T23:30")  # half past midnight in Amsterdam, after the night in which the clock went back
    said = say(any_console, labelled("faq/melasma"), minutes_ago=60)
    said.clock = any_console.now.timestamp() - 60
    answered("utter_booked")(said)
    add(any_console, said)
    found = of_day(any_console)
    assert list(found) == [date(2026, 10, 25), date(2026, 10, 26)]
    first, second = found.values()
    assert (first["previous"], second["previous"]) == (None, date(2026, 10, 25))
    assert (Outcome(first["outcomes"]), Outcome(second["outcomes"])) == (Outcome(0), Outcome.BOOKED)


def test_a_form_left_counts_on_the_last_day_and_no_more_once_it_goes_on(console: World) -> None:
    said = say(console, labelled("faq/melasma"), minutes_ago=3000)
    said.clock = console.now.timestamp() - 3600
    said.form("booking_form")
    labelled("ask_price")(said)
    add(console, said)
    console.index.catch_up_wholly(console.now)
    assert [row["outcomes"] & Outcome.LEFT for row in rows(console, day)] == [0, Outcome.LEFT]
    said.form(None)
    add(console, said)
    assert not any(row["outcomes"] & Outcome.LEFT for row in rows(console, day))
    assert summed(console) == counted(console)


def offering(slot: str) -> Talk:
    def talk(said: Said) -> None:
        said.user("when", "book_consultation", 0.9)
        times = [{"title": "09:00", "payload": f'/choose{{"{slot}": "2026-12-01T08:00:00+00:00"}}'}]
        said.bot("utter_booking_start", "text", custom={"slots": [{"day": "Tuesday", "times": times}]})

    return talk


def chosen(slot: str) -> Talk:
    def talk(said: Said) -> None:
        said.user("nine", "book_consultation", 0.9)
        said.slot(slot, "2026-12-01T08:00:00+00:00")
        said.bot("utter_booking_name", "text")

    return talk


@pytest.mark.parametrize(
    ("talk", "steps"),
    [
        (lambda said: None, Step(0)),
        (labelled("faq/melasma"), Step.ASKED),
        (answered("utter_guided_concern"), Step.ASKED | Step.GUIDED),
        (offering("start"), Step.ASKED | Step.OFFERED),
        (offering("new_start"), Step.ASKED),
        (chosen("start"), Step.ASKED | Step.OFFERED | Step.CHOSE),
        (chosen("new_start"), Step.ASKED),
        (answered("utter_booked"), Step.ASKED | Step.OFFERED | Step.CHOSE),
    ],
)
def test_steps_towards_an_appointment(console: World, talk: Talk, steps: Step) -> None:
    say(console, talk)
    ((row),) = rows(console, day)
    assert Step(row["steps"]) == steps


def unsure(response: str) -> Talk:
    def talk(said: Said) -> None:
        said.user("words", "nlu_fallback", 0.3, ["faq/melasma", "faq/pih"])
        said.bot(response, "text")

    return talk


def in_form(said: Said) -> None:
    said.form("booking_form")
    said.user("Anna", "nlu_fallback", 0.3, ["faq/melasma"])
    said.bot("utter_booking_email", "text")


def test_topics_with_what_became_of_the_messages(console: World) -> None:
    labels = [labelled("faq/melasma"), unsure("utter_did_you_mean"), unsure("utter_not_understood"), labelled("greet")]
    say(console, *labels, labelled("ask_price"), in_form)
    found = {row["topic"]: (row["asked"], row["doubtful"], row["missed"]) for row in rows(console, topic)}
    assert found == {"faq/melasma": (3, 1, 1), "ask_price": (1, 0, 0)}


def test_an_index_of_an_earlier_version_is_read_anew(any_console: World) -> None:
    from bot.practice.schema import create_tables

    say(any_console, labelled("faq/melasma"))
    with writing(any_console.engine) as connection:
        for table in (day, topic, figure):
            table.drop(connection)
    create_tables(any_console.engine)
    any_console.index.catch_up_wholly(any_console.now)
    assert summed(any_console)[day_of(any_console.now), Kind.CONVERSATIONS.value, ""] == 1
    create_tables(any_console.engine)
    assert any_console.index.catch_up_wholly(any_console.now) == 0


@pytest.mark.parametrize(("milliseconds", "kept"), [(0, 0), (7, 7), (99, 99), (100, 100), (237, 230), (1249, 1200), (9960, 9900)])
def test_times_are_kept_to_two_digits(milliseconds: int, kept: int) -> None:
    assert rounded(milliseconds) == kept


def test_days_need_no_time_zone_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    assert day_of(datetime.fromisoformat("2026-06-30T23:30:00+00:00")) == date(2026, 7, 1)


def test_an_event_without_a_message_changes_no_sum(any_console: World) -> None:
    said = say(any_console, labelled("faq/melasma"))
    before = summed(any_console)
    with writing(any_console.assistant) as connection:
        connection.execute(insert(events).values(sender_id=said.sender, type_name="action", timestamp=said.clock, data='{"name": "x"}'))
    any_console.index.catch_up_wholly(any_console.now)
    assert summed(any_console) == before


def test_an_answer_after_midnight_counts_for_its_message_and_makes_a_day(console: World) -> None:
    console.now = at("2026-11-30T23:10")

    def talk(said: Said) -> None:
        said.clock = at("2026-11-30T22:59:30").timestamp()
        said.user("words", "faq/melasma", 0.9, wait=29)
        said.clock += 2
        said.bot("utter_booked", "text")

    say(console, talk)
    found = of_day(console)
    assert Outcome(found[date(2026, 11, 30)]["outcomes"]) == Outcome.BOOKED
    assert Outcome(found[date(2026, 12, 1)]["outcomes"]) == Outcome(0)
