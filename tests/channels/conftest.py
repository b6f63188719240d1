from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pgserver
import pytest
import pytest_asyncio
from sqlalchemy.engine import Engine

from bot.channels.messaging import inbox, retry
from bot.channels.telegram import bot as telegram
from bot.channels.turns import Patience
from bot.channels.whatsapp import client as whatsapp
from bot.database import open_database
from bot.settings import Settings
from bot.tracker_store import ConversationStore
from tests.channels.fake_rasa import FakeAgent
from tests.channels.web_client import Chat, Clock, serving

SETTLE_SECONDS = inbox.SETTLE_SECONDS


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        _env_file=None,
        var_dir=tmp_path,
        secret_key="a key for the tests that is long enough",
        actions_port=1,
        widget_origins="https://practice.example",
        messages_per_minute=30,
        sessions_per_minute=30,
    )


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def agent(settings: Settings) -> FakeAgent:
    return FakeAgent(ConversationStore(url=settings.conversations_database))


@pytest.fixture
def patience() -> Patience:
    return Patience(poll=0.01)


@pytest_asyncio.fixture
async def chat(settings: Settings, agent: FakeAgent, clock: Clock, patience: Patience) -> AsyncIterator[Chat]:
    """A visitor with an open session."""
    async with serving(settings, agent, clock, patience) as http:
        visitor = Chat(http, agent, clock)
        assert (await visitor.open()).status_code == 201
        yield visitor


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = pgserver.get_server(tmp_path_factory.mktemp("postgresql"))
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Each test that asks for it runs on both databases."""
    return f"sqlite:///{tmp_path / 'web.db'}" if request.param == "sqlite" else request.getfixturevalue("postgresql")


@pytest.fixture
def engines(database_url: str) -> Iterator[Callable[[], Engine]]:
    """Opens the database again and again, as several workers do."""
    opened: list[Engine] = []

    def another() -> Engine:
        opened.append(open_database(database_url))
        return opened[-1]

    yield another
    for engine in opened:
        engine.dispose()


@pytest.fixture(autouse=True)
def no_settling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Updates are taken up at once; tests that deliver them out of order ask for `settling`."""
    monkeypatch.setattr(inbox, "SETTLE_SECONDS", 0.001)


@pytest.fixture
def settling(no_settling: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Updates wait for earlier ones, as they do outside the tests."""
    monkeypatch.setattr(inbox, "SETTLE_SECONDS", SETTLE_SECONDS)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries again without waiting long."""
    monkeypatch.setattr(retry, "FIRST_SECONDS", 0.01)
    for client in (telegram, whatsapp):
        monkeypatch.setattr(client, "ANSWER_SECONDS", 0.5)
        monkeypatch.setattr(client, "CONNECT_SECONDS", 0.5)
