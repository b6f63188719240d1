"""A platform's JSON, refused before it is read where it is too large or too deep."""

import json
import re
from typing import Any

from bot.channels.errors import ChannelError

BODY_MAX_BYTES = 1024 * 1024
MOST_LEVELS = 32

_MARKS = re.compile(rb'"(?:[^"\\]|\\.)*"?|[\[{]|[\]}]', re.DOTALL)
"""Strings, whose brackets count for nothing, and brackets; a string without an end takes the rest, so that the time stays linear."""


def parse(body: bytes) -> dict[str, Any]:
    """The object in a body.

    Raises:
        ChannelError: malformed.
    """
    if _is_too_deep(body):
        raise ChannelError("malformed")
    try:
        content = json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise ChannelError("malformed") from error
    if not isinstance(content, dict):
        raise ChannelError("malformed")
    return content


def _is_too_deep(body: bytes) -> bool:
    level = 0
    for mark in _MARKS.finditer(body):
        if mark[0] in b"[{":
            level += 1
            if level > MOST_LEVELS:
                return True
        elif mark[0] in b"]}":
            level -= 1
    return False


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")
