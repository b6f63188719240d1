"""The direct runner gives what Rasa's gives."""

from typing import Any

import pytest
from rasa.engine.exceptions import GraphComponentException
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage

from bot.graph_runner import DirectGraphRunner

calls: list[str] = []


class Step(GraphComponent):
    """Writes down that it was called, and adds its own name."""

    def __init__(self, config: dict[str, Any]) -> None:
        self.name = config["name"]

    @classmethod
    def create(cls, config: dict[str, Any], *_: Any, **__: Any) -> "Step":
        return cls(config)

    def run(self, said: str, also: str = "") -> str:
        calls.append(self.name)
        if "burst" in said:
            raise ValueError(said)
        return f"{said}{also}.{self.name}"


def node(name: str, **needs: str) -> SchemaNode:
    return SchemaNode(needs=needs, uses=Step, constructor_name="create", fn="run", config={"name": name}, eager=True)


SCHEMA = GraphSchema(
    {
        "last": node("last", said="left", also="right"),
        "left": node("left", said="first"),
        "right": node("right", said="first"),
        "first": node("first", said="__message__"),
        "aside": node("aside", said="first"),
    }
)


@pytest.fixture
def runners(tmp_path: Any) -> tuple[DaskGraphRunner, DirectGraphRunner]:
    arguments = SCHEMA, LocalModelStorage(tmp_path), ExecutionContext(SCHEMA)
    return DaskGraphRunner.create(*arguments), DirectGraphRunner.create(*arguments)


@pytest.mark.parametrize("targets", [["last"], ["aside", "last"], ["left"], ["__message__"]])
def test_the_targets_come_to_the_same(runners: tuple[Any, Any], targets: list[str]) -> None:
    rasas, ours = (runner.run({"__message__": "hello"}, targets) for runner in runners)
    assert ours == rasas


def test_only_what_a_target_needs_is_called_and_once(runners: tuple[Any, Any]) -> None:
    for _ in range(2):
        calls.clear()
        runners[1].run({"__message__": "hello"}, ["last"])
        assert sorted(calls) == ["first", "last", "left", "right"]
        assert (calls[0], calls[-1]) == ("first", "last")


def test_an_error_comes_out_as_rasas(runners: tuple[Any, Any]) -> None:
    for runner in runners:
        with pytest.raises(GraphComponentException):
            runner.run({"__message__": "burst"}, ["last"])
