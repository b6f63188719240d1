"""Models of topics that were learned before, so that a changed answer or rule does not cost learning the examples again."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bot.nlu.model import TopicModel

KEPT = 3
"""Models that are kept: the one in use, the one before, and one that is tried out."""


def digest_of(*made_from: Any) -> str:
    """What stands for everything that a model was learned from; values that JSON knows."""
    return hashlib.sha256(json.dumps(made_from, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


class KeptModels:
    """Learned models in a folder, each under the digest of what it was learned from.

    Rasa keeps trained components as well, but forgets this one whenever any text of the project changes: it takes answers
    for a part of the training data.
    """

    def __init__(self, folder: Path) -> None:
        """Keeps models in a folder that is made when it is needed."""
        self._folder = folder

    def learned(self, digest: str, learn: Callable[[], TopicModel]) -> TopicModel:
        """The model learned from this before, or what `learn` makes now."""
        place = self._folder / digest
        if not place.is_dir():
            self._keep(learn(), place)
            self._forget_oldest()
        place.touch()
        return TopicModel.load(place)

    def _keep(self, model: TopicModel, place: Path) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(dir=self._folder))
        model.save(unfinished)
        try:
            unfinished.rename(place)
        except OSError:  # another training was faster
            shutil.rmtree(unfinished)

    def _forget_oldest(self) -> None:
        for place in _newest_first(self._folder)[KEPT:]:
            shutil.rmtree(place)


def _newest_first(folder: Path) -> Sequence[Path]:
    return sorted((place for place in folder.iterdir() if place.is_dir()), key=lambda place: place.stat().st_mtime, reverse=True)
