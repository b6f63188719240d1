"""References of appointments: MD-XXXX-XXXX, made to be read aloud and typed."""

import re
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0 and O, 1, I and L, U: 30 signs, 8 of them are 39 bits, which nobody guesses together with an e-mail address."""


def new_reference() -> str:
    """A reference that can't be foreseen."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"MD-{signs[:4]}-{signs[4:]}"


def read_reference(text: str) -> str | None:
    """The reference in what somebody typed, whatever its case, spaces and dashes; None if there is none."""
    match = re.fullmatch(rf"MD([{ALPHABET}]{{4}})([{ALPHABET}]{{4}})", re.sub(r"[\s\-\u2010-\u2015_.]", "", text).upper())
    return match and f"MD-{match[1]}-{match[2]}"
