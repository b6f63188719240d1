"""A channel on Rasa's own server."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from rasa.core.channels.channel import InputChannel, register
from rasa.core.run import _create_app_without_api
from sanic import Sanic

from tests.channels.fake_rasa import FakeAgent


@asynccontextmanager
async def serving_channel(channel: InputChannel, agent: FakeAgent) -> AsyncIterator[httpx.AsyncClient]:
    """The channel on a free port, in the server that `rasa run` makes."""
    Sanic.test_mode = True  # lets one process make several servers of the same name
    app = _create_app_without_api()
    app.config.ACCESS_LOG = False
    app.ctx.agent = agent
    register([channel], app, "/webhooks/")
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        server = await app.create_server(sock=sock, return_asyncio_server=True)
        await server.startup()
        await server.before_start()
        await server.after_start()
        url = f"http://127.0.0.1:{sock.getsockname()[1]}"
        async with httpx.AsyncClient(base_url=url, timeout=10, trust_env=False) as client:
            yield client
        await server.before_stop()
        server.close()
        await server.after_stop()
