"""The chat's modules as one small script, so that a browser asks once and reads no comments."""

import re
from pathlib import Path

from rjsmin import jsmin

IMPORT = re.compile(r'^import [^\n]* from "\./(\w+\.js)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export ", re.MULTILINE)
NAME = re.compile(r"^(?:async )?(?:function|class|const|let) (\w+)", re.MULTILINE)


def bundle(entry: Path) -> str:
    """A module with all that it imports, each behind what it needs, without comments and indentation.

    Raises:
        ValueError: two modules have something of the same name, which one script can't.
    """
    parts = [EXPORT.sub("", IMPORT.sub("", path.read_text(encoding="utf-8"))) for path in _in_order(entry)]
    names = [name for part in parts for name in NAME.findall(part)]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"the chat's modules use a name twice: {', '.join(sorted(twice))}")
    return str(jsmin("\n".join(parts)))


def _in_order(path: Path, seen: tuple[Path, ...] = ()) -> tuple[Path, ...]:
    """The modules that come before `path`, and itself."""
    for name in IMPORT.findall(path.read_text(encoding="utf-8")):
        if path.with_name(name) not in seen:
            seen = _in_order(path.with_name(name), seen)
    return (*seen, path)
