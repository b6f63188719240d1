"""Where responses are called for: in rules and stories, in code, and in data beside the code."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.checks.located import Text, block, line_of, texts
from bot.checks.project import Module, Project

NAME = re.compile(r"utter_[\w/]+")
NO_RESPONSES = frozenset({"utter_action"})
"""A field of Rasa's events that looks like a response's name."""

BY_RASA = {
    "action_default_fallback": "utter_default",
    "action_default_ask_rephrase": "utter_ask_rephrase",
    "action_restart": "utter_restart",
    "action_back": "utter_back",
}
"""Rasa's own actions and the responses they say, if these exist."""

NO_FACTS = frozenset({"response", "text", "image", "json_message", "template", "attachment", "buttons", "elements"})
"""Arguments of `utter_message` that fill no placeholder."""

Facts = frozenset[str] | None
"""Names of the values that a caller passes; None where the syntax tree does not tell."""

SPEAKING = (("bot", "channels"), ("bot", "dialogue"))
"""Folders under bot/ whose code names responses."""


@dataclass(frozen=True)
class Use:
    """One place that calls for a response."""

    path: Path
    line: int
    name: str
    """As far as it is written; `…` stands for what is put in when it runs."""
    pattern: re.Pattern[str]
    """Matches the names that can be meant."""
    facts: Facts


def uses(project: Project) -> list[Use]:
    """Every place that calls for a response."""
    speaking = [module for module in project.modules if module.path.parts[0] == "actions" or module.path.parts[:2] in SPEAKING]
    in_code = [use for module in speaking for use in _uses_in_code(module)]
    return [*_uses_in_dialogue(project), *in_code, *_uses_in_data(project)]


def asked_by_forms(project: Project) -> frozenset[str]:
    """Responses that Rasa's forms may ask with."""
    forms, slots = project.named("forms"), project.named("slots")
    return frozenset(f"utter_ask_{slot}" for slot in slots) | {f"utter_ask_{form}_{slot}" for form in forms for slot in slots}


def said_by_rasa(project: Project) -> frozenset[str]:
    """Responses that Rasa's own actions say, where the rules use these."""
    used = {str(block(step.content).get("action")) for step in project.steps}
    return frozenset(response for action, response in BY_RASA.items() if action in used)


def _use(path: Path, line: int, parts: list[str | None], facts: Facts) -> Use | None:
    """A use of a name made of known parts and unknown ones (None); None where it is no response's name."""
    name = "".join("…" if part is None else part for part in parts)
    if parts[-1] is not None and parts[-1].endswith(("_", "/")):
        name += "…"  # a prefix that something is added to elsewhere
    beginning = parts[0] or ""
    if not NAME.match(beginning) or not re.fullmatch(r"[\w/…]+", name) or name in NO_RESPONSES:
        return None
    pattern = re.escape(name).replace("…", ".+") + "(/.+)?"  # a retrieval intent's action stands for all its topics
    return Use(path, line, name, re.compile(pattern), facts)


def _uses_in_dialogue(project: Project) -> Iterator[Use]:
    for step in project.steps:
        action = block(step.content).get("action")
        if isinstance(action, Text) and (use := _use(step.path, action.line, [str(action)], frozenset())):
            yield use


def _uses_in_data(project: Project) -> Iterator[Use]:
    for document in project.other_documents:
        for text in texts(document.content):
            if NAME.fullmatch(text) and (use := _use(document.path, line_of(text), [str(text)], None)):
                yield use


def _uses_in_code(module: Module) -> Iterator[Use]:
    told: Mapping[int, Facts] = dict(_facts_of_names(module))
    within = {id(part) for node in module.nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in module.nodes:
        parts = None if id(node) in within else _parts(node)
        if parts and isinstance(node, ast.expr) and (use := _use(module.path, node.lineno, parts, told.get(id(node)))):
            yield use


def _parts(node: ast.AST) -> list[str | None] | None:
    """A literal text, or the parts of one with values put in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr) and node.values:
        return [str(part.value) if isinstance(part, ast.Constant) else None for part in node.values]
    return None


def _facts_of_names(module: Module) -> Iterator[tuple[int, Facts]]:
    """The literal names given to `utter_message` and `Say` (by their node's id), with what is passed along."""
    for call in module.nodes:
        if not isinstance(call, ast.Call):
            continue
        function = called(call)
        if function not in ("utter_message", "Say"):
            continue
        facts = _facts_of_utter(call) if function == "utter_message" else _facts_of_say(call)
        named = [keyword.value for keyword in call.keywords if keyword.arg == "response"]
        if function == "Say":
            named += call.args[:1]
        yield from ((id(node), facts) for name in named for node in ast.walk(name))


def called(call: ast.Call) -> str:
    """Last name of the function that is called."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""


def _facts_of_utter(call: ast.Call) -> Facts:
    spread = [_keys(keyword.value) for keyword in call.keywords if keyword.arg is None]
    named = {keyword.arg for keyword in call.keywords if keyword.arg} - NO_FACTS
    return None if None in spread else frozenset(named).union(*(keys for keys in spread if keys))


def _facts_of_say(call: ast.Call) -> Facts:
    given = call.args[1:2] + [keyword.value for keyword in call.keywords if keyword.arg == "facts"]
    return _keys(given[0]) if given else frozenset()


def _keys(node: ast.expr) -> Facts:
    """Keys of a mapping that is written out."""
    if isinstance(node, ast.Dict):
        keys = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
        return None if None in keys else frozenset(str(key) for key in keys)
    if isinstance(node, ast.Call) and called(node) == "dict" and not node.args and all(keyword.arg for keyword in node.keywords):
        return frozenset(str(keyword.arg) for keyword in node.keywords)
    return None
