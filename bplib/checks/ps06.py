"""The 2-2-2 network: eight weights and four biases are few enough to move each one a little and look at the loss.

That is what stands here as the truth: a forward pass, and the complex-step derivative of its loss. No formula of
backpropagation is used, so an answer is never compared with somebody else's slip.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from bplib import svg
from bplib.checks.mistakes import Mistake
from bplib.checks.question import Aspect, Part, Question
from bplib.data import two_two_two
from bplib.gradcheck import complex_step

UNITS = (("i1", "i2"), ("h1", "h2"), ("o1", "o2"))
ETA = 0.5


def sigmoid(z: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-z)); accepts complex `z` of order one, as complex steps need."""
    return 1 / (1 + np.exp(-z))


class Network:
    """One 2-2-2 network with a sample: its forward pass, and its numeric gradients when they are asked for."""

    def __init__(self, x: Any, W1: Any, b1: Any, W2: Any, b2: Any, target: Any, eta: float = ETA) -> None:
        self.x, self.W1, self.b1, self.W2, self.b2, self.target, self.eta = x, W1, b1, W2, b2, target, eta
        self.z1 = x @ W1 + b1
        self.a1 = sigmoid(self.z1)
        self.z2 = self.a1 @ W2 + b2
        self.out = sigmoid(self.z2)
        self.parts = 0.5 * (self.out - target) ** 2

    def using(self, **values: Any) -> Network:
        """Return a copy in which the named values are replaced, as they stand: nothing is computed again."""
        copy = Network.__new__(Network)
        copy.__dict__.update(self.__dict__, **values)
        return copy

    def loss(self, **changes: Any) -> Any:
        """Return the loss, half the sum of the squared errors, with some of the parameters changed."""
        given = {name: changes.get(name, getattr(self, name)) for name in ("x", "W1", "b1", "W2", "b2", "target")}
        return Network(**given).parts.sum()

    def slope(self, name: str) -> np.ndarray:
        """Return d loss / d parameter by complex step: exact to rounding, and no chain rule in it."""
        return complex_step(lambda value: self.loss(**{name: value}), getattr(self, name))

    dW1 = cached_property(lambda self: self.slope("W1"))
    db1 = cached_property(lambda self: self.slope("b1"))
    dW2 = cached_property(lambda self: self.slope("W2"))
    db2 = cached_property(lambda self: self.slope("b2"))

    # z = a_prev @ W + b: moving z and moving b are the same thing.
    delta1 = cached_property(lambda self: self.db1)
    delta2 = cached_property(lambda self: self.db2)

    @cached_property
    def delta(self) -> np.ndarray:
        """Error signals of the layer whose bias is shared: the hidden one."""
        return self.delta1

    @cached_property
    def shared(self) -> np.ndarray:
        """Return d loss / d b when both hidden units have one and the same bias b."""
        return complex_step(lambda b: self.loss(b1=self.b1 + b), np.array(0.0))

    @cached_property
    def params(self) -> tuple[np.ndarray, ...]:
        """The four parameter arrays, in the order of the forward pass."""
        return self.W1, self.b1, self.W2, self.b2

    @cached_property
    def grads(self) -> tuple[np.ndarray, ...]:
        """Their numeric gradients, in the same order."""
        return self.dW1, self.db1, self.dW2, self.db2


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


def question(name: str, takes: str, parts: list[Part], look: str, aspects: tuple[Aspect, ...] = ()) -> Question:
    """Return a question of this exercise."""
    return Question(f"ps06.{name}", takes, parts, instances, look, aspects, picture)


FAINT = 1e-9  # blame so small that an update made with it changes no weight


def alike(values: list[np.ndarray | None]) -> bool:
    """Say whether all `values` are there, agree to five digits and are not zero."""
    if any(value is None or not np.isfinite(value).all() for value in values):
        return False
    scale = np.abs(values[0]).max()
    return scale > 1e-6 and all(np.abs(value - values[0]).max() <= 1e-5 * scale for value in values)


def divided(answers: list[tuple[np.ndarray, np.ndarray | None]]) -> list[np.ndarray | None]:
    """Divide each answer by the factor that should be in it."""
    return [None if answer is None else answer / factor for factor, answer in answers]


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


def slope(a: np.ndarray) -> np.ndarray:
    """Return the sigmoid's slope from its output: here only to say what a mistake would give."""
    return a * (1 - a)


