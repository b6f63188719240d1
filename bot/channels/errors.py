"""What the web channel refuses, by code."""

from typing import Any

ERRORS: dict[str, tuple[int, str]] = {
    "malformed": (400, "The request is not what this endpoint takes."),
    "empty": (400, "The message has no text."),
    "payload_not_offered": (400, "This payload was not offered in this session."),
    "token_missing": (401, "Send the session's token: 'Authorization: Bearer <token>'."),
    "token_invalid": (401, "The token was not made by this server."),
    "token_expired": (401, "The session has ended; start a new one."),
    "forbidden": (403, "The call does not carry this channel's secret."),
    "id_reused": (409, "A message with this id and other content was sent before."),
    "too_long": (413, "The message is too long."),
    "unsupported_type": (415, "Send JSON with 'Content-Type: application/json'."),
    "too_many": (429, "Too many requests; see Retry-After."),
    "internal": (500, "The turn failed; it can be tried again with the same id."),
    "unavailable": (503, "Not answered yet; try again with the same id after Retry-After."),
}
"""Status and text for developers of each code; visitors read the widget's own texts."""


class ChannelError(Exception):
    """A request that gets an error instead of an answer."""

    def __init__(self, code: str, retry_after: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after
        """Seconds after which it makes sense to try again."""

    @property
    def status(self) -> int:
        """The HTTP status."""
        return ERRORS[self.code][0]

    @property
    def body(self) -> dict[str, Any]:
        """What the client reads."""
        return {"error": {"code": self.code, "message": ERRORS[self.code][1]}}

    @property
    def headers(self) -> dict[str, str]:
        """Headers that belong to the error."""
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        return headers | ({"WWW-Authenticate": "Bearer"} if self.status == 401 else {})


def unavailable() -> ChannelError:
    """Something that the turn needs does not answer; a short while later it may."""
    return ChannelError("unavailable", retry_after=1)
