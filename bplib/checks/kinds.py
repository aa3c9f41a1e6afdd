"""Every value of a backward pass is of one of a few kinds, and each kind is got wrong in its own ways.

Each kind is a formula with places, written for a batch (rows are samples) and used for one pattern as a batch of one.
The formulas are here only to say what a slip would give, and to go on from a learner's own earlier value: the right
value itself comes from the loss moved a little (`nets`), and a test holds the two together.

A local quantity has one name in all questions: `below` enters a layer, `W`, `b` are its own, `z`, `a` what it makes;
`delta` is its error signal, `above` that of the layer above and `W_above` the weights to it; `n` is the whole instance.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from bplib.checks.mistakes import EVERYWHERE, Formula, Slip, slip
from bplib.checks.nets import LINEAR, SIGMOID, TANH, softmax


class Local(SimpleNamespace):
    """The quantities around one returned array."""


def rows(value: Any) -> np.ndarray:
    """Return one pattern as a batch of one."""
    value = np.asarray(value, dtype=np.float64)
    return value[None] if value.ndim == 1 else value


def reshaped(W: np.ndarray) -> np.ndarray:
    """Return the entries in reading order, in the shape of the transpose."""
    return W.reshape(W.shape[::-1])


def unlike(value: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return `value` unless it is `other`."""
    if value.shape == other.shape and np.array_equal(value, other):
        raise ValueError("the same")
    return value


# Forward


def _z(
    l: Local,
    below: Any = lambda l: l.below,
    W: Any = lambda l: l.W,
    product: Any = np.matmul,
    bias: Any = lambda l: l.b,
    then: Any = lambda l: lambda z: z,
) -> Any:
    return then(l)(product(below(l), W(l)) + bias(l))


Z = Formula(
    _z,
    (
        slip("weights_transposed", W=lambda l: l.W.T),
        slip("reshaped_for_transposed", W=lambda l: reshaped(l.W).T),
        slip("bias_forgotten", bias=lambda l: 0.0),
        slip("bias_subtracted", bias=lambda l: -l.b),
        slip("bias_added_twice", bias=lambda l: 2 * l.b),
        slip("bias_of_other_layer", bias=lambda l: l.b_other),
        slip("bias_summed", bias=lambda l: l.b.sum()),
        slip("bias_averaged", bias=lambda l: l.b.mean()),
        slip("bias_times_input", bias=lambda l: l.b * l.below.sum(axis=1, keepdims=True)),
        slip("weights_of_wrong_layer", W=lambda l: l.W_other),
        slip("mean_for_sum", product=lambda x, W: x @ W / len(W)),
        slip("last_only", "only the last unit below is counted: `=` where the products should be added up (`+=`)?",
             product=lambda x, W: x[:, -1:] * W[-1]),
        slip("first_only", "only the first unit below is counted", product=lambda x, W: x[:, :1] * W[0]),
        slip("own_weight_only", product=lambda x, W: x @ (np.eye(*W.shape) * W)),
        slip("a_for_z", then=lambda l: l.nothing if l.f is LINEAR else l.f.f),
        slip("z_for_a", below=lambda l: l.z_below),
        slip("activation_twice", below=lambda l: l.f_below.f(l.below)),
        slip("input_of_wrong_layer", below=lambda l: unlike(l.x, l.below)),
    ),
)  # fmt: skip


def _a(l: Local, f: Any = lambda l: l.f.f, of: Any = lambda l: l.z) -> Any:
    return f(l)(of(l))


