"""Which corrections may become examples."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from bot.checks.examples import normalised
from bot.checks.project import Project
from bot.evaluation.phrases import PhraseFault, read_alarm_phrases
from bot.learning.examples import NoPlace, is_plain, place
from bot.practice.console.masking import MASK, mask


class Refusal(str, Enum):
    """Why a correction becomes no example; the console has a text for each."""

    PERSONAL = "personal"
    """It carries personal data, or the mark in its place."""
    UNREADABLE = "unreadable"
    """It can't stand as an example: empty, or with signs that mean something to Rasa."""
    IN_TESTS = "in_tests"
    """It stands in a set by which the understanding is measured."""
    OTHER_LABEL = "other_label"
    """The examples have it under another topic."""
    NO_PLACE = "no_place"
    """There are no examples of this topic in this language."""


@dataclass(frozen=True)
class Correction:
    """What staff agreed on about one message."""

    id: int
    text: str
    label: str
    """`faq/<topic>` or an intent."""
    language: str


@dataclass
class Admission:
    """Corrections sorted by what becomes of them."""

    new: list[Correction] = field(default_factory=list)
    known: list[Correction] = field(default_factory=list)
    """The examples have them already."""
    refused: list[tuple[Correction, Refusal]] = field(default_factory=list)


def admit(corrections: Iterable[Correction], project: Project, measured: Iterable[str]) -> Admission:
    """Sorts corrections; of two with the same text the first counts.

    Args:
        measured: texts by which the understanding is measured; see `measured_texts`.
    """
    taught: dict[str, set[str]] = {}
    for example in project.examples:
        taught.setdefault(normalised(example.text), set()).add(example.label)
    tests = {normalised(text) for text in measured}
    admission = Admission()
    for correction in corrections:
        form = normalised(correction.text)
        refusal = _refusal(correction, project, tests, taught.get(form, set()))
        if refusal:
            admission.refused.append((correction, refusal))
        elif form in taught:
            admission.known.append(correction)
        else:
            admission.new.append(correction)
            taught[form] = {correction.label}
    return admission


def measured_texts(project: Project) -> list[str]:
    """Every phrase of the tests of understanding and of the red flags."""
    phrases = [item.text for _, item in project.phrases if not isinstance(item, PhraseFault)]
    return phrases + [alarm.text for file in red_flag_files(project.root) for alarm in read_alarm_phrases(file)]


def red_flag_files(root: Path) -> Sequence[Path]:
    """The project's sets of red flags and near misses."""
    return sorted((root / "tests/nlu").glob("red_flags*.jsonl"))


def _refusal(correction: Correction, project: Project, tests: set[str], labels: set[str]) -> Refusal | None:
    if MASK in correction.text or mask(correction.text) != correction.text:
        return Refusal.PERSONAL
    if not is_plain(correction.text):
        return Refusal.UNREADABLE
    if normalised(correction.text) in tests:
        return Refusal.IN_TESTS
    if labels - {correction.label}:
        return Refusal.OTHER_LABEL
    try:
        place(project, correction.label, correction.language)
    except NoPlace:
        return Refusal.NO_PLACE
    return None
