"""Forward, a gate makes a number of its inputs; backward, it only has to know its own slopes.

What stands here as the truth is the forward pass and its complex step (`nets.slopes`): each node is moved a little, and
the end of the graph is watched. The sweep below says what a slip would give, and goes on from a learner's own numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, wraps
from math import prod
from types import SimpleNamespace
from typing import Any

import numpy as np

from bplib.checks import nets
from bplib.checks.mistakes import Formula, Slip, slip

Gate = tuple[str, str, tuple[str, ...]]  # name, operation, names of the inputs
KEYS = {"+": "plus", "*": "times", "max": "max", "exp": "exp", "inv": "inv", "sigmoid": "sigmoid"}
FORMS = {"+": " + ", "*": " * "}


# --- what a gate does --------------------------------------------------------------------------------------------


def _largest(v: Sequence[Any]) -> Any:
    """Return the largest by its real part, so that a complex step passes through."""
    top = v[0]
    for other in v[1:]:
        top = np.where(np.real(other) > np.real(top), other, top)
    return top


def sigmoid(x: Any) -> Any:
    """Return 1 / (1 + e^-x)."""
    return 1 / (1 + np.exp(-x))


# What a gate makes of its inputs; complex inputs are welcome.
GATES: dict[str, Callable[[Sequence[Any]], Any]] = {
    "+": sum,
    "*": prod,
    "max": _largest,
    "exp": lambda v: np.exp(v[0]),
    "inv": lambda v: 1 / v[0],
    "sigmoid": lambda v: sigmoid(v[0]),
}


def others(v: Sequence[float]) -> list[float]:
    """Return for each factor the product of all the others."""
    return [prod(v[:i]) * prod(v[i + 1 :]) for i in range(len(v))]


def at(v: Sequence[float], key: Callable[[Sequence[float]], float]) -> list[float]:
    """Return 1 for the entry that `key` gives, 0 for the others."""
    return [float(x == key(v)) for x in v]


# The slopes of a gate from its inputs v and its output s: only for what follows from a slip, or from own numbers.
SLOPES: dict[str, Callable[[Sequence[float], float], list[float]]] = {
    "+": lambda v, s: [1.0] * len(v),
    "*": lambda v, s: others(v),
    "max": lambda v, s: at(v, max),
    "exp": lambda v, s: [s],
    "inv": lambda v, s: [-1 / v[0] ** 2],
    "sigmoid": lambda v, s: [s * (1 - s)],
}


class Graph:
    """A graph with its numbers; slopes are computed when they are asked for.

    Parameters
    ----------
    graph : list of (name, operation, names of the inputs)
        In the order of computation; the last gate is the output.
    inputs : dict
        Name of each input to its value.
    own_values, own_grads : dict
        Numbers that a learner found for some nodes: what comes after them is computed from these.
    """

    def __init__(
        self,
        graph: Sequence[Gate],
        inputs: Mapping[str, float],
        own_values: Mapping[str, float] | None = None,
        own_grads: Mapping[str, float] | None = None,
    ) -> None:
        self.graph, self.inputs = list(graph), dict(inputs)
        self.own_values, self.own_grads = own_values or {}, own_grads or {}
        self.names = (*self.inputs, *(name for name, _, _ in self.graph))  # in the order of computation
        self.order = (*(name for name, _, _ in self.graph[::-1]), *self.inputs)  # in which gradients are complete

    def using(self, own: Mapping[str, Mapping[str, float]]) -> Graph:
        """Return the same graph with a learner's own numbers in it: own['forward'] and own['grads'], by name."""
        return Graph(self.graph, self.inputs, own["forward"], own["grads"])

    @cached_property
    def values(self) -> dict[str, float]:
        """Return the value of every node."""
        return dict(zip(self.names, map(float, forward(self)), strict=True))

    @cached_property
    def grads(self) -> np.ndarray:
        """Return d output / d node for every node of `order`, by complex step."""

        def output(moves: np.ndarray) -> np.ndarray:
            moved = {name: value + moves[:, self.order.index(name)] for name, value in self.inputs.items()}
            for name, op, args in self.graph:
                moved[name] = GATES[op]([moved[arg] for arg in args]) + moves[:, self.order.index(name)]
            return moved[self.graph[-1][0]]

        return nets.slopes(output, (len(self.order),))

    @cached_property
    def nodes(self) -> list[SimpleNamespace]:
        """Return the gates, the output first, with places in `order` for names."""
        place = {name: k for k, name in enumerate(self.order)}
        values = {**self.values, **self.own_values}
        nodes = []
        for name, op, args in self.graph[::-1]:
            v, s = [values[arg] for arg in args], values[name]
            args_at = [place[arg] for arg in args]
            nodes.append(SimpleNamespace(at=place[name], op=op, args=args_at, v=v, s=s, slopes=SLOPES[op](v, s)))
        return nodes

    def is_max(self, name: str) -> bool:
        """Say whether a node is a max gate, whose value is one of its inputs'."""
        return any(gate == name and op == "max" for gate, op, _ in self.graph)

    def written(self, name: str) -> str:
        """Return how a gate is made: 'q = x + y'."""
        op, args = next((op, args) for gate, op, args in self.graph if gate == name)
        return f"{name} = " + (FORMS[op].join(args) if op in FORMS else f"{op}({', '.join(args)})")

    def users(self, name: str) -> list[str]:
        """Return the gates that a node goes into, as they are written."""
        return [self.written(gate) for gate, _, args in self.graph if name in args]


