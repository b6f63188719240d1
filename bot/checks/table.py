"""All checks in one table."""

from collections.abc import Callable
from pathlib import Path

from bot.checks import code, dialogue, examples, glossary, languages, responses, topics
from bot.checks.fault import Fault, Faults
from bot.checks.project import Project


def unreadable_files(project: Project) -> Faults:
    """Every file can be parsed."""
    for document in (project.domain, *project.data, *project.other_documents):
        yield from document.faults
    for module in project.modules:
        yield from module.faults


CHECKS: tuple[Callable[[Project], Faults], ...] = (
    unreadable_files,
    topics.topic_files,
    topics.topic_examples,
    topics.topic_answers,
    topics.answer_length,
    responses.duplicate_responses,
    responses.empty_responses,
    responses.unknown_responses,
    responses.unasked_slots,
    responses.unused_responses,
    responses.unfilled_placeholders,
    responses.buttons,
    responses.payloads_in_code,
    responses.unknown_conditions,
    responses.amounts_of_money,
    dialogue.unknown_steps,
    dialogue.unknown_actions,
    dialogue.unknown_intents,
    dialogue.unknown_forms,
    dialogue.unknown_slots,
    dialogue.unknown_entities,
    dialogue.broken_domain,
    dialogue.text_in_domain,
    dialogue.uncoded_actions,
    examples.unknown_labels,
    examples.duplicate_examples,
    examples.too_few_examples,
    examples.broken_phrases,
    examples.phrases_in_training,
    languages.responses_in_both,
    languages.texts_in_both,
    languages.files_in_both,
    languages.polite_dutch,
    glossary.entries,
    code.text_in_code,
    code.layers,
)
"""Each finds one kind of fault; its docstring says what holds where it finds none."""


def find_faults(root: Path) -> list[Fault]:
    """Every fault under a project's root, in the order of files and lines."""
    project = Project(root)
    return sorted({fault for check in CHECKS for fault in check(project)})