A = Formula(
    _a,
    (
        slip("no_activation", f=lambda l: lambda z: z),
        slip("sigmoid_of_minus_z", of=lambda l: -l.z if l.f is SIGMOID else l.nothing),
        slip("tanh_for_sigmoid", f=lambda l: np.tanh if l.f is SIGMOID else l.nothing),
        slip("sigmoid_for_tanh", f=lambda l: SIGMOID.f if l.f is TANH else l.nothing),
        slip("relu_for_tanh", f=lambda l: (lambda z: np.maximum(z, 0)) if l.f is TANH else l.nothing),
        slip("relu_for_sigmoid", f=lambda l: (lambda z: np.maximum(z, 0)) if l.f is SIGMOID else l.nothing),
        slip("activation_twice", of=lambda l: l.f.f(l.z)),
        slip(
            "argument_scaled",
            "this is tanh of z / 2: a factor 2 is missing in the exponent",
            of=lambda l: l.z / 2 if l.f is TANH else l.nothing,
        ),
        slip("slope_for_value", f=lambda l: lambda z: l.f.slope(l.f.f(z))),
        slip("bias_added_twice", of=lambda l: l.z + l.b),
        slip("bias_forgotten", of=lambda l: l.z - l.b),
        slip("input_of_wrong_layer", of=lambda l: l.below if l.below.shape == l.z.shape else l.nothing),
    ),
)


# The slope of an activation, from the activation


def one_slope(l: Local) -> float:
    """Return a @ (1 - a): one number where each unit has a slope of its own."""
    if len(l.a) > 1 or l.f is not SIGMOID:
        raise ValueError("NumPy would refuse this, or it is another slip")
    return float(l.a[0] @ (1 - l.a[0]))


def slope_slips(own: str = "a") -> tuple[Slip, ...]:
    """Return the slips of a layer's slope; `own` names its activation."""

    def a(l: Local) -> Any:
        return getattr(l, own)

    def other(l: Local, f: Any) -> Any:
        return l.nothing if l.f is f else f.slope(a(l))

    return (
        slip("missing_slope", slope=lambda l: 1.0),
        slip("slope_of_tanh", slope=lambda l: other(l, TANH)),
        slip("slope_of_sigmoid", slope=lambda l: other(l, SIGMOID)),
        slip("slope_of_relu", slope=lambda l: (l.z > 0) * 1.0),
        slip("one_minus_a", slope=lambda l: 1 - a(l)),
        slip("slope_without_one_minus_a", slope=a),
        slip("slope_taken_at_a", slope=lambda l: l.f.slope(l.f.f(a(l)))),
        slip("slope_taken_at_z", slope=lambda l: l.f.slope(l.z)),
        slip("slope_twice", slope=lambda l: l.f.slope(a(l)) ** 2),
        slip("activation_for_slope_squared", slope=lambda l: a(l) ** 2 if l.f is TANH else l.nothing),
    )


# Error signals


def _output_delta(
    l: Local,
    error: Any = lambda l: l.a - l.target,
    slope: Any = lambda l: l.f.slope(l.a),
    share: Any = lambda l: 1.0,
    meet: Any = lambda error, slope, l: error * slope,
) -> Any:
    return meet(error(l), slope(l), l) * share(l)


NO_SIGN = tuple(slip for slip in EVERYWHERE if slip.id != "sign")
DOWNHILL = "this points downhill: target - out goes with += in the step; in this course delta is d loss / d z, with -="

OUTPUT_DELTA = Formula(
    _output_delta,
    (
        *slope_slips(),
        slip("sign", DOWNHILL, convention=True, error=lambda l: l.target - l.a),
        slip("slope_at_target", slope=lambda l: l.f.slope(l.target)),
        slip("slope_at_error", slope=lambda l: l.f.slope(l.a - l.target)),
        slip("missing_error", error=lambda l: 1.0),
        slip("brackets_missing", meet=lambda error, slope, l: error * l.a - l.a),
        slip("brackets_missing", "a bracket is missing: only the target meets the slope, the output does not",
             meet=lambda error, slope, l: l.a - l.target * slope),
        slip("sum_for_product", "error and slope are added; they are multiplied",
             meet=lambda error, slope, l: error + slope),
        slip("first_only", "the first unit's slope is taken for all", slope=lambda l: l.f.slope(l.a)[:, :1]),
        slip("matrix_for_elementwise", slope=lambda l: one_slope(l)),
        slip("sum_for_each", "the errors of all outputs are added up first; each output has its own",
             error=lambda l: (l.a - l.target).sum(axis=1, keepdims=True)),
        slip("loss_for_error", error=lambda l: 0.5 * (l.a - l.target) ** 2),
        slip("loss_for_error", "the square of the error is taken, not its derivative",
             error=lambda l: (l.a - l.target) ** 2),
        slip("target_only", error=lambda l: -l.target),
        slip("target_only", error=lambda l: l.target),
        slip("output_only", error=lambda l: l.a),
        slip("absolute_values", error=lambda l: np.abs(l.a - l.target)),
        slip("sum_of_output_and_target", error=lambda l: l.a + l.target),
        slip("n_times_k", "it is divided by the number of outputs; the loss is a sum over them",
             share=lambda l: 1 / l.a.shape[-1]),
    ),
    NO_SIGN,
)  # fmt: skip


