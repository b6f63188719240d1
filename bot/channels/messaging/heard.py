"""One thing that a person did on a messaging platform, whichever platform it was."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Done:
    """What is kept of an update until its turn is finished."""

    commands: tuple[str, ...] = ()
    """What the channel says to the dialogue in the person's place, such as `/sent{"what": "photo"}`; comes before the text."""
    text: str | None = None
    """What was typed."""
    key: str | None = None
    """Of the choice that was tapped."""
    language: str | None = None
    """The language that the platform knows of, `en` or `nl`."""
    trace: Mapping[str, Any] = field(default_factory=dict)
    """The platform's own ids, for a receipt and the like."""
    leaves: bool = False
    """Whether the chat is left after the answer."""

    def as_json(self) -> dict[str, Any]:
        """The fields in JSON's types."""
        return {**vars(self), "commands": list(self.commands), "trace": dict(self.trace)}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Done":
        """The reverse of `as_json`."""
        return cls(**{**content, "commands": tuple(content["commands"])})


@dataclass(frozen=True)
class Heard:
    """An update with whom it is from."""

    id: str
    """The platform's; the same id is the same update."""
    identities: tuple[str, ...]
    """The platform's ids of the person, the most lasting first."""
    address: Mapping[str, Any]
    """Where answers go."""
    position: int
    """Orders the updates of one person."""
    done: Done


@dataclass(frozen=True)
class Moved:
    """A person's ids have changed; the conversation stays the same."""

    old: tuple[str, ...]
    new: tuple[str, ...]
    address: Mapping[str, Any]