def read(text: str) -> list[Gate]:
    """Read a graph: 'q = x + y; f = exp(q)'."""
    graph = []
    for line in text.split(";"):
        name, what = (part.strip() for part in line.split(" = "))
        if "(" in what:
            op, args = what.rstrip(")").split("(")
            graph.append((name, op, tuple(arg.strip() for arg in args.split(","))))
        else:
            op = "+" if "+" in what else "*"
            graph.append((name, op, tuple(arg.strip() for arg in what.split(op))))
    return graph


def given(graph: Sequence[Gate]) -> list[str]:
    """Return the names of a graph's inputs, as they first come."""
    made = {name for name, _, _ in graph}
    return list(dict.fromkeys(arg for _, _, args in graph for arg in args if arg not in made))


# --- forward -----------------------------------------------------------------------------------------------------


def finite(right: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that refuses with a ValueError where Python itself cannot go on: 1 / 0, or 10.0 ** 400."""

    @wraps(right)
    def refusing(*args: Any, **places: Any) -> Any:
        try:
            return right(*args, **places)
        except ArithmeticError as fault:
            raise ValueError("these numbers lead nowhere") from fault

    return refusing


@finite
def forward(n: Graph, each: Any = lambda value: value, memory: bool = False, **ops: Any) -> list[float]:
    """Return what a forward pass finds for every node of `n.names`, with other functions for some gates.

    Where a learner has found a number already, the pass goes on from that one.
    """
    values, found, total = dict(n.inputs), list(n.inputs.values()), 0.0
    values.update((name, n.own_values[name]) for name in n.inputs if name in n.own_values)
    for name, op, args in n.graph:
        value = each(ops.get(KEYS[op], GATES[op])([values[arg] for arg in args]))
        if memory and op == "+":
            value = total = value + total
        found.append(value)
        values[name] = n.own_values.get(name, value)
    return found


class Few(Formula):
    """A formula with so many slips that only the first one of each id is tried in pairs."""

    def pairs(self) -> Iterator[tuple[Slip, Slip]]:
        """Yield every two slips of different ids that sit in different places."""
        firsts = {slip.id: slip for slip in reversed(self.known)}
        return Formula(self.right, tuple(reversed(firsts.values())), ()).pairs()


FORWARD = Few(
    forward,
    (
        slip("product_for_sum", "+ multiplies its inputs; a sum gate adds them", plus=prod),
        slip("mean_for_sum", "+ takes the mean of its inputs; a sum gate adds them", plus=lambda v: sum(v) / len(v)),
        slip("sum_for_product", "* adds its inputs; a product gate multiplies them", times=sum),
        slip("sum_for_each", "a sum goes on from the sum before it: the running total is not set back to 0",
             memory=True),
        slip("first_only", "max is always its first input; the largest one belongs there", max=lambda v: v[0]),
        slip("last_only", "max is always its last input; the largest one belongs there", max=lambda v: v[-1]),
        slip("first_only", "+ keeps its first input only; a sum gate adds them all", plus=lambda v: v[0]),
        slip("first_only", "* keeps its first input only; a product gate multiplies them all", times=lambda v: v[0]),
        slip("first_two_only", "+ adds its first two inputs only; it may have more", plus=lambda v: sum(v[:2])),
        slip("first_two_only", "* multiplies its first two inputs only; it may have more", times=lambda v: prod(v[:2])),
        slip("first_two_only", "max looks at its first two inputs only; it may have more", max=lambda v: max(v[:2])),
        slip("smallest_for_largest", "max takes the smallest of its inputs; the largest one belongs there", max=min),
        slip("absolute_values", "max compares sizes without their signs; -3 is less than 2",
             max=lambda v: max(v, key=abs)),
        slip("absolute_values", "max gives the largest size, without its sign", max=lambda v: max(map(abs, v))),
        slip("sum_for_max", max=sum),
        slip("sum_for_max", "max takes the mean of its inputs; it lets the largest one through, alone",
             max=lambda v: sum(v) / len(v)),
        slip("inverse_sign", "the sign of 1 / x is the other one: inv keeps the sign of its input",
             inv=lambda v: -1 / v[0]),
        slip("negative_for_inverse", inv=lambda v: -v[0]),
        slip("gate_passed_by", "inv hands its input on as it is", inv=lambda v: v[0]),
        slip("slope_for_value", "inv gives the slope of 1 / x; its value is 1 / x itself",
             inv=lambda v: -1 / v[0] ** 2),
        slip("gate_passed_by", "exp hands its input on as it is", exp=lambda v: v[0]),
        slip("other_base", exp=lambda v: 10.0 ** v[0]),
        slip("other_base", "exp takes 2 as its base; it is e, about 2.718", exp=lambda v: 2.0 ** v[0]),
        slip("other_base", "exp is taken as 1 + x, its first two terms; np.exp has them all", exp=lambda v: 1 + v[0]),
        slip("exp_of_minus_x", exp=lambda v: np.exp(-v[0])),
        slip("no_activation", "sigmoid hands its input on as it is", sigmoid=lambda v: v[0]),
        slip("sigmoid_of_minus_z", sigmoid=lambda v: sigmoid(-v[0])),
        slip("tanh_for_sigmoid", sigmoid=lambda v: np.tanh(v[0])),
        slip("relu_for_sigmoid", sigmoid=lambda v: max(v[0], 0.0)),
        slip("slope_for_value", sigmoid=lambda v: sigmoid(v[0]) * (1 - sigmoid(v[0]))),
        slip("activation_twice", sigmoid=lambda v: sigmoid(sigmoid(v[0]))),
        slip("exp_for_sigmoid", sigmoid=lambda v: np.exp(-v[0])),
        slip("exp_for_sigmoid", "1 + exp(-x) is given; the sigmoid is 1 divided by that",
             sigmoid=lambda v: 1 + np.exp(-v[0])),
        *(slip("rounded_on_the_way", f"every value is rounded to {d} decimal{'s' * (d > 1)}, and the next ones "
               "are made from the rounded values; keep all digits", each=lambda value, d=d: round(float(value), d))
          for d in (1, 2, 3, 4, 5, 6)),
        slip("float32", each=lambda value: float(np.float32(value))),
    ),
    anywhere=(),
)  # fmt: skip


# --- backward ----------------------------------------------------------------------------------------------------


def backwards(n: Graph) -> Iterator[tuple[Any, Iterable[int]]]:
    """Visit every gate once, the output first, and pass its gradient on to all its inputs."""
    for node in n.nodes:
        yield node, range(len(node.args))


@finite
def sweep(
    n: Graph,
    walk: Any = backwards,
    start: Any = lambda n: (1.0, 0.0),
    gate: Any = zip,
    share: Any = lambda up, d, op: up * d,
    put: Any = lambda shares, share, op: shares.append(share),
    gather: Any = sum,
    spoil: Any = None,
    keeps: bool = False,
    **rules: Any,
) -> np.ndarray:
    """Return what a sweep finds for every node of `n.order`; each place is one thing that a learner may do otherwise.

    `start` gives the output's own gradient and that of all others, `gate` pairs inputs with slopes, `share` is what
    goes to one input, `put` adds it to the shares there, and `gather` makes a gradient from them. `spoil` is what
    becomes of a gate's own gradient while it is passed on, and `keeps` says that it is stored so. Further places are
    the gates' slopes. Where a learner has found a gradient already, the sweep goes on from that one.
    """
    own = {k: n.own_grads[name] for k, name in enumerate(n.order) if name in n.own_grads}
    top, rest = start(n)
    shares: list[list[float]] = [[rest] if rest else [] for _ in n.order]
    shares[0] = [top]
    for node, which in walk(n):
        key = KEYS[node.op]
        slopes = rules[key](node.v, node.s) if key in rules else node.slopes
        up = own[node.at] if node.at in own else gather(shares[node.at]) if shares[node.at] else 0.0
        for k, (arg, d) in enumerate(gate(node.args, slopes)):
            if k in which:
                up = spoil(up, d) if spoil else up
                put(shares[arg], share(up, d, node.op), node.op)
        if keeps:
            shares[node.at] = [up]
    return np.array([gather(parts) if parts else 0.0 for parts in shares])


def forwards(n: Graph) -> Iterator[tuple[Any, Iterable[int]]]:
    """Visit the gates from the inputs on."""
    for node in n.nodes[::-1]:
        yield node, range(len(node.args))


def at_once(n: Graph, whole: bool) -> Iterator[tuple[Any, Iterable[int]]]:
    """Go on into each input as soon as something has arrived there, whatever else may still come."""
    nodes = {node.at: node for node in n.nodes}

    def into(k: int) -> Iterator[tuple[Any, Iterable[int]]]:
        node = nodes.get(k)
        if node is None:
            return
        if whole:
            yield node, range(len(node.args))
        for i, arg in enumerate(node.args):
            if not whole:
                yield node, (i,)
            yield from into(arg)

    return into(0)


def queue(n: Graph, last: bool, once: bool) -> Iterator[tuple[Any, Iterable[int]]]:
    """Visit gates from a list of what is still to do, from its front or its end; perhaps each one only once."""
    nodes = {node.at: node for node in n.nodes}
    todo, seen = [0], {0}
    while todo:
        node = nodes.get(todo.pop(-1 if last else 0))
        if node is None:
            continue
        yield node, range(len(node.args))
        for arg in node.args:
            if not once or arg not in seen:
                todo.append(arg)
                seen.add(arg)


def but_one(n: Graph, which: int) -> Iterator[tuple[Any, Iterable[int]]]:
    """Leave out the first or the last gate of the list."""
    for node in n.nodes[:-1] if which == 0 else n.nodes[1:]:
        yield node, range(len(node.args))


def overwrite(shares: list[float], share: float, op: str) -> None:
    """Keep the newest share alone."""
    shares[:] = [share]


def overwrite_at(*ops: str) -> Callable[[list[float], float, str], None]:
    """Keep the newest share alone, if it comes from one of these gates."""
    return lambda shares, share, op: overwrite(shares, share, op) if op in ops else shares.append(share)


def forget_at(*ops: str) -> Callable[[float, float, str], float]:
    """Leave out what comes from above, at some gates."""
    return lambda up, d, op: d if op in ops else up * d


# Slopes that are not the gate's, for a list of slopes as for a whole sweep.
LOCAL = (
    slip("sum_local_wrong", plus=lambda v, s: list(v)),
    slip("sum_local_wrong", "the slope of a sum is 1 for each of its terms; here it is the other term, as in a product",
         plus=lambda v, s: others(v)),
    slip("value_for_slope", "a sum gate gives its own value as its slope; it is 1 for each term",
         plus=lambda v, s: [s] * len(v)),
    slip("sum_local_wrong", "the slope of a sum is 1 for each of its terms; here it is 0",
         plus=lambda v, s: [0.0] * len(v)),
    slip("mean_for_sum", "each term of a sum gets 1/n; that is the slope of a mean, a sum passes 1 to each term",
         plus=lambda v, s: [1 / len(v)] * len(v)),
    slip("own_factor", times=lambda v, s: list(v)),
    slip("value_for_slope", "each factor gets the whole product; its own value is to be left out of it",
         times=lambda v, s: [s] * len(v)),
    slip("missing_slope", "a product passes the gradient on as it is, as a sum does; each factor gets the other one",
         times=lambda v, s: [1.0] * len(v)),
    slip("sum_for_product", "the other factors are added; they are multiplied with each other",
         times=lambda v, s: [sum(v) - x for x in v]),
    slip("max_to_both", max=lambda v, s: [1.0] * len(v)),
    slip("max_to_both", "max shares the slope out evenly; the largest input gets all of it, the others get 0",
         max=lambda v, s: [1 / len(v)] * len(v)),
    slip("max_to_wrong", max=lambda v, s: at(v, min)),
    slip("max_to_wrong", "max passes the slope to all the inputs that are not the largest; it goes to the largest one",
         max=lambda v, s: [float(x != max(v)) for x in v]),
    slip("max_to_wrong", "max passes the slope to its first input always; it goes to the largest one",
         max=lambda v, s: [1.0] + [0.0] * (len(v) - 1)),
    slip("max_to_wrong", "max passes the slope to its last input always; it goes to the largest one",
         max=lambda v, s: [0.0] * (len(v) - 1) + [1.0]),
    slip("max_to_wrong", "max compares sizes without their signs, and so passes the slope to the wrong input",
         max=lambda v, s: [float(abs(x) == max(map(abs, v))) for x in v]),
    slip("max_to_wrong", "max passes the slope to nobody; the largest input gets all of it",
         max=lambda v, s: [0.0] * len(v)),
    slip("value_for_slope", "max passes its own value to the largest input; the slope there is 1",
         max=lambda v, s: [x * w for x, w in zip(v, at(v, max), strict=True)]),
    slip("value_for_slope", "max passes each input its own value; the slope is 1 for the largest, 0 for the others",
         max=lambda v, s: list(v)),
    slip("max_to_both", "max shares the slope out as a softmax does; the largest input gets all of it",
         max=lambda v, s: list(np.exp(v) / np.exp(v).sum())),
    slip("exp_of_output", "exp is applied once more, to the gate's output; that output is the slope already",
         exp=lambda v, s: [np.exp(s)]),
    slip("exp_of_output", "the input x stands where exp(x) belongs, the gate's output", exp=lambda v, s: list(v)),
    slip("exp_of_output", "the rule for powers is used on exp; the slope of exp(x) is exp(x)",
         exp=lambda v, s: [v[0] * np.exp(v[0] - 1)]),
    slip("missing_slope", "exp passes the gradient on as it is; its slope is exp(x)", exp=lambda v, s: [1.0]),
    slip("exp_of_output", "the slope has x * exp(x); it is exp(x) alone", exp=lambda v, s: [v[0] * s]),
    slip("exp_of_output", "the slope has a minus; that of exp(x) is exp(x)", exp=lambda v, s: [-s]),
    slip("inverse_sign", inv=lambda v, s: [1 / v[0] ** 2]),
    slip("inverse_at_output", inv=lambda v, s: [-1 / s**2]),
    slip("inverse_not_squared", inv=lambda v, s: [-1 / v[0]]),
    slip("value_for_slope", "1 / x itself stands where its slope -1 / x**2 belongs", inv=lambda v, s: [1 / v[0]]),
    slip("inverse_logarithm", inv=lambda v, s: [np.log(abs(v[0]))]),
    slip("missing_slope", "inv passes the gradient on as it is; its slope is -1 / x**2", inv=lambda v, s: [1.0]),
    slip("inverse_at_output", "x**2 stands where 1 / x**2 belongs, and the minus is missing",
         inv=lambda v, s: [v[0] ** 2]),
    slip("inverse_sign", "inv only turns the sign; its slope is -1 / x**2", inv=lambda v, s: [-1.0]),
    slip("sigmoid_local_at_input", sigmoid=lambda v, s: [v[0] * (1 - v[0])]),
    slip("slope_taken_at_a", sigmoid=lambda v, s: [sigmoid(s) * (1 - sigmoid(s))]),
    slip("slope_of_tanh", sigmoid=lambda v, s: [1 - s**2]),
    slip("one_minus_a", sigmoid=lambda v, s: [1 - s]),
    slip("slope_without_one_minus_a", sigmoid=lambda v, s: [s]),
    slip("missing_slope", "sigmoid passes the gradient on as it is; its slope is s * (1 - s)",
         sigmoid=lambda v, s: [1.0]),
    slip("slope_squared_sign", "s * (s - 1) is taken; the slope of the sigmoid is s * (1 - s), never negative",
         sigmoid=lambda v, s: [s * (s - 1)]),
    slip("slope_squared_sign", "s * (1 + s) is taken; the slope of the sigmoid is s * (1 - s)",
         sigmoid=lambda v, s: [s * (1 + s)]),
    slip("slope_twice", "the slope of the sigmoid is multiplied on twice", sigmoid=lambda v, s: [(s * (1 - s)) ** 2]),
    slip("slope_of_relu", "1 for positive and 0 for other inputs is the slope of ReLU; this gate is a sigmoid",
         sigmoid=lambda v, s: [float(v[0] > 0)]),
    slip("slope_squared_sign", "the slope is negative for negative inputs; a sigmoid rises everywhere",
         sigmoid=lambda v, s: [s * (1 - s) * np.sign(v[0])]),
)  # fmt: skip

SWEEP = Few(
    sweep,
    (
        slip("overwritten_where_paths_meet", put=overwrite),
        slip("overwritten_where_paths_meet", "a node that goes into the same gate twice is counted once, as in x * x",
             gate=lambda args, slopes: dict(zip(args, slopes, strict=True)).items()),
        *(slip("overwritten_where_paths_meet", f"at {op} the new share overwrites what came along other paths (=)",
               put=overwrite_at(op)) for op in KEYS),
        slip("overwritten_where_paths_meet", "at gates with one input the new share overwrites the others (=)",
             put=overwrite_at("exp", "inv", "sigmoid")),
        slip("one_path_only", "only the first share that arrives is kept; every path adds its own",
             gather=lambda shares: shares[0]),
        slip("max_for_sum", "where paths meet, only the largest share is kept", gather=max),
        slip("max_for_sum", "where paths meet, only the largest share is kept, and none below 0",
             gather=lambda shares: max(0.0, *shares)),
        slip("max_for_sum", "where paths meet, only the share of the largest size is kept",
             gather=lambda shares: max(shares, key=abs)),
        slip("mean_for_sum", "where paths meet, the mean of the shares is taken; they are added",
             gather=lambda shares: sum(shares) / len(shares)),
        slip("product_for_sum", gather=prod),
        slip("absolute_values", share=lambda up, d, op: abs(up * d)),
        slip("upstream_forgotten", share=lambda up, d, op: d),
        *(slip("upstream_forgotten", f"{op} passes on its own slope alone; multiply it by what comes from above",
               share=forget_at(op)) for op in KEYS),
        slip("upstream_forgotten", "gates with one input pass on their slope alone; multiply it by what comes down",
             share=forget_at("exp", "inv", "sigmoid")),
        slip("sum_for_product", "a gate's slope is added to what comes from above; along a path they are multiplied",
             share=lambda up, d, op: up + d),
        *(slip("rounded_on_the_way", f"what is passed on is rounded to {d} decimal{'s' * (d > 1)}; keep all digits",
               share=lambda up, d, op, digits=d: round(float(up * d), digits)) for d in (1, 2, 3, 4, 5, 6)),
        slip("local_overwrites_upstream", share=lambda up, d, op: d, put=overwrite),
        slip("local_overwrites_upstream", "the gate's gradient is changed by its first input's slope before the second "
             "one gets its share", spoil=lambda up, d: up * d, share=lambda up, d, op: up),
        slip("local_overwrites_upstream", "the gate's own gradient is multiplied with its slopes, where it is stored, "
             "before it is passed on",
             spoil=lambda up, d: up * d, share=lambda up, d, op: up, keeps=True),
        slip("first_only", "only the first input of a gate gets its share",
             gate=lambda args, slopes: list(zip(args, slopes, strict=True))[:1]),
        slip("last_only", "only the last input of a gate gets its share",
             gate=lambda args, slopes: list(zip(args, slopes, strict=True))[-1:]),
        slip("first_two_only", "only the first two inputs of a gate get their share; it may have more",
             gate=lambda args, slopes: list(zip(args, slopes, strict=True))[:2]),
        slip("first_only", "all inputs of a gate get the first one's slope",
             gate=lambda args, slopes: [(arg, slopes[0]) for arg in args]),
        slip("values_exchanged", "the inputs of a gate get their slopes in reverse order",
             gate=lambda args, slopes: zip(args, slopes[::-1], strict=True)),
        slip("start_not_one", "no gradient is set at the output, so nothing comes down: d output / d output is 1",
             start=lambda n: (0.0, 0.0), credit=False),
        slip("start_not_one", start=lambda n: (n.nodes[0].s, 0.0)),
        slip("all_start_at_one", start=lambda n: (1.0, 1.0)),
        slip("list_reversed", "the gates are visited from the first to the last; gradients come from the output, "
             "so start there", walk=forwards),
        slip("passed_on_too_early", walk=lambda n: at_once(n, whole=False)),
        slip("passed_on_too_early", walk=lambda n: at_once(n, whole=True)),
        *(slip("passed_on_too_early", "a gate passes its gradient on before all paths have brought theirs",
               walk=lambda n, last=last, once=once: queue(n, last, once))
          for last in (False, True) for once in (False, True)),
        slip("gate_left_out", "the first gate of the list is left out of the sweep: does the loop end one too early?",
             walk=lambda n: but_one(n, 0)),
        slip("gate_left_out", walk=lambda n: but_one(n, -1)),
        *LOCAL,
    ),
)  # fmt: skip


@finite
def one_gate(n: Any, turn: Any = lambda slopes: slopes, **rules: Any) -> np.ndarray:
    """Return the slopes of one gate."""
    return np.array(turn(rules.get(KEYS[n.op], SLOPES[n.op])(n.v, n.s)))


ONE_GATES = Few(
    one_gate,
    (*LOCAL, slip("list_reversed", "the list is turned round; its first entry belongs to the first input",
                  turn=lambda slopes: slopes[::-1])),
)  # fmt: skip
