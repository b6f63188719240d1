"""People who wait for one of the staff."""

import re

from sqlalchemy import insert, select

from bot.database import reading, writing
from bot.practice.console.conversations import people
from bot.practice.console.conversations.models import conversation, waiting
from bot.practice.console.models import audit
from bot.practice.console.staff.accounts import Role
from tests.practice.console.generator import Said
from tests.practice.console.test_index import answered, labelled, say
from tests.practice.console.world import World


def order(world: World) -> list[int]:
    with reading(world.engine) as connection:
        return [row["conversation_id"] for row in people.waiting_people(connection, None)[0]]


def test_the_most_urgent_and_longest_waiting_first(any_console: World) -> None:
    say(any_console, labelled("talk_to_human"), sender="web-1", minutes_ago=90)
    say(any_console, labelled("red_flag"), sender="web-2", minutes_ago=10)
    say(any_console, labelled("red_flag"), sender="web-3", minutes_ago=20)
    say(any_console, answered("utter_unavailable"), sender="web-4", minutes_ago=5)
    say(any_console, labelled("faq/melasma"), sender="web-5")
    assert order(any_console) == [3, 2, 4, 1]


def test_paging(any_console: World) -> None:
    with writing(any_console.engine) as connection:
        for number in range(1, 121):
            summary = {
                "channel": "web",
                "language": "en",
                "length": 1,
                "outcomes": 8,
                "band": 0,
                "opening": "",
                "form_open": False,
                "last_event": number,
            }
            at = {"started_at": any_console.now, "last_at": any_console.now}
            connection.execute(insert(conversation).values(id=number, sender=str(number), **summary, **at))
            row = {"conversation_id": number, "reasons": 8, "urgency": number % 3 + 1, "since": any_console.now, "event": number}
            connection.execute(insert(waiting).values(**row))
    seen, after = [], None
    with reading(any_console.engine) as connection:
        while True:
            rows, place = people.waiting_people(connection, after)
            seen += [row["conversation_id"] for row in rows]
            if place is None:
                break
            after = people.Place.read(str(place))
    assert len(seen) == len(set(seen)) == 120


def test_how_to_reach_them(any_console: World) -> None:
    def talk(said: Said) -> None:
        said.user("words", "complaint", 0.9)
        for slot, value in (("name", "Anna de Vries"), ("phone", "+31612345678"), ("phone", None), ("email", "skipped")):
            said.slot(slot, value)
        said.bot("utter_complaint", "text")

    say(any_console, talk)
    html = any_console.browser(any_console.staff()).get("/waiting").text
    assert "Anna de Vries" in html and 'href="tel:+31612345678"' in html and "mailto" not in html
    with reading(any_console.engine) as connection:
        assert connection.execute(select(audit.c.action)).scalars().all()[-1] == "waiting_seen"


def test_taking_giving_back_and_done(any_console: World) -> None:
    say(any_console, labelled("complaint"))
    first = any_console.browser(any_console.staff(Role.REVIEWER, login="first@practice.example"))
    second = any_console.browser(any_console.staff(Role.REVIEWER, login="second@practice.example"))
    assert first.send("/waiting/1/take", page="/waiting").headers["location"] == "/staff/waiting"
    assert second.send("/waiting/1/take", page="/waiting").headers["location"] == "/staff/waiting?late=yes"
    assert "taken by First" in second.get("/waiting").text
    first.send("/waiting/1/give-back", page="/waiting")
    assert second.send("/waiting/1/take", page="/waiting").headers["location"] == "/staff/waiting"
    second.send("/waiting/1/done", page="/waiting")
    assert order(any_console) == []
    assert re.search(r"done by\s+Second", first.get("/waiting").text)
    assert first.send("/waiting/1/done", page="/waiting").headers["location"] == "/staff/waiting?late=yes"
