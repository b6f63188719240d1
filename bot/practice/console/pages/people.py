"""The accounts of staff, for administrators."""

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import Response

from bot.database import reading, writing
from bot.practice.console.staff import accounts, log_in
from bot.practice.console.staff.accounts import LoginTaken, Role
from bot.practice.console.visit import Number, Visit, visit_of

router = APIRouter(prefix="/people")
LONGEST = 100


@router.get("")
def listing(visit: Visit = Depends(visit_of)) -> Response:
    """Every account."""
    return _page(visit)


@router.post("")
def add(visit: Visit = Depends(visit_of)) -> Response:
    """A new account; its password is shown once."""
    login, name, role = (visit.form.get(field, "").strip() for field in ("login", "name", "role"))
    if not (0 < len(login) <= LONGEST and 0 < len(name) <= LONGEST and login.isprintable()):
        return _page(visit, 422, fault="incomplete")
    try:
        with writing(visit.console.engine) as connection:
            number, password = accounts.add(connection, login, name, _role(role), visit.now)
            visit.record(connection, "account_added", f"staff:{number}", role=role)
    except LoginTaken:
        return _page(visit, 409, fault="login_taken")
    return _page(visit, 201, password=password, of=login)


@router.post("/{number}/role")
def change_role(number: Number, visit: Visit = Depends(visit_of)) -> Response:
    """Another role; nobody changes their own, so that an administrator stays."""
    role, other = visit.form.get("role", ""), _other(visit, number)
    with writing(visit.console.engine) as connection:
        accounts.set_role(connection, other.id, _role(role))
        visit.record(connection, "role_changed", f"staff:{other.id}", role=role)
    return visit.go("/people")


@router.post("/{number}/password")
def reset_password(number: Number, visit: Visit = Depends(visit_of)) -> Response:
    """A new password, shown once; one-time codes go off where that is asked for."""
    other = _other(visit, number)
    with writing(visit.console.engine) as connection:
        password = accounts.reset_password(connection, other.id, drop_codes=visit.form.get("drop_codes") == "yes")
        log_in.forgive(connection, other.login)
        visit.record(connection, "password_reset", f"staff:{other.id}")
    return _page(visit, password=password, of=other.login)


@router.post("/{number}/disable")
def disable(number: Number, visit: Visit = Depends(visit_of)) -> Response:
    """Locks an account out at once."""
    other = _other(visit, number)
    with writing(visit.console.engine) as connection:
        accounts.disable(connection, other.id, visit.now)
        visit.record(connection, "account_disabled", f"staff:{other.id}")
    return visit.go("/people")


@router.post("/{number}/enable")
def enable(number: Number, visit: Visit = Depends(visit_of)) -> Response:
    """Lets an account in again."""
    other = _other(visit, number)
    with writing(visit.console.engine) as connection:
        accounts.enable(connection, other.id)
        visit.record(connection, "account_enabled", f"staff:{other.id}")
    return visit.go("/people")


def _page(visit: Visit, status: int = 200, fault: str = "", password: str = "", of: str = "") -> Response:
    with reading(visit.console.engine) as connection:
        people = accounts.all_accounts(connection)
    return visit.page("people.html", status, people=people, roles=list(Role), fault=fault, password=password, of=of)


def _other(visit: Visit, number: int) -> accounts.Account:
    """The account of a number, which is not one's own."""
    if number == visit.who.id:
        raise HTTPException(403)
    with reading(visit.console.engine) as connection:
        try:
            return accounts.account(connection, number=number)
        except accounts.NoSuchAccount as error:
            raise HTTPException(404) from error


def _role(name: str) -> Role:
    try:
        return Role.named(name)
    except KeyError as error:
        raise HTTPException(422) from error
