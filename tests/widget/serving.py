"""An ASGI application on a free port, in a thread of its own, for as long as a test needs it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

import uvicorn
from starlette.types import ASGIApp

START_SECONDS = 10.0


def free_socket() -> tuple[socket.socket, str]:
    """A listening socket and its base URL."""
    listener = socket.create_server(("127.0.0.1", 0))
    return listener, f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def serving(app: ASGIApp, listener: socket.socket) -> Iterator[None]:
    """Serves until the block ends."""
    # no web sockets: Rasa holds their library at a version that uvicorn can't load
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = monotonic() + START_SECONDS
    while not server.started:
        assert monotonic() < deadline, "the server did not start"
        sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(START_SECONDS)
