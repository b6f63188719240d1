"""A client of Telegram's Bot API, for the channel and for the command line."""

import logging

from telegram import Bot
from telegram.request import HTTPXRequest

from bot.settings import Settings

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
"""What every call of the webhook carries."""

ANSWER_SECONDS = 15.0
CONNECT_SECONDS = 5.0
MOST_CONNECTIONS = 64


def make_bot(settings: Settings) -> Bot:
    """A client whose waits are bounded and which logs no address, since the address holds the token."""
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.WARNING)

    def request() -> HTTPXRequest:
        return HTTPXRequest(
            connection_pool_size=MOST_CONNECTIONS,
            read_timeout=ANSWER_SECONDS,
            write_timeout=ANSWER_SECONDS,
            connect_timeout=CONNECT_SECONDS,
            pool_timeout=CONNECT_SECONDS,
        )

    return Bot(settings.telegram_token, base_url=f"{settings.telegram_api_url}/bot", request=request(), get_updates_request=request())
