"""What is different from what was expected: everything at once, in words."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from bot.practice.catalog.file import read_catalog
from tests.chat import Reply
from tests.conversations.script import Expected

SELLING_WORDS = ("laser", "ipl", "peel", "needling", "retinol", "acid", "camouflage", "dermatography", "price", "€")
"""None of them stands in an answer to a red flag."""


def differences(expected: Expected, reply: Reply) -> list[str]:
    """Every difference, in words; empty where all is as expected."""
    return [found for name, check in CHECKS.items() if name in expected.named for found in check(getattr(expected, name), reply)]


def _same(read: Callable[[Reply], Any]) -> Callable[[Any, Reply], Iterator[str]]:
    def check(wanted: Any, reply: Reply) -> Iterator[str]:
        if wanted != read(reply):
            yield f"expected {wanted!r}, got {read(reply)!r}"

    return check


def _entities(wanted: Mapping[str, str], reply: Reply) -> Iterator[str]:
    found = [(entity["entity"], entity["value"]) for entity in reply.understood.entities]
    yield from (f"entity {pair} not found, but {found}" for pair in wanted.items() if pair not in found)


def _slots(wanted: Mapping[str, Any], reply: Reply) -> Iterator[str]:
    for slot, value in wanted.items():
        if reply.slots.get(slot) != value:
            yield f"slot {slot}: expected {value!r}, got {reply.slots.get(slot)!r}"


def _cards(wanted: list[str], reply: Reply) -> Iterator[str]:
    titles = [card["title"] for card in reply.cards]
    if titles != [_title(card) for card in wanted]:
        yield f"expected the cards {wanted}, got {titles}"


def _not_cards(unwanted: list[str], reply: Reply) -> Iterator[str]:
    titles = [card["title"] for card in reply.cards]
    yield from (f"unwanted card {card}" for card in unwanted if _title(card) in titles)


def _buttons(wanted: list[str], reply: Reply) -> Iterator[str]:
    offered = {button[key] for button in reply.buttons for key in ("title", "payload")}
    yield from (f"no button {button!r} among {sorted(offered)}" for button in wanted if button not in offered)
    if not wanted and offered:
        yield f"expected no button, got {sorted(offered)}"


def _facts(wanted: list[str], reply: Reply) -> Iterator[str]:
    yield from (f"{fact!r} is not in the answer: {reply.words!r}" for fact in wanted if fact not in reply.words)


def _not_facts(unwanted: list[str], reply: Reply) -> Iterator[str]:
    yield from (f"{fact!r} is in the answer: {reply.words!r}" for fact in unwanted if fact in reply.words)


def _nothing_sold(wanted: bool, reply: Reply) -> Iterator[str]:
    if not wanted:
        return
    if reply.cards or reply.buttons or reply.times:
        yield "something is offered: " + str([part["title"] for part in (*reply.cards, *reply.buttons, *reply.times)])
    yield from (f"{word!r} is named: {reply.words!r}" for word in SELLING_WORDS if word in reply.words.lower())


@cache
def _names() -> dict[str, str]:
    return {treatment.slug: treatment.name.en for treatment in read_catalog().treatments}


def _title(card: str) -> str:
    """The title of a treatment's card; other cards are named by their title."""
    return _names().get(card, card)


CHECKS: Mapping[str, Callable[[Any, Reply], Iterator[str]]] = {
    "responses": _same(lambda reply: reply.responses),
    "intent": _same(lambda reply: reply.understood.intent),
    "entities": _entities,
    "form": _same(lambda reply: reply.form),
    "asks": _same(lambda reply: reply.asks),
    "slots": _slots,
    "cards": _cards,
    "not_cards": _not_cards,
    "buttons": _buttons,
    "times": _same(lambda reply: bool(reply.times)),
    "facts": _facts,
    "not_facts": _not_facts,
    "nothing_sold": _nothing_sold,
}
"""How each expectation is looked at."""
