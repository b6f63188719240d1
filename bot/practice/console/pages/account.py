"""One's own account: password, one-time codes, language, log-out everywhere."""

import segno
from fastapi import APIRouter, Depends
from fastapi.responses import Response
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.database import reading, writing
from bot.practice.console.gate import set_cookie
from bot.practice.console.models import staff
from bot.practice.console.staff import accounts, passwords, sessions
from bot.practice.console.visit import Visit, visit_of
from bot.texts import LANGUAGES

router = APIRouter(prefix="/account")
PRACTICE = "Medicadermis"


@router.get("")
def show(done: str = "", visit: Visit = Depends(visit_of)) -> Response:
    """The account's page."""
    return _page(visit, done=done)


@router.post("/password")
def change_password(visit: Visit = Depends(visit_of)) -> Response:
    """Takes a new password from somebody who knows the present one; other sessions end, this one goes on under a new cookie."""
    sent, who = visit.form, visit.who
    new = sent.get("new", "")
    if not _knows_password(visit, sent.get("password", "")):
        return _page(visit, 422, fault="wrong_password")
    if not passwords.is_usable(new, who.login) or new == sent.get("password"):
        return _page(visit, 422, fault="weak_password")
    if new != sent.get("again"):
        return _page(visit, 422, fault="not_the_same")
    with writing(visit.console.engine) as connection:
        accounts.set_password(connection, who.id, new)
        visit.record(connection, "password_changed", f"staff:{who.id}")
        token = sessions.start(connection, who.id, visit.now)
    return set_cookie(visit, visit.go("/account?done=password"), token)


@router.post("/preferences")
def change_preferences(visit: Visit = Depends(visit_of)) -> Response:
    """The console's language, or the browser's, and whether single keys do things."""
    language = visit.form.get("language", "")
    with writing(visit.console.engine) as connection:
        shortcuts = visit.form.get("shortcuts") == "yes"
        accounts.set_preferences(connection, visit.who.id, language if language in LANGUAGES else None, shortcuts)
    return visit.go("/account?done=preferences")


@router.post("/codes")
def switch_codes_on(visit: Visit = Depends(visit_of)) -> Response:
    """Switches one-time codes on once a code shows that the app has the secret."""
    sent, who = visit.form, visit.who
    secret = sent.get("secret", "")
    if not _knows_password(visit, sent.get("password", "")):
        return _page(visit, 422, fault="wrong_password", secret=secret)
    if not _is_secret(secret) or passwords.code_step(sent.get("code", ""), secret, visit.now) is None:
        return _page(visit, 422, fault="wrong_code", secret=secret)
    with writing(visit.console.engine) as connection:
        accounts.set_code_secret(connection, who.id, secret)
        visit.record(connection, "codes_on", f"staff:{who.id}")
    return visit.go("/account?done=codes")


@router.post("/codes/off")
def switch_codes_off(visit: Visit = Depends(visit_of)) -> Response:
    """Switches one-time codes off."""
    if not _knows_password(visit, visit.form.get("password", "")):
        return _page(visit, 422, fault="wrong_password")
    with writing(visit.console.engine) as connection:
        accounts.set_code_secret(connection, visit.who.id, None)
        visit.record(connection, "codes_off", f"staff:{visit.who.id}")
    return visit.go("/account?done=codes_off")


@router.post("/log-out-everywhere")
def log_out_everywhere(visit: Visit = Depends(visit_of)) -> Response:
    """Ends every session of this account."""
    with writing(visit.console.engine) as connection:
        accounts.end_sessions(connection, visit.who.id)
        visit.record(connection, "logged_out_everywhere", f"staff:{visit.who.id}")
    return visit.go("/log-in")


def _page(visit: Visit, status: int = 200, done: str = "", fault: str = "", secret: str = "") -> Response:
    secret = secret if _is_secret(secret) else passwords.new_code_secret()
    address = passwords.code_address(secret, visit.who.login, PRACTICE)
    picture = Markup(
        segno.make(address).svg_inline(scale=4, border=2, svgclass="code-picture", lineclass=None, omitsize=True, dark="#000", light="#fff")
    )
    told = done if done in ("password", "preferences", "codes", "codes_off") else ""
    return visit.page("account.html", status, done=told, fault=fault, secret=secret, picture=picture, shortest=passwords.SHORTEST)


def _knows_password(visit: Visit, password: str) -> bool:
    with reading(visit.console.engine) as connection:
        return passwords.fits(password, _kept(connection, visit.who.id))


def _kept(connection: Connection, number: int) -> str:
    return str(connection.execute(select(staff.c.password).where(staff.c.id == number)).scalar_one())


def _is_secret(secret: str) -> bool:
    return len(secret) == 32 and set(secret) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
