"""What was learned, newest last, so that it can be taken back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.learning.journal import write_whole


@dataclass(frozen=True)
class History:
    """One file a time that something was learned."""

    folder: Path

    def add(self, record: Mapping[str, Any]) -> None:
        """Keeps a record under the name of its model; keeping it again changes nothing."""
        path = self.folder / f"{record['at']}.json"
        write_whole(path, json.dumps(record, indent=1, ensure_ascii=False).encode())

    def latest(self) -> dict[str, Any] | None:
        """The last record."""
        path = max(self.folder.glob("*.json"), default=None)
        record: dict[str, Any] | None = json.loads(path.read_text(encoding="utf-8")) if path else None
        return record

    def drop(self, record: Mapping[str, Any]) -> None:
        """Forgets a record."""
        (self.folder / f"{record['at']}.json").unlink(missing_ok=True)