def gather(d: np.ndarray, W: np.ndarray) -> np.ndarray:
    """Return the blame that comes down: each delta above times the weight on the way to it, summed."""
    return d @ W.T


def _hidden_delta(
    l: Local,
    W: Any = lambda l: l.W_above,
    above: Any = lambda l: l.above,
    gather: Any = gather,
    slope: Any = lambda l: l.f.slope(l.a),
    share: Any = lambda l: 1.0,
    meet: Any = lambda blame, slope, l: blame * slope,
) -> Any:
    return meet(gather(above(l), W(l)), slope(l), l) * share(l)


def paths(d: np.ndarray, W: np.ndarray) -> np.ndarray:
    """Return delta times weight for every path, (N, below, above)."""
    return d[:, None, :] * W


def horner(terms: np.ndarray, slope: Any) -> np.ndarray:
    """Return the sum that a loop makes if it multiplies with the slope after each term."""
    total = np.zeros(terms.shape[:2])
    for k in range(terms.shape[2]):
        total = (total + terms[:, :, k]) * slope
    return total


HIDDEN_DELTA = Formula(
    _hidden_delta,
    (
        *slope_slips(),
        slip("brackets_missing", meet=lambda blame, slope, l: blame * l.a - l.a),
        slip("sum_for_product", "blame and slope are added; they are multiplied",
             meet=lambda blame, slope, l: blame + slope),
        slip("slope_before_weights", slope=lambda l: 1.0, above=lambda l: l.above * l.f.slope(l.a)),
        slip("slope_in_loop", gather=lambda d, W: paths(d, W), meet=lambda terms, slope, l: horner(terms, slope)),
        slip("first_only", "the first unit's slope is taken for all", slope=lambda l: l.f.slope(l.a)[:, :1]),
        slip("last_only", "the last unit's slope is taken for all", slope=lambda l: l.f.slope(l.a)[:, -1:]),
        slip("sum_for_each", "weights and deltas are summed apart; each delta meets its own weight first",
             gather=lambda d, W: W.sum(axis=1) * d.sum(axis=1, keepdims=True)),
        slip("last_missed", "the last unit above is left out of the sum", gather=lambda d, W: d[:, :-1] @ W[:, :-1].T),
        slip("first_missed", "the first unit above is left out of the sum", gather=lambda d, W: d[:, 1:] @ W[:, 1:].T),
        slip("slope_at_delta", slope=lambda l: l.f.slope(gather(l.above, l.W_above))),
        slip("slope_at_delta", slope=lambda l: l.f.slope(l.above)),
        slip("slope_at_delta", slope=lambda l: 1.0, above=lambda l: l.above * l.f.slope(l.above)),
        slip("slope_of_wrong_layer", slope=lambda l: l.f.slope(l.a_above)),
        slip("slope_of_wrong_layer", slope=lambda l: l.f.slope(l.below)),
        slip("weights_transposed", W=lambda l: l.W_above.T),
        slip("reshaped_for_transposed", W=lambda l: reshaped(l.W_above).T),
        slip("weights_of_wrong_layer", W=lambda l: l.W),
        slip("weights_of_wrong_layer", W=lambda l: l.W_other),
        slip("updated_weights", "the weights were updated before they were used here (as if eta were {c}): all "
             "slopes belong to the old ones", free=True, W=lambda l, c: l.W_above - c * l.dW_above),
        slip("weights_forgotten", gather=lambda d, W: d.sum(axis=1, keepdims=True)),
        slip("own_weight_only", gather=lambda d, W: d @ (np.eye(*W.shape) * W).T),
        slip("last_only", "only the last unit above is counted: `=` where the paths should be added up (`+=`)?",
             gather=lambda d, W: paths(d, W)[:, :, -1]),
        slip("first_only", "only the first unit above is counted: the blame comes down from all of them",
             gather=lambda d, W: paths(d, W)[:, :, 0]),
        slip("max_for_sum", gather=lambda d, W: paths(d, W).max(axis=2)),
        slip("max_for_sum", gather=lambda d, W: np.take_along_axis(
            paths(d, W), np.abs(paths(d, W)).argmax(axis=2)[:, :, None], 2)[:, :, 0]),
        slip("mean_for_sum", gather=lambda d, W: paths(d, W).mean(axis=2)),
        slip("product_for_sum", gather=lambda d, W: paths(d, W).prod(axis=2)),
        slip("sum_over_wrong_axis", gather=lambda d, W: d * W.sum(axis=0)),
        slip("elementwise_for_matrix", "each delta is multiplied with its own row of weights only",
             gather=lambda d, W: d * W.sum(axis=1)),
        slip("matrix_for_elementwise", slope=lambda l: one_slope(l)),
        slip("absolute_values", gather=lambda d, W: np.abs(d) @ W.T),
        slip("absolute_values", gather=lambda d, W: d @ np.abs(W).T),
        slip("absolute_values", gather=lambda d, W: np.abs(paths(d, W)).sum(axis=2)),
        slip("missing_error", "the deltas above are missing: the weights alone are summed",
             gather=lambda d, W: W.sum(axis=1)),
        slip("absolute_values", after=np.abs),
    ),
)  # fmt: skip


