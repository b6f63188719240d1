"""`telegram`: tells Telegram where the webhook is, or fetches updates without one."""

import argparse
import asyncio
import sys
from typing import TYPE_CHECKING, Any

from bot.settings import Settings

if TYPE_CHECKING:
    import httpx
    from telegram import Bot

PATH = "/webhooks/telegram/webhook"
WANTED = ["message", "callback_query", "my_chat_member"]
"""Kinds of updates that mean something here; edits are none."""
POLL_SECONDS = 25
PAUSE_SECONDS = 2.0


def add_parser(subparsers: Any) -> None:
    """Adds the command to the command line."""
    parser = subparsers.add_parser("telegram", help="connect the Telegram bot to the assistant")
    parser.add_argument(
        "action", choices=["set-webhook", "poll"], help="set-webhook: for good, needs ASSISTANT_URL; poll: for trying it at home"
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Sets the webhook, or polls until Ctrl-C; 1 when it can't."""
    if not settings.telegram_token:
        print("TELEGRAM_TOKEN is not set: @BotFather on Telegram gives one.", file=sys.stderr)
        return 1
    from telegram.error import TelegramError  # imported here, as below: the other commands need not wait for it

    try:
        return asyncio.run(_set_webhook(settings) if args.action == "set-webhook" else _poll(settings))
    except KeyboardInterrupt:
        return 0
    except TelegramError as error:
        # its message may hold the token
        print(f"Telegram did not take it: {type(error).__name__}. Is TELEGRAM_TOKEN right, and can Telegram be reached?", file=sys.stderr)
        return 1


async def _set_webhook(settings: Settings) -> int:
    url = f"{settings.public_assistant_url}{PATH}"
    if not url.startswith("https://"):
        print(f"ASSISTANT_URL must be the assistant's public address, beginning with https:// (now: {url}).", file=sys.stderr)
        return 1
    from bot.channels.telegram.bot import make_bot

    bot = make_bot(settings)
    await bot.set_webhook(url, secret_token=settings.telegram_webhook_secret, allowed_updates=WANTED)
    print(f"{await _name(bot)} delivers to {url} now.")
    return 0


async def _poll(settings: Settings) -> int:
    """Fetches updates and hands each to the running assistant as Telegram would."""
    import httpx

    from bot.channels.telegram.bot import SECRET_HEADER, make_bot

    bot = make_bot(settings)
    await bot.delete_webhook()
    print(f"{await _name(bot)} is answered by the assistant on port {settings.assistant_port}. Ctrl-C ends it.", flush=True)
    url = f"http://{settings.host}:{settings.assistant_port}{PATH}"
    async with httpx.AsyncClient(headers={SECRET_HEADER: settings.telegram_webhook_secret}) as assistant:
        next_update = 0
        while True:
            next_update = await poll_once(bot, assistant, url, next_update)


async def poll_once(bot: "Bot", assistant: "httpx.AsyncClient", url: str, next_update: int) -> int:
    """Hands on what is there; gives the number of the first update that the assistant has not taken."""
    import httpx

    for update in await bot.get_updates(next_update, timeout=POLL_SECONDS, allowed_updates=WANTED):
        try:
            (await assistant.post(url, json=update.to_dict())).raise_for_status()
        except httpx.HTTPError as error:
            print(f"The assistant did not take an update ({type(error).__name__}); is it running?", file=sys.stderr)
            await asyncio.sleep(PAUSE_SECONDS)
            break
        next_update = update.update_id + 1
    return next_update


async def _name(bot: "Bot") -> str:
    return f"@{(await bot.get_me()).username}"
