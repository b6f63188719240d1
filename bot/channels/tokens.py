"""The signed token that says which conversation a browser is in."""

from datetime import datetime
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from bot.channels.errors import ChannelError


class Tokens:
    """Makes and reads session tokens."""

    def __init__(self, key: str) -> None:
        self._serializer = URLSafeSerializer(key, salt="web-session")

    def make(self, session: str, expires_at: datetime) -> str:
        """A token for `session` until `expires_at`."""
        return str(self._serializer.dumps({"sid": session, "exp": int(expires_at.timestamp())}))

    def session(self, authorization: str | None, now: datetime) -> str:
        """The session that an Authorization header speaks for.

        Raises:
            ChannelError: token_missing, token_invalid or token_expired.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise ChannelError("token_missing")
        claims = self._read(token.strip())
        if claims["exp"] <= now.timestamp():
            raise ChannelError("token_expired")
        return str(claims["sid"])

    def _read(self, token: str) -> dict[str, Any]:
        if not token.isascii():  # can't be signed by us, and the serializer stumbles over broken Unicode
            raise ChannelError("token_invalid")
        try:
            return dict(self._serializer.loads(token))
        except BadData as error:
            raise ChannelError("token_invalid") from error