def bent(z: str) -> tuple[Mistake, ...]:
    """Return the mistakes of an activation that is computed from the attribute `z`."""
    return (
        Mistake("no_activation", "the sigmoid is missing: this is z itself", lambda n: getattr(n, z)),
        Mistake("sigmoid_of_minus_z", "exp(z) for exp(-z): the sigmoid of -z (deck 002 prints it so, erratum E2)",
                lambda n: sigmoid(-getattr(n, z))),
        Mistake("tanh_for_sigmoid", "tanh where the sigmoid belongs", lambda n: np.tanh(getattr(n, z))),
    )  # fmt: skip


Z1 = (
    Mistake("weights_transposed", "W1 is taken by columns for rows: its rows are where a weight comes from (x @ W1)",
            lambda n: n.W1 @ n.x + n.b1),
    Mistake("bias_forgotten", "the bias b1 is not added", lambda n: n.x @ n.W1),
    Mistake("bias_of_other_layer", "the bias of the other layer, b2, is added", lambda n: n.x @ n.W1 + n.b2),
    Mistake("bias_subtracted", "the bias is subtracted", lambda n: n.x @ n.W1 - n.b1),
)  # fmt: skip
Z2 = (
    Mistake("weights_transposed", "W2 is taken by columns for rows: its rows are where a weight comes from (a1 @ W2)",
            lambda n: n.W2 @ n.a1 + n.b2),
    Mistake("z_for_a", "z1 goes up instead of a1: the sigmoid of the hidden layer is passed by",
            lambda n: n.z1 @ n.W2 + n.b2),
    Mistake("input_of_wrong_layer", "the inputs x go up instead of a1", lambda n: n.x @ n.W2 + n.b2),
    Mistake("bias_forgotten", "the bias b2 is not added", lambda n: n.a1 @ n.W2),
    Mistake("bias_of_other_layer", "the bias of the other layer, b1, is added", lambda n: n.a1 @ n.W2 + n.b1),
    Mistake("bias_subtracted", "the bias is subtracted", lambda n: n.a1 @ n.W2 - n.b2),
)  # fmt: skip
HALF_SQUARED = (
    Mistake("not_squared", "the error is not squared", lambda n: (n.out - n.target) / 2),
    Mistake("absolute", "the error's absolute value is taken for its square", lambda n: np.abs(n.out - n.target) / 2),
    Mistake("sum_for_each", "each entry is the sum of both: return one value for each output",
            lambda n: np.full(2, n.parts.sum())),
)  # fmt: skip
OUTPUT_DELTA = (
    Mistake("missing_slope", "the slope of the output's sigmoid is missing: this is d loss / d out",
            lambda n: n.out - n.target),
    Mistake("sign_and_missing_slope", "two slips: target and output are exchanged, and the sigmoid's slope is missing",
            lambda n: n.target - n.out),
    Mistake("missing_error", "the error out - target is missing: this is the slope alone", lambda n: slope(n.out)),
    Mistake("slope_of_tanh", "1 - a**2 is the slope of tanh; the outputs are sigmoids",
            lambda n: (n.out - n.target) * (1 - n.out**2)),
    Mistake("slope_of_target", "the slope is taken at the target instead of at the output",
            lambda n: (n.out - n.target) * slope(n.target)),
    Mistake("slope_of_z_from_a", "the slope is taken of sigmoid(out): out is the sigmoid's output already",
            lambda n: (n.out - n.target) * slope(sigmoid(n.out))),
    Mistake("half_slope_a", "the slope is out alone; the factor 1 - out is missing",
            lambda n: (n.out - n.target) * n.out),
    Mistake("half_slope_1_a", "the slope is 1 - out alone; the factor out is missing",
            lambda n: (n.out - n.target) * (1 - n.out)),
    Mistake("loss_for_error", "the squared error itself is multiplied with the slope, not its derivative",
            lambda n: n.parts * slope(n.out)),
)  # fmt: skip
HIDDEN_DELTA = (
    Mistake("missing_slope", "the slope of the hidden sigmoid is missing: this is d loss / d a1",
            lambda n: n.W2 @ n.delta2),
    Mistake("weights_transposed", "the columns of W2 are summed: row j holds the weights that leave hidden unit j",
            lambda n: (n.delta2 @ n.W2) * slope(n.a1)),
    Mistake("weights_transposed_and_missing_slope", "two slips: the columns of W2 are summed, and the slope is missing",
            lambda n: n.delta2 @ n.W2),
    Mistake("no_sum", "no sum over the outputs: each hidden unit takes one output's blame only",
            lambda n: np.diag(n.W2) * n.delta2 * slope(n.a1)),
    Mistake("max_for_sum", "only the largest of the two terms is kept, instead of their sum",
            lambda n: (n.W2 * n.delta2).max(axis=1) * slope(n.a1)),
    Mistake("mean_for_sum", "the mean over the outputs is taken instead of the sum",
            lambda n: (n.W2 * n.delta2).mean(axis=1) * slope(n.a1)),
    Mistake("weights_forgotten", "the deltas are summed without their weights", lambda n: n.delta2.sum() * slope(n.a1)),
    Mistake("updated_weights",
            "W2 was updated before it was used here (with eta = 0.5): all slopes belong to the old weights",
            lambda n: (n.W2 - 0.5 * np.outer(n.a1, n.delta2)) @ n.delta2 * slope(n.a1)),
    Mistake("slope_of_tanh", "1 - a**2 is the slope of tanh; the hidden units are sigmoids",
            lambda n: (n.W2 @ n.delta2) * (1 - n.a1**2)),
    Mistake("slope_of_z_from_a", "the slope is taken of sigmoid(a1): a1 is the sigmoid's output already",
            lambda n: (n.W2 @ n.delta2) * slope(sigmoid(n.a1))),
    Mistake("half_slope_a", "the slope is a1 alone; the factor 1 - a1 is missing", lambda n: (n.W2 @ n.delta2) * n.a1),
    Mistake("half_slope_1_a", "the slope is 1 - a1 alone; the factor a1 is missing",
            lambda n: (n.W2 @ n.delta2) * (1 - n.a1)),
    Mistake("slope_twice", "the slope is multiplied on twice", lambda n: (n.W2 @ n.delta2) * slope(n.a1) ** 2),
)  # fmt: skip
DW1 = (
    Mistake("outer_product_reversed", "rows and columns are exchanged: row i belongs to what comes from input i",
            lambda n: n.dW1.T),
    Mistake("input_of_wrong_layer", "a1 is taken for the input: w1 to w4 carry x up",
            lambda n: np.outer(n.a1, n.delta1)),
    Mistake("delta_of_wrong_layer", "delta2 is taken: w1 to w4 lead to the hidden units",
            lambda n: np.outer(n.x, n.delta2)),
)  # fmt: skip
DW2 = (
    Mistake("outer_product_reversed", "rows and columns are exchanged: row j belongs to what comes from hidden unit j",
            lambda n: n.dW2.T),
    Mistake("input_of_wrong_layer", "x is taken for the input: w5 to w8 carry a1 up",
            lambda n: np.outer(n.x, n.delta2)),
    Mistake("delta_of_wrong_layer", "delta1 is taken: w5 to w8 lead to the outputs",
            lambda n: np.outer(n.a1, n.delta1)),
)  # fmt: skip


