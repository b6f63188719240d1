"""The chat's files as a web server sends them: which ones, as what, and with which headers."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

WIDGET = Path(__file__).resolve().parent
DEMO = WIDGET / "demo"

CONTENT_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}

HEADERS = {
    "Cache-Control": "no-cache",  # asked for again each time, at the price of a 304: modules of two releases never meet
    "Access-Control-Allow-Origin": "*",  # other websites import the chat's modules and texts
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True)
class WidgetFile:
    """A file that a browser may fetch."""

    body: bytes
    content_type: str
    etag: str

    def answer(self, request: Request) -> Response:
        """The file, or 304 for a browser that has it."""
        headers = HEADERS | {"ETag": self.etag}
        if self.etag in request.headers.get("If-None-Match", ""):
            return Response(status_code=304, headers=headers)
        return Response(self.body, media_type=self.content_type, headers=headers)


def widget_routes() -> list[Route]:
    """Routes of `/widget.js`, the chat's other files under `/widget/`, and those of the pages under `/demo/`."""
    chat = {f"/widget/{path.name}": path for path in WIDGET.iterdir() if path.suffix in CONTENT_TYPES and path.name != "widget.js"}
    pages = {f"/demo/{path.name}": path for path in DEMO.iterdir() if path.suffix in (".css", ".svg")}
    files = {"/widget.js": WIDGET / "widget.js"} | chat | pages
    return [Route(address, _read(path).answer) for address, path in sorted(files.items())]


def _read(path: Path) -> WidgetFile:
    body = path.read_bytes()
    return WidgetFile(body, CONTENT_TYPES[path.suffix], f'"{sha256(body).hexdigest()[:32]}"')
