"""Figures of an evaluation, computed from outcomes alone."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.evaluation.confidence import Calibration, TradeOff, calibration, let_through_when_kept, trade_off
from bot.evaluation.labels import RED_FLAG
from bot.evaluation.outcomes import AlarmOutcome, Outcome
from bot.evaluation.shares import Share, percentile, share

ALL = "all"
"""Name of the figures over all languages."""
LANGUAGE_FROM_WORDS = 3
"""Words from which a message must show its language."""
SHOWN_OF_EACH = 3
"""Texts that are shown of a confusion."""


@dataclass(frozen=True)
class Scope:
    """Figures of phrases that the assistant has an answer to."""

    first: Share
    """Best label accepted."""
    in_three: Share
    """One of the three best accepted."""
    answered_right: Share
    """Answered, and with an accepted label."""
    unsure: Share
    """Not answered."""


@dataclass(frozen=True)
class Figures:
    """What is measured in each language and over all."""

    scope: Scope
    macro_f1: float
    """Mean F1 over the labels expected, of what each phrase is answered as; unsure counts as `out_of_scope`."""
    let_through: Share
    """Out-of-scope phrases answered as if known."""
    let_through_by_kind: dict[str, Share]
    let_through_when_kept: Share
    """The same at the threshold that keeps 95 % of the right answers."""
    red_flags_found: Share
    false_alarms: Share
    """Phrases taken for a red flag that are none and were not made to look like one."""
    near_misses_flagged: Share
    """Phrases taken for a red flag that were made to look like one."""
    language_right: Share
    """Messages of `LANGUAGE_FROM_WORDS` words or more whose language was told."""


@dataclass(frozen=True)
class Confusion:
    """A label taken for another one."""

    expected: str
    got: str
    count: int
    texts: list[str]
    """Some of the phrases."""


@dataclass(frozen=True)
class Latency:
    """Time to understand one message, in milliseconds."""

    p50: float
    p95: float


@dataclass(frozen=True)
class Report:
    """All figures of one evaluation."""

    figures: dict[str, Figures]
    """`ALL` first; then each language, where there are several."""
    by_style: dict[str, Scope]
    by_topic: dict[str, Scope]
    """By the label listed first; worst first."""
    confusions: list[Confusion]
    calibration: Calibration
    trade_off: dict[str, list[TradeOff]]
    """As `figures`."""
    latency: Latency


def measure(outcomes: Sequence[Outcome], alarms: Sequence[AlarmOutcome] = ()) -> Report:
    """All figures of one outcome or more."""
    inside = [outcome for outcome in outcomes if outcome.phrase.in_scope]
    times = [outcome.milliseconds for outcome in outcomes]
    languages = _languages(outcomes)
    return Report(
        figures=figures_by_language(outcomes, alarms),
        by_style=_scopes(inside, lambda outcome: outcome.phrase.style),
        by_topic=_worst_first(_scopes(inside, lambda outcome: outcome.phrase.best)),
        confusions=confusions(outcomes),
        calibration=calibration(outcomes),
        trade_off={language: trade_off(group) for language, group in languages.items()},
        latency=Latency(percentile(times, 0.5), percentile(times, 0.95)),
    )


def figures_by_language(outcomes: Sequence[Outcome], alarms: Sequence[AlarmOutcome] = ()) -> dict[str, Figures]:
    """Figures over all of one outcome or more, then of each language where there are several."""
    return {
        language: _figures(group, [alarm for alarm in alarms if language in (ALL, alarm.phrase.language)])
        for language, group in _languages(outcomes).items()
    }


def macro_f1(outcomes: Iterable[Outcome]) -> float:
    """Mean F1 over the labels that phrases expect: an accepted answer is the expected one, else the first accepted label is."""
    pairs = [(o.answer if o.answered_right else o.phrase.best, o.answer) for o in outcomes]
    expected, answered = Counter(pair[0] for pair in pairs), Counter(pair[1] for pair in pairs)
    right = Counter(pair[0] for pair in pairs if pair[0] == pair[1])
    scores = [2 * right[label] / (expected[label] + answered[label]) for label in expected]
    return sum(scores) / len(scores)


def confusions(outcomes: Iterable[Outcome]) -> list[Confusion]:
    """What was taken for what, most frequent first; an unsure answer counts as `out_of_scope`."""
    texts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for outcome in outcomes:
        if not outcome.answered_right:
            texts[outcome.phrase.best, outcome.answer].append(outcome.phrase.text)
    ordered = sorted(texts.items(), key=lambda item: (-len(item[1]), item[0]))
    return [Confusion(expected, got, len(found), found[:SHOWN_OF_EACH]) for (expected, got), found in ordered]


def _figures(outcomes: Sequence[Outcome], alarms: Sequence[AlarmOutcome]) -> Figures:
    outside = [outcome for outcome in outcomes if not outcome.phrase.in_scope]
    red_flags = [outcome for outcome in outcomes if RED_FLAG in outcome.phrase.accept]
    harmless = [outcome for outcome in outcomes if RED_FLAG not in outcome.phrase.accept]
    return Figures(
        scope=_scope([outcome for outcome in outcomes if outcome.phrase.in_scope]),
        macro_f1=macro_f1(outcomes),
        let_through=_let_through(outside),
        let_through_by_kind={kind: _let_through(group) for kind, group in _groups(outside, lambda o: o.phrase.kind).items()},
        let_through_when_kept=let_through_when_kept(outcomes),
        red_flags_found=share([*_flagged(red_flags), *(alarm.flagged for alarm in alarms if alarm.phrase.red_flag)]),
        false_alarms=share(_flagged(outcome for outcome in harmless if not outcome.phrase.near_red_flag)),
        near_misses_flagged=share(
            [
                *_flagged(outcome for outcome in harmless if outcome.phrase.near_red_flag),
                *(alarm.flagged for alarm in alarms if not alarm.phrase.red_flag),
            ]
        ),
        language_right=share(
            outcome.understood.language == outcome.phrase.language
            for outcome in outcomes
            if len(outcome.phrase.text.split()) >= LANGUAGE_FROM_WORDS
        ),
    )


def _flagged(outcomes: Iterable[Outcome]) -> list[bool]:
    return [outcome.understood.flagged for outcome in outcomes]


def _scope(outcomes: Sequence[Outcome]) -> Scope:
    return Scope(
        first=share(o.first for o in outcomes),
        in_three=share(o.in_three for o in outcomes),
        answered_right=share(o.answered_right for o in outcomes),
        unsure=share(o.understood.declined for o in outcomes),
    )


def _scopes(outcomes: Iterable[Outcome], key: Callable[[Outcome], str | None]) -> dict[str, Scope]:
    return {name: _scope(group) for name, group in _groups(outcomes, key).items()}


def _worst_first(scopes: dict[str, Scope]) -> dict[str, Scope]:
    return dict(sorted(scopes.items(), key=lambda item: (item[1].first.fraction or 0.0, item[1].answered_right.fraction or 0.0)))


def _let_through(outcomes: Iterable[Outcome]) -> Share:
    return share(not o.understood.declined for o in outcomes)


def _languages(outcomes: Sequence[Outcome]) -> dict[str, Sequence[Outcome]]:
    groups = _groups(outcomes, lambda outcome: outcome.phrase.language)
    return {ALL: outcomes, **(groups if len(groups) > 1 else {})}


def _groups(outcomes: Iterable[Outcome], key: Callable[[Outcome], str | None]) -> dict[str, list[Outcome]]:
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        name = key(outcome)
        if name is not None:
            groups.setdefault(name, []).append(outcome)
    return dict(sorted(groups.items()))
