"""The 2-2-2 network: eight weights and four biases are few enough to move each one a little and look at the loss.

That is what stands here as the truth: a forward pass, and the complex-step derivative of its loss (`nets`).
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from bplib import svg
from bplib.checks import compare, kinds, nets
from bplib.checks.kinds import Local, rows
from bplib.checks.mistakes import Formula, slip
from bplib.checks.nets import LINEAR, SIGMOID, Net
from bplib.checks.parts import Aspect, Part
from bplib.checks.question import Question
from bplib.data import two_two_two

UNITS = (("i1", "i2"), ("h1", "h2"), ("o1", "o2"))
ETA = 0.5


class Network:
    """One 2-2-2 network with a sample, by the names of the exercise; its slopes are computed when asked for."""

    def __init__(self, x: Any, W1: Any, b1: Any, W2: Any, b2: Any, target: Any, eta: float = ETA) -> None:
        self.x, self.W1, self.b1, self.W2, self.b2, self.target, self.eta = x, W1, b1, W2, b2, target, eta
        self.net = Net(rows(x), [W1, W2], [b1, b2], rows(target), [SIGMOID, SIGMOID], nets.half_squared)
        self.z1, self.a1, self.z2, self.out = self.net.z[0][0], self.net.a[0][0], self.net.z[1][0], self.net.a[1][0]
        self.parts = 0.5 * (self.out - target) ** 2

    def using(self, **values: Any) -> Network:
        """Return a copy in which the named values are replaced, as they stand: nothing is computed again."""
        copy = Network.__new__(Network)
        copy.__dict__.update(self.__dict__, **values)
        return copy

    dW1 = cached_property(lambda self: self.net.dW[0])
    db1 = cached_property(lambda self: self.net.db[0])
    dW2 = cached_property(lambda self: self.net.dW[1])
    db2 = cached_property(lambda self: self.net.db[1])
    delta1 = cached_property(lambda self: self.net.delta[0][0])
    delta2 = cached_property(lambda self: self.net.delta[1][0])
    delta = cached_property(lambda self: self.delta1)  # of the layer whose bias is shared
    params = cached_property(lambda self: (self.W1, self.b1, self.W2, self.b2))
    grads = cached_property(lambda self: (self.dW1, self.db1, self.dW2, self.db2))

    @cached_property
    def shared(self) -> np.ndarray:
        """Return d loss / d b when both hidden units have one and the same bias b."""
        return nets.slopes(lambda b: self.net.loss("b", 0, b[:, None]), ())


def draw(rng: np.random.Generator) -> Network:
    """Draw a network of order one: no zeros, no two numbers alike, and an output that misses its target."""

    def order_one(*shape: int) -> np.ndarray:
        return rng.uniform(0.2, 1.2, shape) * rng.choice([-1.0, 1.0], shape)

    while True:
        n = Network(
            order_one(2), order_one(2, 2), order_one(2), order_one(2, 2), order_one(2), rng.uniform(0.05, 0.95, 2),
            eta=float(rng.uniform(0.1, 0.9)),
        )  # fmt: skip
        if np.abs(n.out - n.target).min() > 0.05 and np.abs(n.a1 - 0.5).min() > 0.02:
            return n


def instances(seed: int) -> list[Network]:
    """Return the deck's network and four random ones."""
    deck = two_two_two()
    rng = np.random.default_rng(seed)
    return [Network(deck.x, deck.W1, deck.b1, deck.W2, deck.b2, deck.target), *(draw(rng) for _ in range(4))]


def picture(n: Network, mark: tuple[str, ...]) -> svg.Drawing:
    """Draw the network with the units in `mark` marked."""
    edges = {}
    for (below, above), W in zip(((UNITS[0], UNITS[1]), (UNITS[1], UNITS[2])), (n.W1, n.W2), strict=True):
        edges |= {(below[i], above[j]): W[i, j] for i in range(2) for j in range(2)}
    values = dict(zip(sum(UNITS, ()), np.concatenate([n.x, n.a1, n.out]), strict=True))
    return svg.network([list(layer) for layer in UNITS], values=values, edges=edges, mark=mark)


def unit(layer: int) -> Any:
    """Return where entry [j] of a layer's vector sits: in its unit j."""
    return lambda index: (f"unit {UNITS[layer][index[0]]}", (UNITS[layer][index[0]],))


def weight(layer: int) -> Any:
    """Return where entry [i, j] of a weight matrix sits: between unit i below and unit j above."""

    def where(index: tuple[int, ...]) -> tuple[str, tuple[str, ...]]:
        below, above = UNITS[layer - 1][index[0]], UNITS[layer][index[1]]
        return f"w{4 * (layer - 1) + 2 * index[1] + index[0] + 1}, from {below} to {above}", (below, above)

    return where


FAINT = 1e-9  # blame so small that an update made with it changes no weight


