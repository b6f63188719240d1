"""The chat's files as a web server sends them: which ones, as what, and with which headers."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from rcssmin import cssmin
from rjsmin import jsmin
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.texts import LANGUAGES
from bot.widget.bundle import bundle

WIDGET = Path(__file__).resolve().parent
DEMO = WIDGET / "demo"

CONTENT_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}

HEADERS = {
    "Cache-Control": "no-cache",  # asked for again each time, at the price of a 304: files of two releases never meet
    "Access-Control-Allow-Origin": "*",  # other websites import the chat's script and texts
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Vary": "Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
}

SERVED = "const served = {};"
"""The line of `widget.js` that the server's own addresses go into."""


@dataclass(frozen=True)
class WidgetFile:
    """A file that a browser may fetch."""

    content: str
    content_type: str

    @cached_property
    def small(self) -> bytes:
        """The content gzipped, the same bytes each time."""
        return gzip.compress(self.content.encode(), mtime=0)

    @cached_property
    def etag(self) -> str:
        """Changes with the content."""
        return f'"{sha256(self.content.encode()).hexdigest()[:32]}"'

    def answer(self, request: Request) -> Response:
        """The file, or 304 for a browser that has it."""
        headers = HEADERS | {"ETag": self.etag}
        if self.etag in request.headers.get("If-None-Match", ""):
            return Response(status_code=304, headers=headers)
        if "gzip" not in request.headers.get("Accept-Encoding", ""):
            return Response(self.content, media_type=self.content_type, headers=headers)
        return Response(self.small, media_type=self.content_type, headers=headers | {"Content-Encoding": "gzip"})


def chat_files(served: Mapping[str, str]) -> dict[str, WidgetFile]:
    """All that a website loads for the chat, by address; `served`: data attributes that hold where its own tag says nothing else."""
    loader = (WIDGET / "widget.js").read_text(encoding="utf-8").replace(SERVED, f"const served = {json.dumps(dict(served))};")
    texts = {f"/widget/texts.{language}.json": (WIDGET / f"texts.{language}.json").read_text(encoding="utf-8") for language in LANGUAGES}
    style = cssmin((WIDGET / "style.css").read_text(encoding="utf-8"))
    files = {"/widget.js": jsmin(loader), "/widget/chat.js": bundle(WIDGET / "chat.js"), "/widget/style.css": style, **texts}
    return {address: WidgetFile(content, CONTENT_TYPES[Path(address).suffix]) for address, content in files.items()}


def widget_routes(served: Mapping[str, str]) -> list[Route]:
    """Routes of `/widget.js`, the chat's other files under `/widget/`, and those of the pages under `/demo/`."""
    pages = {f"/demo/{path.name}": _read(path) for path in sorted(DEMO.iterdir()) if path.suffix in (".css", ".svg", ".js")}
    return [Route(address, file.answer) for address, file in {**chat_files(served), **pages}.items()]


def _read(path: Path) -> WidgetFile:
    return WidgetFile(path.read_text(encoding="utf-8"), CONTENT_TYPES[path.suffix])
