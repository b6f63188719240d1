"""Which websites may use the channel."""

import pytest

from tests.channels.web_client import Chat

pytestmark = pytest.mark.asyncio

ALLOWED = "https://practice.example"
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization, content-type"}


@pytest.mark.parametrize("path", ["session", "messages"])
async def test_an_allowed_website_may_ask(chat: Chat, path: str) -> None:
    response = await chat.http.options(f"/webhooks/web/{path}", headers=PREFLIGHT | {"Origin": ALLOWED})
    assert response.is_success
    assert response.headers["access-control-allow-origin"] == ALLOWED
    assert response.headers["access-control-allow-methods"] == "GET, POST, PUT, DELETE, OPTIONS"
    assert response.headers["access-control-allow-headers"] == "Authorization, Content-Type"
    assert "access-control-allow-credentials" not in response.headers
    assert response.headers["vary"] == "Origin"


async def test_an_allowed_website_may_read_answers_and_errors(chat: Chat) -> None:
    chat.headers = {"Origin": ALLOWED}
    for response in (await chat.open(), await chat.send(text="hello"), await chat.send(text="")):
        assert response.headers["access-control-allow-origin"] == ALLOWED
        assert response.headers["access-control-expose-headers"] == "Retry-After"
        assert response.headers["vary"] == "Origin"


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "https://practice.example.evil.example",
        "http://practice.example",
        "https://practice.example:8443",
        "HTTPS://PRACTICE.EXAMPLE",
        "https://sub.practice.example",
        "null",
        "*",
        "",
    ],
)
async def test_any_other_website_may_not(chat: Chat, origin: str) -> None:
    chat.headers = {"Origin": origin}
    preflight = await chat.http.options("/webhooks/web/messages", headers=PREFLIGHT | {"Origin": origin})
    for response in (preflight, await chat.open(), await chat.send(text="hello")):
        assert not [name for name in response.headers if name.startswith("access-control-")]
        assert response.headers["vary"] == "Origin"


async def test_the_practices_own_pages_may(chat: Chat) -> None:
    chat.headers = {"Origin": "http://localhost:8000"}
    assert (await chat.open()).headers["access-control-allow-origin"] == "http://localhost:8000"
