"""The delta recursion: however deep the net, each layer only asks the one above how much it is to blame.

Nets of several depths and widths, sigmoid everywhere, half the squared error, one pattern at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import chain, pairwise
from typing import Any

import numpy as np

from bplib import svg
from bplib.checks import kinds, nets
from bplib.checks.kinds import Local, rows
from bplib.checks.mistakes import Formula, slip
from bplib.checks.nets import LINEAR, SIGMOID, Net
from bplib.checks.parts import Part
from bplib.checks.question import Question
from bplib.data import two_two_two

SIZES = ((3, 3, 3, 3), (4, 3, 5, 2), (3, 4, 2), (5, 4, 3, 2, 3))
ETA = 0.5


class Deep:
    """One net with a pattern, by the names of the exercise; `layer` is the one that `hidden_delta` is asked for."""

    def __init__(self, x: Any, W: list[Any], b: list[Any], target: Any, layer: int = 0) -> None:
        self.x, self.W, self.b, self.target, self.layer, self.eta = x, W, b, target, layer, ETA
        self.net = Net(rows(x), W, b, rows(target), [SIGMOID] * len(W), nets.half_squared)
        self.z = [z[0] for z in self.net.z]
        self.a = [a[0] for a in self.net.a]
        self.out = self.a[-1]

    def using(self, **values: Any) -> Deep:
        """Return a copy in which the named values are replaced, as they stand: nothing is computed again."""
        copy = Deep.__new__(Deep)
        copy.__dict__.update(self.__dict__, **values)
        return copy

    delta = cached_property(lambda self: [delta[0] for delta in self.net.delta])
    dW = cached_property(lambda self: self.net.dW)
    db = cached_property(lambda self: self.net.db)
    delta_L = cached_property(lambda self: self.delta[-1])


def draw(rng: np.random.Generator, sizes: Sequence[int], layer: int = 0) -> Deep:
    """Draw a net of order one: no zeros, no two numbers alike, and an output that misses its target."""

    def order_one(*shape: int) -> np.ndarray:
        return rng.uniform(0.2, 1.2, shape) * rng.choice([-1.0, 1.0], shape)

    while True:
        W = [order_one(below, above) for below, above in pairwise(sizes)]
        n = Deep(order_one(sizes[0]), W, [order_one(k) for k in sizes[1:]], rng.uniform(0.05, 0.95, sizes[-1]), layer)
        if np.abs(n.out - n.target).min() > 0.05 and min(np.abs(a - 0.5).min() for a in n.a) > 0.01:
            return n


def instances(seed: int) -> list[Deep]:
    """Return the deck's 2-2-2 network and random ones of other depths and widths; the first has equal widths."""
    deck = two_two_two()
    rng = np.random.default_rng(seed)
    drawn = [draw(rng, sizes, layer) for sizes, layer in zip(SIZES, (1, 0, 0, 2), strict=True)]
    return [Deep(deck.x, [deck.W1, deck.W2], [deck.b1, deck.b2], deck.target), *drawn]


def around(n: Deep, l: int) -> Local:
    """Return what surrounds layer `l`, with the learner's own values where `n` has them."""
    local = Local(n=n, x=rows(n.x), W=n.W[l], b=n.b[l], z=rows(n.z[l]), a=rows(n.a[l]), f=SIGMOID, eta=ETA)
    local.below = rows(n.a[l - 1]) if l else local.x
    local.delta, local.delta_top = rows(n.delta[l]), rows(n.delta[-1])
    local.z_below, local.f_below = local.below, LINEAR  # what enters layer 0 has no activation
    if l:
        local.W_other, local.b_other, local.z_below, local.f_below = n.W[l - 1], n.b[l - 1], rows(n.z[l - 1]), SIGMOID
        local.delta_other, local.below_other = rows(n.delta[l - 1]), rows(n.a[l - 2] if l > 1 else n.x)
    else:
        local.W_other, local.b_other, local.delta_other = n.W[-1], n.b[-1], rows(n.delta[-1])
        local.below_other = rows(n.a[0])
    if l + 1 < len(n.W):
        local.W_above, local.above, local.a_above = n.W[l + 1], rows(n.delta[l + 1]), rows(n.a[l + 1])
        local.dW_above = np.outer(n.a[l], n.delta[l + 1])
        local.slope_above = SIGMOID.slope(local.a_above)
    else:
        local.target = rows(n.target)
    return local


