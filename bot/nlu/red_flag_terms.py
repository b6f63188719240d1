"""The words and alarms of data/red_flags.yml, read and checked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from bot.nlu.phrases import PhraseFinder, fold

Kind = Literal["spot", "after_treatment", "emergency", "crisis"]

GRAMMAR = frozenset({"denies", "denies_before", "denies_nothing", "asks_back", "or", "but", "parts", "listed", "look_alikes", "compounds"})
HIDING = frozenset({"harmless", "asked_for"})
"""Lists whose phrases hide the words within them."""


class TermsError(Exception):
    """A file of words can't be used; the message names the file, the place and what is wrong."""


@dataclass(frozen=True)
class Alarm:
    """Lists that together raise an alarm."""

    kind: Kind
    all: tuple[frozenset[str], ...]
    """One list of each group must be in the message; the last group is what is alarming."""
    unless: frozenset[str]
    """Lists that excuse what is alarming when they stand in the same part of the sentence."""
    within: int | None
    """The most words between the groups; none: anywhere in the message."""


@dataclass(frozen=True)
class Terms:
    """The word lists, ready to be looked for, and the alarms they raise."""

    finder: PhraseFinder[str]
    grammar: Mapping[str, frozenset[str]]
    """Words of the grammar lists that are looked up one by one."""
    denied: Mapping[str, str]
    """What a list says when it is denied."""
    lifted_by: Mapping[str, frozenset[str]]
    """Lists that lift an excuse."""
    deniable: frozenset[str]
    """Lists that a "not" takes away or turns round: what is alarming, never the mole, the treatment or words of despair."""
    alarms: tuple[Alarm, ...]
    likely: tuple[Alarm, ...]
    """Alarms by loose words, for messages that are known to be red flags."""


def load_terms(path: Path) -> Terms:
    """The terms of a file.

    Raises:
        TermsError: the file can't be read or says something that can't be meant.
    """
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        grammar, lists = dict(data["grammar"]), dict(data["words"])
        alarms, likely = (tuple(_alarm(entry) for entry in entries) for entries in (data["alarms"], data.get("likely", ())))
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise TermsError(f"{path}: can't be read as word lists: {error!r}") from error
    if set(grammar) != GRAMMAR:
        raise TermsError(f"{path}: grammar must have exactly the lists {', '.join(sorted(GRAMMAR))}")
    denied = {name: entry["denied"] for name, entry in lists.items() if "denied" in entry}
    phrases = [*_phrases(path, grammar), *_phrases(path, lists)]
    terms = Terms(
        finder=PhraseFinder(
            [pair for pair in phrases if pair[1] not in ("look_alikes", "compounds")],
            [text for text, name in phrases if name == "look_alikes"],
            [text for text, name in phrases if name == "compounds"],
        ),
        grammar={name: frozenset(fold(text) for text, list_name in phrases if list_name == name) for name in GRAMMAR},
        denied=denied,
        lifted_by={name: frozenset(entry["lifted_by"]) for name, entry in lists.items() if "lifted_by" in entry},
        deniable=frozenset(denied).union(*(alarm.all[-1] for alarm in alarms if alarm.kind != "crisis")),
        alarms=alarms,
        likely=likely,
    )
    _check_names(path, terms, set(lists))
    return terms


def _alarm(entry: Mapping[str, Any]) -> Alarm:
    if entry["kind"] not in get_args(Kind):
        raise ValueError(f"unknown kind {entry['kind']!r}")
    groups = tuple(frozenset(group.split("|")) for group in entry["all"])
    return Alarm(entry["kind"], groups, frozenset(entry.get("unless", ())), entry.get("within"))


def _phrases(path: Path, lists: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for name, entry in lists.items():
        for language in ("en", "nl"):
            for phrase in entry.get(language, ()):
                if not isinstance(phrase, str):
                    raise TermsError(f"{path}: {name}.{language}: {phrase!r} is not text; put it in quotes")
                yield phrase, name


def _check_names(path: Path, terms: Terms, known: set[str]) -> None:
    used = {name for alarm in (*terms.alarms, *terms.likely) for group in (*alarm.all, alarm.unless) for name in group}
    used |= set(terms.denied.values()) | {name for names in terms.lifted_by.values() for name in names}
    if used - known:
        raise TermsError(f"{path}: no such word list: {', '.join(sorted(used - known))}")
    idle = known - used - set(terms.denied) - HIDING
    if idle:
        raise TermsError(f"{path}: word lists that no alarm uses: {', '.join(sorted(idle))}")
