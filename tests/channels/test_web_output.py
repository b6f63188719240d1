"""One message of the dialogue becomes one message in the chat."""

import pytest

from bot.channels.output import WebOutput, offered

pytestmark = pytest.mark.asyncio


async def test_plain_text_becomes_a_message_with_every_field() -> None:
    output = WebOutput()
    await output.send_response("web-1", {"text": "one\n\ntwo", "utter_action": "utter_x"})
    (message,) = output.messages
    assert len(message.pop("id")) == 32
    assert message == {"text": "one\n\ntwo", "lang": "en", "buttons": [], "cards": [], "link": None, "slots": []}


async def test_text_buttons_and_rich_parts_stay_together() -> None:
    output = WebOutput()
    card = {
        "title": "Peel",
        "text": "For spots",
        "facts": ["6 sessions"],
        "price": "€ 50",
        "buttons": [{"title": "Book", "payload": "/book"}],
    }
    day = {"day": "Friday 4 December", "times": [{"title": "15:00", "payload": '/pick{"slot": "15"}', "type": "postback"}]}
    link = {"url": "https://practice.example/privacy", "title": "Privacy"}
    custom = {"cards": [card], "slots": [day], "link": link}
    dutch = [{"type": "slot", "name": "language", "value": "nl"}]
    buttons = [{"title": "Prices", "payload": "/ask_price"}]
    await output.send_response("web-1", {"text": "Here", "buttons": buttons, "custom": custom, "condition": dutch})
    (message,) = output.messages
    assert message["lang"] == "nl"
    assert message["link"] == link
    assert message["cards"] == [card]
    assert message["slots"] == [{"day": "Friday 4 December", "times": [{"title": "15:00", "payload": '/pick{"slot": "15"}'}]}]
    assert offered(output.messages) == {"/ask_price": "Prices", "/book": "Book", '/pick{"slot": "15"}': "15:00"}


async def test_a_card_without_buttons_offers_nothing() -> None:
    output = WebOutput()
    await output.send_response("web-1", {"custom": {"cards": [{"title": "Peel"}]}})
    assert output.messages[0]["cards"] == [{"title": "Peel", "buttons": []}]
    assert offered(output.messages) == {}


async def test_a_message_without_content_is_left_out() -> None:
    output = WebOutput()
    await output.send_response("web-1", {"text": None, "custom": {}, "buttons": []})
    assert output.messages == []


@pytest.mark.parametrize(
    "message", [{"text": "x", "custom": "no object"}, {"buttons": ["no object"]}, {"custom": {"cards": "ab"}}, {"custom": {"slots": [7]}}]
)
async def test_a_message_that_can_not_be_understood_never_raises(message: dict[str, object]) -> None:
    output = WebOutput()
    await output.send_response("web-1", message)
    await output.send_response("web-1", {"text": "the next one"})
    assert [message["text"] for message in output.messages] == ["the next one"]


async def test_rasas_other_kinds_of_message_come_as_text() -> None:
    output = WebOutput()
    await output.send_image_url("web-1", "https://practice.example/a.png")
    assert "a.png" in output.messages[0]["text"]
