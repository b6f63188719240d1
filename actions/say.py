"""What an action wants said: a response's name and the facts it needs, never a sentence."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk.executor import CollectingDispatcher


@dataclass(frozen=True)
class Say:
    """One message by the name of its response."""

    response: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Values of the response's placeholders."""
    buttons: tuple[Mapping[str, str], ...] = ()
    """Buttons beside those of the response; `title` and `payload`."""
    custom: Mapping[str, Any] = field(default_factory=dict)
    """Rich parts for the channel: `cards`, `slots`, `link`."""

    def through(self, dispatcher: CollectingDispatcher) -> None:
        """Hands the message to Rasa, which finds the words in the visitor's language."""
        dispatcher.utter_message(
            response=self.response,
            buttons=[dict(button) for button in self.buttons] or None,
            json_message=dict(self.custom) or None,
            **self.facts,
        )


def payload(intent: str, **entities: str) -> str:
    """A button's payload as Rasa reads it.

    >>> payload("choose", concern="melasma")
    '/choose{"concern": "melasma"}'
    """
    return f"/{intent}{json.dumps(entities, ensure_ascii=False)}" if entities else f"/{intent}"
