"""What the last measurements brought, kept as JSON beside the page that shows them."""

import dataclasses
import json
from pathlib import Path
from typing import Any

from bot.evaluation.shares import Share

REPORT = "report"
CURVE = "learning_curve"
BENCHMARK = "benchmark"


def as_data(value: Any) -> Any:
    """Dataclasses as plain data: each share with its count, total and fraction."""
    if isinstance(value, Share):
        return {"count": value.count, "total": value.total, "fraction": value.fraction}
    if dataclasses.is_dataclass(value):
        return {field.name: as_data(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {key: as_data(part) for key, part in value.items()}
    return [as_data(part) for part in value] if isinstance(value, (list, tuple)) else value


def keep(folder: Path, name: str, result: Any) -> None:
    """Writes one result, instead of an older one of the same name."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(as_json(result), encoding="utf-8")


def as_json(result: Any) -> str:
    """A result as JSON for people and programs."""
    return json.dumps(as_data(result), indent=2, ensure_ascii=False)


def kept(folder: Path, name: str) -> list[Any]:
    """The results whose names begin so, as plain data; none where nothing was measured."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob(f"{name}*.json"))]
