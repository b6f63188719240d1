"""`ask`: the steps read from events, over the web channel and in this process."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import requests
import responses
from rich.console import Console
from sqlalchemy import text as sql

from bot import settings as project
from bot.__main__ import main
from bot.asking import conversation
from bot.asking.conversation import Conversation
from bot.asking.errors import NotAnswered
from bot.asking.in_process import converse
from bot.asking.running import RunningSystem
from bot.asking.turns import read_turns
from bot.channels.tokens import Tokens
from bot.commands.ask import show
from bot.database import open_database, writing
from bot.evaluation.model import NoModel
from bot.settings import Settings

NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)

PARSE = {
    "intent": {"name": "faq", "confidence": 0.9, "full_retrieval_intent_name": "faq/melasma"},
    "intent_ranking": [{"name": "faq/melasma", "confidence": 0.9}, {"name": "faq/pih", "confidence": 0.05}],
    "entities": [{"entity": "body_part", "value": "face"}],
    "language": "en",
    "red_flag": None,
}

EVENTS: list[dict[str, Any]] = [
    {"event": "action", "name": "action_session_start"},
    {"event": "user", "text": '/start{"language":"en"}', "parse_data": {"intent": {"name": "start"}}},
    {"event": "bot", "text": "Hello", "metadata": {"utter_action": "utter_greeting"}},
    {"event": "action", "name": "action_listen"},
    {"event": "user", "text": "what is [this] mask?", "parse_data": PARSE},
    {"event": "slot", "name": "language", "value": "en"},
    {"event": "action", "name": "utter_faq"},
    {
        "event": "bot",
        "text": "Melasma shows as dark patches.",
        "data": {"buttons": [{"title": "Book", "payload": "/x"}], "custom": {"cards": []}},
        "metadata": {"utter_action": "utter_faq/melasma"},
    },
    {"event": "action", "name": "action_listen"},
]


@dataclass
class Remembered:
    """One of Rasa's events."""

    data: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        return self.data


@dataclass
class FakeAgent:
    """Stands for Rasa's agent: remembers what it was told."""

    intents: list[str]
    heard: list[str] = field(default_factory=list)

    @property
    def domain(self) -> "FakeAgent":
        return self

    @property
    def tracker_store(self) -> "FakeAgent":
        return self

    @property
    def events(self) -> list[Remembered]:
        return [Remembered(event) for event in EVENTS]

    async def handle_text(self, text: str, _channel: object, _sender: str) -> None:
        self.heard.append(text)

    async def retrieve(self, _sender: str) -> "FakeAgent":
        return self


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var_dir=tmp_path, secret_key="k" * 40, assistant_port=1, actions_port=2, practice_port=3, _env_file=None)


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def url(path: str) -> str:
    return f"http://127.0.0.1:1/webhooks/web/{path}"


def keep_events(settings: Settings, session: str) -> None:
    with writing(open_database(settings.conversations_database)) as connection:
        connection.execute(sql("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, data TEXT)"))
        for sender, event in [("web-other", {"event": "user", "text": "not mine"}), *((session, event) for event in EVENTS)]:
            connection.execute(sql("INSERT INTO events (sender_id, data) VALUES (:s, :d)"), {"s": sender, "d": json.dumps(event)})


def open_session(settings: Settings, web: responses.RequestsMock) -> None:
    token = Tokens(settings.key_for("web-session")).make("web-1", NOW + timedelta(hours=1))
    web.post(url("session"), json={"token": token, "messages": []}, status=201)


def test_a_turn_has_every_step_and_commands_are_left_out() -> None:
    [turn] = read_turns(EVENTS)
    assert (turn.text, turn.understood.intent, turn.understood.language) == ("what is [this] mask?", "faq/melasma", "en")
    assert turn.actions == ["utter_faq"]
    [answer] = turn.answers
    assert (answer.response, answer.buttons, answer.custom) == ("utter_faq/melasma", ("Book",), {"cards": []})


def test_events_before_the_first_message_belong_to_no_turn() -> None:
    assert read_turns(EVENTS[:1]) == []


@pytest.mark.asyncio
async def test_in_process_opens_the_conversation_as_the_website_does() -> None:
    agent = FakeAgent(intents=["start"])
    await converse(agent, ["hello"], 1000)
    assert agent.heard == ['/start{"language": "en"}', "hello"]


