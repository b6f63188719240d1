"""Telegram's webhook with a strict fake of the Bot API on the other side."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio

from bot.channels.messaging import outbox, sender, turns
from bot.channels.telegram.channel import TelegramChannel
from bot.database import open_database
from bot.settings import Settings
from tests.channels import telegram_updates as tg
from tests.channels.fake_rasa import FakeAgent, echo
from tests.channels.fake_telegram import TOKEN, FakeTelegram, serving_telegram
from tests.channels.server import serving_channel

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

SECRET = "a-secret_for-the-tests"
START = '/start{"language": "en"}'


@dataclass
class Bot:
    """The channel with both of its sides."""

    http: httpx.AsyncClient
    telegram: FakeTelegram
    agent: FakeAgent

    async def deliver(self, update: Any, **headers: str) -> httpx.Response:
        sent = {"X-Telegram-Bot-Api-Secret-Token": SECRET} | headers
        return await self.http.post("/webhooks/telegram/webhook", json=update, headers=sent)

    async def hears(self, *updates: dict[str, Any]) -> None:
        for update in updates:
            assert (await self.deliver(update)).status_code == 200

    async def says(self, *texts: str, chat: int = tg.PRIVATE) -> None:
        """Waits until these, and the greeting before them, were said, and no other."""
        await self.telegram.until(lambda: len(self.telegram.said(chat)) >= len(texts))
        assert self.telegram.said(chat) == list(texts)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.copy(update={"telegram_token": TOKEN, "telegram_secret": SECRET, "messages_per_minute": 10_000})


@pytest_asyncio.fixture
async def bot(settings: Settings, agent: FakeAgent) -> AsyncIterator[Bot]:
    async with serving_telegram() as telegram:
        channel = TelegramChannel(settings.copy(update={"telegram_api_url": telegram.url}))
        async with serving_channel(channel, agent) as http:
            yield Bot(http, telegram, agent)
        assert telegram.refused == []


def said(text: str) -> str:
    return f"you said: {text}"


async def test_a_text_is_answered_after_who_this_is(bot: Bot) -> None:
    await bot.hears(tg.text("what is melasma"))
    await bot.says(said(START), said("what is melasma"))
    await bot.hears(tg.text("and freckles"))
    await bot.says(said(START), said("what is melasma"), said("and freckles"))
    assert [call["action"] for call in bot.telegram.of("sendChatAction")] == ["typing"] * 2


async def test_the_webhook_answers_before_the_turn_is_run(bot: Bot) -> None:
    may_end = asyncio.Event()

    async def slow(text: str) -> list[dict[str, Any]]:
        await may_end.wait()
        return echo(text)

    bot.agent.processor.script = slow
    await bot.hears(tg.text("hello"))
    may_end.set()
    await bot.says(said(START), said("hello"))


async def test_the_same_update_again_is_no_second_turn(bot: Bot) -> None:
    update = tg.text("hello")
    answers = await asyncio.gather(*(bot.deliver(update) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {200}
    await bot.says(said(START), said("hello"))
    await bot.hears(update, tg.text("next"))
    await bot.says(said(START), said("hello"), said("next"))


async def test_updates_that_arrive_out_of_order_and_side_by_side_are_heard_in_order(settling: None, bot: Bot) -> None:
    updates = [tg.text(f"message {number}") for number in range(8)]
    await asyncio.gather(*(bot.deliver(update) for update in reversed(updates)))
    await bot.says(said(START), *(said(f"message {number}") for number in range(8)))


async def test_a_slow_person_holds_up_nobody_else(bot: Bot) -> None:
    may_end = asyncio.Event()

    async def slow_for_one(text: str) -> list[dict[str, Any]]:
        if text == "slow":
            await may_end.wait()
        return echo(text)

    bot.agent.processor.script = slow_for_one
    await bot.hears(tg.text("slow", chat=1), *(tg.text("fast", chat=chat) for chat in range(2, 40)))
    await bot.telegram.until(lambda: all(said("fast") in bot.telegram.said(chat) for chat in range(2, 40)))
    assert bot.telegram.said(1) == []
    may_end.set()
    await bot.says(said(START), said("slow"), chat=1)


@pytest.mark.parametrize(("language", "heard"), [("nl", "nl"), ("nl-BE", "nl"), ("de", "en"), (None, "en")])
async def test_start_takes_the_language_that_telegram_knows(bot: Bot, language: str | None, heard: str) -> None:
    await bot.hears(tg.text("/start", language=language))
    await bot.says(said(f'/start{{"language": "{heard}"}}'))


async def test_a_deep_link_chooses_language_and_task(bot: Bot) -> None:
    await bot.hears(tg.text("/start nl_book"))
    await bot.says(said('/start{"language": "nl"}'), said('/book_consultation{"appointment_type": "video"}'))


@pytest.mark.parametrize(("typed", "heard"), [("/help", "/help"), ("/stop", "/stop"), ("/person@practice_bot", "/talk_to_human")])
async def test_commands_of_the_menu_are_intents(bot: Bot, typed: str, heard: str) -> None:
    await bot.hears(tg.text("/start"), tg.text(typed))
    await bot.says(said(START), said(heard))


async def test_another_command_is_only_text(bot: Bot) -> None:
    await bot.hears(tg.text("/start"), tg.text("/restart"))
    await bot.telegram.until(lambda: len(bot.telegram.said()) == 2)
    assert bot.agent.heard[-1] == "\u2060/restart"


async def test_the_menu_is_set_in_both_languages_at_the_start(bot: Bot) -> None:
    await bot.telegram.until(lambda: len(bot.telegram.of("setMyCommands")) == 2)
    menus = bot.telegram.of("setMyCommands")
    assert [menu.get("language_code") for menu in menus] == [None, "nl"]
    assert [[command["command"] for command in menu["commands"]] for menu in menus] == [["start", "help", "stop", "person"]] * 2
    assert menus[0] != menus[1]


@pytest.mark.parametrize("kind", tg.MEDIA)
async def test_what_is_no_text_is_told_to_the_dialogue_and_nothing_is_fetched(bot: Bot, kind: str) -> None:
    content, what = tg.MEDIA[kind]
    await bot.hears(tg.text("/start"), tg.message(**content))
    await bot.says(said(START), said(f'/sent{{"what": "{what}"}}'))
    assert {method for method, _ in bot.telegram.calls} <= {"sendMessage", "sendChatAction", "setMyCommands"}


async def test_a_caption_is_read_beside_its_photo(bot: Bot) -> None:
    await bot.hears(tg.text("/start"), tg.message(**tg.PHOTO, caption="it bleeds"))
    await bot.says(said(START), said('/sent{"what": "photo"}'), said("it bleeds"))


async def test_an_album_is_answered_once(bot: Bot) -> None:
    await bot.hears(tg.text("/start"), *(tg.message(**tg.PHOTO, media_group_id="9") for _ in range(4)))
    await bot.hears(tg.message(**tg.PHOTO, media_group_id="9", caption="it bleeds"))
    await bot.says(said(START), said('/sent{"what": "photo"}'), said("it bleeds"))


async def test_of_a_long_text_the_beginning_is_read(bot: Bot, settings: Settings) -> None:
    await bot.hears(tg.text("/start"), tg.text("x" * (settings.message_max_chars + 1)))
    await bot.telegram.until(lambda: len(bot.telegram.said()) == 3)
    assert bot.agent.heard[1:] == ['/sent{"what": "long_text"}', "x" * settings.message_max_chars]


async def test_edits_other_bots_service_messages_and_channel_posts_are_no_turns(bot: Bot) -> None:
    by_a_bot = tg.text("hello")
    by_a_bot["message"]["from"]["is_bot"] = True
    edit, post = tg.text("changed"), tg.text("post")
    await bot.hears(
        tg.update(edited_message=edit["message"]),
        tg.update(channel_post=post["message"]),
        by_a_bot,
        tg.message(pinned_message=tg.text("old")["message"]),
        tg.update(
            message_reaction={"chat": {"id": 1, "type": "private"}, "message_id": 1, "date": 1, "old_reaction": [], "new_reaction": []}
        ),
        tg.update(something_new={"a": 1}),
        tg.text("/start"),
    )
    await bot.says(said(START))


async def test_a_group_is_left_with_a_word_and_otherwise_left_alone(bot: Bot) -> None:
    await bot.hears(
        tg.group_text("hello everybody"), tg.membership("supergroup", "left", "member"), tg.membership("private", "member", "kicked", 7)
    )
    await bot.telegram.until(lambda: bool(bot.telegram.of("leaveChat")))
    assert bot.agent.heard == ['/join_group{"language": "nl"}']
    assert bot.telegram.of("leaveChat") == [{"chat_id": -1001}]
    assert [method for method, _ in bot.telegram.calls if method != "setMyCommands"] == ["sendMessage", "leaveChat"]


BUTTONS = [{"title": "Face", "payload": '/choose{"body_part": "' + "x" * 200 + '"}'}, {"title": "Back", "payload": "/choose_back"}]


async def test_a_tapped_button_is_answered_and_its_keyboard_taken_away(bot: Bot) -> None:
    bot.agent.processor.script = lambda text: [{"text": "Where is it?", "buttons": BUTTONS}] if text == "where" else echo(text)
    await bot.hears(tg.text("/start"), tg.text("where"))
    await bot.telegram.until(lambda: "Face" in bot.telegram.buttons(tg.PRIVATE))
    data, message = bot.telegram.buttons(tg.PRIVATE)["Face"]
    query = tg.tap(data, message)
    await bot.hears(query, query)
    await bot.telegram.until(lambda: len(bot.telegram.said()) == 3 and bool(bot.telegram.of("editMessageReplyMarkup")))
    assert bot.agent.heard[-1] == BUTTONS[0]["payload"]
    assert bot.telegram.answered == {query["callback_query"]["id"]: 1}
    assert bot.telegram.buttons(tg.PRIVATE) == {}


async def test_a_payload_that_was_not_offered_in_this_conversation_is_not_taken(bot: Bot) -> None:
    bot.agent.processor.script = lambda text: [{"text": "Where is it?", "buttons": BUTTONS}] if text == "where" else echo(text)
    await bot.hears(tg.text("/start", chat=8), tg.text("/start"), tg.text("where"))
    await bot.telegram.until(lambda: "Face" in bot.telegram.buttons(tg.PRIVATE))
    data, message = bot.telegram.buttons(tg.PRIVATE)["Face"]
    for forged in (data, BUTTONS[0]["payload"], "/book_consultation", ""):
        await bot.hears(tg.tap(forged, message, chat=8))
    await bot.telegram.until(lambda: len(bot.telegram.said(8)) == 5)
    assert bot.telegram.said(8)[1:] == [said("/choose")] * 4
    bot.telegram.refused.clear()  # the keyboard of a message in another chat can't be taken away


async def test_free_times_are_keyboards_by_day_and_all_of_them_go_when_one_is_tapped(bot: Bot) -> None:
    days = [
        {"day": f"day {day}", "times": [{"title": f"{hour}:0{day}", "payload": f"/choose{day}{hour}"} for hour in range(8)]}
        for day in range(3)
    ]
    answer = {"text": "When?", "custom": {"slots": days}, "buttons": [{"title": "Later", "payload": "/later"}]}
    bot.agent.processor.script = lambda text: [answer] if text == "when" else echo(text)
    await bot.hears(tg.text("/start"), tg.text("when"))
    await bot.telegram.until(lambda: "Later" in bot.telegram.buttons(tg.PRIVATE))
    assert len(bot.telegram.buttons(tg.PRIVATE)) == 25
    data, message = bot.telegram.buttons(tg.PRIVATE)["3:01"]
    await bot.hears(tg.tap(data, message))
    await bot.telegram.until(lambda: bot.telegram.buttons(tg.PRIVATE) == {} and len(bot.telegram.said()) == 6)
    assert bot.agent.heard[-1] == "/choose13"


@pytest.mark.parametrize("trouble", [500, 502, "hang", "garbage", 0.2, 429])
async def test_a_message_that_could_not_be_sent_is_sent_later_in_its_place(at_once: None, bot: Bot, trouble: Any) -> None:
    bot.telegram.troubles += [("sendMessage", trouble), ("sendMessage", trouble)]
    await bot.hears(tg.text("/start"), tg.text("hello"))
    await bot.says(said(START), said("hello"))
    assert bot.agent.heard == [START, "hello"]


async def test_a_person_who_has_blocked_the_bot_is_a_failed_message_and_no_error(at_once: None, bot: Bot, settings: Settings) -> None:
    bot.telegram.troubles.append(("sendMessage", 403))
    await bot.hears(tg.text("/start"), tg.text("hello"))
    await bot.says(said("hello"))
    (trouble,) = outbox.troubles(open_database(settings.messaging_database))
    assert (trouble.state, trouble.error, trouble.request["text"]) == ("failed", "403", said(START))


async def test_what_is_tried_too_often_is_kept_as_failed_and_what_comes_after_it_is_sent(
    at_once: None, bot: Bot, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "MOST_ATTEMPTS", 3)
    bot.telegram.troubles += [("sendMessage", 500)] * 3
    await bot.hears(tg.text("/start"), tg.text("hello"))
    await bot.says(said("hello"))
    (trouble,) = outbox.troubles(open_database(settings.messaging_database))
    assert (trouble.state, trouble.error) == ("failed", "network")


async def test_a_keyboard_that_telegram_refuses_becomes_numbers_that_can_be_typed(at_once: None, bot: Bot) -> None:
    bot.agent.processor.script = lambda text: [{"text": "Where is it?", "buttons": BUTTONS}] if text == "where" else echo(text)
    await bot.hears(tg.text("/start"))
    await bot.says(said(START))
    bot.telegram.troubles.append(("sendMessage", "BUTTON_DATA_INVALID"))
    await bot.hears(tg.text("where"))
    await bot.telegram.until(lambda: len(bot.telegram.said()) == 2)
    assert "1. Face\n2. Back" in bot.telegram.said()[1]
    await bot.hears(tg.text("2."), tg.text("2"))
    await bot.telegram.until(lambda: len(bot.telegram.said()) == 4)
    assert bot.agent.heard[2:] == ["/choose_back", "2"]  # the second one is a number that nothing is shown for
    bot.telegram.refused.clear()


async def test_a_number_is_only_text_where_no_numbers_are_shown(bot: Bot) -> None:
    bot.agent.processor.script = lambda text: [{"text": "Where is it?", "buttons": BUTTONS}] if text == "where" else echo(text)
    await bot.hears(tg.text("/start"), tg.text("where"), tg.text("1"))
    await bot.telegram.until(lambda: len(bot.telegram.said()) == 3)
    assert bot.agent.heard[-1] == "1"


async def test_an_answer_longer_than_a_message_comes_in_several(bot: Bot) -> None:
    words = " ".join(f"word{number}" for number in range(2000))
    bot.agent.processor.script = lambda text: [{"text": words, "buttons": BUTTONS}]
    await bot.hears(tg.text("/start"))
    await bot.telegram.until(lambda: "Face" in bot.telegram.buttons(tg.PRIVATE))
    assert " ".join(bot.telegram.said()) == words


async def test_a_turn_that_fails_is_tried_again_and_then_answered_with_a_word(at_once: None, bot: Bot) -> None:
    def broken(text: str) -> list[dict[str, Any]]:
        if text == "hello":
            raise RuntimeError("a visitor's words")
        return echo(text)

    bot.agent.processor.script = broken
    await bot.hears(tg.text("/start"), tg.text("hello"), tg.text("next"))
    await bot.says(said(START), said("/nothing_said"), said("next"))
    assert bot.agent.heard.count("hello") == turns.MOST_FAILURES


async def test_nobody_gets_in_without_the_secret(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    update = tg.text("a visitor's words")
    for headers in (
        {"X-Telegram-Bot-Api-Secret-Token": "wrong"},
        {"X-Telegram-Bot-Api-Secret-Token": ""},
        {"X-Telegram-Bot-Api-Secret-Token": SECRET + "x"},
    ):
        assert (await bot.deliver(update, **headers)).status_code == 403
    assert (await bot.http.post("/webhooks/telegram/webhook", json=update)).status_code == 403
    assert (await bot.http.get("/webhooks/telegram/webhook")).status_code == 405
    for path in ("set_webhook", "health", ""):
        assert (await bot.http.get(f"/webhooks/telegram/{path}")).status_code == 404
    assert "visitor" not in caplog.text and "wrong" not in caplog.text
    assert bot.agent.heard == []


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{}", "text/plain", 415),
        (b"{}", "", 415),
        (b"{" + b" " * 1024 * 1024 + b"}", "application/json", 413),
        (b"", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"{}", "application/json", 400),
        (b'{"update_id": "1"}', "application/json", 400),
        (b'{"update_id": NaN}', "application/json", 400),
        (b'{"update_id": ' + b"9" * 100_000 + b"}", "application/json", 400),
        (b'{"update_id": 1, "message": ' + b"[" * 100 + b"]" * 100 + b"}", "application/json", 400),
        (b'{"a":' * 150_000, "application/json", 400),
        (b'"' + b'\\"' * 500_000, "application/json", 400),
    ],
)
async def test_bodies_that_are_no_updates_are_refused(bot: Bot, body: bytes, content_type: str, status: int) -> None:
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": content_type}
    assert (await bot.http.post("/webhooks/telegram/webhook", content=body, headers=headers)).status_code == status
    await bot.hears(tg.text("/start"))
    await bot.says(said(START))


async def test_the_token_stands_in_no_log(at_once: None, bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.WARNING)
    bot.telegram.troubles += [("sendMessage", 401), ("sendMessage", 500), ("sendChatAction", 404)]
    await bot.hears(tg.text("/start"))
    await bot.says(said(START))
    assert TOKEN not in caplog.text and TOKEN.partition(":")[2] not in caplog.text
    assert caplog.records


async def test_a_channel_without_a_token_is_not_there(settings: Settings, agent: FakeAgent) -> None:
    async with serving_channel(TelegramChannel(settings.copy(update={"telegram_token": ""})), agent) as http:
        assert (await http.post("/webhooks/telegram/webhook", json=tg.text("hello"))).status_code == 404
