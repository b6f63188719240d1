"""`make bench-messaging`: 1,000 updates of 200 people on Telegram, 20 delivered at a time, through the whole system.

A benchmark, not a test: it prints figures, and whether everybody was answered once and in order.
"""

import itertools
import json
import os
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import select
from sqlalchemy import text as sql
from sqlalchemy.engine import Engine

from bot.channels.messaging.outbox import OPEN
from bot.channels.messaging.schema import sendings, updates
from bot.database import open_database, reading
from bot.settings import Settings
from tests.channels import telegram_updates as tg
from tests.channels.background import in_background
from tests.channels.fake_telegram import TOKEN, FakeTelegram, serving_telegram
from tests.system import running

PEOPLE, EACH, AT_ONCE = 200, 5, 20
LONGEST_SECONDS = 600.0
QUESTIONS = ("what is melasma", "what are freckles", "how does laser work", "what does a peel cost", "which sunscreen should I use")


def deliver(settings: Settings, deliveries: list[dict[str, Any]]) -> None:
    """Delivers, so many side by side, as Telegram does."""
    url = f"http://{settings.host}:{settings.assistant_port}/webhooks/telegram/webhook"
    with requests.Session() as session, ThreadPoolExecutor(AT_ONCE) as pool:
        session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=AT_ONCE))
        session.headers["X-Telegram-Bot-Api-Secret-Token"] = settings.telegram_webhook_secret
        for answer in pool.map(lambda update: session.post(url, json=update, timeout=30), deliveries):
            answer.raise_for_status()


def wait(engine: Engine) -> None:
    """Until nothing is left to answer or to send."""
    deadline = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < deadline:
        with reading(engine) as connection:
            left = connection.execute(select(updates.c.number).where(updates.c.finished_at.is_(None)).limit(1)).first()
            left = left or connection.execute(select(sendings.c.number).where(sendings.c.state.in_(OPEN)).limit(1)).first()
        if left is None:
            return
        time.sleep(0.1)


def seconds_to_answer(engine: Engine) -> list[float]:
    """Of each update, from its arrival to the platform's receipt of its whole answer."""
    with reading(engine) as connection:
        arrived = {row.id[:56]: row.received_at for row in connection.execute(select(updates))}
        sent: dict[str, float] = {}
        for row in connection.execute(select(sendings)):
            turn = row.key.rpartition(".")[0]
            sent[turn] = max(sent.get(turn, 0.0), row.ended_at or float("inf"))
    return [sent.get(turn, float("inf")) - at for turn, at in arrived.items()]


def out_of_order(engine: Engine) -> int:
    """How many people were not heard exactly as they wrote."""
    with reading(engine) as connection:
        rows = connection.execute(sql("SELECT sender_id, data FROM events WHERE type_name = 'user' ORDER BY id")).all()
    heard: dict[str, list[str]] = {}
    for row in rows:
        heard.setdefault(row.sender_id, []).append(json.loads(row.data)["text"])
    right = sum(said[1:] == list(QUESTIONS) for said in heard.values())
    return PEOPLE - right


def processor_seconds(process: int) -> float:
    """Processor time that a process has used, from /proc."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Starts the system, delivers, prints."""
    with (
        in_background(serving_telegram) as telegram,
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), telegram_token=TOKEN, telegram_api_url=telegram.url) as system,
    ):
        deliveries = [tg.text(question, chat) for question, chat in itertools.product(QUESTIONS, range(1000, 1000 + PEOPLE))]
        engine = open_database(system.settings.messaging_database)
        started = time.monotonic()
        deliver(system.settings, deliveries)
        acknowledged = time.monotonic() - started
        wait(engine)
        report(telegram, engine, acknowledged, time.monotonic() - started)
        print(f"people heard out of order or twice: {out_of_order(open_database(system.settings.conversations_database))}")
        print(f"processor time of the assistant: {processor_seconds(system.process_ids()['assistant']):.0f} s")


def report(telegram: FakeTelegram, engine: Engine, acknowledged: float, elapsed: float) -> None:
    """Prints the figures."""
    times = seconds_to_answer(engine)
    p95 = statistics.quantiles(times, n=20)[-1]
    print(f"{PEOPLE * EACH} updates of {PEOPLE} people, {AT_ONCE} at a time, acknowledged within {acknowledged:.1f} s")
    print(f"all answered within {elapsed:.1f} s: {PEOPLE * EACH / elapsed:.1f} messages a second")
    print(f"from arrival to answer: p50 {statistics.median(times):.2f} s, p95 {p95:.2f} s, longest {max(times):.2f} s")
    print(f"not answered: {sum(seconds == float('inf') for seconds in times)}")
    print(f"messages sent: {len(telegram.sent())}, refused by the platform: {len(telegram.refused)}")


if __name__ == "__main__":
    main()
