"""Faults of what is said in two languages: a text that lacks one, says other things in it, or is not polite in Dutch."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.checks.fault import Fault, Faults
from bot.checks.located import Text, block, items, line_of, read_yaml, texts
from bot.checks.project import Project, Response
from bot.checks.responses import PLACEHOLDER
from bot.texts import LANGUAGES

INFORMAL = re.compile(r"\b(je|jij|jou|jouw|jullie|jezelf|jouwe)\b", re.IGNORECASE)
"""Words that say "you" to a friend; visitors and staff are spoken to with "u"."""


def responses_in_both(project: Project) -> Faults:
    """Each response stands in English without a condition and in Dutch under one, with the same placeholders and buttons."""
    for response in project.responses:
        english, dutch = _variant(response, None), _variant(response, "nl")
        if not response.variants:
            continue  # a fault of its own
        for language, variant in (("English", english), ("Dutch", dutch)):
            if variant is None:
                yield Fault(response.path, line_of(response.name), f"{response.name} is not said in {language}")
        if english is not None and dutch is not None:
            yield from _differences(response, english, dutch)


def texts_in_both(project: Project) -> Faults:
    """Each text that names its language (`en:`, `nl:`) has its twin, with the same placeholders."""
    for document in (*project.data, *project.other_documents):
        for pair in _pairs(document.content):
            missing = [language for language in LANGUAGES if not isinstance(pair.get(language), Text)]
            if missing:
                yield Fault(document.path, line_of(pair), f"a text is missing in {', '.join(missing)}")
            elif placeholders(pair["en"]) != placeholders(pair["nl"]):
                yield Fault(document.path, line_of(pair["nl"]), "the Dutch text has other placeholders than the English one")


def files_in_both(project: Project) -> Faults:
    """Files of texts in one language each (`texts.en.yml`, `texts.nl.json`) have the same keys, with the same placeholders."""
    for english in sorted((project.root / "bot").rglob("*.en.*")):
        dutch = english.with_name(english.name.replace(".en.", ".nl."))
        shown = dutch.relative_to(project.root)
        if not dutch.is_file():
            yield Fault(shown, 0, "is missing")
            continue
        said, twins = (_flat(read_yaml(file, shown)[0]) for file in (english, dutch))
        for key in sorted(said.keys() ^ twins.keys()):
            yield Fault(shown, line_of(twins.get(key)), f"{key} stands in one language alone")
        for key in sorted(said.keys() & twins.keys()):
            if placeholders(said[key]) != placeholders(twins[key]):
                yield Fault(shown, twins[key].line, f"{key} has other placeholders than in English")


def polite_dutch(project: Project) -> Faults:
    """Dutch speaks to everybody with "u"."""
    for path, text in _dutch(project):
        for found in INFORMAL.findall(text):
            yield Fault(path, text.line, f"{found!r} is not polite: say u or uw")


def placeholders(text: str) -> set[str]:
    """Names in braces."""
    return set(PLACEHOLDER.findall(text))


def _variant(response: Response, language: str | None) -> Mapping[str, Any] | None:
    """The variant that is said in a language, or without a condition."""
    return next((block(variant) for variant in response.variants if _language(variant) == language), None)


def _language(variant: Any) -> str | None:
    conditions = [block(condition) for condition in items(block(variant).get("condition"))]
    return next((str(condition.get("value")) for condition in conditions if condition.get("name") == "language"), None)


def _differences(response: Response, english: Mapping[str, Any], dutch: Mapping[str, Any]) -> Faults:
    said, twin = str(english.get("text") or ""), dutch.get("text") or Text("", line_of(dutch))
    if placeholders(said) != placeholders(twin):
        yield Fault(response.path, twin.line, f"{response.name} has other placeholders in Dutch than in English")
    if said and said.strip() == twin.strip():
        yield Fault(response.path, twin.line, f"{response.name} says the same in both languages")
    here, there = ([block(button).get("payload") for button in items(variant.get("buttons"))] for variant in (english, dutch))
    if here != there:
        yield Fault(response.path, line_of(dutch), f"{response.name} has other buttons in Dutch than in English")


def _pairs(content: Any) -> Iterator[Mapping[str, Any]]:
    """Mappings within a value that hold a text by its language."""
    if isinstance(content, dict) and content.keys() <= set(LANGUAGES) and any(isinstance(part, Text) for part in content.values()):
        yield content
    elif isinstance(content, dict | list):
        for part in content.values() if isinstance(content, dict) else content:
            yield from _pairs(part)


def _flat(content: Any, above: str = "") -> dict[str, Text]:
    """Every text of a file by its place, such as `layout.skip`."""
    if isinstance(content, Text):
        return {above: content}
    parts = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    return {place: text for key, part in parts for place, text in _flat(part, f"{above}.{key}".lstrip(".")).items()}


def _dutch(project: Project) -> Iterator[tuple[Path, Text]]:
    """Every Dutch text with its file."""
    for response in project.responses:
        dutch = _variant(response, "nl") or {}
        spoken = [dutch.get("text"), *(block(button).get("title") for button in items(dutch.get("buttons")))]
        yield from ((response.path, text) for text in spoken if isinstance(text, Text))
    for document in (*project.data, *project.other_documents):
        yield from ((document.path, pair["nl"]) for pair in _pairs(document.content) if isinstance(pair.get("nl"), Text))
    for file in sorted((project.root / "bot").rglob("*.nl.*")):
        shown = file.relative_to(project.root)
        yield from ((shown, text) for text in texts(read_yaml(file, shown)[0]))
