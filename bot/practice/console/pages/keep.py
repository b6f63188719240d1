"""A conversation kept as a test: each step with what is expected of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import Response
from sqlalchemy import select

from bot.database import reading, writing
from bot.practice.console.conversations.events import events_of
from bot.practice.console.conversations.models import conversation
from bot.practice.console.conversations.transcript import read
from bot.practice.console.teaching import judging, keeping
from bot.practice.console.teaching.judging import NEW_TOPIC
from bot.practice.console.teaching.labels import labels
from bot.practice.console.teaching.script import ANYTHING, AS_IT_WAS, STAND_INS, Step, as_yaml, is_impersonal, steps_of
from bot.practice.console.visit import Number, Visit, visit_of

router = APIRouter(prefix="/conversations/{number}/test")

NAME = re.compile(r"[a-z0-9][a-z0-9_]{2,59}")
MOST_STEPS = 60
LONGEST = 1000
YES = "yes"


@router.get("")
def show(number: Number, visit: Visit = Depends(visit_of)) -> Response:
    """The steps, to be looked through; that the conversation was seen is recorded."""
    with writing(visit.console.engine) as connection:
        visit.record(connection, "conversation_seen", f"conversation:{number}")
    return _page(visit, number, _suggested(visit, number))


@router.post("")
def keep(number: Number, visit: Visit = Depends(visit_of)) -> Response:
    """Keeps the test, in the place of one of this conversation that is not written yet."""
    steps, left_out = _edited(visit, _suggested(visit, number)[0])
    name = visit.form.get("name", "").strip()
    chosen = [step for step in steps if step.event not in left_out]
    fault = _fault(name, chosen, labels(visit.texts, visit.language))
    if not fault:
        with writing(visit.console.engine) as connection:
            if keeping.is_free(connection, name, number):
                keeping.keep(connection, number, name, as_yaml(chosen), visit.who, visit.now)
                visit.record(connection, "conversation_kept", f"conversation:{number}", name=name)
                return visit.go(f"/conversations/{number}/test")
        fault = "name_taken"
    return _page(visit, number, (steps, left_out), fault, 422)


def _page(visit: Visit, number: int, edited: tuple[Sequence[Step], set[int]], fault: str = "", status: int = 200) -> Response:
    steps, left_out = edited
    with reading(visit.console.engine) as connection:
        kept = keeping.of_conversation(connection, number)
    facts: dict[str, Any] = {
        "number": number,
        "steps": steps,
        "left_out": left_out,
        "kept": kept,
        "name": visit.form.get("name") or f"conversation_{number}",
        "fault": fault,
        "labels": labels(visit.texts, visit.language),
        "stand_ins": STAND_INS,
        "choices": (AS_IT_WAS, ANYTHING),
        "longest": LONGEST,
    }
    return visit.page("teach/keep.html", status, **facts)


def _suggested(visit: Visit, number: int) -> tuple[list[Step], set[int]]:
    """The steps with what staff has said of them, and the ones that a better assistant makes needless."""
    with reading(visit.console.engine) as connection:
        sender = connection.execute(select(conversation.c.sender).where(conversation.c.id == number)).scalar_one_or_none()
        judged = judging.of_conversation(connection, number)
    if sender is None:
        raise HTTPException(404)
    with reading(visit.console.conversations) as connection:
        found = events_of(connection, [sender]).get(sender, [])
    try:
        steps = steps_of(read(found))[:MOST_STEPS]
    except (ValueError, TypeError, KeyError, AttributeError):
        steps = []
    right = {event: rows[-1]["label"] for event, rows in judged.items() if rows[-1]["label"] != NEW_TOPIC}
    corrected = [replace(step, expect=right.get(step.event, step.expect)) for step in steps]
    needless = {step.event for before, step in zip(corrected, corrected[1:], strict=False) if before.event in right and step.chooses_topic}
    return corrected, needless


def _edited(visit: Visit, steps: Sequence[Step]) -> tuple[list[Step], set[int]]:
    """The steps as the form has them."""
    form = visit.form
    texts = {step.event: " ".join(form.get(f"say-{step.event}", step.said or "").split()) for step in steps}
    edited = [step.saying(texts[step.event]) if step.said is not None else step for step in steps]
    edited = [replace(step, expect=form.get(f"expect-{step.event}", step.expect)) for step in edited]
    return edited, {step.event for step in steps if not step.opens and form.get(f"use-{step.event}") != YES}


def _fault(name: str, steps: Sequence[Step], known: Mapping[str, str]) -> str:
    """Name of what is wrong with a test; empty where nothing is."""
    if not NAME.fullmatch(name):
        return "name"
    if len(steps) < 2 or all(not step.expected for step in steps):
        return "empty"
    if any(step.expect not in (AS_IT_WAS, ANYTHING) and step.expect not in known for step in steps):
        return "label"
    said = [step.said for step in steps if step.said is not None]
    if any(not text or len(text) > LONGEST for text in said):
        return "text"
    return "" if all(map(is_impersonal, said)) else "personal"
