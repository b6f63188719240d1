"""Errors of the practice's web application: always JSON, never with what somebody sent."""

import logging
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

logger = logging.getLogger(__name__)

CODES = {400: "malformed", 401: "unauthorized", 404: "unknown_route", 405: "method_not_allowed", 413: "too_long"}
"""Codes of the errors that come from the web framework, by status."""


class ErrorBody(BaseModel):
    """What went wrong: a code for programs, a message for developers."""

    code: str
    message: str


class ErrorReply(BaseModel):
    """The body of every error."""

    error: ErrorBody


def error_reply(status: int, code: str, message: str, headers: Mapping[str, str] | None = None, **more: Any) -> JSONResponse:
    """The answer of an error, in the one shape that all errors have."""
    return JSONResponse({"error": {"code": code, "message": message}, **more}, status, headers)


def add_error_handlers(app: FastAPI) -> None:
    """Gives every error of the framework and of the database that shape."""
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(SQLAlchemyError, _unavailable)


class UnexpectedErrors:
    """Answers an unforeseen exception, and logs where it came from without its message, which can carry what somebody sent."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on."""
        try:
            await self._app(scope, receive, send)
        except Exception as error:  # noqa: BLE001 - the border: whatever it is, the caller gets JSON and the log gets no personal data
            if scope["type"] != "http":
                raise
            logger.error("unexpected %s at %s", type(error).__name__, origin(error))
            await error_reply(500, "internal", "unexpected error")(scope, receive, send)


def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return error_reply(422, "invalid", "; ".join(f"{_field(fault)}: {fault['msg']}" for fault in error.errors()))


def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return error_reply(error.status_code, CODES.get(error.status_code, "refused"), str(error.detail), error.headers)


def _unavailable(_request: Request, error: Exception) -> JSONResponse:
    logger.error("database fails: %s", type(error).__name__)
    return error_reply(503, "unavailable", "the database can't be used now", {"Retry-After": "1"})


def _field(fault: Mapping[str, Any]) -> str:
    """The field that is at fault; names that the sender made up, of unknown fields and of entries in a field, are not repeated."""
    location = fault["loc"]
    known = len(location) > 1 and fault["type"] not in ("value_error.extra", "value_error.jsondecode", "json_invalid")
    return str(location[1]) if known else "body"


def origin(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames[-3:]))
