"""How a form goes on: one pure function from what was said to what is set, said and asked next.

a message ──► hear ──► slots ──► next question ──► asked twice already? ──► ask │ leave open │ pause
               │
               └─► None: not for the form; the rules answer it and the form asks again
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from actions import words
from actions.forms.step import SKIPPED, Filled, Heard, Refused, Slots, Step
from actions.say import Say
from actions.turn import Turn

MOST_ASKS = 2
"""Nobody is asked the same question a third time."""

OTHER_BUSINESS = frozenset(
    [
        "ask_price",
        "list_treatments",
        "practice_info",
        "privacy",
        "delete_data",
        "talk_to_human",
        "my_appointment",
        "cancel_appointment",
        "reschedule_appointment",
        "bot_challenge",
        "help",
        "complaint",
        "thanks",
        "greet",
        "goodbye",
    ]
)
"""Intents that are no answer to a form's question unless they correct one."""


COMMAND_INTENTS = {"stop": "stop", "back": "go_back", "skip": "skip"}
"""What a button sends for each command; Rasa keeps `back` for itself."""


@dataclass(frozen=True)
class Progress:
    """What a turn has brought."""

    slots: Mapping[str, Any] = field(default_factory=dict)
    """Slots to set; None empties one."""
    says: tuple[Say, ...] = ()
    requested: str | None = None
    """The slot asked for now; None ends the form."""


class Form(ABC):
    """A list of steps and what happens at its end."""

    steps: tuple[Step, ...]
    paused: str
    """Response that says how to go on later, when the same question would come a third time."""
    stopped: str
    """Response to the visitor's stop."""

    def opened(self, turn: Turn, slots: Slots) -> Mapping[str, Any]:
        """Slots that follow from the message which opened the form."""
        return {}

    def interrupted(self, slots: Slots) -> Progress | None:
        """An end before the last question, where an answer calls for it."""
        return None

    @abstractmethod
    def finished(self, slots: Slots, turn: Turn) -> Progress:
        """The end: every needed question has its answer. May ask on, when something has to be chosen again."""

    def reset(self) -> dict[str, Any]:
        """Empties what was said in this form."""
        return {step.slot: None for step in self.steps}

    def step(self, slot: str | None) -> Step | None:
        """The step that fills a slot."""
        return next((step for step in self.steps if step.slot == slot), None)


def advance(form: Form, turn: Turn | None, slots: Slots, requested: str | None, asked: Mapping[str, int]) -> Progress | None:
    """One turn of a form.

    Args:
        turn: the visitor's message, or None where the form only asks again (after the answer to another question).
        requested: the slot that was asked for; None where the form is being opened.
        asked: how many times each response has been used as a question since the form was opened.

    Returns:
        What to set, say and ask, or None where the message is not for the form.
    """
    said: dict[str, Any] = {}
    says: list[Say] = []
    if turn is not None:
        claimed = _claimed(form.step(requested), turn, slots)
        if requested is None:
            said.update(form.opened(turn, slots))
        elif claimed is None and _wants("stop", turn):
            return Progress(slots=form.reset(), says=(Say(form.stopped),))
        elif _wants("back", turn):
            return _go_back(form, {**slots, **said}, requested, turn)
        heard = claimed or _hear(form, turn, {**slots, **said}, requested)
        if heard is None and requested is not None:
            return None
        if heard is not None:
            said.update(heard.slots)
            says += [heard.say] if heard.say else []
    progress = _go_on(form, turn or Turn(language=slots.get("language") or "en"), {**slots, **said}, asked)
    return Progress({**said, **progress.slots}, (*says, *progress.says), progress.requested)


def _go_on(form: Form, turn: Turn, slots: Slots, asked: Mapping[str, int]) -> Progress:
    """The next question, or the end."""
    if ended := form.interrupted(slots):
        return ended
    left_open: dict[str, Any] = {}
    for step in form.steps:
        now = {**slots, **left_open}
        if now.get(step.slot) is not None or not step.needed(now):
            continue
        question = step.ask(now, turn)
        if asked.get(question.response, 0) < MOST_ASKS:
            return Progress(left_open, (question,), step.slot)
        if step.essential or not step.optional:
            return Progress(left_open, (Say(form.paused),))
        left_open[step.slot] = SKIPPED
    ended = form.finished({**slots, **left_open}, turn)
    return Progress({**left_open, **ended.slots}, ended.says, ended.requested)


def _claimed(asked: Step | None, turn: Turn, slots: Slots) -> Heard | None:
    """A typed command that is an answer to the question asked, such as "cancel" where it was asked whether to cancel."""
    if asked is None or turn.tapped or turn.intent == "red_flag" or not turn.entities.get("command"):
        return None
    return asked.claim(turn, slots)


def _hear(form: Form, turn: Turn, slots: Slots, requested: str | None) -> Heard | None:
    """What the turn says to the form: a correction, the answer, or something said ahead."""
    asked = form.step(requested)
    if turn.intent == "red_flag":
        return None
    if again := form.step(turn.entities.get("change")):
        return Filled({again.slot: None})
    if _wants("skip", turn) and asked is not None:
        return Filled({asked.slot: SKIPPED}) if asked.optional else None
    if turn.tapped or asked is None:
        return _overhear_all(form, turn, slots, asked)
    if words.says("correction", turn.text) and (heard := _overhear(form, turn, slots, but=None)):
        return heard
    if heard := asked.recognise(turn, slots):
        return heard
    if turn.intent in OTHER_BUSINESS or (turn.is_question and not (asked.eager and turn.intent != "faq")):
        return None
    return asked.read(turn, slots) or _overhear(form, turn, slots, but=asked)


def _overhear(form: Form, turn: Turn, slots: Slots, but: Step | None) -> Heard | None:
    """The first step that the message answers although another was asked."""
    steps = (step for step in form.steps if step is not but and not step.own_turn and step.needed(slots))
    return next((heard for step in steps if (heard := step.overhear(turn, slots))), None)


def _overhear_all(form: Form, turn: Turn, slots: Slots, asked: Step | None) -> Heard | None:
    """Everything that one message tells, as when it opens the form; a refusal only where nothing else was told."""
    filled: dict[str, Any] = {}
    refused: Refused | None = None
    says: Say | None = None
    for step in form.steps:
        now = {**slots, **filled}
        if not step.needed(now) or (step.own_turn and step is not asked):
            continue
        heard = step.overhear(turn, now)
        if isinstance(heard, Filled):
            filled.update(heard.slots)
            says = says or heard.say
        elif heard is not None:
            refused = refused or heard
    if refused:
        return Refused(refused.say, {**filled, **refused.slots})
    return Filled(filled, says) if filled else None


def _go_back(form: Form, slots: Slots, requested: str, turn: Turn) -> Progress:
    """The question before this one, with its answer emptied; at the first question the same again."""
    before: list[Step] = []
    for step in form.steps:
        if step.slot == requested:
            break
        if slots.get(step.slot) is not None and step.needed(slots):
            before.append(step)
    emptied = {before[-1].slot: None} if before else {}
    target = before[-1] if before else form.step(requested)
    assert target is not None, "a form asks only for its own slots"
    return Progress(emptied, (target.ask({**slots, **emptied}, turn),), target.slot)


def _wants(command: str, turn: Turn) -> bool:
    return turn.intent == COMMAND_INTENTS[command] or turn.entities.get("command") == command
