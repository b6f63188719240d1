"""Updates and deliveries of any shape: read, or left out, but never an error of ours."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.errors import ChannelError
from bot.channels.messaging import json_body
from bot.channels.messaging.heard import Done, Heard
from bot.channels.telegram.updates import LARGEST_ID, read_update
from bot.channels.whatsapp.deliveries import read_delivery
from tests.channels import telegram_updates as tg
from tests.channels import whatsapp_deliveries as wa
from tests.channels.fake_whatsapp import PHONE_NUMBER_ID

LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["private", "text", 10**30, -1, "\x00", "\ud800"])
)
ANYTHING = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3), max_leaves=8
)

UPDATES = [
    tg.text("hello"),
    tg.text("/start nl_book"),
    tg.tap("key"),
    tg.membership("group", "left", "member"),
    tg.group_text("hello"),
    *(tg.message(**content) for content, _ in tg.MEDIA.values()),
    tg.message(**tg.PHOTO, caption="it bleeds", media_group_id="1"),
]
MESSAGES = [
    wa.text("hello"),
    wa.reply({"type": "button_reply", "id": "key", "title": "t"}),
    wa.message("button", {"payload": "p", "text": "t"}),
    wa.message("reaction", {"message_id": "m", "emoji": "e"}),
    wa.message("system", {"body": "b", "type": "user_changed_number", "wa_id": "1"}),
    *(wa.message(kind, content) for kind, (content, _) in wa.MEDIA.items()),
]
DELIVERIES = [
    *(wa.delivery(wa.value(message)) for message in MESSAGES),
    wa.delivery(wa.status("wamid.1", "failed", 131047, "key")),
    wa.delivery(wa.status("wamid.1", "read")),
]


def places(content: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value."""
    inner = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    return [path, *(place for key, part in inner for place in places(part, (*path, key)))] if path or inner else [path]


def changed(content: Any, path: tuple[Any, ...], part: Any, removed: bool) -> Any:
    """The value with one part replaced or taken out."""
    if not path:
        return part
    content = deepcopy(content)
    holder = content
    for key in path[:-1]:
        holder = holder[key]
    if removed:
        del holder[path[-1]]
    else:
        holder[path[-1]] = part
    return content


@st.composite
def mangled(draw: st.DrawFn, examples: list[Any]) -> Any:
    """A known shape with one to three parts that are missing or something else."""
    content = draw(st.sampled_from(examples))
    for _ in range(draw(st.integers(1, 3))):
        content = changed(content, draw(st.sampled_from(places(content))), draw(ANYTHING), draw(st.booleans()))
    return content


def is_usable(heard: Heard) -> bool:
    """Whether it can be stored as it is, on either database."""
    assert all(isinstance(part, str) for part in (heard.id, *heard.identities, *heard.done.commands))
    assert heard.identities and -LARGEST_ID <= heard.position <= LARGEST_ID and heard.address
    assert all(command.startswith("/") for command in heard.done.commands)
    kept = json.loads(json.dumps(heard.done.as_json()))
    return Done.from_json(kept) == heard.done


@settings(max_examples=400, deadline=None)
@given(mangled(UPDATES))
def test_a_telegram_update_of_any_shape_is_read_or_refused(content: Any) -> None:
    try:
        heard = read_update(content if isinstance(content, dict) else {}, 1000)
    except ChannelError as error:
        assert error.status == 400
        return
    assert heard is None or is_usable(heard)


@settings(max_examples=400, deadline=None)
@given(mangled(DELIVERIES))
def test_a_whatsapp_delivery_of_any_shape_is_read_as_far_as_it_goes(content: Any) -> None:
    delivery = read_delivery(content if isinstance(content, dict) else {}, PHONE_NUMBER_ID, 1000)
    assert all(is_usable(heard) for heard in delivery.heard if isinstance(heard, Heard))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200) | st.text(alphabet='{}[]"\\:,a1 ').map(str.encode) | ANYTHING.map(lambda value: json.dumps(value).encode()))
def test_a_body_of_any_bytes_is_an_object_or_refused(body: bytes) -> None:
    try:
        assert isinstance(json_body.parse(body), dict)
    except ChannelError as error:
        assert error.status == 400


@pytest.mark.parametrize("levels", [json_body.MOST_LEVELS, json_body.MOST_LEVELS + 1])
def test_depth_counts_brackets_and_not_those_in_texts(levels: int) -> None:
    body = b'{"a":' * levels + b'"' + b"[" * 100 + b'\\"[["' + b"}" * levels
    if levels > json_body.MOST_LEVELS:
        with pytest.raises(ChannelError):
            json_body.parse(body)
    else:
        assert json_body.parse(body)
