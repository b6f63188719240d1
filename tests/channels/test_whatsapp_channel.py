"""WhatsApp's webhook with a strict fake of the Cloud API on the other side."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import select

from bot.channels.messaging import outbox, sender
from bot.channels.messaging.rendering import Request
from bot.channels.messaging.schema import people
from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.database import open_database, writing
from bot.settings import Settings
from tests.channels import whatsapp_deliveries as wa
from tests.channels.fake_rasa import FakeAgent, echo
from tests.channels.fake_whatsapp import PHONE_NUMBER_ID, TOKEN, FakeWhatsApp, serving_whatsapp
from tests.channels.server import serving_channel

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

WEBHOOK = "/webhooks/whatsapp/webhook"
START = '/start{"language": "nl"}'
NOW = int(datetime.now(timezone.utc).timestamp())


class Clock:
    """The real time, moved when told."""

    def __init__(self) -> None:
        self.by = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(timezone.utc) + self.by


@dataclass
class Phone:
    """The channel with both of its sides."""

    http: httpx.AsyncClient
    whatsapp: FakeWhatsApp
    agent: FakeAgent
    clock: Clock
    settings: Settings

    async def deliver(self, content: Any) -> httpx.Response:
        body = wa.raw(content)
        return await self.http.post(WEBHOOK, content=body, headers=wa.signed(body))

    async def hears(self, *messages: dict[str, Any], **who: str | None) -> None:
        for message in messages:
            assert (await self.deliver(wa.delivery(wa.value(message, **who)))).status_code == 200

    async def says(self, *texts: str, to: str = wa.PHONE) -> None:
        """Waits until these were said, and no other."""
        await self.whatsapp.until(lambda: len(self.whatsapp.said(to)) >= len(texts))
        assert self.whatsapp.said(to) == list(texts)

    def queue(self, *texts: str) -> None:
        """Has something said that the person did not ask for just now."""
        with writing(open_database(self.settings.messaging_database)) as connection:
            (name,) = connection.execute(select(people.c.conversation)).scalars()
            requests = [Request({"type": "text", "text": {"body": text}}) for text in texts]
            outbox.add(connection, "whatsapp", name, "by the staff", requests, self.clock().timestamp())

    def troubles(self) -> list[outbox.Trouble]:
        return outbox.troubles(open_database(self.settings.messaging_database))


@pytest.fixture
def settings(settings: Settings) -> Settings:
    changed = {
        "whatsapp_token": TOKEN,
        "whatsapp_phone_number_id": PHONE_NUMBER_ID,
        "whatsapp_app_secret": wa.APP_SECRET,
        "whatsapp_verify_token": "the verify token",
        "messages_per_minute": 10_000,
    }
    return settings.copy(update=changed)


@pytest_asyncio.fixture
async def phone(settings: Settings, agent: FakeAgent, request: pytest.FixtureRequest) -> AsyncIterator[Phone]:
    async with serving_whatsapp() as whatsapp:
        clock = Clock()
        settings = settings.copy(update={"whatsapp_api_url": whatsapp.url, **getattr(request, "param", {})})
        async with serving_channel(WhatsAppChannel(settings, clock), agent) as http:
            yield Phone(http, whatsapp, agent, clock, settings)
        assert whatsapp.refused == []


def said(text: str) -> str:
    return f"you said: {text}"


def now(words: str) -> dict[str, Any]:
    return wa.text(words, NOW)


async def test_a_text_is_answered_after_who_this_is_and_marked_as_read(phone: Phone) -> None:
    message = now("what is melasma")
    await phone.hears(message)
    await phone.says(said(START), said("what is melasma"))
    await phone.whatsapp.until(lambda: bool(phone.whatsapp.receipts))
    (receipt,) = phone.whatsapp.receipts
    assert (receipt["message_id"], receipt["typing_indicator"]) == (message["id"], {"type": "text"})


async def test_every_message_of_every_change_and_entry_is_heard(phone: Phone) -> None:
    contents = [wa.delivery(wa.value(now("1"), now("2")), wa.value(now("3"), now("4"))), wa.delivery(wa.value(now("5")))]
    both = contents[0] | {"entry": [*contents[0]["entry"], *contents[1]["entry"]]}
    assert (await phone.deliver(both)).status_code == 200
    await phone.says(said(START), *(said(str(number)) for number in range(1, 6)))


async def test_deliveries_repeated_disordered_and_side_by_side_give_one_turn_each_in_order(settling: None, phone: Phone) -> None:
    deliveries = [wa.delivery(wa.value(wa.text(f"message {second}", NOW - 10 + second))) for second in range(6)]
    answers = await asyncio.gather(*(phone.deliver(content) for content in [*reversed(deliveries), *deliveries]))
    assert {answer.status_code for answer in answers} == {200}
    await phone.says(said(START), *(said(f"message {second}") for second in range(6)))


@pytest.mark.parametrize("kind", wa.MEDIA)
async def test_what_is_no_text_is_told_to_the_dialogue(phone: Phone, kind: str) -> None:
    content, what = wa.MEDIA[kind]
    await phone.hears(now("hello"), wa.message(kind, content, NOW))
    await phone.says(said(START), said("hello"), said(f'/sent{{"what": "{what}"}}'))


async def test_a_caption_is_read_beside_its_photo(phone: Phone) -> None:
    await phone.hears(wa.message("image", wa.FILE | {"caption": "it bleeds"}, NOW))
    await phone.says(said(START), said('/sent{"what": "photo"}'), said("it bleeds"))


async def test_reactions_system_messages_groups_and_other_numbers_are_no_turns(phone: Phone) -> None:
    await phone.hears(wa.message("reaction", {"message_id": "wamid.1", "emoji": "👍"}, NOW))
    await phone.hears(wa.message("system", {"body": "a body", "type": "user_identity_changed"}, NOW))
    await phone.hears(now("in a group") | {"group_id": "g"})
    assert (await phone.deliver(wa.delivery(wa.value(now("elsewhere"), number="999")))).status_code == 200
    await phone.hears({"id": "x", "timestamp": str(NOW), "type": "text", "text": {}}, {"type": "text"}, {})
    await phone.hears(now("hello"))
    await phone.says(said(START), said("hello"))


async def test_a_template_s_button_and_a_welcome_are_heard(phone: Phone) -> None:
    await phone.hears(wa.message("request_welcome", {}, NOW), wa.message("button", {"payload": "/admin", "text": "Yes please"}, NOW))
    await phone.says(said(START), said("Yes please"))


async def test_a_number_that_is_hidden_is_answered_by_the_user_id(phone: Phone) -> None:
    await phone.hears(now("hello"), phone=None)
    await phone.says(said('/start{"language": "nl"}'), said("hello"), to=wa.USER)
    assert all("to" not in message for message in phone.whatsapp.messages)


async def test_a_person_is_the_same_by_user_id_whatever_the_number(phone: Phone) -> None:
    await phone.hears(now("one"))
    await phone.hears(now("two"), phone=None)
    await phone.hears(now("three"), phone="31600000009")
    await phone.whatsapp.until(lambda: len(phone.whatsapp.messages) == 4)
    assert phone.agent.heard == [START, "one", "two", "three"]


async def test_a_number_that_was_given_to_somebody_else_leads_to_a_new_conversation(phone: Phone) -> None:
    await phone.hears(now("one"))
    await phone.hears(now("two"), user="NL.999")
    await phone.whatsapp.until(lambda: len(phone.whatsapp.messages) == 4)
    assert phone.agent.heard == [START, "one", START, "two"]


async def test_who_is_known_by_number_alone_keeps_the_conversation_when_a_user_id_comes(phone: Phone) -> None:
    await phone.hears(now("one"), user=None)
    await phone.hears(now("two"))
    await phone.hears(now("three"), phone=None)
    await phone.whatsapp.until(lambda: len(phone.whatsapp.messages) == 4)
    assert phone.agent.heard == [START, "one", "two", "three"]


async def test_a_changed_number_keeps_the_conversation(phone: Phone) -> None:
    await phone.hears(now("one"), user=None)
    await phone.hears(wa.message("system", {"body": "changed", "type": "user_changed_number", "wa_id": "31699999999"}, NOW), user=None)
    await phone.hears(now("two"), user=None, phone="31699999999")
    await phone.whatsapp.until(lambda: len(phone.whatsapp.messages) == 3)
    assert phone.agent.heard == [START, "one", "two"]


def buttons(count: int, words: str = "Choice") -> list[dict[str, str]]:
    return [{"title": f"{words} {number}", "payload": f'/choose{{"n": "{number}{"x" * 300}"}}'} for number in range(1, count + 1)]


@pytest.mark.parametrize(("count", "kinds"), [(1, ["button"]), (3, ["button"]), (4, ["list"]), (10, ["list"]), (23, ["list"] * 3)])
async def test_choices_are_buttons_or_lists_or_pages_and_each_can_be_tapped(phone: Phone, count: int, kinds: list[str]) -> None:
    phone.agent.processor.script = lambda text: [{"text": "Which?", "buttons": buttons(count)}] if text == "which" else echo(text)
    await phone.hears(now("which"))
    await phone.whatsapp.until(lambda: len(phone.whatsapp.messages) == 1 + len(kinds))
    assert [message["interactive"]["type"] for message in phone.whatsapp.messages[1:]] == kinds
    await phone.hears(wa.reply(phone.whatsapp.choices()[f"Choice {count}"], NOW))
    await phone.whatsapp.until(lambda: len(phone.whatsapp.messages) == 2 + len(kinds))
    assert phone.agent.heard[-1] == buttons(count)[-1]["payload"]


async def test_titles_that_are_too_long_stand_in_full_and_can_be_answered_by_number(phone: Phone) -> None:
    long = buttons(2, "Which treatment may suit the spots on my hands,")
    phone.agent.processor.script = lambda text: [{"text": "Which?", "buttons": long}] if text == "which" else echo(text)
    await phone.hears(now("which"))
    await phone.whatsapp.until(lambda: len(phone.whatsapp.messages) == 2)
    assert all(button["title"] in phone.whatsapp.said()[1] for button in long)
    await phone.hears(now("2"))
    await phone.whatsapp.until(lambda: len(phone.whatsapp.messages) == 3)
    assert phone.agent.heard[-1] == long[1]["payload"]


async def test_a_list_s_row_has_its_full_title_in_the_description(phone: Phone) -> None:
    phone.agent.processor.script = lambda text: [{"text": "Which?", "buttons": buttons(5, "Coffee-coloured patch since childhood")}]
    await phone.hears(now("which"))
    await phone.whatsapp.until(lambda: len(phone.whatsapp.messages) == 2)
    (section,) = phone.whatsapp.messages[1]["interactive"]["action"]["sections"]
    assert section["rows"][0]["description"] == "Coffee-coloured patch since childhood 1"
    assert section["rows"][0]["title"] == "1. Coffee-coloured…"  # five alike are told apart


async def test_a_payload_that_was_not_offered_is_not_taken(phone: Phone) -> None:
    for forged in ("/book_consultation", "x" * 22, "é"):
        await phone.hears(wa.reply({"type": "button_reply", "id": forged, "title": "t"}, NOW))
    await phone.says(said(START), *[said("/choose")] * 3)


async def test_a_long_text_with_choices_and_cards_comes_in_parts_that_fit(phone: Phone) -> None:
    cards = [
        {"title": f"Card {n}", "text": "words " * 60, "price": "€ 1", "facts": ["a fact"], "link": {"url": "https://x.nl", "title": "Link"}}
        for n in range(9)
    ]
    phone.agent.processor.script = lambda text: [{"text": "All:", "custom": {"cards": cards}, "buttons": buttons(3)}]
    await phone.hears(now("all"))
    await phone.whatsapp.until(lambda: "Choice 1" in phone.whatsapp.choices())
    everything = "\n".join(phone.whatsapp.said())
    assert all(f"Card {n}\n" in everything for n in range(9)) and everything.count("https://x.nl") >= 9


@pytest.mark.parametrize("trouble", [500, 503, 130429, 131056, 131000, "hang", "garbage"])
async def test_a_message_that_could_not_be_sent_is_sent_later_in_its_place(at_once: None, phone: Phone, trouble: Any) -> None:
    phone.whatsapp.troubles += [trouble, trouble]
    await phone.hears(now("hello"))
    await phone.says(said(START), said("hello"))
    assert phone.agent.heard == [START, "hello"]


async def test_a_form_that_the_platform_refuses_becomes_numbers(at_once: None, phone: Phone) -> None:
    phone.agent.processor.script = lambda text: [{"text": "Which?", "buttons": buttons(4)}] if text == "which" else echo(text)
    await phone.hears(now("hello"))
    await phone.says(said(START), said("hello"))
    phone.whatsapp.troubles.append(131009)
    await phone.hears(now("which"))
    await phone.whatsapp.until(lambda: len(phone.whatsapp.messages) == 3)
    assert "4. Choice 4" in phone.whatsapp.said()[2]
    await phone.hears(now("4"))
    await phone.whatsapp.until(lambda: len(phone.whatsapp.messages) == 4)
    assert phone.agent.heard[-1] == buttons(4)[3]["payload"]


@pytest.mark.parametrize("phone", [{"whatsapp_template": "write_again"}, {}], indirect=True)
async def test_outside_the_window_messages_wait_and_come_when_the_person_writes(at_once: None, phone: Phone) -> None:
    await phone.hears(now("hello"))
    await phone.says(said(START), said("hello"))
    template = ["template write_again"] if phone.settings.whatsapp_template else []
    phone.clock.by = timedelta(hours=25)
    phone.queue("first", "second")
    await phone.whatsapp.until(lambda: len(phone.troubles()) == 2 and len(phone.whatsapp.messages) == 2 + len(template))
    assert {(trouble.state, trouble.error) for trouble in phone.troubles()} == {("held", "131047")}
    await phone.hears(now("here again"))
    await phone.says(said(START), said("hello"), *template, "first", "second", said("here again"))
    assert phone.troubles() == []


async def test_a_window_that_the_platform_finds_closed_holds_the_message(at_once: None, phone: Phone) -> None:
    phone.whatsapp.closed.add(wa.PHONE)
    await phone.hears(now("hello"))
    await phone.whatsapp.until(lambda: len(phone.troubles()) == 2)
    phone.whatsapp.closed.clear()
    await phone.hears(now("again"))
    await phone.says(said(START), said("hello"), said("again"))
    phone.whatsapp.refused.clear()


async def test_a_status_tells_what_did_not_arrive_by_code_alone(phone: Phone, caplog: pytest.LogCaptureFixture) -> None:
    await phone.hears(now("a visitor's words"))
    await phone.whatsapp.until(lambda: len(phone.whatsapp.messages) == 2)
    first, second = phone.whatsapp.messages
    values = [wa.status(first["id"], "delivered"), wa.status(second["id"], "failed", 131026), wa.status("wamid.unknown", "failed", 1)]
    assert (await phone.deliver(wa.delivery(*values))).status_code == 200
    assert [(trouble.state, trouble.error) for trouble in phone.troubles()] == [("failed", "131026")]
    assert "131026" in caplog.text and "visitor" not in caplog.text and wa.PHONE not in caplog.text


async def test_a_message_that_was_too_many_is_sent_again(at_once: None, phone: Phone) -> None:
    await phone.hears(now("hello"))
    await phone.whatsapp.until(lambda: len(phone.whatsapp.messages) == 2)
    await phone.deliver(wa.delivery(wa.status(phone.whatsapp.messages[1]["id"], "failed", 131056)))
    await phone.says(said(START), said("hello"), said("hello"))


async def test_a_refused_message_is_kept_as_failed_and_raises_nothing(at_once: None, phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "MOST_ATTEMPTS", 2)
    phone.whatsapp.troubles += [131026, 190, 190]
    await phone.hears(now("hello"), now("next"))
    await phone.says(said("next"))
    assert sorted(trouble.error or "" for trouble in phone.troubles()) == ["131026", "190"]


async def test_the_challenge_is_answered_with_the_right_word_only(phone: Phone) -> None:
    question = {"hub.mode": "subscribe", "hub.verify_token": "the verify token", "hub.challenge": "1158201444"}
    answer = await phone.http.get(WEBHOOK, params=question)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    for wrong in ({"hub.verify_token": "x"}, {"hub.verify_token": ""}, {"hub.mode": "unsubscribe"}):
        assert (await phone.http.get(WEBHOOK, params=question | wrong)).status_code == 403
    assert (await phone.http.get(WEBHOOK)).status_code == 403


async def test_nobody_gets_in_without_a_signature_of_the_raw_body(phone: Phone, caplog: pytest.LogCaptureFixture) -> None:
    body = wa.raw(wa.delivery(wa.value(now("a visitor's words"))))
    right = wa.signed(body)["X-Hub-Signature-256"]
    for wrong in (
        "",
        "sha256=",
        right[:-1],
        right.removeprefix("sha256="),
        wa.signed(body, "x")["X-Hub-Signature-256"],
        right.replace("256", "1"),
    ):
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": wrong}
        assert (await phone.http.post(WEBHOOK, content=body, headers=headers)).status_code == 403
    respaced = json.dumps(json.loads(body), indent=1).encode()
    assert (await phone.http.post(WEBHOOK, content=respaced, headers=wa.signed(body))).status_code == 403
    assert (await phone.http.post(WEBHOOK, content=body, headers={"Content-Type": "application/json"})).status_code == 403
    assert "visitor" not in caplog.text
    assert phone.agent.heard == []


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{}", "text/plain", 415),
        (b"{" + b" " * 1024 * 1024 + b"}", "application/json", 413),
        (b"[]", "application/json", 400),
        (b"{", "application/json", 400),
        (b'{"a":' * 150_000, "application/json", 400),
        (b"{}", "application/json", 200),
        (b'{"entry": 1}', "application/json", 200),
        (b'{"entry": [{"changes": [null, {"value": {"messages": [7]}}]}]}', "application/json", 200),
    ],
)
async def test_bodies_of_other_shapes_are_refused_or_mean_nothing(phone: Phone, body: bytes, content_type: str, status: int) -> None:
    headers = wa.signed(body) | {"Content-Type": content_type}
    assert (await phone.http.post(WEBHOOK, content=body, headers=headers)).status_code == status


async def test_a_channel_without_its_settings_is_not_there(settings: Settings, agent: FakeAgent) -> None:
    async with serving_channel(WhatsAppChannel(settings.copy(update={"whatsapp_token": ""})), agent) as http:
        assert (await http.get(WEBHOOK)).status_code == 404
