"""The console as one application, mounted in the practice's."""

from pathlib import Path

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from bot.practice.console.gate import Gate
from bot.practice.console.pages import (
    account,
    appointment,
    appointments,
    audit,
    conversation,
    conversations,
    hours,
    keep,
    log_in,
    overview,
    people,
    privacy,
    teach,
    therapists,
    treatments,
    types,
    waiting,
)
from bot.practice.console.visit import Console, Visit, visit_of

FILES = Path(__file__).parent / "files"
PAGES = (
    *(log_in, overview, conversations, conversation, keep, waiting, teach, account, people, audit, privacy),
    # the practice: what it offers, when and with whom
    *(appointments, appointment, treatments, hours, types, therapists),
)
"""Modules with a `router`; who may use its routes stands in the table of permissions."""


def console_app(console: Console) -> FastAPI:
    """The application below `/staff`, on a database that has its tables."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    for page in PAGES:
        app.include_router(page.router)
    _add_start(app)
    app.mount("/files", StaticFiles(directory=FILES))
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_middleware(Gate, console=console)
    return app


def _add_start(app: FastAPI) -> None:
    @app.get("/")
    def start(visit: Visit = Depends(visit_of)) -> Response:
        """The first page that somebody may see."""
        return visit.go("/overview")


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = {404: "not_found", 403: "forbidden"}.get(error.status_code, "malformed")
    return visit_of(request).page("error.html", error.status_code, code=code)


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if any(fault["loc"][0] == "path" for fault in error.errors()):  # no number, so there is no such thing
        return visit_of(request).page("error.html", 404, code="not_found")
    return visit_of(request).page("error.html", 422, code="malformed")