# Gradients


def _weights(
    l: Local,
    below: Any = lambda l: l.below,
    delta: Any = lambda l: l.delta,
    outer: Any = lambda x, d: x.T @ d,
    share: Any = lambda l: 1.0,
    penalty: Any = lambda l: 0.0,
) -> Any:
    return share(l) * outer(below(l), delta(l)) + penalty(l)


WEIGHT_GRADIENT = Formula(
    _weights,
    (
        slip("outer_product_reversed", outer=lambda x, d: (x.T @ d).T),
        slip("reshaped_for_transposed", outer=lambda x, d: reshaped(x.T @ d).T),
        slip("reshaped_for_transposed", outer=lambda x, d: reshaped(d.T @ x)),
        slip("input_of_wrong_layer", below=lambda l: unlike(l.x, l.below)),
        slip("input_of_wrong_layer", below=lambda l: l.a),
        slip("input_of_wrong_layer", below=lambda l: l.below_other),
        slip("z_for_a", below=lambda l: l.z_below),
        slip("activation_twice", below=lambda l: l.f_below.f(l.below)),
        slip("slope_for_value", "the slope of the layer below is taken where its activation belongs",
             below=lambda l: l.f_below.slope(l.below) if l.f_below is not LINEAR else l.below),
        slip("input_squashed", below=lambda l: l.f.f(l.x) if l.below is l.x else l.below),
        slip("n_times_k", "it is divided by the number of inputs of the layer", share=lambda l: 1 / l.below.shape[1]),
        slip("slope_twice", "the slope is multiplied on again: it is in delta already",
             delta=lambda l: l.delta * l.f.slope(l.a)),
        slip("delta_of_wrong_layer", delta=lambda l: l.delta_other),
        slip("delta_of_wrong_layer", delta=lambda l: l.delta_top),
        slip("missing_error", "the delta is missing: this is what came from below",
             delta=lambda l: np.ones_like(l.delta)),
        slip("elementwise_for_matrix", "x * delta stands on the diagonal: every unit below meets every delta",
             outer=lambda x, d: np.eye(x.shape[1], d.shape[1]) * (x.T @ d)),
        slip("elementwise_for_matrix", "x * delta is repeated along the rows: every unit below meets every delta",
             outer=lambda x, d: np.repeat((x * d).T, d.shape[1], axis=1)),
        slip("elementwise_for_matrix", "x * delta is repeated along the columns: every unit below meets every delta",
             outer=lambda x, d: np.repeat(x * d, x.shape[1], axis=0)),
        slip("matrix_for_elementwise", "the inner product x @ delta fills the matrix; the outer product belongs here",
             outer=lambda x, d: np.full((x.shape[1], d.shape[1]), (x * d).sum())),
        slip("input_forgotten", below=lambda l: np.ones_like(l.below)),
        slip("absolute_values", delta=lambda l: np.abs(l.delta)),
        slip("absolute_values", after=np.abs),
        slip("n_times_k", "it is divided by the number of entries: there is no mean to take over them",
             after=lambda value: value / value.size),
    ),
)  # fmt: skip


