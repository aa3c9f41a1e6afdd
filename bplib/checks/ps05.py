"""An activation is a curve, and its slope is how much of a small push gets through: move z a little and look.

Arrays of several shapes, off the corners; where a curve asks for exp, a last one with z near 1000 and near -1000.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from bplib.checks import nets
from bplib.checks.kinds import reshaped
from bplib.checks.mistakes import Formula, Slip, slip
from bplib.checks.parts import Part
from bplib.checks.question import Question

SHAPES = ((7,), (3, 4), (1,), (2, 3, 4))
ROWS = ((4, 3), (3, 5), (7, 4), (1, 3))  # N, K
LAYERS = ((3, 4, 2), (2, 5, 3), (4, 3, 7), (1, 2, 3))  # D, H, K
# Sign, scale and offset of numbers off all corners; most are positive, and most between -1 and 1.
PLACES = np.array([(1, 1, 0), (-1, 1, 0), (1, 1, 1), (1, 1, 0), (-1, 1, 1)])


# The trusted curves; z may be complex, for its slope


def sigmoid_at(z: Any, n: Any = None) -> Any:
    """Return 1 / (1 + exp(-z))."""
    with np.errstate(over="ignore"):  # 1 / infinity is 0, as it should be
        return 1 / (1 + np.exp(-z))


def tanh_at(z: Any, n: Any = None) -> Any:
    """Return the hyperbolic tangent."""
    return np.tanh(z)


def relu_at(z: Any, n: Any = None) -> Any:
    """Return the positive part."""
    return np.where(z.real > 0, z, 0.0)


def hardtanh_at(z: Any, n: Any = None) -> Any:
    """Return z between the corners at -1 and 1, and the corner's value beyond."""
    return np.where(np.abs(z.real) < 1, z, np.sign(z.real))


def leaky_relu_at(z: Any, n: Any) -> Any:
    """Return z, times the small slope where it is negative."""
    return np.where(z.real > 0, z, n.slope * z)


def softplus_at(z: Any, n: Any = None) -> Any:
    """Return log(1 + exp(z)), with no exponent above 0."""
    top = relu_at(z)
    return top + np.log(1 + np.exp(z - 2 * top))


class Points:
    """Pre-activations z with what a curve makes of them; `da` is the slope there."""

    def __init__(self, curve: Callable[..., Any], z: np.ndarray, slope: float = 0.0, extreme: bool = False) -> None:
        self.curve, self.z, self.slope, self.extreme = curve, z, slope, extreme
        self.a = curve(z, self)

    @cached_property
    def da(self) -> np.ndarray:
        """The slopes at z, by moving one number after the other."""
        axes = tuple(range(1, self.z.ndim + 1))
        return nets.slopes(lambda move: self.curve(self.z + move, self).sum(axis=axes), self.z.shape)