def bias_slips(delta: str) -> tuple[Mistake, ...]:
    """Return the mistakes of a bias gradient that belongs to the attribute `delta`."""
    return (
        Mistake("bias_left_out", "the bias gets no gradient: its slope is the delta itself", lambda n: np.zeros(2)),
        Mistake("bias_summed", "both entries are summed: here each unit has a bias of its own",
                lambda n: np.full(2, getattr(n, delta).sum())),
        Mistake("bias_averaged", "both entries are averaged: here each unit has a bias of its own",
                lambda n: np.full(2, getattr(n, delta).mean())),
    )  # fmt: skip


SHARED = (
    Mistake("mean_for_sum", "the mean over the units is taken: the one bias moves them all, so their slopes add up",
            lambda n: n.delta.mean()),
    Mistake("one_unit_only", "only the first unit is counted", lambda n: n.delta[0]),
    Mistake("one_unit_only", "only the last unit is counted", lambda n: n.delta[1]),
    Mistake("product_for_sum", "the deltas are multiplied instead of added", lambda n: n.delta.prod()),
)  # fmt: skip


def step_slips(i: int) -> tuple[Mistake, ...]:
    """Return the mistakes of the i-th parameter's step."""
    return (
        Mistake("ascent", "the step goes along the gradient, uphill", lambda n: n.params[i] + n.eta * n.grads[i]),
        Mistake("eta_forgotten", "the learning rate is not used", lambda n: n.params[i] - n.grads[i]),
        Mistake("eta_twice", "the learning rate is applied twice", lambda n: n.params[i] - n.eta**2 * n.grads[i]),
        Mistake("old_value_lost", "the step replaces the parameter instead of changing it (deck 002 prints it so, E3)",
                lambda n: n.eta * n.grads[i]),
        Mistake("old_value_lost", "the step replaces the parameter instead of changing it",
            lambda n: -n.eta * n.grads[i]),
        Mistake("nothing_moved", "the parameter is what it was before", lambda n: n.params[i]),
    )  # fmt: skip