def _bias(l: Local, delta: Any = lambda l: l.delta, gather: Any = lambda d: d.sum(axis=0), share: Any = lambda l: 1.0,
          penalty: Any = lambda l: 0.0) -> Any:  # fmt: skip
    return share(l) * gather(delta(l)) + penalty(l)


def everyone(value: Any, d: np.ndarray) -> np.ndarray:
    """Give every unit the same value."""
    return np.full(d.shape[1], value)


BIAS_GRADIENT = Formula(
    _bias,
    (
        slip("bias_gradient_zero", gather=lambda d: np.zeros(d.shape[1]), credit=False),
        slip("bias_summed", gather=lambda d: everyone(unlike(d, d[:, :1]).sum(), d)),
        slip("bias_averaged", "the entries are averaged: each unit has a bias of its own",
             gather=lambda d: everyone(unlike(d, d[:, :1]).mean(), d)),
        slip("bias_times_input", delta=lambda l: l.delta * l.below),
        slip("bias_times_input", "delta is multiplied with the sum of what comes from below",
             delta=lambda l: l.delta * l.below.sum(axis=1, keepdims=True)),
        slip("bias_times_input", "delta is multiplied with the bias itself; the bias's input is 1",
             delta=lambda l: l.delta * l.b),
        slip("bias_times_input", "delta is multiplied with the unit's own activation; the bias's input is 1",
             delta=lambda l: l.delta * l.a),
        slip("slope_twice", "the slope is multiplied on again: it is in delta already",
             delta=lambda l: l.delta * l.f.slope(l.a)),
        slip("delta_of_wrong_layer", delta=lambda l: l.delta_top),
        slip("absolute_values", after=np.abs),
        slip("n_times_k", "it is divided by the number of entries: there is no mean to take over them",
             after=lambda value: value / value.size),
        slip("bias_constant", gather=lambda d: np.ones(d.shape[1]), credit=False),
        slip("delta_of_wrong_layer", delta=lambda l: l.delta_other),
        slip("absolute_values", delta=lambda l: np.abs(l.delta)),
    ),
)  # fmt: skip