class One:
    """What `hidden_delta` is given: one hidden layer's activations, and what comes down to it."""

    def __init__(self, n: Deep) -> None:
        self.n, self.a, self.W_above, self.delta_above = n, n.a[n.layer], n.W[n.layer + 1], n.delta[n.layer + 1]


class Chain:
    """Sigmoid after sigmoid, `depth` of them, from a0."""

    def __init__(self, a0: float, depth: int) -> None:
        self.a0, self.depth = a0, depth

    def run(self, start: Any, depth: int, f: Any = SIGMOID.f) -> list[Any]:
        """Return the start and what each sigmoid makes of it."""
        a = [start]
        for _ in range(depth):
            a.append(f(a[-1]))
        return a

    @cached_property
    def slope(self) -> np.ndarray:
        """Return d a_depth / d a0, by complex step."""
        return nets.slopes(lambda move: self.run(self.a0 + move, self.depth)[-1], ())


def chains(seed: int) -> list[Chain]:
    """Return the deck's chain of three, and others."""
    rng = np.random.default_rng(seed)
    depths = [1, 2, 4, int(rng.integers(5, 9))]
    return [Chain(1.0, 3), *(Chain(float(rng.uniform(0.3, 2.0) * rng.choice([-1, 1])), depth) for depth in depths)]


def product(
    n: Chain, slope: Any = SIGMOID.slope, f: Any = SIGMOID.f, at: Any = lambda a: a[1:], depth: Any = lambda d: d,
    gather: Any = np.prod,
) -> Any:  # fmt: skip
    """Return what the slopes along a chain are gathered to."""
    return gather(slope(np.array(at(n.run(n.a0, depth(n.depth), f)))))


CHAIN = Formula(
    product,
    (
        slip("missing_slope", "the value of the last sigmoid is returned, not the slope of the whole chain",
             slope=lambda a: a, gather=lambda s: s[-1]),
        slip("layer_missing", "one slope is missing: the first", at=lambda a: a[2:]),
        slip("layer_missing", "one slope is missing: the last", at=lambda a: a[1:-1]),
        slip("layer_too_many", depth=lambda d: d + 1),
        slip("slope_of_tanh", slope=lambda a: 1 - a**2),
        slip("tanh_for_sigmoid", slope=lambda a: 1 - a**2, f=np.tanh),
        slip("one_minus_a", slope=lambda a: 1 - a),
        slip("slope_without_one_minus_a", slope=lambda a: a),
        slip("slope_taken_at_a", slope=lambda a: SIGMOID.slope(SIGMOID.f(a))),
        slip("slope_taken_at_z", at=lambda a: a[:-1]),
        slip("slope_twice", slope=lambda a: SIGMOID.slope(a) ** 2),
        slip("slope_of_wrong_layer", "the slope of the first sigmoid is taken for all of them",
             gather=lambda s: s[0] ** len(s)),
        slip("slope_of_wrong_layer", "the slope of the last sigmoid is taken for all of them",
             gather=lambda s: s[-1] ** len(s)),
        slip("last_only", "only the slope of the last sigmoid is left", gather=lambda s: s[-1]),
        slip("first_only", "only the slope of the first sigmoid is left", gather=lambda s: s[0]),
        slip("sum_for_product", gather=np.sum),
        slip("mean_for_sum", "the mean of the slopes is taken; along a chain they are multiplied", gather=np.mean),
    ),
)  # fmt: skip


def names(n: Deep) -> list[list[str]]:
    """Return the names of the units, layer by layer: x0, x1, ..., then a0.0, a0.1 for layer 0."""
    return [[f"x{i}" for i in range(len(n.x))], *([f"{l}.{j}" for j in range(len(a))] for l, a in enumerate(n.a))]


def picture(n: Deep, mark: tuple[str, ...]) -> svg.Drawing:
    """Draw the net with its values and the units in `mark` marked."""
    units = names(n)
    values = dict(zip(chain.from_iterable(units), np.concatenate([n.x, *n.a]), strict=True))
    return svg.network(units, values=values, mark=mark)


def unit(index: tuple[int, ...]) -> tuple[str, tuple[str, ...]]:
    """Return where entry [l][j] of a list of vectors sits: in unit j of layer l."""
    return f"layer {index[0]}, unit {index[1]}", (f"{index[0]}.{index[1]}",)


