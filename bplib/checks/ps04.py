"""A graph by hand first, with numbers of one's own, then the sweep that does it for every graph.

Where paths meet, what comes along each of them is added: that is all of backpropagation, and most of what goes wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import combinations
from math import prod
from typing import Any

import numpy as np

from bplib import svg
from bplib.checks import compare, nets
from bplib.checks.calling import Outcome
from bplib.checks.graphs import FORWARD, GATES, KEYS, ONE_GATES, SWEEP, Gate, Graph, given, read
from bplib.checks.mistakes import Formula, Slip, slip
from bplib.checks.parts import Aspect, Finding, Part
from bplib.checks.question import Question
from bplib.checks.record import Record
from bplib.checks.typed import Group, Numbers, draws

# --- numbers to try on -------------------------------------------------------------------------------------------

SHAPES = (
    "s = x * x; c = s * x; u = c + y; f = sigmoid(u)",
    "q = w * x; u = q + y; n = u * k; e = exp(n); d = e + one; f = inv(d)",
    "q = x * y; m = max(q, z); r = inv(m); s = r + q; f = s * z",
    "q = x + y; p = q * x; g = exp(q); t = p * q; f = t + g + q",
    "p = x * y * z; m = max(x, y, z); s = p + m + y; e = inv(s); h = e * p; f = h + s",
    "m = max(y, x); p = m * m; g = sigmoid(p); r = max(z, g); h = r + p; f = h * z",
)


def telling(n: Graph) -> bool:
    """Say whether no slip can hide in these numbers: no zeros, no ties, no kinks, no two alike."""
    sizes = np.sort([abs(n.values[name]) for name in n.names if not n.is_max(name)])
    if sizes[0] < 0.1 or sizes[-1] > 6 or np.abs(sizes - 1).min() < 0.02 or np.diff(sizes).min() < 0.01:
        return False
    for _, op, args in n.graph:
        if op == "max" and np.diff(np.sort([abs(n.values[arg]) for arg in args])).min() < 0.1:
            return False
    grads = np.abs(n.grads[n.grads != 0])
    return grads.min() > 0.01 and grads.max() < 50


def draw(rng: np.random.Generator, graph: Sequence[Gate]) -> Graph:
    """Draw inputs of order one for a graph."""
    names = given(graph)
    while True:
        sizes = rng.uniform(0.3, 1.6, len(names)) * rng.choice([-1.0, 1.0], len(names))
        n = Graph(graph, dict(zip(names, map(float, sizes), strict=True)))
        if telling(n):
            return n


# What max may be taken for: the graphs drawn for one check tell all of these apart.
CHOICES: tuple[Callable[[list[float]], float], ...] = (
    max, min, lambda v: v[0], lambda v: v[-1], lambda v: max(v, key=abs), lambda v: max(v[:2]),
)  # fmt: skip


def graphs(seed: int) -> list[Graph]:
    """Return the deck's (x + y) z and a graph of each shape with random inputs."""
    rng = np.random.default_rng(seed)
    deck = Graph(read("q = x + y; f = q * z"), dict(x=-2.0, y=5.0, z=-4.0))
    while True:
        drawn = [draw(rng, read(shape)) for shape in SHAPES]
        inputs = [[n.values[arg] for arg in args] for n in drawn for _, op, args in n.graph if op == "max"]
        bent = [n.values[args[0]] < 0 for n in drawn for _, op, args in n.graph if op == "sigmoid"]
        # A sigmoid that only sees positive numbers could be taken for a ReLU, or for nothing; and where the first
        # share that arrives is always the largest, keeping the first would be keeping the largest.
        choices = len({tuple(choice(v) for v in inputs) for choice in CHOICES})
        if choices == len(CHOICES) and (any(bent) or not bent) and kept_apart(drawn):
            return [deck, *drawn]


def kept_apart(drawn: list[Graph]) -> bool:
    """Say whether every way to keep one share of several gives other numbers somewhere."""
    kept = [slip for slip in SWEEP.slips if slip.id in ("one_path_only", "max_for_sum", "last_only", "first_only")]
    given = [np.concatenate([SWEEP.value(n, slip).ravel() for n in drawn]) for slip in kept]
    return not any(
        one.id != other.id and np.allclose(a, b)
        for (one, a), (other, b) in combinations(zip(kept, given, strict=True), 2)
    )


class One:
    """One gate with its inputs: what `local_derivatives` is asked for."""

    def __init__(self, op: str, inputs: Sequence[float]) -> None:
        self.op, self.inputs = op, list(map(float, inputs))
        self.v, self.s = self.inputs, float(GATES[op](self.inputs))

    @cached_property
    def slopes(self) -> np.ndarray:
        """Return d output / d each input, by complex step."""
        return nets.slopes(lambda moves: GATES[self.op](list((self.v + moves).T)), (len(self.v),))


