"""Faults of the responses: missing, doubled, unused, with placeholders that nobody fills or buttons that lead nowhere."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.checks.fault import Fault, Faults
from bot.checks.located import Text, block, items, line_of, names
from bot.checks.project import Project, Response
from bot.checks.uses import asked_by_forms, called, said_by_rasa, uses

AMOUNT = re.compile(r"(?:€|\beur(?:os?)?\b)\s*\d|\d\s*(?:€|eur(?:os?)?\b)", re.IGNORECASE)
PLACEHOLDER = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")
PAYLOAD = re.compile(r"/([\w/]+)\s*(\{.*\})?", re.DOTALL)


def duplicate_responses(project: Project) -> Faults:
    """No response is defined twice: Rasa would silently take the last."""
    first: dict[str, Response] = {}
    for response in project.responses:
        known = first.setdefault(response.name, response)
        if known is not response:
            yield Fault(response.path, line_of(response.name), f"{response.name} stands in {known.path} as well: only the last counts")


def empty_responses(project: Project) -> Faults:
    """Each variant of a response says something."""
    for response in project.responses:
        if not response.variants:
            yield Fault(response.path, line_of(response.name), f"{response.name} has no variants")
        for variant in response.variants:
            if not any(block(variant).get(part) for part in ("text", "custom", "image", "attachment", "buttons")):
                yield Fault(response.path, line_of(variant) or line_of(response.name), f"{response.name} has an empty variant")


def unknown_responses(project: Project) -> Faults:
    """Whatever is called for exists."""
    known = [response.name for response in project.responses]
    for use in uses(project):
        if not any(use.pattern.fullmatch(name) for name in known):
            yield Fault(use.path, use.line, f"response {use.name} does not exist")
    for action in project.named("actions"):
        if action.startswith("utter_") and not any(name == action or name.startswith(f"{action}/") for name in known):
            yield Fault(project.domain.path, project.line_in_domain("actions", action), f"response {action} does not exist")


def unasked_slots(project: Project) -> Faults:
    """Each slot that a form requires can be asked for."""
    known = {response.name for response in project.responses} | project.named("actions")
    for form, options in block(block(project.domain.content).get("forms")).items():
        for slot in names(block(options).get("required_slots")):
            ways = [f"{kind}_ask_{rest}" for kind in ("utter", "action") for rest in (slot, f"{form}_{slot}")]
            if known.isdisjoint(ways):
                yield Fault(project.domain.path, line_of(slot), f"{form} can't ask for {slot}: utter_ask_{form}_{slot} does not exist")


def unused_responses(project: Project) -> Faults:
    """Every response can come to be said."""
    used = uses(project)
    otherwise = asked_by_forms(project) | said_by_rasa(project)
    for response in project.responses:
        if response.name not in otherwise and not any(use.pattern.fullmatch(response.name) for use in used):
            yield Fault(response.path, line_of(response.name), f"nobody says {response.name}")


def unfilled_placeholders(project: Project) -> Faults:
    """Every placeholder is a slot or is passed by each caller that the syntax tree can tell of."""
    slots, called = project.named("slots"), [use for use in uses(project) if use.facts is not None and "…" not in use.name]
    for response in project.responses:
        callers = [use for use in called if use.pattern.fullmatch(response.name)]
        for text in _spoken(response):
            for name in sorted(set(PLACEHOLDER.findall(text)) - slots):
                for use in callers:
                    if name not in (use.facts or ()):
                        yield Fault(response.path, text.line, f"{{{name}}} in {response.name} is not passed in {use.path}:{use.line}")


def buttons(project: Project) -> Faults:
    """Every button has a title and leads to a known intent with known entities."""
    for response in project.responses:
        for button in _buttons(response):
            line = line_of(button)
            if not button.get("title") or not button.get("payload"):
                yield Fault(response.path, line, f"a button of {response.name} needs title and payload")
            else:
                yield from _payload_faults(project, response.path, line_of(button["payload"]), button["payload"])


def payloads_in_code(project: Project) -> Faults:
    """Every payload that an action makes names a known intent and known entities."""
    for module in project.actions:
        for call in module.nodes:
            if not isinstance(call, ast.Call) or called(call) != "payload" or not call.args:
                continue
            intent = call.args[0]
            if isinstance(intent, ast.Constant) and isinstance(intent.value, str) and intent.value not in project.intents:
                yield Fault(module.path, call.lineno, f"payload names the unknown intent {intent.value}")
            for entity in sorted({keyword.arg for keyword in call.keywords if keyword.arg} - project.named("entities")):
                yield Fault(module.path, call.lineno, f"payload names the unknown entity {entity}")


def unknown_conditions(project: Project) -> Faults:
    """A variant depends only on slots that exist."""
    slots = project.named("slots")
    for response in project.responses:
        for variant in response.variants:
            for condition in items(block(variant).get("condition")):
                name = block(condition).get("name")
                if name not in slots:
                    yield Fault(response.path, line_of(condition), f"{response.name} depends on slot {name}, which is not in domain.yml")


def amounts_of_money(project: Project) -> Faults:
    """No text names an amount: prices come from the catalogue, where the practice's staff changes them."""
    for response in project.responses:
        for text in _spoken(response):
            if AMOUNT.search(text):
                yield Fault(response.path, text.line, f"{response.name} names an amount of money: let it come from the catalogue")


def _payload_faults(project: Project, path: Path, line: int, payload: str) -> Faults:
    if not payload.startswith("/"):
        return  # typed for the visitor, and understood like anything typed
    match = PAYLOAD.fullmatch(payload)
    intent = match[1] if match else payload[1:]
    if intent not in project.intents:
        yield Fault(path, line, f"payload {payload} names the unknown intent {intent}")
    if match is None or match[2] is None:
        return
    written = match[2]
    if not written.startswith("{{"):
        yield Fault(path, line, f"payload {payload}: double the braces, or Rasa looks for a placeholder and logs an error each time")
    try:
        values = json.loads(PLACEHOLDER.sub("x", written).replace("{{", "{").replace("}}", "}"))
    except json.JSONDecodeError as error:
        yield Fault(path, line, f"payload {payload} holds no JSON: {error.msg}")
        return
    for entity in sorted(values.keys() - project.named("entities")):
        yield Fault(path, line, f"payload {payload} names the unknown entity {entity}")


def _buttons(response: Response) -> Iterator[Any]:
    for variant in response.variants:
        for part in ("buttons", "quick_replies"):
            yield from (block(button) for button in items(block(variant).get(part)))


def _spoken(response: Response) -> Iterator[Text]:
    """Texts in which Rasa fills placeholders."""
    for variant in response.variants:
        text = block(variant).get("text")
        if isinstance(text, Text):
            yield text
    for button in _buttons(response):
        title = button.get("title")
        if isinstance(title, Text):
            yield title
