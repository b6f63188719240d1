"""Every conversation file, through the real dialogue, action server and booking backend."""

from datetime import datetime, timezone
from pathlib import Path

import pytest

from tests.chat import Chat, Reply
from tests.conversations.comparison import CHECKS, differences
from tests.conversations.facts import facts_for, fill
from tests.conversations.script import FOLDER, Expected, Step, read_script, scripts
from tests.system import System


def _name(path: Path) -> str:
    return path.relative_to(FOLDER).with_suffix("").as_posix()


def test_every_expectation_is_looked_at() -> None:
    assert set(CHECKS) == set(Expected.__fields__)


@pytest.mark.slow
@pytest.mark.parametrize("path", scripts(), ids=_name)
def test_conversation(path: Path, system: System) -> None:
    facts = facts_for(system.settings, datetime.now(timezone.utc))
    chat, faults = system.open(), []
    for number, step in enumerate(read_script(path), start=1):
        step = _filled(step, facts)
        try:
            chat = system.open(step.open) if step.open else chat
            reply = chat.last if step.open else _do(step, chat)
        except AssertionError as error:
            faults.append(f"step {number}, {_action(step)}: {error}")
            break
        facts |= {"reference": str(reply.slots["reference"])} if "reference" in reply.slots else {}
        found = differences(step.expect, reply)
        if found:
            told = f"{reply.understood.intent} -> {reply.responses}, form {reply.form}, asks {reply.asks}"
            faults += [f"step {number}, {_action(step)}: {told}", *(f"    {fault}" for fault in found)]
    assert not faults, "\n" + "\n".join(faults)


def _do(step: Step, chat: Chat) -> Reply:
    if step.say is not None:
        return chat.say(step.say)
    if step.tap is not None:
        return chat.tap(step.tap)
    times = [button["title"] for button in chat.last.times]
    assert times, "no free times are offered"
    return chat.tap(
        {"first": chat.last.times[0]["payload"], "last": chat.last.times[-1]["payload"]}.get(step.tap_slot or "", step.tap_slot or "")
    )


def _filled(step: Step, facts: dict[str, str]) -> Step:
    return Step.parse_raw(fill(step.json(exclude_unset=True), facts))


def _action(step: Step) -> str:
    return ", ".join(f"{key} {value!r}" for key, value in step.dict(exclude_unset=True).items() if key != "expect")