def alike(values: list[np.ndarray | None]) -> bool:
    """Say whether all `values` are there, agree to five digits and are not zero."""
    if any(value is None or not np.isfinite(value).all() for value in values):
        return False
    scale = np.abs(values[0]).max()
    return scale > 1e-6 and all(np.abs(value - values[0]).max() <= 1e-5 * scale for value in values)


def divided(answers: list[tuple[np.ndarray, Any]]) -> list[np.ndarray | None]:
    """Divide each answer by the factor that should be in it; None where there is no answer to divide."""
    usable = [(factor, *compare.usable(answer, (2,), "")) for factor, answer in answers]
    return [None if wrong else answer / factor for factor, answer, wrong in usable]


def error_counts(ask: Any, n: Network) -> bool:
    """Divide the answer by out - target, for three errors: if the error enters once, the rest stays the same."""
    errors = (np.array([0.3, -0.2]), np.array([-0.4, 0.3]), np.array([0.2, 0.5]))
    return alike(divided([(error, ask(target=n.out - error)) for error in errors]))


def output_slope_counts(ask: Any, n: Network) -> bool:
    """Divide the answer by out (1 - out), for three outputs that miss their targets equally."""
    outs = (n.out, 0.3 + 0.1 * n.out, n.out[::-1] ** 2)
    return alike(divided([(out * (1 - out), ask(out=out, target=out - 0.3)) for out in outs]))


def both_outputs_count(ask: Any, n: Network) -> bool:
    """Let the blame come from one output alone, then from the other: each must arrive times its own weight."""
    return alike(divided([(FAINT * n.W2[:, k], ask(delta2=FAINT * np.eye(2)[k])) for k in range(2)]))


def hidden_slope_counts(ask: Any, n: Network) -> bool:
    """Divide the answer by a1 (1 - a1), for three activations and the same blame."""
    activations = (n.a1, 0.3 + 0.1 * n.a1, n.a1[::-1] ** 2)
    return alike(divided([(FAINT * a1 * (1 - a1), ask(a1=a1, delta2=FAINT * n.delta2)) for a1 in activations]))


def hidden(n: Network, layer: int = 0) -> Local:
    """Return what surrounds the hidden layer."""
    x = rows(n.x)
    return Local(
        n=n, below=x, x=x, z_below=x, f_below=LINEAR,
        W=n.W1, b=n.b1, W_other=n.W2, b_other=n.b2, z=rows(n.z1), a=rows(n.a1),
        f=SIGMOID, W_above=n.W2, above=rows(n.delta2), a_above=rows(n.out), eta=n.eta,
        dW_above=np.outer(n.a1, n.delta2), delta=rows(n.delta1), delta_other=rows(n.delta2), below_other=rows(n.a1),
    )  # fmt: skip


def output(n: Network, layer: int = 1) -> Local:
    """Return what surrounds the output layer."""
    return Local(
        n=n, below=rows(n.a1), z_below=rows(n.z1), f_below=SIGMOID, x=rows(n.x), W=n.W2, b=n.b2, W_other=n.W1,
        b_other=n.b1, z=rows(n.z2), a=rows(n.out), target=rows(n.target), f=SIGMOID, delta=rows(n.delta2),
        delta_other=rows(n.delta1), below_other=rows(n.x),
    )  # fmt: skip


# Two by two, a reshape and a transpose are the same; of two units, the mean is the half, and all but one are one.
Z = kinds.Z.but(without=("reshaped_for_transposed",))
OUTPUT_DELTA = kinds.OUTPUT_DELTA.but(without=("n_times_k",))
HIDDEN_DELTA = kinds.HIDDEN_DELTA.but(without=("reshaped_for_transposed", "first_missed", "last_missed"))
WEIGHT_GRADIENT = kinds.WEIGHT_GRADIENT.but(without=("reshaped_for_transposed", "n_times_k"))
BIAS_GRADIENT = kinds.BIAS_GRADIENT.but(without=("n_times_k",))
WEIGHT_STEP = kinds.WEIGHT_STEP.but(without=("reshaped_for_transposed",))


def _half_squared(
    n: Any, error: Any = lambda n: n.out - n.target, power: Any = np.square, half: float = 0.5, each: Any = np.positive
) -> Any:
    return each(half * power(error(n)))


HALF_SQUARED = Formula(
    _half_squared,
    (
        slip("square_for_half_square", half=1.0),
        slip("not_squared", power=np.positive),
        slip("not_squared", power=np.negative),
        slip("absolute", power=np.abs),
        slip("sum_for_each", each=lambda parts: np.full(2, parts.sum())),
        slip("target_only", error=lambda n: n.target),
        slip("output_only", error=lambda n: n.out),
        slip("sum_of_output_and_target", error=lambda n: n.out + n.target),
        slip("difference_of_squares", error=lambda n: n.out**2 - n.target**2, power=np.positive),
    ),
).but(without=("factor_two",))
SHARED = Formula(
    lambda n, gather=np.sum: gather(n.delta),
    (
        slip("mean_for_sum", gather=np.mean),
        slip("first_only", "only the first unit is counted", gather=lambda d: d[0]),
        slip("last_only", "only the last unit is counted", gather=lambda d: d[1]),
        slip("product_for_sum", gather=np.prod),
        slip("max_for_sum", gather=np.max),
        slip("absolute_values", gather=lambda d: np.abs(d).sum()),
        slip("bias_gradient_zero", gather=lambda d: 0.0, credit=False),
    ),
)