@pytest.mark.asyncio
async def test_in_process_a_typed_command_is_text() -> None:
    agent = FakeAgent(intents=[])
    events = await converse(agent, ["/restart"], 1000)
    assert len(agent.heard) == 1 and not agent.heard[0].startswith("/")
    assert [event["event"] for event in events] == [event["event"] for event in EVENTS]


@pytest.mark.asyncio
@pytest.mark.parametrize("text", ["", " \x00 ", "x" * 11])
async def test_in_process_refuses_what_the_web_channel_refuses(text: str) -> None:
    with pytest.raises(NotAnswered, match="message"):
        await converse(FakeAgent(intents=[]), [text], 10)


def test_over_the_web_channel_all_texts_are_one_conversation(settings: Settings, web: responses.RequestsMock) -> None:
    open_session(settings, web)
    web.post(url("messages"), json={"messages": []})
    keep_events(settings, "web-1")
    [turn] = read_turns(RunningSystem(settings).converse(["one", "two"], NOW))
    assert turn.actions == ["utter_faq"]
    said = [json.loads(call.request.body) for call in web.calls][1:]
    assert [message["text"] for message in said] == ["one", "two"]
    assert said[0]["id"] != said[1]["id"]


def test_a_refusal_of_the_web_channel_is_told(settings: Settings, web: responses.RequestsMock) -> None:
    open_session(settings, web)
    web.post(url("messages"), json={"error": {"code": "empty", "message": "The message has no text."}}, status=400)
    with pytest.raises(NotAnswered, match="answered 400: The message has no text."):
        RunningSystem(settings).converse([""], NOW)


@pytest.mark.parametrize("answer", [requests.ConnectionError(), requests.Timeout(), "<html>"])
def test_no_answer_of_the_web_channel_is_told(settings: Settings, web: responses.RequestsMock, answer: Exception | str) -> None:
    web.post(url("session"), body=answer)
    with pytest.raises(NotAnswered, match="does not answer"):
        RunningSystem(settings).converse(["hi"], NOW)


def test_an_unreadable_database_is_told(settings: Settings, web: responses.RequestsMock) -> None:
    open_session(settings, web)
    with pytest.raises(NotAnswered, match="can't be read"):
        RunningSystem(settings).converse([], NOW)


def test_the_running_system_goes_before_the_model(settings: Settings, web: responses.RequestsMock) -> None:
    web.get(url("health"), json={"status": "ok"})
    web.get("http://127.0.0.1:2/health", json={"status": "ok"})
    open_session(settings, web)
    web.post(url("messages"), json={"messages": []})
    keep_events(settings, "web-1")
    asked = conversation.ask(["hi"], settings, NOW)
    assert (asked.model, asked.actions, len(asked.turns)) == (None, True, 1)


def test_nothing_running_and_no_model_is_one_line(
    settings: Settings, web: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def none(_models: Path) -> Path:
        raise NoModel("no model in models/: run make train")

    web.get(url("health"), status=503)
    monkeypatch.setattr(project, "load", lambda: settings)
    monkeypatch.setattr(conversation, "newest_model", none)
    assert main(["ask", "hi"]) == 1
    assert capsys.readouterr().err == "no model in models/: run make train\n"


def test_prints_each_step_with_brackets_as_typed() -> None:
    console = Console(file=io.StringIO(), width=100)
    show(Conversation("new.tar.gz", False, read_turns(EVENTS)), console)
    printed = console.file.getvalue()  # type: ignore[attr-defined]
    for text in ("new.tar.gz", "action server is not running", "what is [this] mask?", "faq/melasma  0.900", "faq/pih  0.050"):
        assert text in printed
    for text in ("body_part = face", "utter_faq/melasma", "Melasma shows as dark patches.", "[Book]"):
        assert text in printed


@pytest.mark.slow
def test_asks_a_trained_model_without_servers(
    trained_model: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(project, "load", lambda: settings)
    monkeypatch.setattr(conversation, "newest_model", lambda _models: trained_model)
    assert main(["ask", "what is melasma", "--json"]) == 0
    asked = json.loads(capsys.readouterr().out)
    [turn] = asked["turns"]
    assert (asked["actions"], turn["understood"]["intent"], turn["understood"]["language"]) == (False, "faq/melasma", "en")
    assert turn["actions"] and turn["answers"][0]["response"] == "utter_faq/melasma"
