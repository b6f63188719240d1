"""A conversation as a test in the format of tests/conversations/: what was done, what is expected, and nobody's data."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from bot.evaluation.labels import FAQ
from bot.practice.console.conversations.transcript import Transcript, Turn
from bot.practice.console.masking import EMAIL, NUMBER, REFERENCE, mask

NAME = "Anna de Vries"
PHONE = "06 12345678"
WHEN = "{weekday} at {time}"
STAND_INS = ("{email}", "{reference}", NAME, "Anna", PHONE)
"""What stands for personal data. Words in braces are filled in when the test runs: it books under an address and at times of its own."""
DAYS = ("start", "new_start")
"""What a button for a free time sends: another one when the test runs."""
PASSING = ("more_after",)
"""What holds for that day only: such a button is known by its title."""

ANYTHING = "anything"
AS_IT_WAS = "as_it_was"


@dataclass(frozen=True)
class Step:
    """One thing that the visitor did."""

    event: int
    does: Mapping[str, Any]
    """`say`, `tap`, `tap_slot` or `open` with its value."""
    was: Mapping[str, Any]
    """The answer: `responses`, `form` and `asks`."""
    shown: str = ""
    """As staff reads it."""
    in_form: bool = False
    chooses_topic: bool = False
    """Whether it answers the assistant's doubt, which a better assistant does not have."""
    expect: str = AS_IT_WAS
    """`AS_IT_WAS`, `ANYTHING`, or a label that is right instead."""

    @property
    def said(self) -> str | None:
        """What was typed; None of a button."""
        return self.does.get("say")

    @property
    def opens(self) -> str | None:
        """The language of a conversation that is opened; None of any other step."""
        return self.does.get("open")

    def saying(self, text: str) -> "Step":
        """The step with another text."""
        return replace(self, does={"say": text}, shown=text)

    @property
    def expected(self) -> Mapping[str, Any]:
        """What the test looks at."""
        if self.expect == ANYTHING:
            return {}
        if self.expect == AS_IT_WAS:
            return self.was
        answer = {"responses": [f"utter_{self.expect}"]} if self.expect.startswith(f"{FAQ}/") and not self.in_form else {}
        return {"intent": self.expect, **answer}


@dataclass
class _Reader:
    """Goes through the turns in their order."""

    transcript: Transcript
    personal: "Personal"
    asks: str | None = None
    steps: list[Step] = field(default_factory=list)

    def read(self) -> list[Step]:
        turns = self.transcript.turns
        forms = [*(turn.form for turn in turns[1:]), self.transcript.form]
        for turn, form in zip(turns, forms, strict=True):
            self.asks = turn.facts.get("requested_slot", self.asks)
            was = {"responses": [name for name in turn.responses if name], "form": form, "asks": self.asks}
            if turn.event and not turn.hidden:
                self.steps.append(self._step(turn, was))
            elif not self.steps:
                self.steps.append(Step(turn.event, {"open": self._language(turn)}, was, self._language(turn)))
        if self.steps and not self.steps[0].opens:
            language = self._language(turns[0])
            self.steps.insert(0, Step(0, {"open": language}, {}, language, expect=ANYTHING))
        return self.steps

    def _step(self, turn: Turn, was: Mapping[str, Any]) -> Step:
        does = _tap(turn, self.personal) if turn.tapped else self._say(turn)
        chooses = "topic" in _entities(turn.payload)
        return Step(turn.event, does, was, turn.text if turn.tapped else str(next(iter(does.values()))), turn.form is not None, chooses)

    def _say(self, turn: Turn) -> dict[str, Any]:
        if turn.form and any(turn.facts.get(slot) for slot in DAYS):
            # Dutch days have no placeholder, and the free times are offered in both languages
            return {"say": WHEN} if turn.language == "en" else {"tap_slot": "first"}
        return {"say": self.personal.replaced(turn.text)}

    def _language(self, turn: Turn) -> str:
        return str(_entities(turn.payload).get("language") or self.transcript.slots.get("language") or "en")


@dataclass(frozen=True)
class Personal:
    """What is known to be personal in one conversation."""

    names: tuple[str, ...]

    @classmethod
    def of(cls, transcript: Transcript) -> "Personal":
        """The names that were given in it."""
        given = {str(turn.facts["name"]) for turn in transcript.turns if turn.facts.get("name")}
        return cls(tuple(sorted(given, key=len, reverse=True)))

    def replaced(self, text: str) -> str:
        """The text with stand-ins in the place of names, addresses, numbers and references."""
        text = EMAIL.sub("{email}", text)
        text = REFERENCE.sub("{reference}", text)
        text = NUMBER.sub(PHONE, text)
        for name in self.names:
            text = _sub(name, NAME, text)
        for word in {word for name in self.names for word in name.split() if len(word) > 2} - set(NAME.split()):
            text = _sub(word, "Anna", text)
        return text


def steps_of(transcript: Transcript) -> list[Step]:
    """The steps of a conversation, the opening first; none where nothing was said."""
    return _Reader(transcript, Personal.of(transcript)).read() if transcript.said else []


def is_impersonal(text: str) -> bool:
    """Whether nothing personal is found in a text but what stands for it."""
    for stand_in in STAND_INS:
        text = text.replace(stand_in, "")
    return mask(text) == text


def as_yaml(steps: Sequence[Step]) -> str:
    """The file's content."""
    return "".join(_lines(steps))


def _lines(steps: Sequence[Step]) -> Iterator[str]:
    for step in steps:
        ((key, value),) = step.does.items()
        yield f"- {key}: {_flow(value)}\n"
        if step.expected:
            yield f"  expect: {_flow(dict(step.expected))}\n"


def _flow(value: Any) -> str:
    """YAML on one line."""
    return yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10_000, sort_keys=False).removesuffix("\n...\n").strip()


def _tap(turn: Turn, personal: Personal) -> dict[str, Any]:
    intent, entities = turn.payload.partition("{")[0], _entities(turn.payload)
    if any(name in entities for name in DAYS):
        return {"tap_slot": "first"}
    if any(name in entities for name in PASSING):
        return {"tap": turn.text}
    if intent == "/choose" and entities:
        return {"tap": {name: personal.replaced(str(value)) for name, value in entities.items()}}
    return {"tap": personal.replaced(turn.payload)}


def _entities(payload: str) -> Mapping[str, Any]:
    _, brace, rest = payload.partition("{")
    try:
        found = json.loads(brace + rest) if brace else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _sub(word: str, by: str, text: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", by, text, flags=re.IGNORECASE)
