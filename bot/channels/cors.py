"""Which websites' pages may read the channel's answers."""

from sanic.request import Request
from sanic.response import HTTPResponse

PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Max-Age": "600",
}


def set_headers(request: Request, response: HTTPResponse, origins: frozenset[str]) -> None:
    """Opens a response to the origins allowed and to no other, whatever the server's own settings put there."""
    for header in [name for name in response.headers if name.lower().startswith("access-control-")]:
        del response.headers[header]
    response.headers["Vary"] = "Origin"
    origin = request.headers.get("origin")
    if origin not in origins:
        return
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = "Retry-After"
    if request.method == "OPTIONS":
        response.headers.update(PREFLIGHT)
