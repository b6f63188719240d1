"""Teaching: the inbox of what was not understood, one message with its topic to choose, and what was decided."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import Response
from sqlalchemy.engine import Connection

from bot.database import reading, writing
from bot.evaluation.labels import OUT_OF_SCOPE
from bot.learning.examples import as_example, is_plain
from bot.practice.console.conversations.events import events_of
from bot.practice.console.conversations.transcript import read
from bot.practice.console.masking import MASK, mask
from bot.practice.console.staff.accounts import Role
from bot.practice.console.teaching import inbox, judging
from bot.practice.console.teaching.inbox import Wording
from bot.practice.console.teaching.judging import NEW_TOPIC
from bot.practice.console.teaching.labels import labels, name_of
from bot.practice.console.teaching.wording import wording
from bot.practice.console.visit import MOST, Number, Visit, visit_of
from bot.texts import LANGUAGES

router = APIRouter(prefix="/teach")

LIKELIEST = 5
MOST_ALIKE = 20
OTHER = "other"
"""The choice of a topic that is not among the likeliest."""
YES = "yes"


@router.get("")
def show(visit: Visit = Depends(visit_of)) -> Response:
    """The inbox, and what people disagree on."""
    with reading(visit.console.engine) as connection:
        found = inbox.inbox(connection, visit.now)
        opened = judging.all_open(connection)
    disputed = [rows for rows in opened if judging.agreed(rows) is None]
    return _page(visit, "teach/inbox.html", inbox=found, disputed=disputed, to_learn=len(opened) - len(disputed), mask=mask)


@router.get("/judged")
def show_judged(visit: Visit = Depends(visit_of)) -> Response:
    """What will be learned, what is missing a topic, and what became of the rest."""
    with reading(visit.console.engine) as connection:
        opened = [(rows, judging.agreed(rows)) for rows in judging.all_open(connection)]
        decided = judging.lately(connection)
    return _page(visit, "teach/judged.html", opened=opened, decided=decided, may_change=visit.who.role >= Role.REVIEWER)


@router.post("/judged/{number}/remove")
def take_away(number: Number, visit: Visit = Depends(visit_of)) -> Response:
    """Takes a judgement away that is not learned yet."""
    with writing(visit.console.engine) as connection:
        if judging.take_away(connection, number, visit.who):
            visit.record(connection, "judgement_removed", f"judgement:{number}")
    return visit.go("/teach/judged")


@router.get("/{number}")
def show_message(number: Number, back: str = "", visit: Visit = Depends(visit_of)) -> Response:
    """One message with those like it, and the topics to choose from."""
    return _judging_page(visit, number, back)


@router.post("/{number}")
def judge(number: Number, visit: Visit = Depends(visit_of)) -> Response:
    """Keeps the choice for every message that it was made for, and goes on to the next."""
    form, back = visit.form, visit.form.get("back", "")
    label, language = _chosen_label(visit), form.get("language", "")
    texts = {event: as_example(form.get(f"text-{event}", "")) for event in _chosen_events(visit, number)}
    fault = _fault(label, language, texts)
    if fault or label is None:
        return _judging_page(visit, number, back, fault, status=422)
    with writing(visit.console.engine) as connection:
        for event, text in texts.items():
            said = _message(connection, event)
            made = judging.judge(connection, said, visit.who, label, text, language, form.get("note", "").strip(), visit.now)
            visit.record(connection, "message_judged", f"message:{event}", judgement=made, label=label)
        following = inbox.inbox(connection, visit.now).groups
    if back:
        return visit.go(f"/conversations/{_number(back)}#m{number}")
    return visit.go(f"/teach/{following[0].wordings[0].event}" if following else "/teach")


def _judging_page(visit: Visit, number: int, back: str, fault: str = "", status: int = 200) -> Response:
    with reading(visit.console.engine) as connection:
        said = _message(connection, number)
        alike = inbox.alike(connection, said, visit.now)[:MOST_ALIKE]
        judgements = judging.open_of(connection, wording(said["text"]))
    facts: dict[str, Any] = {
        "said": said,
        "alike": [(each, as_example(mask(each.text))) for each in alike],
        "judgements": judgements,
        "agreed": bool(judgements) and judging.agreed(judgements) is not None,
        "mine": next((row for row in judgements if row["staff_id"] == visit.who.id), None),
        "likeliest": _likeliest(visit, said, alike),
        "back": _number(back) if back else "",
        "fault": fault,
        "given": visit.form,
        "mark": MASK,
        "longest": judging.LONGEST_TEXT,
        "may_change": visit.who.role >= Role.REVIEWER,
    }
    return _page(visit, "teach/message.html", status, **facts)


def _page(visit: Visit, template: str, status: int = 200, **facts: Any) -> Response:
    known = labels(visit.texts, visit.language)
    names = {"labels": known, "new_topic": NEW_TOPIC, "out_of_scope": OUT_OF_SCOPE}
    return visit.page(template, status, name_of=lambda label: name_of(label, visit.texts, known), **names, **facts)


def _likeliest(visit: Visit, said: Mapping[str, Any], alike: Sequence[Wording]) -> list[tuple[str, float]]:
    """The labels that the assistant held for likeliest; where the events are gone, what like messages were taken for."""
    known = labels(visit.texts, visit.language)
    with reading(visit.console.conversations) as connection:
        found = events_of(connection, [said["sender"]]).get(said["sender"], [])
    try:
        turn = next((turn for turn in read(found).turns if turn.event == said["event"]), None)
    except (ValueError, TypeError, KeyError, AttributeError):
        turn = None
    ranking = list(turn.ranking) if turn else [(each.label, 0.0) for each in alike]
    best = dict(pair for pair in ranking if pair[0] in known and pair[0] != OUT_OF_SCOPE)
    return list(best.items())[:LIKELIEST]


def _message(connection: Connection, number: int) -> Mapping[str, Any]:
    said = inbox.message_of(connection, number)
    if said is None:
        raise HTTPException(404)
    return said


def _chosen_label(visit: Visit) -> str | None:
    """The label of the form; None where it names none that there is."""
    known = labels(visit.texts, visit.language)
    chosen = visit.form.get("label", "")
    if chosen == OTHER:
        wanted = visit.form.get("other", "").strip().casefold()
        return next((label for label, name in known.items() if wanted in (label.casefold(), name.casefold())), None)
    return chosen if chosen in known or chosen == NEW_TOPIC else None


def _chosen_events(visit: Visit, number: int) -> list[int]:
    """The messages that the choice is made for, the one of the page always among them."""
    others = [_number(name.removeprefix("also-")) for name, value in visit.form.items() if name.startswith("also-") and value == YES]
    return [number, *(event for event in others[:MOST_ALIKE] if event != number)]


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:11]) <= MOST:
        raise HTTPException(422)
    return int(text)


def _fault(label: str | None, language: str, texts: Mapping[int, str]) -> str:
    """Name of what is wrong with a judgement; empty where nothing is."""
    if label is None:
        return "no_label"
    if language not in LANGUAGES:
        return "no_language"
    if label == NEW_TOPIC:
        return ""
    for text in texts.values():
        if MASK in text or mask(text) != text:
            return "personal"
        if not is_plain(text) or len(text) > judging.LONGEST_TEXT:
            return "unusable"
    return ""