# What a sum over the samples adds to them; for one pattern there is nothing to sum. 1/N has come in with delta.
BATCH = (
    slip("n_missing", share=lambda l: float(len(l.delta))),
    slip("n_twice", share=lambda l: 1 / len(l.delta)),
)
BATCH_WEIGHTS = (
    *BATCH,
    slip("sign", "the sign of the sum over the samples is turned round, that of the penalty is right",
         share=lambda l: -1.0),
    slip("n_times_k", share=lambda l: 1 / l.delta.shape[1]),
    slip("last_only", "only the last sample is counted: `=` where the samples should be added up (`+=`)?",
         outer=lambda x, d: x[-1:].T @ d[-1:]),
    slip("first_only", "only the first sample is counted", outer=lambda x, d: x[:1].T @ d[:1]),
    slip("reshaped_for_transposed", outer=lambda x, d: reshaped(x) @ d),
)  # fmt: skip
BATCH_BIAS = (
    slip("n_missing", share=lambda l: float(len(l.delta))),
    slip("bias_averaged", gather=lambda d: d.mean(axis=0)),
    slip("n_times_k", share=lambda l: 1 / l.delta.shape[1]),
    slip("bias_last_sample", gather=lambda d: d[-1]),
    slip("first_only", "only the first sample is counted", gather=lambda d: d[0]),
    slip("no_sum_over_samples", gather=lambda d: d),
    slip("sum_over_wrong_axis", gather=lambda d: d.sum(axis=1)),
    slip("max_for_sum", gather=lambda d: d.max(axis=0)),
)
PENALTY = (
    slip("penalty_missing", penalty=lambda l: 0.0),
    slip("penalty_half", penalty=lambda l: l.lam * l.W),
    slip("penalty_doubled", penalty=lambda l: 4 * l.lam * l.W),
    slip("penalty_wrong_sign", penalty=lambda l: -2 * l.lam * l.W),
    slip("penalty_over_n", penalty=lambda l: 2 * l.lam * l.W / len(l.delta)),
    slip("penalty_over_n", "the penalty is divided by N, and the 2 of the square is missing",
         penalty=lambda l: l.lam * l.W / len(l.delta)),
    slip("penalty_absolute", penalty=lambda l: l.lam * np.sign(l.W)),
    slip("penalty_not_squared", "lam itself is added to every entry: the slope of lam * W, not of lam * W**2",
         penalty=lambda l: l.lam),
    slip("penalty_not_squared", "2 * lam is added to every entry: the weight itself is missing",
         penalty=lambda l: 2 * l.lam),
    slip("penalty_root", penalty=lambda l: l.lam * l.W / np.sqrt((l.W**2).sum())),
    slip("penalty_for_slope", penalty=lambda l: l.lam * l.W**2),
    slip("penalty_without_lam", penalty=lambda l: 2 * l.W),
    slip("penalty_without_lam", "the penalty is added with the weight c = {c} for 2 * lam: lam does not come in",
         free=True, penalty=lambda l, c: c * l.W),
)  # fmt: skip
BIAS_PENALTY = (
    slip("penalty_on_bias", penalty=lambda l: 2 * l.lam * l.b),
    slip("penalty_on_bias", penalty=lambda l: l.lam * l.b),
)


# Steps


def _step(
    l: Local,
    w: Any = lambda l: l.w,
    way: float = -1.0,
    rate: Any = lambda l: l.eta,
    g: Any = lambda l: l.g,
) -> Any:
    return w(l) + way * rate(l) * g(l)


STEP = Formula(
    _step,
    (
        slip("ascent", way=1.0),
        slip("eta_forgotten", rate=lambda l: 1.0),
        slip("eta_twice", rate=lambda l: l.eta**2),
        slip("eta_divided", rate=lambda l: 1 / l.eta),
        slip("moved_twice", rate=lambda l: 2 * l.eta),
        slip("old_value_lost", w=lambda l: 0.0),
        slip("old_value_lost", w=lambda l: 0.0, way=1.0),
        slip("old_value_lost", "the learning rate is applied to the old value, too", w=lambda l: l.eta * l.w),
        slip("nothing_moved", w=lambda l: l.w, way=0.0, credit=False),
        slip("step_of_one", g=lambda l: 1.0),
        slip("weight_for_gradient", g=lambda l: l.w),
        slip("absolute_values", g=lambda l: np.abs(l.g)),
    ),
)


WEIGHT_STEP = STEP.but(
    slip("outer_product_reversed", "dW is transposed before the step", g=lambda l: l.g.T),
    slip("reshaped_for_transposed", g=lambda l: l.g.T.reshape(l.g.shape)),
    slip("result_of_wrong_layer", g=lambda l: l.g_other),
)
BIAS_STEP = STEP.but(slip("bias_not_updated", way=0.0, credit=False), without=("nothing_moved",))


# Softmax and cross-entropy


def one_hot(target: np.ndarray, K: int) -> np.ndarray:
    """Return rows with a 1 at the target."""
    return np.eye(K)[target]


def _softmax(
    l: Local, of: Any = lambda l: l.z, exp: Any = np.exp, norm: Any = lambda e: e.sum(axis=1, keepdims=True)
) -> Any:
    z = of(l)
    e = exp(z - z.max(axis=1, keepdims=True)) if exp is np.exp else exp(z)
    return e / norm(e)


def scaled(e: np.ndarray) -> np.ndarray:
    """Return the row sums as if no maximum had been subtracted."""
    return e.sum(axis=1, keepdims=True)


