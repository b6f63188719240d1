"""Faults of the glossaries."""

import re

from bot.checks.fault import Fault, Faults
from bot.checks.project import Project

ENTRY = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*\t(?:[\w'.-]+(?: [\w'.-]+){0,2})?")


def entries(project: Project) -> Faults:
    """Each line of a glossary is a word and its meaning, in alphabetical order, so that none stands twice."""
    for file in sorted(project.root.glob("data/glossary/*.tsv")):
        path, last = file.relative_to(project.root), ""
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if line.startswith("#"):
                continue
            if not ENTRY.fullmatch(line) or line != line.lower():
                yield Fault(path, number, f"{line!r} is not a word, a tab and at most three English words, in small letters")
            word = line.partition("\t")[0]
            if word <= last:
                yield Fault(path, number, f"{word} can't stand behind {last}: the words are in alphabetical order, each once")
            last = word