def forward_values() -> list[Part]:
    """Return the parts of the forward pass."""
    return [
        Part("z1", 1, lambda n: n.z1, "w1 and w2 both lead into h1. In which column of W1 do they stand?",
             Z, hidden, unit(1)),
        Part("a1", 0.5, lambda n: n.a1, "What does a unit do with its z before it passes it on?",
             kinds.A, hidden, unit(1)),
        Part("z2", 1, lambda n: n.z2, "What reaches o1 from below: z1 or a1? What is added?", Z, output, unit(2)),
        Part("out", 0.5, lambda n: n.out, "Between which two numbers must every output lie?", kinds.A, output, unit(2)),
    ]  # fmt: skip


def question(
    name: str, takes: str, parts: list[Part], look: str, aspects: tuple[Aspect, ...] = (), **options: Any
) -> Question:
    """Return a question of this exercise."""
    return Question(
        f"ps06.{name}", takes, parts, instances, f"Deck 004 (Chen, NTUST), {look}", aspects, picture, **options
    )


forward = question("forward", "x W1 b1 W2 b2", forward_values(), '"Forward Propagation - 2"')

half_squared = question(
    "half_squared", "out target",
    [Part("parts", 1, lambda n: n.parts, "The deck puts one factor before the square. Which one?", HALF_SQUARED,
          where=unit(2))],
    '"Mean Squared Error"',
)  # fmt: skip

output_delta = question(
    "output_delta", "out target",
    [Part("delta2", 3, lambda n: n.delta2,
          "z of o1 moves a little. Its output moves how much, and the loss then rises or falls?",
          OUTPUT_DELTA, output, unit(2))],
    '"Update the Model Parameters! - 3", "- 4" and "- 12"',
    (
        Aspect(1.5, "the error of each output enters once", error_counts),
        Aspect(0.5, "the slope of each output's sigmoid", output_slope_counts),
    ),
)  # fmt: skip

hidden_delta = question(
    "hidden_delta", "delta2 W2 a1",
    [Part("delta1", 4, lambda n: n.delta1,
          "z of h1 moves a little. By how much does its activation move, and which outputs feel it?",
          HIDDEN_DELTA, hidden, unit(1))],
    '"Update the Model Parameters! - 7" to "- 12", "Backpropagation - 1"',
    (
        Aspect(2, "the sum runs over both outputs, each with its weight", both_outputs_count),
        Aspect(1, "the slope of each hidden unit's sigmoid", hidden_slope_counts),
    ),
)  # fmt: skip

gradients = question(
    "gradients", "x a1 delta1 delta2",
    [
        Part("dW1", 1.5, lambda n: n.dW1, "Which value does w3 carry up, and whose delta does it meet?",
             WEIGHT_GRADIENT, hidden, weight(1)),
        Part("db1", 0.5, lambda n: n.db1, "A bias is a weight. What is its input?",
             BIAS_GRADIENT, hidden, unit(1)),
        Part("dW2", 1.5, lambda n: n.dW2, "Which value does w6 carry up, and whose delta does it meet?",
             WEIGHT_GRADIENT, output, weight(2)),
        Part("db2", 0.5, lambda n: n.db2, "A bias is a weight. What is its input?",
             BIAS_GRADIENT, output, unit(2)),
    ],
    '"Update the Model Parameters! - 14"',
)  # fmt: skip

shared_bias_gradient = question(
    "shared_bias_gradient", "delta",
    [Part("db", 1, lambda n: n.shared, "The one bias moves a little. How many units feel it?", SHARED)],
    '"Update the Model Parameters! - 1": b1 is drawn once and enters both hidden units',
)  # fmt: skip

update = question(
    "update", "params grads eta",
    [
        Part(name, 0.5, lambda n, i=i: n.params[i] - n.eta * n.grads[i],
             "The gradient points uphill. Which way do you want to go, and how far?",
             kinds.BIAS_STEP if i % 2 else WEIGHT_STEP,
             lambda n, layer, i=i: Local(n=n, w=n.params[i], g=n.grads[i], g_other=n.grads[i - 2], eta=n.eta), where)
        for i, (name, where) in enumerate([("W1", weight(1)), ("b1", unit(1)), ("W2", weight(2)), ("b2", unit(2))])
    ],
    '"Update the Model Parameters! - 6"', follow=False,
)  # fmt: skip