SOFTMAX = Formula(
    _softmax,
    (
        slip("softmax_missing", exp=lambda z: z, norm=lambda e: 1.0, credit=False),
        slip("softmax_all", exp=lambda z: np.exp(z), norm=lambda e: e.sum()),
        slip("softmax_wrong_axis", exp=lambda z: np.exp(z), norm=lambda e: e.sum(axis=0)),
        slip("exp_not_normalised", exp=lambda z: np.exp(z), norm=lambda e: 1.0),
        slip("exp_not_normalised", "exp of the scores less their row's maximum, not divided by the sum",
             norm=lambda e: 1.0),
        slip("no_exp", exp=lambda z: z),
        slip("mean_for_sum", norm=lambda e: e.mean(axis=1, keepdims=True)),
        slip("sigmoid_for_softmax", exp=lambda z: 1 / (1 + np.exp(-z)), norm=lambda e: 1.0),
        slip("sign_in_softmax", of=lambda l: -l.z),
        slip("activation_on_output", of=lambda l: np.tanh(l.z)),
        slip("softmax_twice", of=lambda l: softmax(l.z)),
        slip("no_maximum_subtracted", exp=lambda z: np.exp(z)),
    ),
)  # fmt: skip


def _softmax_delta(
    l: Local,
    p: Any = lambda l: l.p,
    hot: Any = lambda l: l.hot,
    minus: Any = np.subtract,
    slope: Any = lambda error, l: error,
    share: Any = lambda l: 1 / len(l.p),
) -> Any:
    return slope(minus(p(l), hot(l)), l) * share(l)


SOFTMAX_DELTA = Formula(
    _softmax_delta,
    (
        slip("sign", DOWNHILL, convention=True, minus=lambda p, hot: hot - p),
        slip("label_for_one_hot", hot=lambda l: l.target[:, None]),
        slip("no_one_hot", hot=lambda l: 0.0),
        slip("one_hot_added", minus=np.add),
        slip("one_hot_wrong_class", "the 1 is subtracted one column too far to the left",
             hot=lambda l: np.roll(l.hot, -1, axis=1)),
        slip("one_hot_wrong_class", "the 1 is subtracted one column too far to the right",
             hot=lambda l: np.roll(l.hot, 1, axis=1)),
        slip("one_hot_wrong_class", "the 1 is subtracted at the largest probability, not at the target",
             hot=lambda l: one_hot(l.p.argmax(axis=1), l.p.shape[1])),
        slip("one_hot_wrong_class", "the 1 is subtracted in all these columns for every sample, not in its own alone",
             hot=lambda l: np.broadcast_to((l.hot.sum(axis=0) > 0) * 1.0, l.p.shape)),
        slip("rows_and_columns_mixed", hot=lambda l: l.hot.T.reshape(l.hot.shape)),
        slip("jacobian_twice", slope=lambda error, l: error * l.p * (1 - l.p)),
        slip("jacobian_twice", slope=lambda error, l: l.p * (error - (error * l.p).sum(axis=1, keepdims=True))),
        slip("softmax_elementwise", slope=lambda error, l: error * l.hot),
        slip("slope_of_tanh", slope=lambda error, l: error * (1 - l.p**2)),
        slip("missing_error", slope=lambda error, l: l.p * (1 - l.p)),
        slip("loss_for_error", slope=lambda error, l: -np.log(l.p) * l.hot),
        slip("loss_for_error",
             "d loss / d p is handed back, -1/p at the target: the step down to the scores is missing",
             slope=lambda error, l: -l.hot / l.p),
        slip("target_only", p=lambda l: 0.0),
        slip("target_only", p=lambda l: 0.0, minus=np.add),
        slip("softmax_missing", "the scores stand where the probabilities belong", p=lambda l: l.z),
        slip("absolute_values", slope=lambda error, l: np.abs(error)),
        slip("n_missing", share=lambda l: 1.0),
        slip("n_twice", share=lambda l: 1 / len(l.p) ** 2),
        slip("n_times_k", share=lambda l: 1 / l.p.size),
        slip("n_times_k", "it is divided by the number of classes K, not by the number of samples N",
             share=lambda l: 1 / l.p.shape[1]),
    ),
    NO_SIGN,
)  # fmt: skip
