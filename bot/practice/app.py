"""The practice's web application: booking API, pages and widget in one process."""

from collections.abc import Callable
from datetime import datetime, timezone

import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.database import open_database, reading
from bot.practice.booking.api import booking_router, refused
from bot.practice.booking.errors import BookingRefused
from bot.practice.booking.rules import Limits
from bot.practice.booking.seed import seed_booking
from bot.practice.booking.store import AppointmentStore
from bot.practice.catalog.file import read_catalog
from bot.practice.catalog.queries import Catalogue
from bot.practice.catalog.seed import seed
from bot.practice.console.app import console_app
from bot.practice.console.conversations.index import Index, indexing
from bot.practice.console.visit import BASE, Console
from bot.practice.errors import UnexpectedErrors, add_error_handlers
from bot.practice.guards import LimitBody, RequireKey
from bot.practice.pages import add_pages
from bot.privacy.api import privacy_router
from bot.privacy.databases import open_databases
from bot.privacy.upkeep import looking_after
from bot.settings import Settings

KEEP_ALIVE_SECONDS = 75
"""How long an idle connection of the action server stays open, so that a booking step pays for no new one."""


def create_app(settings: Settings, engine: Engine, clock: Callable[[], datetime]) -> FastAPI:
    """The application on a database that has its tables; `clock` gives the present instant, aware."""
    store = AppointmentStore(engine, Limits.of(settings), settings.video_base_url)
    # No interactive API pages: they load scripts from other servers.
    app = FastAPI(title="Practice", description="Booking of consultations.", docs_url=None, redoc_url=None)
    app.include_router(booking_router(store, clock))
    _add_health(app, engine)
    add_pages(app, settings, Catalogue(engine))
    conversations, messaging = open_database(settings.conversations_database), open_database(settings.messaging_database)
    console = Console(settings, engine, conversations, clock, messaging)
    app.include_router(privacy_router(lambda: console.databases, clock))
    app.mount(BASE, console_app(console))
    add_error_handlers(app)
    app.add_exception_handler(BookingRefused, refused)
    for guard, options in ((LimitBody, {}), (RequireKey, {"key": settings.key_for("practice-api")}), (UnexpectedErrors, {})):
        app.add_middleware(guard, **options)
    return app


def serve(settings: Settings) -> None:
    """Prepares the database and serves until the process is told to end.

    Raises:
        SettingsError: a setting can't be used.
        CatalogFileError: the catalogue's file can't be used.
        SQLAlchemyError: the database can't be prepared.
    """
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    engine = open_database(settings.practice_database)
    seed(engine, read_catalog())
    seed_booking(engine, settings)
    app = create_app(settings, engine, utc_now)
    with (
        open_databases(settings, engine) as databases,
        indexing(Index(engine, databases.assistant), utc_now),
        looking_after(databases, settings, utc_now),
    ):
        # No access log: addresses of visitors are personal data.
        uvicorn.run(
            app,
            host=settings.host,
            port=settings.practice_port,
            access_log=False,
            log_level="warning",
            server_header=False,
            ws="none",  # not used, and uvicorn's own choice fails beside Sanic's older websockets
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=5,
        )


def utc_now() -> datetime:
    """The time."""
    return datetime.now(timezone.utc)


def _add_health(app: FastAPI, engine: Engine) -> None:
    @app.get("/health", responses={503: {"description": "the database can't be used"}})
    def health() -> JSONResponse:
        """Whether the application and what it depends on can be used."""
        database = _database_state(engine)
        working = database == "ok"
        return JSONResponse({"status": "ok" if working else "unavailable", "depends_on": {"database": database}}, 200 if working else 503)


def _database_state(engine: Engine) -> str:
    try:
        with reading(engine) as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return "unavailable"
    return "ok"
