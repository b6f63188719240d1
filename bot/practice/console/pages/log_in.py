"""Logging in and out."""

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from bot.database import writing
from bot.practice.console.gate import set_cookie
from bot.practice.console.staff import log_in as door
from bot.practice.console.staff import sessions
from bot.practice.console.visit import BASE, COOKIE, Visit, visit_of

router = APIRouter()


@router.get("/log-in")
def form(to: str = "/", visit: Visit = Depends(visit_of)) -> Response:
    """The form; a browser without a cookie gets one, for the forgery check."""
    if visit.account:
        return visit.go(own_path(to))
    return set_cookie(visit, visit.page("log_in.html", to=own_path(to), refused=""), visit.token)


@router.post("/log-in")
def log_in(visit: Visit = Depends(visit_of)) -> Response:
    """Opens a session under a new cookie, so that nobody can have known it before."""
    sent, to = visit.form, own_path(visit.form.get("to", "/"))
    address = visit.request.client.host if visit.request.client else ""
    try:
        token = door.log_in(visit.console.engine, sent.get("login", ""), sent.get("password", ""), sent.get("code", ""), address, visit.now)
    except door.Refused:
        return visit.page("log_in.html", 401, to=to, refused="wrong")
    except door.TooMany:
        return visit.page("log_in.html", 429, to=to, refused="too_many")
    return set_cookie(visit, visit.go(to), token)


@router.post("/log-out")
def log_out(visit: Visit = Depends(visit_of)) -> Response:
    """Ends this session."""
    with writing(visit.console.engine) as connection:
        sessions.end(connection, visit.token)
        visit.record(connection, "logged_out", f"staff:{visit.who.id}")
    answer = visit.go("/log-in")
    answer.delete_cookie(COOKIE, path=BASE, httponly=True, samesite="lax", secure=visit.console.is_https)
    return answer


def own_path(path: str) -> str:
    """The path if it is one of the console's own, else its start: nobody is sent elsewhere after logging in."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\", "/log-")) and path.isprintable() and "\\" not in path
    return path if plain else "/"
