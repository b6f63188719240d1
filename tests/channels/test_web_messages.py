"""Messages over HTTP: what is answered, what is answered again, what is refused."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from bot.settings import Settings
from tests.channels.web_client import Chat, code

pytestmark = pytest.mark.asyncio


def with_buttons(_: str) -> list[dict[str, object]]:
    times = [{"title": "15:00", "payload": "/pick_slot"}]
    cards = [{"title": "Peel", "buttons": [{"title": "Book a peel", "payload": "/book_peel"}]}]
    custom = {"cards": cards, "slots": [{"day": "Friday", "times": times}]}
    return [{"text": "Well?", "buttons": [{"title": "Prices", "payload": "/ask_price"}], "custom": custom}, {"text": "And?"}]


async def test_a_message_is_answered(chat: Chat) -> None:
    response = await chat.send(text="what does it cost")
    assert response.status_code == 200
    (message,) = response.json()["messages"]
    assert set(message) == {"id", "text", "lang", "buttons", "cards", "link", "slots"}
    assert message["text"] == "you said: what does it cost"


async def test_the_same_id_gets_the_same_answer_and_no_second_turn(chat: Chat) -> None:
    body = {"id": str(uuid4()), "text": "hello"}
    first, again = await chat.post(body), await chat.post(body)
    assert (again.status_code, again.json()) == (200, first.json())
    assert chat.agent.heard.count("hello") == 1


async def test_ten_parallel_duplicates_get_the_answer_of_one_turn(chat: Chat) -> None:
    body = {"id": str(uuid4()), "text": "hello"}
    responses = await asyncio.gather(*(chat.post(body) for _ in range(10)))
    assert {response.status_code for response in responses} == {200}
    assert len({response.text for response in responses}) == 1
    assert chat.agent.heard.count("hello") == 1


async def test_the_same_id_in_two_sessions_is_two_messages(chat: Chat) -> None:
    other, body = await chat.another(), {"id": str(uuid4()), "text": "hello"}
    assert (await chat.post(body)).json() != (await other.post(body)).json()


async def test_a_known_id_with_another_text_is_refused(chat: Chat) -> None:
    body = {"id": str(uuid4()), "text": "hello"}
    await chat.post(body)
    assert code(await chat.post(body | {"text": "bye"})) == (409, "id_reused")


async def test_parallel_messages_are_all_answered(chat: Chat) -> None:
    texts = [f"message {number}" for number in range(8)]
    responses = await asyncio.gather(*(chat.send(text=text) for text in texts))
    assert [response.json()["messages"][0]["text"] for response in responses] == [f"you said: {text}" for text in texts]
    assert sorted(chat.agent.heard[1:]) == texts


async def test_a_button_of_any_kind_can_be_tapped(chat: Chat) -> None:
    chat.agent.processor.script = with_buttons
    await chat.send(text="hello")
    for payload, title in (("/ask_price", "Prices"), ("/book_peel", "Book a peel"), ("/pick_slot", "15:00")):
        assert (await chat.send(payload=payload)).status_code == 200
        assert chat.agent.heard[-1] == payload
        assert [m["text"] for m in await chat.history() if m["from"] == "visitor"][-1] == title


@pytest.mark.parametrize("payload", ["/restart", "/ask_price", "", "\\ud800"])
async def test_a_payload_that_was_never_offered_is_refused(chat: Chat, payload: str) -> None:
    body = f'{{"id": "{uuid4()}", "payload": "{payload}"}}'
    assert code(await chat.post_raw(body.encode())) == (400, "payload_not_offered")
    assert len(chat.agent.heard) == 1


async def test_a_payload_offered_to_another_session_is_refused(chat: Chat) -> None:
    other = await chat.another()
    chat.agent.processor.script = with_buttons
    await other.send(text="hello")
    assert code(await chat.send(payload="/ask_price")) == (400, "payload_not_offered")


@pytest.mark.parametrize("text", ["/restart", '/book{"day":"monday"}', " /restart"])
async def test_a_typed_command_is_text(chat: Chat, text: str) -> None:
    assert (await chat.send(text=text)).status_code == 200
    assert chat.agent.heard[-1] == "\u2060" + text.strip()
    assert (await chat.history())[-2]["text"] == text.strip()


@pytest.mark.parametrize(
    "text", ["\U0001f600\U0001f44d\U0001f3fe", "色素沉着", "<img src=x onerror=alert(1)>", "'; DROP TABLE web_turn; --", "{name} %s"]
)
async def test_unusual_text_is_still_text(chat: Chat, text: str) -> None:
    assert (await chat.send(text=text)).json()["messages"][0]["text"] == f"you said: {text}"
    assert (await chat.history())[-2]["text"] == text


async def test_control_characters_do_not_reach_the_dialogue(chat: Chat) -> None:
    assert (await chat.post_raw(b'{"id": "%s", "text": "a\\u0000b\\u001bc \\ud83d"}' % str(uuid4()).encode())).status_code == 200
    assert chat.agent.heard[-1] == "abc"


@pytest.mark.parametrize(
    ("text", "refusal"),
    [("", (400, "empty")), (" \n ", (400, "empty")), ("x" * 10_000, (413, "too_long"))],
    ids=["empty", "blank", "10,000 characters"],
)
async def test_text_of_no_or_too_great_length_is_refused(chat: Chat, text: str, refusal: tuple[int, str]) -> None:
    assert code(await chat.send(text=text)) == refusal
    assert len(chat.agent.heard) == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'"text"', b"null", b"7", b"\xff\xfe", b"[" * 50_000, b'{"text": "no id"}', b'{"id": "7", "text": "x"}'],
    ids=["empty", "cut off", "list", "string", "null", "number", "no UTF-8", "deep", "no id", "id is no UUID"],
)
async def test_a_malformed_body_is_told_so(chat: Chat, content: bytes) -> None:
    assert code(await chat.post_raw(content)) == (400, "malformed")


async def test_a_body_of_another_type_is_told_so(chat: Chat) -> None:
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "application/jsonx", "text/json"):
        assert code(await chat.post_raw(b"{}", content_type)) == (415, "unsupported_type")
    assert (await chat.post_raw(b'{"id": "%s", "text": "x"}' % str(uuid4()).encode(), "Application/JSON; charset=utf-8")).status_code == 200


async def test_a_body_over_the_limit_is_refused_before_it_is_parsed(chat: Chat) -> None:
    assert code(await chat.post_raw(b"{" * (64 * 1024))) == (400, "malformed")
    assert code(await chat.post_raw(b"{" * (64 * 1024 + 1))) == (413, "too_long")
    assert code(await chat.post_raw(b"{" * 3_000_000)) == (413, "too_long")
    assert (await chat.send(text="hello")).status_code == 200


async def test_a_body_of_unknown_length_is_refused_when_it_gets_too_long(chat: Chat) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(200):
            yield b" " * 1024

    headers = {"Authorization": f"Bearer {chat.token}", "Content-Type": "application/json"}
    response = await chat.http.post("/webhooks/web/messages", content=parts(), headers=headers)
    assert code(response) == (413, "too_long")


async def test_too_many_messages_are_told_when_to_go_on(chat: Chat, settings: Settings) -> None:
    settings.messages_per_minute = 3
    for _ in range(3):
        assert (await chat.send(text="hello")).status_code == 200
    response = await chat.send(text="hello")
    assert code(response) == (429, "too_many")
    assert response.headers["retry-after"] == "60"
    assert (await (await chat.another()).send(text="hello")).status_code == 200, "others are not held up"
    chat.clock.move(seconds=60)
    assert (await chat.send(text="hello")).status_code == 200


async def test_history_goes_on_behind_a_known_message(chat: Chat) -> None:
    first = str(uuid4())
    answer = (await chat.post({"id": first, "text": "one"})).json()["messages"][0]
    await chat.send(text="two")
    everything = await chat.history()
    assert [(message["from"], message["text"]) for message in everything[1:]] == [
        ("visitor", "one"),
        ("assistant", "you said: one"),
        ("visitor", "two"),
        ("assistant", "you said: two"),
    ]
    assert await chat.history(after=first) == everything[2:]
    assert await chat.history(after=answer["id"]) == everything[3:]
    assert await chat.history(after=str(uuid4())) == everything
