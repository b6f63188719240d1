"""Faults of the FAQ topics: a file each, with examples and a sourced answer."""

import re
from collections.abc import Iterator
from typing import Any

from bot.checks.fault import Fault, Faults
from bot.checks.located import block, line_of
from bot.checks.project import Project, Response
from bot.evaluation.labels import FAQ

SENTENCES = range(2, 6)
MOST_WORDS = 75
SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$)")


def topic_files(project: Project) -> Faults:
    """Examples and answers of a topic stand in its own file, and that file holds nothing else."""
    for example in project.examples:
        yield from _misplaced(project, example.label, example.path, example.line)
    for response in project.responses:
        yield from _misplaced(project, response.name.removeprefix("utter_"), response.path, line_of(response.name))
    for intent in project.named("intents"):
        if intent.startswith(f"{FAQ}/") and intent.removeprefix(f"{FAQ}/") not in project.topics:
            yield Fault(project.domain.path, project.line_in_domain("intents", intent), f"topic {intent} has no file in data/faq")


def topic_examples(project: Project) -> Faults:
    """Each topic has training examples."""
    taught = {example.label for example in project.examples}
    for topic, path in project.topics.items():
        if f"{FAQ}/{topic}" not in taught:
            yield Fault(path, 0, f"topic {topic} has no examples")


def topic_answers(project: Project) -> Faults:
    """Each topic has an answer with title, section and source."""
    answers = {response.name: response for response in project.responses}
    for topic, path in project.topics.items():
        answer = answers.get(f"utter_{FAQ}/{topic}")
        if answer is None or not answer.variants:
            yield Fault(path, 0, f"topic {topic} has no answer: utter_{FAQ}/{topic} is missing")
            continue
        described = [block(block(variant).get("metadata")) for variant in answer.variants]
        for field in ("title", "section", "source"):
            if not any(metadata.get(field) for metadata in described):
                yield Fault(path, line_of(answer.name), f"topic {topic} has no {field} in its answer's metadata")


def answer_length(project: Project) -> Faults:
    """An answer is 2 to 5 sentences and 75 words at most."""
    for response, text in _answers(project):
        sentences, words = count_sentences(text), len(text.split())
        if sentences not in SENTENCES:
            yield Fault(response.path, line_of(text), f"{response.name}: {sentences} sentences; 2 to 5 are wanted")
        if words > MOST_WORDS:
            yield Fault(response.path, line_of(text), f"{response.name}: {words} words; at most {MOST_WORDS} are wanted")


def count_sentences(text: str) -> int:
    """How many sentences a text has; what follows the last full stop counts as one."""
    return sum(1 for part in SENTENCE_END.split(text) if part.strip())


def _answers(project: Project) -> Iterator[tuple[Response, Any]]:
    for response in project.responses:
        if response.name.startswith(f"utter_{FAQ}/"):
            for variant in response.variants:
                if text := block(variant).get("text"):
                    yield response, text


def _misplaced(project: Project, label: str, path: Any, line: int) -> Faults:
    """A topic's part in a file that is not its own, or another part in a topic's file."""
    topic = label.removeprefix(f"{FAQ}/")
    if label.startswith(f"{FAQ}/"):
        if topic not in project.topics:
            yield Fault(path, line, f"unknown topic {topic}: there is no data/faq/{topic}.yml")
        elif path != project.topics[topic]:
            yield Fault(path, line, f"{label} belongs in {project.topics[topic]}")
    elif path in project.topics.values():
        yield Fault(path, line, f"{label} does not belong in the file of topic {path.stem}")