def weight(index: tuple[int, ...]) -> tuple[str, tuple[str, ...]]:
    """Return where entry [l][i, j] of a list of matrices sits: between unit i below and unit j of layer l."""
    l, i, j = index
    below = f"x{i}" if l == 0 else f"{l - 1}.{i}"
    came = f"input {i}" if l == 0 else f"unit {i} of layer {l - 1}"
    return f"layer {l}, from {came} to unit {j}", (below, f"{l}.{j}")


def question(name: str, takes: str, parts: list[Part], look: str, **options: Any) -> Question:
    """Return a question of this exercise."""
    options = dict(instances=instances, picture=picture) | options
    return Question(f"ps07.{name}", takes, parts, look=look, **options)


# In the recursion a slope can also be taken at the layer that the blame comes from.
RECURSION = kinds.HIDDEN_DELTA.but(
    slip("slope_of_wrong_layer", slope=lambda l: 1.0, gather=lambda d, W: d @ W.T,
         above=lambda l: l.above * l.slope_above),
    slip("slope_twice", "the slope of the layer above is multiplied on once more on the way down",
         above=lambda l: l.above * l.slope_above),
    slip("missing_slope",
         "the error of the layer above is handed down without that layer's own slope; what goes down is its delta",
         above=lambda l: l.above / l.slope_above),
)  # fmt: skip


def everything(count: int) -> range:
    """Return all layers, the first computed first."""
    return range(count)


forward = question(
    "forward", "x W b",
    [
        Part("z", 1.5, lambda n: n.z, "What enters this layer, and through which W does it go?", kinds.Z, around,
             unit, everything, lambda l, count: 2 * l),
        Part("a", 1.5, lambda n: n.a, "What does a unit do with its z before it passes it on?", kinds.A, around,
             unit, everything, lambda l, count: 2 * l + 1),
    ],
    'Deck 004 (Chen, NTUST), "Forward Propagation - 2"',
)  # fmt: skip

output_delta = question(
    "output_delta", "out target",
    [Part("delta_L", 2, lambda n: n.delta_L,
          "z of an output moves a little. Its output moves how much, and the loss then rises or falls?",
          kinds.OUTPUT_DELTA, lambda n, l: around(n, len(n.W) - 1))],
    'Deck 003, "5.3.2) Die Berechnung des Fehlergradienten"',
    picture=None,
)  # fmt: skip

hidden_delta = question(
    "hidden_delta", "delta_above W_above a",
    [Part("delta", 4, lambda one: one.n.delta[one.n.layer],
          "z of a hidden unit moves a little. By how much does its activation move, and which units above feel it?",
          RECURSION, lambda one, l: around(one.n, one.n.layer))],
    'Deck 003, "5.3.2) Die Berechnung des Fehlergradienten"',
    instances=lambda seed: [One(n) for n in instances(seed)],
    picture=None,
)  # fmt: skip

all_deltas = question(
    "all_deltas", "a W target",
    [
        Part("delta", 1, lambda n: n.delta, "The output has a target of its own. How do error and slope meet there?",
             kinds.OUTPUT_DELTA, around, unit, lambda count: [count - 1], lambda l, count: -l, "the output's delta"),
        Part("delta", 3, lambda n: n.delta,
             "Layer l is blamed by layer l + 1. Which W do the paths between these two run through?",
             RECURSION, around, unit, lambda count: range(count - 2, -1, -1), lambda l, count: -l, "the hidden deltas"),
    ],
    'Deck 004 (Chen, NTUST), "Backpropagation - 1"',
)  # fmt: skip

all_gradients = question(
    "all_gradients", "x a delta",
    [
        Part("dW", 3, lambda n: n.dW, "What does a weight of this layer carry up, and whose delta does it meet?",
             kinds.WEIGHT_GRADIENT, around, weight, everything),
        Part("db", 1, lambda n: n.db, "A bias is a weight. What is its input?", kinds.BIAS_GRADIENT, around, unit,
             everything),
    ],
    'Deck 003, "5.3.2) Die Berechnung des Fehlergradienten"',
)  # fmt: skip

chain_slope = question(
    "chain_slope", "a0 depth",
    [Part("slope", 1, lambda n: n.slope, "The first sigmoid passes a small change on a little smaller. And the next?",
          CHAIN, lambda n, l: n)],
    'Deck 004 (Chen, NTUST), "Backpropagation - 1"',
    instances=chains, picture=None, tried=("the deck's chain of three", "random chain"),
)  # fmt: skip
