"""Faults of rules, stories and domain: names that nothing answers to."""

import ast
from collections.abc import Iterator, Set
from typing import Any

from bot.checks.fault import Fault, Faults
from bot.checks.located import Text, block, items, line_of, names, texts
from bot.checks.project import Module, Project, Step

STEP_KEYS = frozenset({"intent", "user", "entities", "or", "action", "active_loop", "slot_was_set", "checkpoint", "bot"})
CODED = ("action_", "validate_")
"""How the names of actions begin that are written in actions/."""


def unknown_steps(project: Project) -> Faults:
    """Every step is of a kind that Rasa knows."""
    for step in project.steps:
        if not isinstance(step.content, dict):
            yield Fault(step.path, step.line, f"{step.content!r} is no step")
        for key in block(step.content):
            if key not in STEP_KEYS:
                yield Fault(step.path, line_of(key), f"unknown kind of step: {key}")


def unknown_actions(project: Project) -> Faults:
    """Every action of a rule is in the domain, a form, or Rasa's own."""
    from rasa.shared.core.constants import DEFAULT_ACTION_NAMES  # Rasa takes a moment: only where a check asks for it

    known = project.named("actions") | project.named("forms") | set(DEFAULT_ACTION_NAMES)
    for action, step in _values(project, "action"):
        # a response's name is looked for among the responses
        if action not in known and not action.startswith("utter_"):
            yield Fault(step.path, line_of(action), f"action {action} is not in domain.yml")


def unknown_intents(project: Project) -> Faults:
    """Every intent of a rule is in the domain."""
    from rasa.shared.core.constants import DEFAULT_INTENTS

    known = project.intents | set(DEFAULT_INTENTS)
    for intent, step in _values(project, "intent"):
        if intent not in known:
            yield Fault(step.path, line_of(intent), f"intent {intent} is not in domain.yml")


def unknown_forms(project: Project) -> Faults:
    """Every form of a rule is in the domain."""
    for form, step in _values(project, "active_loop"):
        if form not in project.named("forms"):
            yield Fault(step.path, line_of(form), f"form {form} is not in domain.yml")


def unknown_slots(project: Project) -> Faults:
    """Every slot of a rule is in the domain."""
    from rasa.shared.core.constants import DEFAULT_SLOT_NAMES

    yield from _undeclared(project, "slot_was_set", "slot", project.named("slots") | DEFAULT_SLOT_NAMES)


def unknown_entities(project: Project) -> Faults:
    """Every entity of a rule is in the domain."""
    yield from _undeclared(project, "entities", "entity", project.named("entities"))


def broken_domain(project: Project) -> Faults:
    """What the domain's slots and forms refer to is in the domain."""
    path, content = project.domain.path, block(project.domain.content)
    for form, options in block(content.get("forms")).items():
        for slot in names(block(options).get("required_slots")):
            if slot not in project.named("slots"):
                yield Fault(path, line_of(slot), f"{form} requires the unknown slot {slot}")
    for slot, options in block(content.get("slots")).items():
        for mapping in items(block(options).get("mappings")):
            for field, known in (("entity", project.named("entities")), ("intent", project.intents), ("not_intent", project.intents)):
                for name in texts(block(mapping).get(field)):
                    if name not in known:
                        yield Fault(path, line_of(name), f"slot {slot} is filled from the unknown {field.removeprefix('not_')} {name}")


def text_in_domain(project: Project) -> Faults:
    """The domain holds names only; what is said stands in data/."""
    responses = block(project.domain.content).get("responses")
    if responses is not None:
        yield Fault(project.domain.path, line_of(responses), "responses belong in data/, not in domain.yml")


def uncoded_actions(project: Project) -> Faults:
    """Every action of the domain is written in actions/, and every one written there is in the domain."""
    declared = project.named("actions")
    written = {text for module in project.actions for text in _literals(module)}
    for action in sorted(declared - written):
        if action.startswith(CODED):
            yield Fault(project.domain.path, project.line_in_domain("actions", action), f"no class in actions/ is named {action}")
    for module in project.actions:
        for node, name in _named_classes(module):
            if name.startswith(CODED) and name not in declared:
                yield Fault(module.path, node.lineno, f"action {name} is not in domain.yml")


def _values(project: Project, key: str) -> Iterator[tuple[Text, Step]]:
    for step in project.steps:
        value = block(step.content).get(key)
        if isinstance(value, Text):
            yield value, step


def _undeclared(project: Project, key: str, kind: str, known: Set[str]) -> Faults:
    for step in project.steps:
        for name in names(block(step.content).get(key)):
            if name not in known:
                yield Fault(step.path, line_of(name), f"{kind} {name} is not in domain.yml")


def _literals(module: Module) -> Iterator[Any]:
    return (node.value for node in module.nodes if isinstance(node, ast.Constant))


def _named_classes(module: Module) -> Iterator[tuple[ast.FunctionDef, str]]:
    """The `name` methods that give a literal, with what they give."""
    for node in module.nodes:
        if isinstance(node, ast.FunctionDef) and node.name == "name":
            for part in ast.walk(node):
                if isinstance(part, ast.Return) and isinstance(part.value, ast.Constant) and isinstance(part.value.value, str):
                    yield node, part.value.value