def gates(seed: int) -> list[One]:
    """Return the deck's product, and every gate with random inputs of both signs."""
    rng = np.random.default_rng(seed)
    found = [One("*", [3.0, -4.0])]
    counts = {"+": (2, 3), "*": (2, 3), "max": (2, 3, 3), "exp": (1, 1), "inv": (1, 1), "sigmoid": (1, 1)}
    for op, lengths in counts.items():
        for k, length in enumerate(lengths):
            while True:
                v = rng.uniform(0.3, 1.8, length) * rng.choice([-1.0, 1.0], length)
                if length == 1:
                    v[0] = abs(v[0]) * (1 - 2 * k)
                sizes = np.sort(np.abs(v))
                apart = length == 1 or (np.diff(sizes).min() > 0.1 and np.abs(sizes - 1).min() > 0.05)
                # The largest is first, last or between, and not always the one of the largest size.
                if apart and (op != "max" or (v.argmax() == (1, 0, 2)[k] and (np.abs(v).argmax() != v.argmax() or k))):
                    break
            found.append(One(op, v))
    return found


# --- the questions -----------------------------------------------------------------------------------------------


def number(value: Any, name: str) -> float | compare.Wrong:
    """Return one returned number as a float, or what is wrong with it."""
    if isinstance(value, np.ndarray) and type(value) is np.ndarray and value.ndim == 0:
        value = value[()]
    if type(value) in (int, float) or (isinstance(value, np.floating | np.integer) and np.size(value) == 1):
        return float(value)
    if value is None:
        return compare.Wrong(f"{name} is None: a number is needed")
    return compare.Wrong(f"{name} is {compare.kind(value)}; a number is needed")


def in_order(n: Graph) -> Sequence[str]:
    """Return all nodes in the order of computation."""
    return n.names


class Named(Question):
    """A question whose answer holds one number for each node of a graph, or for each input of a gate.

    `Question` compares arrays: here the numbers are put in a row first, in the order of computation, and a wrong one
    gets its name back afterwards. `row` gives the names of an instance, empty for a plain list.
    """

    def __init__(self, *args: Any, row: Callable[[Any], Sequence[str]] | None, place: Callable, **options: Any) -> None:
        super().__init__(*args, **options)
        self.row, self.place = row, place

    def _taken_apart(self, value: Any, n: Any) -> dict[str, Any] | compare.Wrong:
        (name,) = self.returns
        if value is None:
            return compare.Wrong(f"{self.function} returned None: is a `return` missing?")
        if self.row is None:
            if type(value) is np.ndarray and value.ndim == 1:
                value = list(value)
            if type(value) not in (list, tuple) or len(value) != len(n.v):
                came = f"{len(value)} numbers" if type(value) in (list, tuple) else compare.kind(value)
                return compare.Wrong(
                    f"{self.function} returned {came} for {n.op!r} of {n.v}; a list of {len(n.v)} is needed"
                )
            found = [number(item, f"{name}[{k}]") for k, item in enumerate(value)]
        else:
            if type(value) is not dict:
                return compare.Wrong(
                    f"{self.function} returned {compare.kind(value)}; a dict is needed: name to number"
                )
            names = self.row(n)
            if self.row is in_order:
                value = {**n.inputs, **value}  # inputs are nodes, too, but nobody has to compute them
            missing = [repr(node) for node in names if node not in value]
            if missing:
                return compare.Wrong(f"the dict that {self.function} returned has no {', '.join(missing)}")
            found = [number(value[node], f"{name}[{node!r}]") for node in names]
        wrong = next((item for item in found if isinstance(item, compare.Wrong)), None)
        return wrong or {name: np.array(found)}

    def _record(
        self,
        marks: float,
        right: tuple[str, ...],
        findings: list[Finding],
        outcomes: list[Outcome],
        hint: int,
        seed: int,
        cancels: Sequence[Any] = (),
    ) -> Record:
        if findings and findings[0].part is not None and findings[0].wrong.index is not None:
            first, (k,) = findings[0], findings[0].wrong.index
            n, name = self.instances(seed)[first.instance], first.part.name
            label = repr(self.row(n)[k]) if self.row else str(k)
            text = first.wrong.text.replace(f"{name}[{k}]", f"{name}[{label}]", 1)
            part = replace(first.part, where=lambda index: self.place(n, k))
            findings = [replace(first, part=part, wrong=replace(first.wrong, text=text)), *findings[1:]]
        return super()._record(marks, right, findings, outcomes, hint, seed, cancels)


