"""What the web channel keeps, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from bot.channels.errors import ChannelError
from bot.channels.incoming import Said
from bot.channels.schema import offers, rates, turns
from bot.channels.sessions import Answer, Sessions, Turn
from tests.channels.web_client import Clock

ANSWER = [{"id": "a1", "text": "hello", "buttons": [{"title": "Prices", "payload": "/ask_price"}], "cards": [], "slots": []}]


@pytest.fixture
def sessions(engines: Callable[[], Engine]) -> Sessions:
    store = Sessions(engines(), keep_seconds=3600)
    store.prepare()
    return store


@pytest.fixture
def workers(engines: Callable[[], Engine], sessions: Sessions) -> list[Sessions]:
    """The same store as twenty processes have it."""
    return [sessions, *(Sessions(engines(), keep_seconds=3600) for _ in range(19))]


@pytest.fixture
def session() -> str:
    return f"web-{uuid4().hex}"


def refused(call: Callable[[], object]) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        call()
    return caught.value


def count(engine: Engine, table: object, session: str) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table).where(table.c.session == session)).scalar_one()


def test_the_tables_can_be_made_twice(sessions: Sessions) -> None:
    sessions.prepare()


def test_the_first_to_claim_runs_the_turn_and_the_next_waits(sessions: Sessions, session: str, clock: Clock) -> None:
    said = Said(str(uuid4()), text="hello")
    assert isinstance(sessions.claim(session, said, 30, clock()), Turn)
    assert sessions.claim(session, said, 30, clock()) is None


def test_of_twenty_workers_one_runs_the_turn(workers: list[Sessions], session: str, clock: Clock) -> None:
    said = Said(str(uuid4()), text="hello")
    with ThreadPoolExecutor(20) as pool:
        claimed = list(pool.map(lambda worker: worker.claim(session, said, 30, clock()), workers))
    assert sorted(isinstance(claim, Turn) for claim in claimed) == [False] * 19 + [True]


def test_twenty_workers_admit_no_more_than_the_limit(workers: list[Sessions], session: str, clock: Clock) -> None:
    def claim(worker: Sessions) -> bool:
        try:
            return isinstance(worker.claim(session, Said(str(uuid4()), text="hello"), 7, clock()), Turn)
        except ChannelError:
            return False

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(claim, workers)) == 7


def test_a_finished_turn_gives_its_answer_again(sessions: Sessions, session: str, clock: Clock) -> None:
    said = Said(str(uuid4()), text="hello")
    assert sessions.finish(sessions.claim(session, said, 30, clock()), ANSWER, clock())
    assert sessions.claim(session, said, 30, clock()) == Answer(ANSWER)


def test_a_known_id_with_other_text_is_refused(sessions: Sessions, session: str, clock: Clock) -> None:
    said = Said(str(uuid4()), text="hello")
    sessions.claim(session, said, 30, clock())
    assert refused(lambda: sessions.claim(session, Said(said.id, text="bye"), 30, clock())).code == "id_reused"


def test_a_text_and_a_payload_of_the_same_words_are_not_the_same(sessions: Sessions, session: str, clock: Clock) -> None:
    said = Said(str(uuid4()), text="/ask_price")
    sessions.claim(session, said, 30, clock())
    assert refused(lambda: sessions.claim(session, Said(said.id, payload="/ask_price"), 30, clock())).code == "id_reused"


def test_a_released_message_can_be_sent_again(sessions: Sessions, session: str, clock: Clock) -> None:
    said = Said(str(uuid4()), text="hello")
    sessions.release(sessions.claim(session, said, 30, clock()))
    assert isinstance(sessions.claim(session, said, 30, clock()), Turn)


def test_an_answered_turn_can_not_be_released(sessions: Sessions, session: str, clock: Clock) -> None:
    said = Said(str(uuid4()), text="hello")
    turn = sessions.claim(session, said, 30, clock())
    sessions.finish(turn, ANSWER, clock())
    sessions.release(turn)
    assert sessions.claim(session, said, 30, clock()) == Answer(ANSWER)


def test_a_turn_lost_in_a_crash_is_taken_over_after_thirty_seconds(sessions: Sessions, session: str, clock: Clock) -> None:
    said = Said(str(uuid4()), text="hello")
    lost = sessions.claim(session, said, 30, clock())
    clock.move(seconds=29)
    assert sessions.claim(session, said, 30, clock()) is None
    clock.move(seconds=2)
    taken = sessions.claim(session, said, 30, clock())
    assert isinstance(taken, Turn)
    assert sessions.claim(session, said, 30, clock()) is None, "the new attempt has thirty seconds of its own"
    assert not sessions.finish(lost, [], clock()), "the lost attempt can't answer any more"
    assert sessions.finish(taken, ANSWER, clock())


def test_a_payload_is_taken_only_in_the_session_it_was_offered_in(sessions: Sessions, session: str, clock: Clock) -> None:
    tap = Said(str(uuid4()), payload="/ask_price")
    assert refused(lambda: sessions.claim(session, tap, 30, clock())).code == "payload_not_offered"
    sessions.finish(sessions.claim(session, Said(str(uuid4()), text="hello"), 30, clock()), ANSWER, clock())
    assert refused(lambda: sessions.claim(f"web-{uuid4().hex}", tap, 30, clock())).code == "payload_not_offered"
    assert isinstance(sessions.claim(session, tap, 30, clock()), Turn)


def test_a_payload_offered_again_keeps_its_latest_title(sessions: Sessions, session: str, clock: Clock) -> None:
    for title in ("Prices", "Prijzen"):
        answer = [ANSWER[0] | {"buttons": [{"title": title, "payload": "/ask_price"}]}]
        sessions.finish(sessions.claim(session, Said(str(uuid4()), text="hello"), 30, clock()), answer, clock())
    tap = Said(str(uuid4()), payload="/ask_price")
    sessions.claim(session, tap, 30, clock())
    assert sessions.history(session)[-1]["text"] == "Prijzen"


def test_a_refused_payload_leaves_nothing_behind(engines: Callable[[], Engine], sessions: Sessions, session: str, clock: Clock) -> None:
    refused(lambda: sessions.claim(session, Said(str(uuid4()), payload="/ask_price"), 1, clock()))
    assert count(engines(), turns, session) == 0
    assert isinstance(sessions.claim(session, Said(str(uuid4()), text="hello"), 1, clock()), Turn), "it was not counted either"


def test_messages_beyond_the_limit_wait_until_the_first_is_a_minute_old(sessions: Sessions, session: str, clock: Clock) -> None:
    for _ in range(3):
        sessions.claim(session, Said(str(uuid4()), text="hello"), 3, clock())
        clock.move(seconds=10)
    error = refused(lambda: sessions.claim(session, Said(str(uuid4()), text="hello"), 3, clock()))
    assert (error.code, error.retry_after) == ("too_many", 30)
    clock.move(seconds=30)
    assert isinstance(sessions.claim(session, Said(str(uuid4()), text="hello"), 3, clock()), Turn)


def test_an_answer_given_again_is_not_counted(sessions: Sessions, session: str, clock: Clock) -> None:
    said = Said(str(uuid4()), text="hello")
    sessions.finish(sessions.claim(session, said, 1, clock()), ANSWER, clock())
    assert sessions.claim(session, said, 1, clock()) == Answer(ANSWER)


def test_one_address_opens_as_many_sessions_as_allowed(sessions: Sessions, clock: Clock) -> None:
    here, elsewhere = uuid4().hex, uuid4().hex
    sessions.open(f"web-{uuid4().hex}", here, 1, clock())
    assert refused(lambda: sessions.open(f"web-{uuid4().hex}", here, 1, clock())).code == "too_many"
    sessions.open(f"web-{uuid4().hex}", elsewhere, 1, clock())


def test_sessions_that_are_over_are_forgotten(engines: Callable[[], Engine], sessions: Sessions, session: str, clock: Clock) -> None:
    turn = sessions.open(session, "an address", 30, clock())
    sessions.finish(turn, ANSWER, clock())
    clock.move(hours=2)
    sessions.open(f"web-{uuid4().hex}", "another address", 30, clock())
    engine = engines()
    assert (count(engine, turns, session), count(engine, offers, session)) == (0, 0)
    with engine.connect() as connection:
        assert "an address" not in connection.execute(select(rates.c.key)).scalars().all()


def test_history_tells_both_sides_in_order(sessions: Sessions, session: str, clock: Clock) -> None:
    sessions.finish(sessions.open(session, uuid4().hex, 30, clock()), ANSWER, clock())
    tap, typed = Said(str(uuid4()), payload="/ask_price"), Said(str(uuid4()), text="/restart \U0001f600")
    sessions.finish(sessions.claim(session, tap, 30, clock()), [ANSWER[0] | {"id": "a2"}], clock())
    sessions.claim(session, typed, 30, clock())
    told = sessions.history(session)
    assert [(message["from"], message["id"]) for message in told] == [
        ("assistant", "a1"),
        ("visitor", tap.id),
        ("assistant", "a2"),
        ("visitor", typed.id),
    ]
    assert [message["text"] for message in told] == ["hello", "Prices", "hello", "/restart \U0001f600"]
    assert told[0]["at"] == "2026-11-20T12:00:00.000+00:00"
    assert sessions.history(session, after=tap.id) == told[2:]
    assert sessions.history(session, after="a1") == told[1:]
    assert sessions.history(session, after="unknown") == told


def test_any_text_is_stored_as_it_is(sessions: Sessions, session: str, clock: Clock) -> None:
    text = "<b>Ünïcode</b> ' \" \\ 中文 \U0001f469\u200d\U0001f52c"
    said = Said(str(uuid4()), text=text)
    sessions.finish(sessions.claim(session, said, 30, clock()), [ANSWER[0] | {"text": f"{text}\x00"}], clock())
    assert [message["text"] for message in sessions.history(session)] == [text, f"{text}\x00"]
