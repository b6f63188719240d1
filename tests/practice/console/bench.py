"""`make bench-console`: how fast the console answers with 100,000 conversations, on SQLite and on PostgreSQL, and whether the assistant
is as fast while the console is used.

A benchmark, not a test: it prints figures and judges nothing. The processor time beside each figure, of this process with server and
browser in it, is what stays when others load the machine.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pgserver
from sqlalchemy import select

from bot.database import open_database, reading
from bot.practice.console.conversations.listing import Place
from bot.practice.console.conversations.models import conversation
from bot.practice.console.staff.accounts import Role
from bot.practice.console.teaching.models import unclear
from bot.practice.schema import create_tables
from tests.practice.console import bench_assistant
from tests.practice.console.generator import fill, keep_appointments
from tests.practice.console.practice import fill_practice
from tests.practice.console.world import Browser, World

ROUNDS = 40
WARM_UP = 3


def main() -> None:
    """Fills each database, measures, prints."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--conversations", type=int, default=100_000)
    parser.add_argument("--only", choices=["sqlite", "postgresql", "assistant"], action="append", help="one part of it, or several")
    chosen = parser.parse_args()
    print(f"load of the last minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    for database in [each for each in ("sqlite", "postgresql") if each in (chosen.only or [each])]:
        with tempfile.TemporaryDirectory() as folder, filled(database, Path(folder), chosen.conversations) as world:
            browser = world.browser(world.staff(Role.ADMINISTRATOR))
            fill_practice(world, weeks=20)
            for kind, path in scenes(world, browser).items():
                report(browser, kind, path)
    if "assistant" in (chosen.only or ["assistant"]):
        bench_assistant.report()


@contextmanager
def filled(database: str, folder: Path, number: int) -> Iterator[World]:
    """A console over so many conversations."""
    with url_of(database, folder) as url:
        engine = open_database(url or f"sqlite:///{folder / 'practice.db'}")
        create_tables(engine)
        world = World(folder, engine, database_url=url)
        started = time.monotonic()
        events = fill(world.assistant, number, world.now)
        made = time.monotonic()
        world.index.catch_up_wholly(world.now)
        keep_appointments(engine)
        if url:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("ANALYZE")
        print(
            f"\n{database}: {number} conversations, {events} events; made in {made - started:.0f} s, indexed in {time.monotonic() - made:.0f} s"
        )
        print(f"{'page of the console':34} {'p50':>8} {'p95':>8} {'processor':>10}  ({ROUNDS} each)")
        yield world
        world.close()
        engine.dispose()


@contextmanager
def url_of(database: str, folder: Path) -> Iterator[str]:
    """The address of a database; empty for SQLite's own files."""
    if database == "sqlite":
        yield ""
        return
    server = pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


def scenes(world: World, browser: Browser) -> dict[str, Callable[[int], str]]:
    """Path of each kind of page, by the number of the round."""
    with reading(world.engine) as connection:
        numbers = list(connection.execute(select(conversation.c.id).order_by(conversation.c.id)).scalars())
        middle = connection.execute(select(conversation).where(conversation.c.id == numbers[len(numbers) // 2])).mappings().one()
        unclear_events = list(connection.execute(select(unclear.c.event).order_by(unclear.c.event)).scalars())
    far_down, newest = Place.of(middle), Place(world.now - timedelta(hours=2), 1)
    frequent, rare = (searched(browser, words) for words in ("melasma", "yoghurt wedding"))
    asked = browser.send("/privacy/find", page="/privacy", who="anna77@example.com, 06 12345678")
    found = str(asked.headers["location"]).removeprefix("/staff")
    return {
        "first page": lambda _: "/conversations",
        "a page far down": lambda _: f"/conversations?after={far_down}",
        "a filter": lambda _: "/conversations?outcome=booked",
        "filters combined": lambda _: "/conversations?outcome=red_flag&channel=telegram&language=nl&reviewed=no",
        "a filter that nothing fits": lambda _: "/conversations?flagged=yes",
        "by days": lambda _: "/conversations?since=2026-06-01&until=2026-06-30",
        "by topic": lambda _: "/conversations?label=faq/melasma",
        "a search for a frequent word": lambda _: f"/conversations?search={frequent}",
        "a search for rare words": lambda _: f"/conversations?search={rare}",
        "a search and a filter": lambda _: f"/conversations?search={frequent}&outcome=booked",
        "what is new": lambda _: f"/conversations/new?than={newest}",
        "a conversation": lambda round_: f"/conversations/{numbers[round_ * 977 % len(numbers)]}",
        "a conversation within a filter": lambda round_: (
            f"/conversations/{numbers[round_ * 877 % len(numbers)]}?outcome=red_flag&language=nl"
        ),
        "a conversation within a search": lambda round_: f"/conversations/{numbers[round_ * 877 % len(numbers)]}?search={rare}",
        "overview": lambda _: "/overview",
        "overview of a year": lambda _: "/overview?span=months_12",
        "overview as a file": lambda _: "/overview/over_time.csv",
        "what a figure leads to": lambda _: "/conversations?since=2026-11-03&until=2026-11-30&happened=booked",
        "what a topic leads to": lambda _: "/conversations?since=2026-11-03&until=2026-11-30&topic=faq/melasma",
        "waiting for a person": lambda _: "/waiting",
        "what was not understood": lambda _: "/teach",
        "a message with its topics": lambda round_: f"/teach/{unclear_events[round_ * 577 % len(unclear_events)]}",
        "topics chosen": lambda _: "/teach/judged",
        "a conversation as a test": lambda round_: f"/conversations/{numbers[round_ * 977 % len(numbers)]}/test",
        "audit trail": lambda _: "/audit",
        "appointments of a week": lambda _: "/appointments?start=2026-12-04",
        "an appointment": lambda _: "/appointments/1",
        "the catalogue": lambda _: "/practice/treatments",
        "a treatment": lambda _: "/practice/treatments/tca_peel",
        "opening hours": lambda _: "/practice/hours",
        "privacy": lambda _: "/privacy",
        "everything about one person": lambda _: found,
    }


def searched(browser: Browser, words: str) -> str:
    """The number of a search."""
    answer = browser.send("/conversations/search", page="/conversations", words=words)
    return str(parse_qs(urlsplit(answer.headers["location"]).query)["search"][0])


def report(browser: Browser, kind: str, path: Callable[[int], str]) -> None:
    """Prints the figures of one kind of page."""
    for round_ in range(WARM_UP):
        timed(browser, path(round_))
    busy = time.process_time()
    values = [timed(browser, path(WARM_UP + round_)) for round_ in range(ROUNDS)]
    busy = (time.process_time() - busy) / ROUNDS * 1000
    print(f"{kind:34} {statistics.median(values):5.1f} ms {statistics.quantiles(values, n=20)[-1]:5.1f} ms {busy:7.1f} ms", flush=True)


def timed(browser: Browser, path: str) -> float:
    """Milliseconds until a page is there."""
    started = time.perf_counter()
    answer = browser.get(path)
    elapsed = (time.perf_counter() - started) * 1000
    assert answer.status_code in (200, 204), f"{path}: {answer.status_code}"
    return elapsed


if __name__ == "__main__":
    main()