def made(n: Graph, k: int) -> tuple[str, tuple[str, ...]]:
    """Return where the k-th value belongs: the gate, as it is written."""
    name = n.names[k]
    return ("an input" if name in n.inputs else n.written(name)), (name,)


def used(n: Graph, k: int) -> tuple[str, tuple[str, ...]]:
    """Return where the k-th gradient belongs: the gates that its node goes into."""
    name = n.order[k]
    users = n.users(name)
    return (f"{name} goes into {' and '.join(users)}" if users else f"{name} is the output"), (name,)


def layers(n: Graph) -> list[list[str]]:
    """Return the nodes in layers: each stands behind all that goes into it."""
    depth = dict.fromkeys(n.inputs, 0)
    for name, _, args in n.graph:
        depth[name] = 1 + max(depth[arg] for arg in args)
    return [[name for name in n.names if depth[name] == k] for k in range(max(depth.values()) + 1)]


def picture(n: Graph, mark: tuple[str, ...]) -> svg.Drawing:
    """Draw the graph with its values and the nodes in `mark` marked."""
    edges = {(arg, name): "" for name, _, args in n.graph for arg in args}
    return svg.network(layers(n), values=n.values, edges=edges, mark=mark)


def alone(op: str) -> Callable[[Callable[..., Any], One], bool]:
    """Return the test whether one gate's slopes are right."""

    def holds(ask: Callable[..., Any], n: One) -> bool:
        if n.op != op:
            return True
        found = ask()
        found = list(found) if type(found) in (list, tuple, np.ndarray) and np.ndim(found) == 1 else []
        numbers = [number(item, "") for item in found]
        return len(numbers) == len(n.v) and all(
            type(item) is float and abs(item - want) <= compare.TOLERANCE * max(1, abs(want))
            for item, want in zip(numbers, n.slopes, strict=True)
        )

    return holds


def sweeps(n: Graph, ask: Callable[..., Any]) -> bool:
    """Say whether an answer is right on the graph `n`."""
    found = ask(graph=n.graph, values=n.values)
    if type(found) is not dict or not all(name in found for name in n.order):
        return False
    numbers = [number(found[name], "") for name in n.order]
    return all(
        type(item) is float and abs(item - want) <= compare.TOLERANCE * max(1, abs(want))
        for item, want in zip(numbers, n.grads, strict=True)
    )


ONE_GATE = tuple(
    Graph(read(text), {name: value for name, value in dict(x=0.7, y=-1.3, z=0.4).items() if name in given(read(text))})
    for text in ("f = x + y + z", "f = x * y", "f = max(y, x)", "f = exp(x)", "f = inv(x)", "f = sigmoid(x)")
)  # fmt: skip
PATHS = (
    Graph(read("e = exp(x); f = e + y"), dict(x=0.7, y=-1.3)),
    Graph(read("s = x + y; f = exp(s)"), dict(x=0.7, y=-1.3)),
)
MEETINGS = (
    Graph(read("q = x + y; f = q + x"), dict(x=0.7, y=-1.3)),
    Graph(read("q = x + x; r = y + x; f = q + r + x"), dict(x=0.7, y=-1.3)),
)

DECK = "Deck 000 (Vetter, Kraus, Höfle), "
TRIED = ("the deck's graph", "random graph")

forward_values = Named(
    "ps04.forward_values", "graph inputs",
    [Part("values", 2, lambda n: np.array(list(n.values.values())),
          "The gates stand in the order of computation. Which numbers does this one find, and what becomes of them?",
          FORWARD)],
    graphs, DECK + '"Forward-Pass"',
    picture=picture, tried=TRIED, follow=False, row=in_order, place=made,
)  # fmt: skip

local_derivatives = Named(
    "ps04.local_derivatives", "op inputs",
    [Part("slopes", 3, lambda n: n.slopes, "This input alone moves a little. By how much does the gate's output move?",
          ONE_GATES)],
    gates, DECK + '"ADD-Gate: Gradient weiterleiten" to "MAX-Gate: Gradient Router"; "Sigmoid Gate"',
    tuple(Aspect(0.5, f"the slopes of {op}", alone(op)) for op in KEYS),
    tried=("the deck's product", "random gate"), follow=False, row=None,
    place=lambda n, k: (f"{n.op!r} of {', '.join(f'{x:.4g}' for x in n.v)}", ()),
)  # fmt: skip