forward = question(
    "forward", "x W1 b1 W2 b2",
    [
        Part("z1", 1, lambda n: n.x @ n.W1 + n.b1,
             "w1 and w2 both lead into h1. In which column of W1 do they stand?", unit(1), Z1),
        Part("a1", 0.5, lambda n: sigmoid(n.z1), "What does a unit do with its z before it passes it on?", unit(1),
             bent("z1")),
        Part("z2", 1, lambda n: n.a1 @ n.W2 + n.b2, "What reaches o1 from below: z1 or a1? What is added?", unit(2),
             Z2),
        Part("out", 0.5, lambda n: sigmoid(n.z2), "Between which two numbers must every output lie?", unit(2),
             bent("z2")),
    ],
    'Deck 004 (Chen, NTUST), "Forward Propagation - 2"',
)  # fmt: skip

half_squared = question(
    "half_squared", "out target",
    [Part("parts", 1, lambda n: n.parts, "The deck puts one factor before the square. Which one?", unit(2),
          HALF_SQUARED)],
    'Deck 004 (Chen, NTUST), "Mean Squared Error"',
)  # fmt: skip

output_delta = question(
    "output_delta", "out target",
    [Part("delta2", 3, lambda n: n.delta2,
          "z of o1 moves a little. Its output moves how much, and the loss then rises or falls?", unit(2),
          OUTPUT_DELTA)],
    'Deck 004 (Chen, NTUST), "Update the Model Parameters! - 3", "- 4" and "- 12"',
    (
        Aspect(1.5, "the error of each output enters once", error_counts),
        Aspect(0.5, "the slope of each output's sigmoid", output_slope_counts),
    ),
)  # fmt: skip

hidden_delta = question(
    "hidden_delta", "delta2 W2 a1",
    [Part("delta1", 4, lambda n: n.delta1,
          "z of h1 moves a little. By how much does its activation move, and which outputs feel it?", unit(1),
          HIDDEN_DELTA)],
    'Deck 004 (Chen, NTUST), "Update the Model Parameters! - 7" to "- 12", "Backpropagation - 1"',
    (
        Aspect(2, "the sum runs over both outputs, each with its weight", both_outputs_count),
        Aspect(1, "the slope of each hidden unit's sigmoid", hidden_slope_counts),
    ),
)  # fmt: skip

gradients = question(
    "gradients", "x a1 delta1 delta2",
    [
        Part("dW1", 1.5, lambda n: n.dW1, "Which value does w3 carry up, and whose delta does it meet?", weight(1),
             DW1),
        Part("db1", 0.5, lambda n: n.db1, "A bias is a weight. What is its input?", unit(1), bias_slips("delta1")),
        Part("dW2", 1.5, lambda n: n.dW2, "Which value does w6 carry up, and whose delta does it meet?", weight(2),
             DW2),
        Part("db2", 0.5, lambda n: n.db2, "A bias is a weight. What is its input?", unit(2), bias_slips("delta2")),
    ],
    'Deck 004 (Chen, NTUST), "Update the Model Parameters! - 14"',
)  # fmt: skip

shared_bias_gradient = question(
    "shared_bias_gradient", "delta",
    [Part("db", 1, lambda n: n.shared, "The one bias moves a little. How many units feel it?", mistakes=SHARED)],
    'Deck 004 (Chen, NTUST), "Update the Model Parameters! - 1": b1 is drawn once and enters both hidden units',
)  # fmt: skip

update = question(
    "update", "params grads eta",
    [
        Part(name, 0.5, lambda n, i=i: n.params[i] - n.eta * n.grads[i],
             "The gradient points uphill. Which way do you want to go, and how far?", where, step_slips(i))
        for i, (name, where) in enumerate(
            [("W1", weight(1)), ("b1", unit(1)), ("W2", weight(2)), ("b2", unit(2))]
        )
    ],
    'Deck 004 (Chen, NTUST), "Update the Model Parameters! - 6"',
)  # fmt: skip