def off_corners(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Draw numbers of order one, none at 0, 1 or -1; the first of them lies between 0 and 1."""
    size = int(np.prod(shape))
    sign, scale, offset = np.resize(PLACES, (size, 3)).T
    z = sign * (scale * rng.uniform(0.15, 0.9, size) + offset)
    return np.concatenate([z[:1], rng.permutation(z[1:])]).reshape(shape)


def drawn(curve: Callable[..., Any], extreme: bool) -> Callable[[int], list[Points]]:
    """Return the instances of a curve: seed -> arrays of several shapes."""

    def instances(seed: int) -> list[Points]:
        rng = np.random.default_rng(seed)
        found = [Points(curve, off_corners(rng, shape), float(rng.uniform(0.05, 0.3))) for shape in SHAPES]
        if extreme:
            found.append(Points(curve, rng.uniform(720, 1000, 4) * [-1, 1, 1, -1], extreme=True))
        return found

    return instances


# Values

OF_Z = {
    "the sigmoid": sigmoid_at,
    "tanh": tanh_at,
    "ReLU": relu_at,
    "hardtanh": hardtanh_at,
    "softplus": softplus_at,
    "leaky ReLU with slope 0.01": lambda z, n: np.where(z > 0, z, 0.01 * z),
    "the sign of z": lambda z, n: np.sign(z),
    "z cut at 0 and 1": lambda z, n: np.clip(z, 0, 1),
}
KNOWN_AS = {
    ("the sigmoid", "tanh"): "tanh_for_sigmoid",
    ("the sigmoid", "ReLU"): "relu_for_sigmoid",
    ("tanh", "the sigmoid"): "sigmoid_for_tanh",
    ("tanh", "ReLU"): "relu_for_tanh",
    ("leaky ReLU", "ReLU"): "leaky_slope_forgotten",
}


def values(own: str, curve: Callable[..., Any], *slips: Slip, slope: Any, scaled: bool = True) -> Formula:
    """Return the formula of a curve with the slips of any curve; not `scaled` if half of z gives half the value."""

    def right(n: Points, f: Any = curve, of: Any = lambda n: n.z) -> Any:
        return f(of(n), n)

    others = {name: f for name, f in OF_Z.items() if not name.startswith(own)}
    if own == "softplus":
        del others["the sigmoid"]  # that is its slope
    common = (
        slip("no_activation", f=lambda z, n: z, credit=False),
        slip("slope_for_value", f=slope, scale=np.positive),
        slip("sign" if own != "the sigmoid" else "sigmoid_of_minus_z", f"this is {own} of -z", of=lambda n: -n.z),
        slip("absolute_values", f"this is {own} of the size of z: the sign of z is lost", of=lambda n: np.abs(n.z)),
        *(slip(KNOWN_AS.get((own, name), "other_activation"), f"this is {name}, not {own}", f=f)
          for name, f in others.items()),
    )  # fmt: skip
    if scaled:
        common += (
            slip("argument_scaled", f"this is {own} of z / 2: a factor 2 is missing before z", of=lambda n: n.z / 2,
                 scale=np.positive),
            slip("argument_scaled", f"this is {own} of 2 * z: there is no factor before z", of=lambda n: 2 * n.z,
                 scale=np.positive),
        )  # fmt: skip
    if own not in ("ReLU", "hardtanh"):  # which leave alone what they have cut already
        common += (slip("activation_twice", of=lambda n: curve(n.z, n)),)
    return Formula(right, (*slips, *common))


def overflows(*curves: Callable[[np.ndarray], np.ndarray]) -> tuple[Slip, ...]:
    """Return the slips of a curve written so that exp overflows; each fills every place, so that it stands alone."""
    rest = dict(of=lambda n: n.z, scale=np.positive, sign=np.positive)
    return tuple(slip("exp_overflows", f=lambda z, n, curve=curve: curve(z), **rest) for curve in curves)


SIGMOID = values(
    "the sigmoid", sigmoid_at,
    *overflows(lambda z: np.exp(z) / (1 + np.exp(z))),
    slip("sign", "the sign in the denominator is -: 1 / (1 - exp(-z)) for 1 / (1 + exp(-z))",
         f=lambda z, n: 1 / (1 - np.exp(-z))),
    slope=lambda z, n: sigmoid_at(z) * sigmoid_at(-z),
)  # fmt: skip
TANH = values(
    "tanh", tanh_at,
    *overflows(
        lambda z: (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)),
        lambda z: (np.exp(2 * z) - 1) / (np.exp(2 * z) + 1),
        lambda z: (1 - np.exp(-2 * z)) / (1 + np.exp(-2 * z)),
    ),
    slope=lambda z, n: 1 - np.tanh(z) ** 2,
)  # fmt: skip
RELU = values(
    "ReLU", relu_at,
    slip("wrong_side_of_kink", "the negative side is let through, and the positive one is 0",
         f=lambda z, n: np.minimum(z, 0)),
    slope=lambda z, n: (z > 0) * 1.0, scaled=False,
)  # fmt: skip
HARDTANH = values(
    "hardtanh", hardtanh_at,
    slip("wrong_side_of_kink", "inside and outside are exchanged: z is let through beyond the corners",
         f=lambda z, n: np.where(np.abs(z) > 1, z, np.sign(z))),
    slip("wrong_side_of_kink", "the corners are exchanged: -1 stands above 1, and 1 below -1",
         f=lambda z, n: np.where(np.abs(z) > 1, -np.sign(z), z)),
    slip("slope_for_value", "beyond the corners it is 0; hardtanh stays at -1 and 1 there",
         f=lambda z, n: np.where(np.abs(z) < 1, z, 0.0)),
    slip("one_corner_only", "the lower corner is missing: z goes on below -1", f=lambda z, n: np.minimum(z, 1)),
    slip("one_corner_only", "the upper corner is missing: z goes on above 1", f=lambda z, n: np.maximum(z, -1)),
    slope=lambda z, n: (np.abs(z) < 1) * 1.0,
)  # fmt: skip
LEAKY = values(
    "leaky ReLU", leaky_relu_at,
    slip("leaky_slope_on_wrong_side", f=lambda z, n: np.where(z > 0, n.slope * z, z)),
    slip("leaky_slope_on_wrong_side", "the small slope is on both sides; it belongs to the negative one",
         f=lambda z, n: n.slope * z),
    slip("leaky_slope_on_wrong_side", "the small slope is added on the positive side, too; it is for the negative one",
         f=lambda z, n: relu_at(z) + n.slope * z),
    slip("sign", "the sign is the other one on the negative side", f=lambda z, n: np.where(z > 0, z, -n.slope * z)),
    slip("factor_two", "the negative side is twice as steep as it should be",
         f=lambda z, n: np.where(z > 0, z, 2 * n.slope * z)),
    slip("factor_half", "the negative side is half as steep as it should be",
         f=lambda z, n: np.where(z > 0, z, n.slope / 2 * z)),
    slip("slope_for_value", "on the negative side the slope itself is returned; it is multiplied by z",
         f=lambda z, n: np.where(z > 0, z, n.slope)),
    slip("slope_for_value", "on the negative side minus the slope is returned; the slope is multiplied by z",
         f=lambda z, n: np.where(z > 0, z, -n.slope)),
    slip("constant_for_formula", "the slope is 0.01, whatever is handed in; take the argument `slope`",
         f=lambda z, n: np.where(z > 0, z, 0.01 * z)),
    slip("other_activation", "the negative side is curved, as in ELU; here it is a straight line",
         f=lambda z, n: np.where(z > 0, z, n.slope * np.expm1(z))),
    slope=lambda z, n: np.where(z > 0, 1.0, n.slope), scaled=False,
)  # fmt: skip
SOFTPLUS = values(
    "softplus", softplus_at,
    *overflows(lambda z: np.log(1 + np.exp(z)), lambda z: z + np.log(1 + np.exp(-z))),
    slip("log_base", "the log has base 2; this course takes the natural log",
         f=lambda z, n: softplus_at(z) / np.log(2)),
    slip("log_base", "the log has base 10; this course takes the natural log",
         f=lambda z, n: softplus_at(z) / np.log(10)),
    slip("log_missing", "this is 1 + exp(z): the log is missing", f=lambda z, n: 1 + np.exp(z)),
    slip("log_missing", "this is exp(z): the 1 and the log are missing", f=lambda z, n: np.exp(z)),
    slip("absolute_values", "-|z| stands in the exponent, and max(z, 0) is missing beside it",
         of=lambda n: -np.abs(n.z)),
    slope=lambda z, n: sigmoid_at(z),
)  # fmt: skip

# Slopes, most of them from a


def slopes(slope: Callable[..., Any], *slips: Slip) -> Formula:
    """Return the formula of a slope; `of` is what goes into it."""

    def right(n: Points, slope: Any = slope, of: Any = lambda n: n.a) -> Any:
        return slope(of(n), n)

    return Formula(right, (*slips, slip("missing_slope", "the slope is 1 everywhere, as if there were no activation",
                                        slope=lambda a, n: np.ones_like(a), credit=False)))  # fmt: skip


SMOOTH = (
    slip("one_minus_a", slope=lambda a, n: 1 - a),
    slip("slope_twice", "the slope is squared", slope=lambda a, n: n.da**2),
    slip("activation_for_slope_squared", "the slope is taken as a**2 alone", slope=lambda a, n: a**2),
    slip("slope_taken_at_a", of=lambda n: n.curve(n.a, n)),
    slip("value_for_slope", slope=lambda a, n: n.curve(a, n)),
)
TANH_SLOPE = slip("slope_of_tanh", slope=lambda a, n: 1 - a**2)
SIGMOID_SLOPE = slip("slope_of_sigmoid", slope=lambda a, n: a * (1 - a))
RELU_SLOPE = slip("slope_of_relu", slope=lambda a, n: (a > 0) * 1.0)
FLAT = slip("wrong_side_of_kink", slope=lambda a, n: 1.0 - n.da)

SIGMOID_GRAD = slopes(
    lambda a, n: a * (1 - a), *SMOOTH, TANH_SLOPE,
    slip("slope_without_one_minus_a", slope=lambda a, n: a),
    slip("slope_of_relu", slope=lambda a, n: (a > 0.5) * 1.0),
    slip("sign", "the sign in the bracket is +: a * (1 + a) for a * (1 - a)", slope=lambda a, n: a * (1 + a)),
)  # fmt: skip
TANH_GRAD = slopes(
    lambda a, n: 1 - a**2, *SMOOTH, SIGMOID_SLOPE, RELU_SLOPE,
    slip("slope_without_one_minus_a", "the slope is taken as a itself; it is 1 - a**2", slope=lambda a, n: a),
    slip("sign", "the sign before the square is +: 1 + a**2 for 1 - a**2", slope=lambda a, n: 1 + a**2),
    slip("absolute_values", "1 - |a| is taken; the slope of tanh is 1 - a**2", slope=lambda a, n: 1 - np.abs(a)),
)  # fmt: skip
RELU_GRAD = slopes(
    lambda a, n: (a > 0) * 1.0, FLAT, TANH_SLOPE, SIGMOID_SLOPE,
    slip("value_for_slope", slope=lambda a, n: a),
    slip("slope_of_other_activation", "this is the slope of |z|: 1 on one side, -1 on the other",
         slope=lambda a, n: np.where(a > 0, 1.0, -1.0)),
    slip("slope_of_other_activation", "this is the slope of leaky ReLU; that of ReLU is 0 on the negative side",
         slope=lambda a, n: np.where(a > 0, 1.0, 0.01)),
)  # fmt: skip
HARDTANH_GRAD = slopes(
    lambda a, n: (np.abs(a) < 1) * 1.0, FLAT, TANH_SLOPE, SIGMOID_SLOPE, RELU_SLOPE,
    slip("hardtanh_identity_slope", slope=lambda a, n: np.where(np.abs(a) < 1, a, 0.0)),
    slip("value_for_slope", slope=lambda a, n: a),
    slip("one_corner_only", "the lower flat part has slope 1, too", slope=lambda a, n: (a < 1) * 1.0),
    slip("one_corner_only", "the upper flat part has slope 1, too", slope=lambda a, n: (a > -1) * 1.0),
    slip("one_corner_only", "the corner at -1 is taken to be at 0", slope=lambda a, n: ((a > 0) & (a < 1)) * 1.0),
)  # fmt: skip
LEAKY_GRAD = slopes(
    lambda a, n: np.where(a > 0, 1.0, n.slope), TANH_SLOPE, SIGMOID_SLOPE,
    slip("leaky_slope_forgotten", slope=lambda a, n: (a > 0) * 1.0),
    slip("leaky_slope_on_wrong_side", slope=lambda a, n: np.where(a > 0, n.slope, 1.0)),
    slip("leaky_slope_on_wrong_side", "the small slope is on both sides; it belongs to the negative one",
         slope=lambda a, n: np.full_like(a, n.slope)),
    slip("leaky_slope_on_wrong_side", "the small slope is added on the positive side, too; it is for the negative one",
         slope=lambda a, n: (a > 0) + n.slope),
    slip("sign", "the sign is the other one on the negative side", slope=lambda a, n: np.where(a > 0, 1.0, -n.slope)),
    slip("factor_two", "the negative side is twice as steep as it should be",
         slope=lambda a, n: np.where(a > 0, 1.0, 2 * n.slope)),
    slip("factor_half", "the negative side is half as steep as it should be",
         slope=lambda a, n: np.where(a > 0, 1.0, n.slope / 2)),
    slip("slope_twice", "the small slope is squared", slope=lambda a, n: np.where(a > 0, 1.0, n.slope**2)),
    slip("constant_for_formula", "the slope is 0.01, whatever is handed in; take the argument `slope`",
         slope=lambda a, n: np.where(a > 0, 1.0, 0.01)),
    slip("value_for_slope", slope=lambda a, n: a),
    slip("value_for_slope", slope=lambda a, n: n.curve(a, n)),
    slip("value_for_slope", "on the negative side slope * a is returned, the value; the slope is a number of its own",
         slope=lambda a, n: np.where(a > 0, 1.0, n.slope * a)),
)  # fmt: skip
SOFTPLUS_GRAD = Formula(
    lambda n, f=sigmoid_at, of=lambda n: n.z: f(of(n), n),
    (
        *overflows(lambda z: np.exp(z) / (1 + np.exp(z))),
        slip("softplus_slope_from_a", "1 - exp(-z) would be right with a = softplus(z) for z; here z is handed in",
             f=lambda z, n: 1 - np.exp(-z)),
        slip("softplus_slope_from_a", of=lambda n: softplus_at(n.z)),
        slip("slope_of_sigmoid", f=lambda z, n: sigmoid_at(z) * sigmoid_at(-z)),
        slip("slope_taken_at_z", "z * (1 - z) is taken; the slope of softplus is sigmoid(z)",
             f=lambda z, n: z * (1 - z)),
        slip("slope_of_tanh", f=lambda z, n: 1 - np.tanh(z) ** 2),
        slip("slope_of_tanh", "1 - z**2 is taken; the slope of softplus is sigmoid(z)", f=lambda z, n: 1 - z**2),
        slip("slope_of_relu", f=lambda z, n: (z > 0) * 1.0),
        slip("missing_slope", "the slope is 1 everywhere, as if there were no activation", credit=False,
             f=lambda z, n: np.ones_like(z)),
        slip("sigmoid_of_minus_z", of=lambda n: -n.z),
        slip("tanh_for_sigmoid", f=tanh_at),
        slip("log_base", "it is divided by log(2), the slope for a log of base 2; this course takes the natural one",
             f=lambda z, n: sigmoid_at(z) / np.log(2)),
        slip("log_base", "it is divided by log(10), the slope for a log of base 10; this course takes the natural one",
             f=lambda z, n: sigmoid_at(z) / np.log(10)),
        slip("value_for_slope", f=softplus_at),
        slip("value_for_slope", "z itself is returned where the slope is asked for", f=lambda z, n: z),
        slip("activation_twice", "the sigmoid is applied twice", of=lambda n: sigmoid_at(n.z)),
        slip("exp_of_output", "this is exp(z): the slope of log(1 + exp(z)) has 1 + exp(z) below it",
             f=lambda z, n: np.exp(z)),
    ),
)  # fmt: skip


def question(name: str, takes: str, parts: list[Part], instances: Any, what: str = "array",
             look: str = 'Deck 004 (Chen, NTUST), "Activation Functions - 1"') -> Question:  # fmt: skip
    """Return a question of this exercise."""
    return Question(f"ps05.{name}", takes, parts, instances, look, tried=("", f"random {what}"), follow=False)


def activation(
    name: str, curve: Any, formula: Formula, think: str, takes: str = "z", extreme: bool = False
) -> Question:
    """Return the question for a curve's values."""
    return question(name, takes, [Part("a", 1, lambda n: n.a, think, formula)], drawn(curve, extreme))


def gradient(name: str, curve: Any, formula: Formula, think: str, takes: str = "a", extreme: bool = False) -> Question:
    """Return the question for a curve's slopes."""
    return question(name, takes, [Part("da", 1, lambda n: n.da, think, formula)], drawn(curve, extreme))


UP = "How high is the curve at z = 0, and where does it go for z = 1000 and z = -1000?"
STEEP = "You hold a, not z. How steep is the curve where its value is a?"
CORNER = "Where are the corners of this curve, and what is on either side?"

sigmoid = activation("sigmoid", sigmoid_at, SIGMOID, UP, extreme=True)
tanh = activation("tanh", tanh_at, TANH, UP, extreme=True)
relu = activation("relu", relu_at, RELU, CORNER)
hardtanh = activation("hardtanh", hardtanh_at, HARDTANH, CORNER)
leaky_relu = activation("leaky_relu", leaky_relu_at, LEAKY, CORNER, "z slope")
softplus = activation("softplus", softplus_at, SOFTPLUS, UP, extreme=True)

sigmoid_grad = gradient("sigmoid_grad", sigmoid_at, SIGMOID_GRAD, STEEP)
tanh_grad = gradient("tanh_grad", tanh_at, TANH_GRAD, STEEP)
relu_grad = gradient("relu_grad", relu_at, RELU_GRAD, "a is 0. Would the unit notice if z grew a little?")
hardtanh_grad = gradient(
    "hardtanh_grad", hardtanh_at, HARDTANH_GRAD, "Between the corners hardtanh is a straight line. How steep is it?"
)
leaky_relu_grad = gradient("leaky_relu_grad", leaky_relu_at, LEAKY_GRAD, STEEP, "a slope")
softplus_grad = gradient(
    "softplus_grad", softplus_at, SOFTPLUS_GRAD, "Far right softplus is nearly z, far left nearly 0. How steep?",
    "z", extreme=True,
)  # fmt: skip


# Maxout


class Rows:
    """Pre-activations of which each row gives one activation, the largest."""

    def __init__(self, z: np.ndarray) -> None:
        self.z, self.a = z, z.max(axis=1)
        self.hot = (z == self.a[:, None]) * 1.0

    @cached_property
    def da(self) -> np.ndarray:
        """How each row's largest entry follows each entry."""

        def total(move: np.ndarray) -> np.ndarray:
            z = self.z + move
            return np.take_along_axis(z, z.real.argmax(axis=-1)[..., None], axis=-1).sum(axis=(-2, -1))

        return nets.slopes(total, self.z.shape)


def rows(seed: int) -> list[Rows]:
    """Return random batches of several sizes.

    The first row of each is all negative, so that 0 is larger; every column has the largest entry of some row, if there
    are rows enough; and the largest of all is in a row in the middle.
    """
    rng = np.random.default_rng(seed)
    found = []
    for N, K in ROWS:
        z = rng.uniform(0.2, 2.0, (N, K)) * rng.choice([-1.0, 1.0], (N, K))
        z[0] = -np.abs(z[0])
        for row, column in zip(z, rng.permutation(np.arange(N) % K), strict=True):
            best = row.argmax()
            row[[best, column]] = row[[column, best]]
        if N > 2:
            z[N // 2, z[N // 2].argmax()] = rng.uniform(2.1, 2.5)
        found.append(Rows(z))
    return found


def peak(z: np.ndarray, axis: int | None = 1) -> np.ndarray:
    """Return 1 at the largest entry along an axis, or of all, and 0 elsewhere."""
    return (z == z.max(axis=axis, keepdims=True)) * 1.0


MAXOUT = Formula(
    lambda n, best=lambda z: z.max(axis=1), of=lambda n: n.z: best(of(n)),
    (
        slip("smallest_for_largest", "the smallest entry of each row is returned; maxout takes the largest",
             best=lambda z: z.min(axis=1)),
        slip("mean_for_sum", "the mean of each row is returned; maxout takes the largest entry",
             best=lambda z: z.mean(axis=1)),
        slip("absolute_values", "the entries are compared by size; maxout takes the largest, and -3 is smaller than 1",
             of=lambda n: np.abs(n.z)),
        slip("absolute_values", "the entry of the largest size is returned; -3 is smaller than 1",
             best=lambda z: np.take_along_axis(z, np.abs(z).argmax(axis=1)[:, None], axis=1)[:, 0]),
        slip("maximum_from_zero", best=lambda z: np.maximum(z.max(axis=1), 0)),
        slip("sum_over_wrong_axis", "the largest of each column is returned; each row, a sample, has one value",
             best=lambda z: z.max(axis=0)),
        slip("global_maximum", "the largest entry of the whole batch is taken; each row has its own",
             best=lambda z: np.full(len(z), z.max())),
        slip("first_only", "only the first entry of each row is looked at", best=lambda z: z[:, 0]),
        slip("first_only", "only the first two entries are compared: is `return` inside the loop?",
             best=lambda z: z[:, :2].max(axis=1)),
        slip("last_only", "only the last entry of each row is left", best=lambda z: z[:, -1]),
        slip("last_missed", best=lambda z: z[:, :-1].max(axis=1)),
        slip("first_missed", best=lambda z: z[:, 1:].max(axis=1)),
        slip("index_for_value", best=lambda z: z.argmax(axis=1)),
    ),
)  # fmt: skip
MAXOUT_GRAD = Formula(
    lambda n, hot=lambda n: n.hot, share=lambda n: 1.0, height=lambda n: 1.0: share(n) * height(n) * hot(n),
    (
        slip("max_to_both", "every entry gets 1; only the largest of each row moves the result",
             hot=lambda n: np.ones_like(n.z), credit=False),
        slip("max_to_wrong", "the 1 is at the smallest entry; it goes to the largest", hot=lambda n: peak(-n.z)),
        slip("max_to_wrong", "the losers get 1 and the largest gets 0; it is the other way round",
             hot=lambda n: 1.0 - n.hot),
        slip("one_hot_wrong_class", "the 1 stands one column too far to the right",
             hot=lambda n: np.roll(n.hot, 1, axis=1)),
        slip("one_hot_wrong_class", "the 1 stands one column too far to the left",
             hot=lambda n: np.roll(n.hot, -1, axis=1)),
        slip("absolute_values", "the 1 is at the entry of the largest size; -3 is smaller than 1",
             hot=lambda n: peak(np.abs(n.z))),
        slip("slope_of_relu", "every positive entry gets 1; only the largest of each row moves the result",
             hot=lambda n: (n.z > 0) * 1.0),
        slip("sum_over_wrong_axis", "the largest of each column gets 1; the largest of each row does",
             hot=lambda n: peak(n.z, 0)),
        slip("global_maximum", "only the largest entry of the whole batch gets 1; each row has its own",
             hot=lambda n: peak(n.z, None)),
        slip("first_only", "only the first row is filled: is `return` inside the loop?",
             hot=lambda n: n.hot * (np.arange(len(n.z)) == 0)[:, None]),
        slip("last_only", "only the last row is filled: does its line stand after the loop?",
             hot=lambda n: n.hot * (np.arange(len(n.z)) == len(n.z) - 1)[:, None]),
        slip("last_missed", hot=lambda n: n.hot * (np.arange(len(n.z)) < len(n.z) - 1)[:, None]),
        slip("mean_for_sum", "every entry gets 1/K, the slope of a mean; here the largest gets 1, the others 0",
             hot=lambda n: np.full(n.z.shape, 1 / n.z.shape[1])),
        slip("value_for_slope", "the largest value itself stands where its slope, 1, belongs", height=lambda n: n.z),
        slip("value_for_slope", "z itself is returned where its slope is asked for", hot=lambda n: n.z),
        slip("n_twice", "it is divided by the number of samples; no loss has been averaged here",
             share=lambda n: 1 / len(n.z)),
        slip("rows_and_columns_mixed", after=np.transpose),
        slip("slope_of_other_activation", "this is softmax, which gives some to each; maxout gives all to the largest",
             hot=lambda n: nets.softmax(n.z)),
    ),
)  # fmt: skip

maxout = question(
    "maxout", "z", [Part("a", 1, lambda n: n.a, "Several entries of a row go in. Which of them comes out?", MAXOUT,
                         where=lambda index: (f"row {index[0]}", ()))], rows, "batch",
)  # fmt: skip
maxout_grad = question(
    "maxout_grad", "z",
    [Part("da", 1, lambda n: n.da, "One entry of a row moves a little. For which entry does the largest notice?",
          MAXOUT_GRAD, where=lambda index: (f"row {index[0]}", ()))], rows, "batch",
)  # fmt: skip


# Two linear layers


class Pair:
    """Two layers without activation, and the one layer that does the same: what x = 0 gives, and what moving x adds."""

    def __init__(self, W1: np.ndarray, b1: np.ndarray, W2: np.ndarray, b2: np.ndarray) -> None:
        self.W1, self.b1, self.W2, self.b2 = W1, b1, W2, b2
        self.b = self.out(np.zeros(len(W1)))

    def out(self, x: np.ndarray) -> np.ndarray:
        """Return what both layers make of x."""
        return (x @ self.W1 + self.b1) @ self.W2 + self.b2

    @cached_property
    def W(self) -> np.ndarray:
        """How each output follows each input."""
        D, K = len(self.W1), len(self.b2)
        return np.stack([nets.slopes(lambda x, k=k: self.out(x)[:, k], (D,)) for k in range(K)], axis=1)


def pairs(seed: int) -> list[Pair]:
    """Return random layers of several sizes."""
    rng = np.random.default_rng(seed)

    def order_one(*shape: int) -> np.ndarray:
        return rng.uniform(0.2, 1.2, shape) * rng.choice([-1.0, 1.0], shape)

    return [Pair(order_one(D, H), order_one(H), order_one(H, K), order_one(K)) for D, H, K in LAYERS]


def through(n: Pair, b: Any, W: Any, hidden: slice) -> np.ndarray:
    """Return what comes through the second layer's weights, from some of the hidden units."""
    return b(n)[..., hidden] @ W(n)[hidden]


ALL = slice(None)
SOME = (
    slip("first_only", "only the first hidden unit is counted: does the loop end after one round?", hidden=slice(1)),
    slip("last_only", "only the last hidden unit is counted: `=` where the products are added up (`+=`)?",
         hidden=slice(-1, None)),
    slip("last_missed", hidden=slice(-1)),
    slip("first_missed", hidden=slice(1, None)),
    slip("mean_for_sum", "the products are averaged over the hidden units; they are added up",
         share=lambda n: 1 / len(n.W2)),
)  # fmt: skip
COLLAPSED_W = Formula(
    lambda n, first=lambda n: n.W1, second=lambda n: n.W2, hidden=ALL, share=lambda n: 1.0:
        share(n) * through(n, first, second, hidden),
    (
        *SOME,
        slip("weights_transposed", "this is W transposed: row i belongs to input i, column k to output k",
             after=np.transpose),
        slip("reshaped_for_transposed", after=lambda W: reshaped(W).T),
        slip("reshaped_for_transposed", after=lambda W: W.T.reshape(W.shape)),
        slip("absolute_values", first=lambda n: np.abs(n.W1), second=lambda n: np.abs(n.W2)),
    ),
)  # fmt: skip
COLLAPSED_B = Formula(
    lambda n, first=lambda n: n.b1, second=lambda n: n.W2, hidden=ALL, share=lambda n: 1.0, own=lambda n: n.b2,
        join=np.add: join(share(n) * through(n, first, second, hidden), own(n)),
    (
        *SOME,
        slip("bias_forgotten", "b1 is missing: it goes through W2 to the outputs, too", first=lambda n: 0 * n.b1),
        slip("bias_of_other_layer", "b2 is missing: only b1 @ W2 is left", own=lambda n: 0.0),
        slip("bias_gradient_zero", "b is 0; two layers with biases still have one together", credit=False,
             first=lambda n: 0 * n.b1, own=lambda n: 0 * n.b2),
        slip("bias_subtracted", "b1 @ W2 is subtracted; both biases are added", share=lambda n: -1.0),
        slip("bias_subtracted", "b2 is subtracted; both biases are added", own=lambda n: -n.b2),
        slip("bias_added_twice", "b2 is added twice", own=lambda n: 2 * n.b2),
        slip("bias_added_twice", "b1 @ W2 is added twice", share=lambda n: 2.0),
        slip("weights_forgotten", "the entries of b1 are added as they are; each goes through its weights in W2",
             second=lambda n: np.ones_like(n.W2)),
        slip("product_for_sum", "b1 @ W2 and b2 are multiplied; they are added", join=np.multiply),
    ),
)  # fmt: skip

collapse = question(
    "collapse", "W1 b1 W2 b2",
    [
        Part("W", 0.5, lambda n: n.W, "Input 0 moves a little. Along how many paths does output 0 notice?", COLLAPSED_W,
             where=lambda index: (f"from input {index[0]} to output {index[1]}", ())),
        Part("b", 0.5, lambda n: n.b, "x is 0. What comes out of the first layer, and what does the second make of it?",
             COLLAPSED_B, where=lambda index: (f"output {index[0]}", ())),
    ],
    pairs, "pair of layers", 'Deck 002, "Multi-Layer-Perceptron: Regression", without its activation',
)  # fmt: skip
