"""What a visitor's text becomes before the dialogue sees it."""

import unicodedata

import pytest
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.training_data.message import Message

from bot.channels.errors import ChannelError
from bot.channels.incoming import Said, clean, read_language, read_said

ID = "0b7e9b0e-6f0e-4d9e-8a55-0d5b1f0e9a01"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  hello \n", "hello"),
        ("one\ntwo\tthree", "one\ntwo\tthree"),
        ("one\r\ntwo", "one\ntwo"),
        ("a\x00b\x07c\x1bd\x7fe\x85f", "abcdef"),
        ("half \ud83d of a character", "half  of a character"),
        (unicodedata.normalize("NFD", "café"), "café"),
        ("\U0001f469\u200d\U0001f52c", "\U0001f469\u200d\U0001f52c"),
        ("色素沉着", "色素沉着"),
        ("بقع على الوجه", "بقع على الوجه"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_text_keeps_what_can_be_seen(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@pytest.mark.parametrize("typed", ["", "   ", "\n\t", "\x00\x01", "\u200b\u2060", "\u00a0\u3000", "\ud800"])
def test_text_without_anything_to_see_is_empty(typed: str) -> None:
    with pytest.raises(ChannelError) as caught:
        read_said({"id": ID, "text": typed}, 1000)
    assert caught.value.code == "empty"


@pytest.mark.parametrize("typed", ["/restart", '/book{"day": "monday"}', " \n/restart", "\x00/restart", "\u3000/restart", "/", "//"])
def test_a_typed_command_is_only_text_to_rasa(typed: str) -> None:
    message = Message.build(text=read_said({"id": ID, "text": typed}, 1000).for_dialogue)
    assert YAMLStoryReader.unpack_regex_message(message) is message
    assert not message.get("text").strip().startswith("/")


def test_a_payload_stays_a_command() -> None:
    assert Said(ID, payload="/ask_price").for_dialogue == "/ask_price"


def test_the_limit_counts_characters_of_the_cleaned_text() -> None:
    assert read_said({"id": ID, "text": "  " + "é" * 10 + "\x00"}, 10).text == "é" * 10
    with pytest.raises(ChannelError) as caught:
        read_said({"id": ID, "text": "é" * 11}, 10)
    assert caught.value.code == "too_long"


@pytest.mark.parametrize(
    "content",
    [
        {"text": "no id"},
        {"id": "not a uuid", "text": "hello"},
        {"id": "{" + ID + "}", "text": "hello"},
        {"id": ID.replace("-", ""), "text": "hello"},
        {"id": 7, "text": "hello"},
        {"id": None, "text": "hello"},
        {"id": [ID], "text": "hello"},
        {"id": ID},
        {"id": ID, "text": 7},
        {"id": ID, "text": ["hello"]},
        {"id": ID, "text": {"text": "hello"}},
        {"id": ID, "text": None},
        {"id": ID, "payload": 7},
        {"id": ID, "text": "hello", "payload": "/ask_price"},
        {"id": ID, "text": 7, "payload": "/ask_price"},
    ],
)
def test_a_message_of_another_shape_is_malformed(content: dict[str, object]) -> None:
    with pytest.raises(ChannelError) as caught:
        read_said(content, 1000)
    assert caught.value.code == "malformed"


def test_ids_differ_only_by_their_digits() -> None:
    assert read_said({"id": ID.upper(), "text": "hello"}, 1000).id == ID


@pytest.mark.parametrize(("content", "language"), [({}, "en"), ({"language": None}, "en"), ({"language": "nl"}, "nl")])
def test_a_conversation_starts_in_the_language_asked_for_or_in_english(content: dict[str, object], language: str) -> None:
    assert read_language(content) == language


@pytest.mark.parametrize("language", ["fr", "NL", 'en","x":"y', 7, ["nl"], {}])
def test_an_unknown_language_is_malformed(language: object) -> None:
    with pytest.raises(ChannelError) as caught:
        read_language({"language": language})
    assert caught.value.code == "malformed"
