"""Runs Rasa's trained graph for one message: the same nodes in the same order, without a scheduler around them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.core.agent import Agent
from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage


class DirectGraphRunner(GraphRunner):
    """Calls each node after those that it needs.

    Rasa's runner builds a task graph, orders it and hands it to Dask's scheduler three times a turn; for nodes of a few
    microseconds that takes longer than the nodes themselves.
    """

    def __init__(self, schema: GraphSchema, nodes: Mapping[str, GraphNode]) -> None:
        """Takes nodes that are loaded already."""
        self._schema = schema
        self._nodes = nodes
        self._plans: dict[tuple[str, ...], list[str]] = {}

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> DirectGraphRunner:
        """Loads the nodes as Rasa does."""
        return cls.over(DaskGraphRunner.create(graph_schema, model_storage, execution_context, hooks))

    @classmethod
    def over(cls, runner: DaskGraphRunner) -> DirectGraphRunner:
        """Runs the nodes that another runner has loaded."""
        return cls(runner._graph_schema, runner._instantiated_nodes)

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """What the targets come to; inputs stand under the names by which nodes need them."""
        wanted = tuple(targets or self._schema.target_names)
        results: dict[str, tuple[str, Any]] = {name: (name, value) for name, value in (inputs or {}).items()}
        for name in self._plan(wanted):
            results[name] = self._nodes[name](*(results[need] for need in self._schema.nodes[name].needs.values()))
        return dict(results[name] for name in wanted)

    def _plan(self, targets: tuple[str, ...]) -> list[str]:
        """The nodes that the targets take, each after what it needs."""
        if targets not in self._plans:
            plan: list[str] = []
            for target in targets:
                self._add(target, plan)
            self._plans[targets] = plan
        return self._plans[targets]

    def _add(self, name: str, plan: list[str]) -> None:
        if name in self._schema.nodes and name not in plan:
            for need in self._schema.nodes[name].needs.values():
                self._add(need, plan)
            plan.append(name)


def run_graph_directly(agent: Agent) -> None:
    """Puts the direct runner in the place of Rasa's, over the nodes that are loaded."""
    if agent.processor and isinstance(agent.processor.graph_runner, DaskGraphRunner):
        agent.processor.graph_runner = DirectGraphRunner.over(agent.processor.graph_runner)
