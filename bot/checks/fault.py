"""One fault in one place."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Fault:
    """Something that must be mended."""

    path: Path
    """File, seen from the project's root."""
    line: int
    """Line from 1; 0 when the whole file is meant."""
    reason: str
    """What is wrong, for whoever writes the file."""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{place}: {self.reason}"


Faults = Iterator[Fault]
