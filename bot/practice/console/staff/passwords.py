"""Passwords and one-time codes."""

import secrets
from datetime import datetime
from functools import lru_cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 200
STEP_SECONDS = 30

_hasher = PasswordHasher()


def digest(password: str) -> str:
    """What is kept of a password: argon2id with the library's parameters, which follow RFC 9106."""
    return _hasher.hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Whether it is this password; takes as long where there is no account."""
    try:
        return _hasher.verify(kept or _decoy(), password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _decoy() -> str:
    return _hasher.hash(new_code_secret())


def is_usable(password: str, login: str) -> bool:
    """Whether a password may be chosen: long enough, and not made of the login."""
    return SHORTEST <= len(password) <= LONGEST and login.partition("@")[0] not in password.lower()


def invented() -> str:
    """A new password nobody can guess."""
    return secrets.token_urlsafe(15)


def new_code_secret() -> str:
    """A secret for one-time codes."""
    return pyotp.random_base32()


def code_address(secret: str, login: str, practice: str) -> str:
    """The secret as authenticator apps read it."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=practice)


def code_step(code: str, secret: str, now: datetime) -> int | None:
    """The time step that a code belongs to, one before and after being taken as well; None for a wrong code."""
    totp, current = pyotp.TOTP(secret), int(now.timestamp()) // STEP_SECONDS
    given = "".join(code.split())
    return next(
        (step for step in (current, current - 1, current + 1) if secrets.compare_digest(totp.generate_otp(step).encode(), given.encode())),
        None,
    )
