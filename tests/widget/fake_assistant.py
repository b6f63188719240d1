"""The assistant's web channel as its contract says, with answers and faults that a test chooses; what breaks the contract is refused."""

import asyncio
import threading
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

LONGEST = 1000
HOLD_SECONDS = 10
AT = "2026-12-03T13:00:00.000+00:00"

Message = dict[str, Any]

GREETING: Message = {"text": "Hello, I am an automated assistant.", "buttons": [{"title": "Prices", "payload": "/ask_price"}]}


class Refused(Exception):
    """A request that the channel answers with an error."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


@dataclass
class Session:
    """A conversation: what was offered, asked and answered."""

    language: str
    offered: dict[str, str] = field(default_factory=dict)
    history: list[Message] = field(default_factory=list)
    turns: dict[str, tuple[dict[str, str], list[Message]]] = field(default_factory=dict)


@dataclass
class FakeAssistant:
    """What the assistant got, and what it is to do."""

    sessions: dict[str, Session] = field(default_factory=dict)
    answers: dict[str, Message] = field(default_factory=dict)
    """Answer by what was said or chosen, an empty one for none; anything else is repeated."""
    faults: list[tuple[int, str]] = field(default_factory=list)
    """Status and code of the next requests' errors, each used once."""
    lost_answers: int = 0
    """So many turns are run, but their answer is replaced by 503."""
    seen: list[tuple[str, str, Any]] = field(default_factory=list)
    """Method, last part of the path, and body of each request."""
    go: threading.Event = field(default_factory=threading.Event)
    """Turns wait for it."""

    def reset(self) -> None:
        """Back to a new assistant that answers at once."""
        self.__init__()  # type: ignore[misc]
        self.go.set()

    def forget_sessions(self) -> None:
        """All tokens are unknown from now on."""
        self.sessions.clear()

    @property
    def sent(self) -> list[dict[str, str]]:
        """Bodies of all requests that brought a message, repeats included."""
        return [body for method, path, body in self.seen if (method, path) == ("POST", "messages")]

    @property
    def turns(self) -> list[str]:
        """What was said or chosen, once for each turn that ran."""
        return [said.get("text") or said["payload"] for session in self.sessions.values() for said, _ in session.turns.values()]

    def person_says(self, text: str) -> None:
        """A message into every conversation that answers nothing: from a person of the practice."""
        for session in self.sessions.values():
            _record(session, {"text": text})

    def app(self, *origins: str) -> Starlette:
        """The channel, open to the pages of these origins."""
        routes = [
            Route("/webhooks/web/session", self._handler(self._start), methods=["POST"]),
            Route("/webhooks/web/session", self._handler(self._change), methods=["PUT"]),
            Route("/webhooks/web/session", self._handler(self._delete), methods=["DELETE"]),
            Route("/webhooks/web/messages", self._handler(self._turn), methods=["POST"]),
            Route("/webhooks/web/messages", self._handler(self._history), methods=["GET"]),
        ]
        headers = ["Authorization", "Content-Type"]
        cors = Middleware(
            CORSMiddleware, allow_origins=list(origins), allow_methods=["GET", "POST", "PUT", "DELETE"], allow_headers=headers
        )
        return Starlette(routes=routes, middleware=[cors])

    def _handler(self, work: Any) -> Any:
        async def handle(request: Request) -> Response:
            try:
                body = await _body(request)
                self.seen.append((request.method, request.url.path.rsplit("/", 1)[-1], body))
                if self.faults:
                    raise Refused(*self.faults.pop(0))
                answer: Response = await work(request, body)
                return answer
            except Refused as refused:
                headers = {"Retry-After": "1"} if refused.status in (429, 503) else {}
                return JSONResponse({"error": {"code": refused.code, "message": "for developers"}}, refused.status, headers=headers)

        return handle

    async def _start(self, request: Request, body: dict[str, str]) -> Response:
        _require(set(body) <= {"language"} and body.get("language", "en") in ("en", "nl"))
        _require("authorization" not in request.headers)
        token, session = f"token-{uuid4().hex}", Session(body.get("language", "en"))
        self.sessions[token] = session
        messages = [_record(session, self.answers.get("greeting", GREETING))]
        return JSONResponse({"token": token, "expires_at": "2026-12-04T13:00:00Z", "messages": messages}, 201)

    async def _turn(self, request: Request, body: dict[str, str]) -> Response:
        session = self._session(request)
        _require(set(body) in ({"id", "text"}, {"id", "payload"}) and all(isinstance(value, str) for value in body.values()))
        _require(_is_uuid(body["id"]))
        if body["id"] in session.turns:
            said, messages = session.turns[body["id"]]
            if said != body:
                raise Refused(409, "id_reused")
            return JSONResponse({"messages": messages})
        messages = await self._run(session, body)
        if self.lost_answers:
            self.lost_answers -= 1
            raise Refused(503, "unavailable")
        return JSONResponse({"messages": messages})

    async def _run(self, session: Session, body: dict[str, str]) -> list[Message]:
        said = _said(session, body)
        await asyncio.to_thread(self.go.wait, HOLD_SECONDS)
        session.history.append({"id": body["id"], "from": "visitor", "text": session.offered.get(said, said), "at": AT, **_nothing()})
        answer = self.answers.get(said, {"text": f"You said {said}"})
        messages = [_record(session, answer)] if answer else []
        session.turns[body["id"]] = (body, messages)
        return messages

    async def _history(self, request: Request, body: Any) -> Response:
        _require(body is None)
        history = self._session(request).history
        known = [index for index, message in enumerate(history) if message["id"] == request.query_params.get("after")]
        return JSONResponse({"messages": history[known[0] + 1 :] if known else history})

    async def _change(self, request: Request, body: dict[str, str]) -> Response:
        _require(body.get("language") in ("en", "nl"))
        self._session(request).language = body["language"]
        return Response(status_code=204)

    async def _delete(self, request: Request, body: Any) -> Response:
        self._session(request)
        del self.sessions[request.headers["authorization"].partition(" ")[2]]
        return Response(status_code=204)

    def _session(self, request: Request) -> Session:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind != "Bearer" or not token:
            raise Refused(401, "token_missing")
        if token not in self.sessions:
            raise Refused(401, "token_expired")
        return self.sessions[token]


def _said(session: Session, body: dict[str, str]) -> str:
    if "payload" in body:
        if body["payload"] not in session.offered:
            raise Refused(400, "payload_not_offered")
        return body["payload"]
    if not body["text"].strip():
        raise Refused(400, "empty")
    if len(body["text"]) > LONGEST:
        raise Refused(413, "too_long")
    return body["text"]


def _record(session: Session, answer: Message) -> Message:
    """The answer as a message of the contract; its buttons can be pressed from now on."""
    message = {"id": uuid4().hex, "text": "", "lang": "en", **_nothing(), **answer}
    groups = [message["buttons"], *(card["buttons"] for card in message["cards"]), *(day["times"] for day in message["slots"])]
    session.offered.update({button["payload"]: button["title"] for group in groups for button in group})
    session.history.append({**message, "from": "assistant", "at": AT})
    return message


def _nothing() -> Message:
    return {"buttons": [], "cards": [], "link": None, "slots": []}


async def _body(request: Request) -> Any:
    if request.method in ("GET", "DELETE"):
        return None
    _require(request.headers.get("content-type") == "application/json")
    body = await request.json()
    _require(isinstance(body, dict))
    return body


def _require(fine: bool) -> None:
    if not fine:
        raise Refused(400, "malformed")


def _is_uuid(value: str) -> bool:
    try:
        return str(UUID(value)) == value
    except ValueError:
        return False
