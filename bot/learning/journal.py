"""Changing several files so that an end at any moment, power failure included, leaves them as they were or as they should be."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

BEGUN = "begun"
"""Files are being changed and nothing is decided: they go back."""
ACCEPTED = "accepted"
"""The outcome is taken, and what is left to do is done again from the start."""


class Journal:
    """What files held before, in a folder of its own, until all is done."""

    def __init__(self, folder: Path, root: Path) -> None:
        """Takes the journal's folder, and the one from which paths are seen."""
        self._folder = folder
        self._root = root

    @property
    def state(self) -> str | None:
        """`BEGUN`, `ACCEPTED`, or None where nothing is under way."""
        entry = self._entry()
        return str(entry["state"]) if entry else None

    @property
    def record(self) -> Mapping[str, Any]:
        """What was accepted."""
        entry = self._entry()
        return entry["record"] if entry else {}

    def begin(self, paths: Iterable[Path]) -> None:
        """Copies files before they are changed; one that is not there yet goes away when all goes back.

        Args:
            paths: seen from the root.
        """
        shutil.rmtree(self._folder, ignore_errors=True)
        copies = self._folder / "copies"
        copies.mkdir(parents=True)
        paths = sorted(set(paths))
        for number, path in enumerate(paths):
            if (self._root / path).exists():
                write_whole(copies / str(number), (self._root / path).read_bytes())
        self._write({"state": BEGUN, "paths": [path.as_posix() for path in paths]})

    def accept(self, record: Mapping[str, Any]) -> None:
        """From here on nothing goes back by itself."""
        self._write({"state": ACCEPTED, "paths": [], "record": record})

    def restore(self) -> list[str]:
        """Puts every file back; gives the paths of those that differed."""
        entry = self._entry() or {"paths": []}
        differed = []
        for number, path in enumerate(entry["paths"]):
            copy, file = self._folder / "copies" / str(number), self._root / path
            before = copy.read_bytes() if copy.exists() else None
            now = file.read_bytes() if file.exists() else None
            if before == now:
                continue
            differed.append(path)
            if before is None:
                file.unlink()
            else:
                write_whole(file, before)
        self.close()
        return differed

    def close(self) -> None:
        """Nothing is under way any more."""
        (self._folder / "journal.json").unlink(missing_ok=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _entry(self) -> dict[str, Any] | None:
        try:
            entry: dict[str, Any] = json.loads((self._folder / "journal.json").read_text(encoding="utf-8"))
            return entry
        except FileNotFoundError:
            return None

    def _write(self, entry: Mapping[str, Any]) -> None:
        write_whole(self._folder / "journal.json", json.dumps(entry, ensure_ascii=False).encode())


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file so that it is there whole or as it was, with the permissions that it had."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        shutil.copymode(path, draft)
    else:
        Path(draft).chmod(0o644)
    Path(draft).replace(path)
