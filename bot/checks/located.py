"""YAML in which every text, mapping and list knows its line."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode
from ruamel.yaml.reader import ReaderError

from bot.checks.fault import Fault

NULL = "tag:yaml.org,2002:null"


class Text(str):
    """A scalar as it was written; numbers and booleans are texts too."""

    line: int
    """Line on which it starts, from 1."""

    def __new__(cls, value: str, line: int) -> "Text":
        text = super().__new__(cls, value)
        text.line = line
        return text

    def __getnewargs__(self) -> tuple[str, int]:  # type: ignore[override]
        """What a copy is made of."""
        return str(self), self.line


class Block(dict[str, Any]):
    """A mapping; its keys are `Text`."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line


class Items(list[Any]):
    """A list."""

    def __init__(self, values: Sequence[Any], line: int) -> None:
        super().__init__(values)
        self.line = line


def read_yaml(path: Path, shown: Path) -> tuple[Any, list[Fault]]:
    """The content of a file (None when it can't be parsed) and what is wrong with its YAML.

    Args:
        path: where the file is.
        shown: its path in faults.
    """
    try:
        node = YAML(typ="safe").compose(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return None, [Fault(shown, mark.line + 1 if mark else 0, f"does not parse: {error.problem or error.context}")]
    except (ReaderError, UnicodeDecodeError) as error:
        return None, [Fault(shown, 0, f"does not parse: {error.reason}")]
    faults: list[Fault] = []
    return (None if node is None else _value(node, shown, faults)), faults


def _value(node: Node, shown: Path, faults: list[Fault]) -> Any:
    line = node.start_mark.line + 1
    if isinstance(node, MappingNode):
        block = Block(line)
        for key_node, value_node in node.value:
            key = Text(str(key_node.value), key_node.start_mark.line + 1)
            if key in block:
                faults.append(Fault(shown, key.line, f"{key} stands twice in one mapping: only the last counts"))
            block[key] = _value(value_node, shown, faults)
        return block
    if isinstance(node, SequenceNode):
        return Items([_value(part, shown, faults) for part in node.value], line)
    return None if node.tag == NULL else Text(node.value, line)


def block(value: Any) -> Mapping[str, Any]:
    """The value if it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> Sequence[Any]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else ()


def line_of(value: Any) -> int:
    """Line of a value that has been read here; 0 when it has none."""
    return int(getattr(value, "line", 0))


def texts(value: Any) -> Iterator[Text]:
    """All scalars within a value, keys left out."""
    if isinstance(value, Text):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)


def names(value: Any) -> Iterator[str]:
    """Names in a list whose entries are a name or `name: options`, or the keys of a mapping."""
    if isinstance(value, dict):
        yield from value
    for part in items(value):
        if isinstance(part, Text):
            yield part
        else:
            yield from block(part)
