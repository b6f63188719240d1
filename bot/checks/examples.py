"""Faults of the training examples and the test phrases."""

import re
import unicodedata
from collections import Counter

from bot.checks.fault import Fault, Faults
from bot.checks.project import Example, Project
from bot.evaluation.labels import FAQ, TASKS
from bot.evaluation.phrases import PhraseFault

FEWEST = 30
"""Examples that a topic or a task needs."""

ANNOTATED = re.compile(r"\[([^\]]+)\](\([^)]*\)|\{[^}]*\})")
WORD = re.compile(r"\w+")


def unknown_labels(project: Project) -> Faults:
    """Every example teaches an intent of the domain."""
    reported = set()
    for example in project.examples:
        # a topic's file is looked for among the topics
        if example.label not in project.intents and not example.label.startswith(f"{FAQ}/") and example.label not in reported:
            reported.add(example.label)
            yield Fault(example.path, example.line, f"intent {example.label} is not in domain.yml")


def duplicate_examples(project: Project) -> Faults:
    """No example stands twice in one language, or under two labels."""
    first: dict[str, list[Example]] = {}
    for example in project.examples:
        before = first.setdefault(normalised(example.text), [])
        for known in before:
            if known.label != example.label:
                yield Fault(example.path, example.line, f"{example.text!r} teaches {known.label} as well, in {known.path}:{known.line}")
            elif known.language == example.language:
                yield Fault(example.path, example.line, f"{example.text!r} stands in {known.path}:{known.line} already")
        before.append(example)


def too_few_examples(project: Project) -> Faults:
    """Each topic and each task has enough examples."""
    counts = Counter(example.label for example in project.examples)
    for topic, path in project.topics.items():
        count = counts[f"{FAQ}/{topic}"]
        if 0 < count < FEWEST:  # none at all is a fault of its own
            yield Fault(path, 0, f"{FAQ}/{topic} has {count} examples; at least {FEWEST} are wanted")
    for task in sorted(project.named("intents") & set(TASKS.values())):
        if counts[task] < FEWEST:
            path = next((example.path for example in project.examples if example.label == task), project.domain.path)
            yield Fault(path, 0, f"{task} has {counts[task]} examples; at least {FEWEST} are wanted")


def broken_phrases(project: Project) -> Faults:
    """Every test phrase can be read and names labels that exist."""
    for path, item in project.phrases:
        if isinstance(item, PhraseFault):
            yield Fault(path, item.line or 0, item.reason)


def phrases_in_training(project: Project) -> Faults:
    """No test phrase stands in the training data."""
    taught = {normalised(example.text): example for example in project.examples}
    for path, item in project.phrases:
        if not isinstance(item, PhraseFault) and (example := taught.get(normalised(item.text))):
            yield Fault(path, item.line, f"{item.text!r} stands in the training data: {example.path}:{example.line}")


def normalised(text: str) -> str:
    """The text without what makes no other phrase of it: case, punctuation, white space, entity marks."""
    plain = unicodedata.normalize("NFKC", ANNOTATED.sub(r"\1", text)).casefold()
    return " ".join(WORD.findall(plain)) or plain.strip()
