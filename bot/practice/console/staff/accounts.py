"""Staff accounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from bot.practice.console.models import session, staff
from bot.practice.console.staff import passwords


class Role(IntEnum):
    """What somebody may do; each role may do all that the ones before it may."""

    READER = 1
    REVIEWER = 2
    ADMINISTRATOR = 3

    @classmethod
    def named(cls, name: str) -> "Role":
        """The role of a name in lower case.

        Raises:
            KeyError: there is none.
        """
        return cls[name.upper()]

    @property
    def key(self) -> str:
        """Its name in the database, on the command line and in the texts."""
        return self.name.lower()


class LoginTaken(Exception):
    """Another account has this login."""


class NoSuchAccount(Exception):
    """There is no account of this login or number."""


@dataclass(frozen=True)
class Account:
    """A member of staff."""

    id: int
    login: str
    name: str
    role: Role
    language: str | None
    shortcuts: bool
    must_change: bool
    uses_codes: bool
    disabled: bool
    created_at: datetime

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Account":
        """From a row of the table."""
        plain = {name: row[name] for name in ("id", "login", "name", "language", "shortcuts", "must_change", "created_at")}
        return cls(
            **plain, role=Role.named(row["role"]), uses_codes=row["code_secret"] is not None, disabled=row["disabled_at"] is not None
        )


def all_accounts(connection: Connection) -> list[Account]:
    """Every account by name."""
    return [Account.of(row) for row in connection.execute(select(staff).order_by(staff.c.name, staff.c.id)).mappings()]


def account(connection: Connection, *, login: str | None = None, number: int | None = None) -> Account:
    """The account of a login, or of a number.

    Raises:
        NoSuchAccount: there is none.
    """
    wanted = staff.c.id == number if login is None else staff.c.login == normal(login)
    row = connection.execute(select(staff).where(wanted)).mappings().first()
    if row is None:
        raise NoSuchAccount
    return Account.of(row)


def add(connection: Connection, login: str, name: str, role: Role, now: datetime) -> tuple[int, str]:
    """A new account: its number, and a password that has to be changed at the first log-in.

    Raises:
        LoginTaken: the login is in use.
    """
    password = passwords.invented()
    row = {"login": normal(login), "name": name, "role": role.key, "password": passwords.digest(password), "must_change": True}
    try:
        (number,) = connection.execute(insert(staff).values(**row, created_at=now)).inserted_primary_key
    except IntegrityError as error:
        raise LoginTaken from error
    return number, password


def reset_password(connection: Connection, number: int, drop_codes: bool = False) -> str:
    """A new password that has to be changed; every session ends."""
    password = passwords.invented()
    codes = {"code_secret": None} if drop_codes else {}
    _change(connection, number, password=passwords.digest(password), must_change=True, **codes)
    end_sessions(connection, number)
    return password


def set_password(connection: Connection, number: int, password: str) -> None:
    """The password that somebody chose; every session ends, this one too."""
    _change(connection, number, password=passwords.digest(password), must_change=False)
    end_sessions(connection, number)


def set_role(connection: Connection, number: int, role: Role) -> None:
    """Another role, from the next request on."""
    _change(connection, number, role=role.key)


def set_preferences(connection: Connection, number: int, language: str | None, shortcuts: bool) -> None:
    """The console's language for this account, None for the browser's, and whether single keys do things."""
    _change(connection, number, language=language, shortcuts=shortcuts)


def disable(connection: Connection, number: int, now: datetime) -> None:
    """Nobody can log in with it any more; every session ends."""
    _change(connection, number, disabled_at=now)
    end_sessions(connection, number)


def enable(connection: Connection, number: int) -> None:
    """It can be used again."""
    _change(connection, number, disabled_at=None)


def set_code_secret(connection: Connection, number: int, secret: str | None) -> None:
    """Switches one-time codes on, or off with None."""
    _change(connection, number, code_secret=secret, code_used=0)


def end_sessions(connection: Connection, number: int) -> None:
    """Logs an account out everywhere."""
    connection.execute(delete(session).where(session.c.staff_id == number))


def normal(login: str) -> str:
    """A login as it is kept."""
    return login.strip().lower()


def _change(connection: Connection, number: int, **values: Any) -> None:
    connection.execute(update(staff).where(staff.c.id == number).values(**values))