backward_grads = Named(
    "ps04.backward_grads", "graph values",
    [Part("grads", 6, lambda n: n.grads,
          "Into which gates does this node go, and what does each of them send back?", SWEEP)],
    graphs, DECK + '"Kettenregel", "Zurückfließende Gradienten in einem Netz werden addiert"',
    (
        Aspect(1, "the slope of every gate by itself", lambda ask, n: all(sweeps(g, ask) for g in ONE_GATE), once=True),
        Aspect(1.5, "slopes are multiplied along a path", lambda ask, n: all(sweeps(g, ask) for g in PATHS), once=True),
        Aspect(2, "where paths meet, they are added", lambda ask, n: all(sweeps(g, ask) for g in MEETINGS), once=True),
    ),
    picture=picture, tried=TRIED, follow=False, row=lambda n: n.order, place=used,
)  # fmt: skip


# --- by hand -----------------------------------------------------------------------------------------------------

HAND = read("q = x + y; m = max(y, z); p = q * m; r = inv(m); s = p + r; f = sigmoid(s)")
TENTHS = tuple(k / 10 for k in range(3, 20) if k != 10)  # 1.0 would hide what is multiplied with it
LOOPS = (  # slips of a program, which nobody makes by hand
    "start_not_one", "all_start_at_one", "list_reversed", "passed_on_too_early", "gate_left_out", "first_only",
    "last_only", "first_two_only", "overwritten_where_paths_meet", "one_path_only", "local_overwrites_upstream",
    "rounded_on_the_way", "values_exchanged", "absolute_values", "product_for_sum", "max_for_sum", "sum_for_each",
    "float32",
)  # fmt: skip
ONE_NUMBER = (
    slip("sign", "the sign is the other one", sign=np.negative),
    slip("factor_two", "it is twice what it should be", scale=lambda value: 2 * value),
    slip("factor_half", "it is half of what it should be", scale=lambda value: value / 2),
)


def by_hand(id: str) -> Graph:
    """Return the graph for hand calculation with the inputs that belong to an id: short numbers that hide no slip."""
    for attempt in range(10_000):
        numbers = draws("ps04.typed", id, attempt, 6)
        x, y, z = (
            TENTHS[k % len(TENTHS)] * (1 - 2 * (sign % 2)) for k, sign in zip(numbers[:3], numbers[3:], strict=True)
        )
        n = Graph(HAND, dict(x=x, y=y, z=z))
        if telling(n) and y > z and abs(n.values["s"]) < 2.5 and np.abs(n.grads[n.grads != 0]).min() > 0.02:
            return n  # paths meet at m and at y, and nothing comes back to z
    raise AssertionError("no numbers")  # one in a dozen attempts is good


def back(n: Graph, name: str) -> str:
    """Return the question that leads on to a gradient."""
    users = n.users(name)
    if len(users) == 1:
        return f"{name} goes into {users[0]}. What is that gate's slope here, and what has come down to it?"
    return f"{name} goes into {' and '.join(users)}. What does each of them send back, and what becomes of the two?"


def without(formula: Formula, start: int, *slips: Slip) -> Formula:
    """Return a formula for what is typed: from the `start`-th value on, with the slips that people make by hand."""
    known = tuple(slip for slip in formula.slips if slip.id not in LOOPS)
    return Formula(lambda n, **places: np.array(formula.right(n, **places))[start:], (*known, *slips), ONE_NUMBER)


typed = Numbers(
    "ps04.typed",
    (
        Group("forward", 0.5, ("q", "m", "p", "r", "s", "f"), lambda n: np.array(list(n.values.values()))[3:],
              without(FORWARD, 3, *(s for s in FORWARD.slips if s.id == "absolute_values")),
              lambda n, name: f"{n.written(name)}: which numbers go in, and what does this gate do with them?",
              Graph.written, ("x", "y", "z")),
        Group("grads", 0.5, ("s", "r", "p", "m", "q", "x", "y", "z"), lambda n: n.grads[1:],
              without(SWEEP, 1,
                      slip("one_path_only", gather=lambda shares: shares[0]),
                      slip("one_path_only", gather=lambda shares: shares[-1]),
                      slip("product_for_sum", gather=prod)),
              back, lambda n, name: used(n, n.order.index(name))[0], ("f",)),
    ),
    by_hand,
    lambda n: [
        "inputs   " + ", ".join(f"{name} = {value:g}" for name, value in n.inputs.items()),
        *(f"{'forward  ' if k == 0 else '         '}{n.written(name)}" for k, (name, _, _) in enumerate(n.graph)),
        "grads    how f moves with each node: f itself has 1",
    ],
    lambda n, mark: svg.network(
        layers(n), mark=mark, edges={(arg, name): "" for name, _, args in n.graph for arg in args},
        values={**{name: f"{value:g}" for name, value in n.inputs.items()}, **{name: op for name, op, _ in n.graph}},
    ),
    DECK + '"Kettenregel" to "Zurückfließende Gradienten in einem Netz werden addiert"',
)  # fmt: skip
