"""Backpropagation is slow motion away from being obvious: one gate at a time, first up the graph, then down again."""

from __future__ import annotations

from typing import Any, ClassVar

from bplib.graph import GATES, Value, topological_order
from bplib.svg import Drawing, graph
from bplib.svg.layering import arrange
from bplib.widgets.base import State, number

MOST = 40  # nodes
LIMIT = 1e6  # of an input
BOX = 66.0  # height of a node on the page, in pixels


class GraphStepper(State):
    """A computation graph and how far one has come in it: n steps forward for its n nodes, then n steps back.

    Parameters
    ----------
    output : Value
        The last node of the graph, of numbers only; at most 40 nodes. It is copied, and stays what it is.
    step : int
        How many steps have been taken, from 0 to 2 n.

    Raises
    ------
    ValueError
        If the graph is too large or holds samples, or `step` is out of range.

    References
    ----------
    Deck 000 (Vetter, Kraus, Höfle), "Backpropagation Beispiel"; deck 002, "Computation Graph Backprop".

    Examples
    --------
    >>> x, y, z = Value(-2, "x"), Value(5, "y"), Value(-4, "z")
    >>> state = GraphStepper((x + y) * z)
    >>> state.result()["grads"]
    [-4.0, -4.0, 3.0, -4.0, 1.0]
    >>> state.change(values=[-2.0, 5.0, 1.0])
    >>> state.result()["values"][-1]
    3.0
    """

    title: ClassVar[str] = "Graph stepper"
    script: ClassVar[str] = "stepper.js"
    in_page: ClassVar[bool] = True

    def __init__(self, output: Value, step: int = 0) -> None:
        if not isinstance(output, Value):
            raise ValueError(f"there is no graph to step through: {output!r} is no Value")
        self._nodes = topological_order(output)
        if len(self._nodes) > MOST:
            raise ValueError(f"a graph of {len(self._nodes)} nodes is too large to step through: at most {MOST}")
        for node in self._nodes:
            if not isinstance(node.data, float) or not isinstance(node.constant, float | None):
                raise ValueError(f"{node!r} holds samples: this steps through graphs of numbers")
        place = {node: k for k, node in enumerate(self._nodes)}
        self._sources = [[place[x] for x in node.inputs] for node in self._nodes]
        self._leaves = [k for k, node in enumerate(self._nodes) if not node.edges]
        self._values = [self._nodes[k].data for k in self._leaves]
        self._step = 0
        self._graph = self._computed(self._values)
        self.change(step=step)

    @property
    def values(self) -> list[float]:
        """The values of the inputs, in topological order."""
        return list(self._values)

    @property
    def step(self) -> int:
        """How many steps have been taken."""
        return self._step

    def inputs(self) -> dict[str, Any]:
        """Return the values of the graph's inputs, and the step."""
        return {"values": self.values, "step": self.step}

    def change(self, **inputs: Any) -> None:
        """Change the values of the inputs, in topological order, or the step; see `State.change`."""
        if unknown := set(inputs) - {"values", "step"}:
            raise TypeError(f"there is no input {unknown.pop()!r}")
        given = inputs.get("values", self._values)
        if len(given) != len(self._leaves):
            raise ValueError(f"the graph has {len(self._leaves)} inputs, not {len(given)}")
        values = [number(self._name(k), x, -LIMIT, LIMIT) for k, x in zip(self._leaves, given, strict=True)]
        step = int(number("step", inputs.get("step", self._step), 0, 2 * len(self._nodes)))
        self._graph = self._computed(values)  # refuses before anything here has changed
        self._values, self._step = values, step

    def fixed(self) -> dict[str, Any]:
        """Return the graph as data: its nodes with gates and places, its edges with the places that they pass."""
        columns, chains = arrange(self._sources, [BOX] * len(self._nodes))
        spots = {spot.item: spot for column in columns for spot in column if spot.item is not None}
        nodes = [
            {"name": self._name(k), "op": node.op, "c": node.constant, "inputs": self._sources[k]}
            | {"column": spots[k].column, "y": spots[k].y}
            for k, node in enumerate(self._nodes)
        ]
        return {
            "nodes": nodes,
            "paths": [[[spot.column, spot.y] for spot in chain] for chain in chains],
            "limit": LIMIT,
        }

    def result(self) -> dict[str, Any]:
        """Return all values, local derivatives and gradients, whatever the step; each by node."""
        return {
            "values": [node.data for node in self._graph],
            "locals": [list(node.local) for node in self._graph],
            "grads": [node.grad for node in self._graph],
        }

    def picture(self) -> Drawing:
        """Return a drawing of the graph as far as the steps have come."""
        n, step = len(self._nodes), self._step
        current = None if step == 0 else step - 1 if step <= n else 2 * n - step
        return graph(self._graph[-1], forward=min(step, n), backward=max(0, step - n), current=current)

    def _name(self, k: int) -> str:
        """Return what a node is called on the page: a gate's sign follows its name, inputs without one are numbered."""
        node = self._nodes[k]
        sign = node.op if node.constant is None else node.op.replace("c", f" {node.constant:g}").strip()
        sign = sign.replace("**", "^").replace("*", "×").replace("-", "−")
        if node.name and sign:
            return f"{node.name} ({sign})"
        return node.name or sign or f"input {self._leaves.index(k) + 1}"

    def _computed(self, values: list[float]) -> list[Value]:
        """Build the graph anew for these inputs, with its gradients."""
        fresh: list[Value] = []
        leaves = iter(values)
        for node, sources in zip(self._nodes, self._sources, strict=True):
            if node.op:
                fresh.append(GATES[node.op](*(fresh[k] for k in sources), node.constant))
            else:
                fresh.append(Value(next(leaves)))
            fresh[-1].name = node.name
        fresh[-1].backward()
        return fresh
