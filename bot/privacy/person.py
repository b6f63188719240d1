"""Whose data is meant."""

import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """Somebody as the records know them: their conversations, their appointments, and what they are called in passing."""

    senders: frozenset[str] = frozenset()
    """The assistant's ids of their conversations."""
    appointments: frozenset[int] = frozenset()
    """Numbers of the rows."""
    values: frozenset[str] = frozenset()
    """E-mail address, telephone number or reference, as it may stand in somebody else's records too."""

    def __bool__(self) -> bool:
        """Whether there is anything to find."""
        return bool(self.senders or self.appointments or self.values)

    def as_json(self) -> str:
        """For the queue of erasures."""
        return json.dumps({name: sorted(getattr(self, name)) for name in ("senders", "appointments", "values")})

    @classmethod
    def from_json(cls, text: str) -> "Person":
        """The same again."""
        return cls(**{name: frozenset(found) for name, found in json.loads(text).items()})
