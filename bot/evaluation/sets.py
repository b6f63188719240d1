"""The project's sets of test phrases."""

from collections.abc import Sequence
from pathlib import Path

from bot.checks.project import Project
from bot.evaluation.phrases import AlarmPhrase, Phrase, read_alarm_phrases, read_phrases
from bot.settings import ROOT


def read_sets(files: Sequence[Path] = (), red_flags: Sequence[Path] = ()) -> tuple[list[Phrase], list[AlarmPhrase]]:
    """What files of phrases and of red flags hold; without a file of phrases, all of the project's.

    Raises:
        PhraseFault: a line can't be used.
    """
    if not files:
        files = sorted((ROOT / "tests/language").glob("*.jsonl"))
        red_flags = red_flags or sorted((ROOT / "tests/nlu").glob("red_flags*.jsonl"))
    topics = Project(ROOT).topics.keys()
    phrases = [phrase for file in files for phrase in read_phrases(file, topics)]
    return phrases, [phrase for file in red_flags for phrase in read_alarm_phrases(file)]
