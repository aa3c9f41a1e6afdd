"""The two-layer network on a batch: every line of deck 000's backward pass, and which of them would be the first wrong.

The net is tanh below and softmax with cross-entropy on top, with a penalty on the weights; rows are samples. The truth
is the loss moved a little (`batches`); training is that truth, step after step (`runs`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from bplib import svg
from bplib.checks import kinds
from bplib.checks.batches import KEYS, Batch, draw
from bplib.checks.kinds import Local, one_hot
from bplib.checks.mistakes import Formula, slip
from bplib.checks.nets import LINEAR, TANH, softmax
from bplib.checks.parts import Aspect, Part
from bplib.checks.question import Question
from bplib.checks.runs import TRAINING, learns_moons, runs

SHAPES = ((5, 3, 3, 3), (6, 4, 4, 4), (7, 3, 5, 4), (1, 4, 3, 2), (9, 2, 6, 3))  # N, D, H, K


def instances(seed: int) -> list[Batch]:
    """Return random batches of several sizes, N = 1 and N = 7 among them; the first have square weights."""
    rng = np.random.default_rng(seed)
    return [draw(rng, *shape) for shape in SHAPES]


def large(seed: int) -> list[Batch]:
    """Return the same, and a net with scores so large that exp overflows."""
    ns = instances(seed)
    n = ns[2]
    extreme = Batch(n.x, n.target, n.W1, n.b1, 800 * n.W2, n.b2, n.lam, n.eta)
    extreme.extreme = True
    return [*ns, extreme]


def many(seed: int) -> list[Batch]:
    """Return nets with many samples: a class is a coarse thing, and two nets agree on most."""
    rng = np.random.default_rng(seed)
    return [draw(rng, 300, *shape[1:]) for shape in SHAPES]


def lower(n: Batch, layer: int = 0) -> Local:
    """Return what surrounds the hidden layer."""
    return Local(
        n=n, below=n.x, x=n.x, W=n.W1, b=n.b1, lam=n.lam, W_other=n.W2, b_other=n.b2, z=n.z1, a=n.a1, f=TANH,
        f_below=LINEAR, z_below=n.x, W_above=n.W2, above=n.delta2, a_above=n.p, eta=n.eta, dW_above=n.dW2,
        slope_above=1 - n.p**2, delta=n.delta1, delta_other=n.delta2, below_other=n.a1,
    )  # fmt: skip


def upper(n: Batch, layer: int = 1) -> Local:
    """Return what surrounds the output layer."""
    return Local(
        n=n, below=n.a1, z_below=n.z1, f_below=TANH, x=n.x, W=n.W2, b=n.b2, lam=n.lam, W_other=n.W1, b_other=n.b1,
        z=n.z2, a=n.z2, p=n.p, target=n.target, hot=one_hot(n.target, n.p.shape[1]), f=LINEAR,
        delta=n.delta2, delta_other=n.delta1,
        below_other=n.x,
    )  # fmt: skip


def picture(n: Batch, mark: tuple[str, ...]) -> svg.Drawing:
    """Draw the net with the units in `mark` marked."""
    D, H, K = n.W1.shape[0], *n.W2.shape
    return svg.network(
        [[f"{name}{j}" for j in range(size)] for name, size in (("x", D), ("h", H), ("o", K))], mark=mark
    )


def sample(letter: str) -> Any:
    """Return where entry [n, j] of a batch of values sits."""
    return lambda index: (f"sample {index[0]}, unit {letter}{index[1]}", (f"{letter}{index[1]}",))


def bias(letter: str) -> Any:
    """Return where entry [j] of a bias's gradient sits."""
    return lambda index: (f"unit {letter}{index[0]}", (f"{letter}{index[0]}",))


def weight(below: str, above: str) -> Any:
    """Return where entry [i, j] of a weight matrix sits."""

    def where(index: tuple[int, ...]) -> tuple[str, tuple[str, ...]]:
        ends = f"{below}{index[0]}", f"{above}{index[1]}"
        return f"from {ends[0]} to {ends[1]}", ends

    return where


def question(name: str, takes: str, parts: list[Part], look: str, **options: Any) -> Question:
    """Return a question of this exercise."""
    options = dict(instances=instances, tried=("", "random batch")) | options
    return Question(f"ps09.{name}", takes, parts, look=f"Deck 000 (Vetter, Kraus, Höfle), {look}", **options)


# Forward

SCORES = kinds.Z.but(
    slip("activation_on_output", after=np.tanh),
    slip("softmax_missing", "softmax is taken already: z2 are the scores", after=lambda z: softmax(z)),
)

feedforward = question(
    "feedforward", "x model",
    [
        Part("z1", 0.5, lambda n: n.z1, "Which axis of x holds the inputs, and with which axis of W1 are they summed?",
             kinds.Z, lower, sample("h")),
        Part("a1", 0.5, lambda n: n.a1, "What does a hidden unit do with its z before it passes it on?",
             kinds.A, lower, sample("h")),
        Part("z2", 0.5, lambda n: n.z2, "What reaches the outputs from below: z1 or a1? What is added?",
             SCORES, upper, sample("o")),
        Part("p", 1.5, lambda n: n.p, "What must the probabilities of one sample sum to? And what if a score is 1000?",
             kinds.SOFTMAX, upper, sample("o")),
    ],
    '"Forward pass"', instances=large, picture=picture, as_dict=True,
)  # fmt: skip

# Loss


def _squares(w: np.ndarray) -> float:
    return (w**2).sum()


def _loss(
    n: Any,
    pick: Any = lambda n: n.p[np.arange(len(n.p)), n.target],
    log: Any = np.log,
    minus: Any = np.negative,
    mean: Any = np.mean,
    share: Any = lambda n: 1.0,
    paid: Any = ("W1", "W2"),
    square: Any = _squares,
    lam: Any = lambda n: n.lam,
) -> Any:
    return share(n) * mean(minus(log(pick(n)))) + lam(n) * sum(square(getattr(n, name)) for name in paid)


LOSS = Formula(
    _loss,
    (
        slip("likelihood_without_minus", minus=np.positive),
        slip("log_missing", log=np.positive),
        slip("log_missing", "1 - p of the right class is averaged: the logarithm is missing", log=lambda p: p - 1),
        slip("log_base", "the logarithm has base 2, so this is in bits; this course uses the natural one (nats)",
             log=np.log2),
        slip("log_base", "the logarithm has base 10; this course uses the natural one", log=np.log10),
        slip("log_wrong_entry", "p[:, target] takes all these columns for every sample; one entry of each row is meant",
             pick=lambda n: n.p[:, n.target]),
        slip("log_wrong_entry", "the entry beside the target's is taken",
             pick=lambda n: n.p[np.arange(len(n.p)), (n.target + 1) % n.p.shape[1]]),
        slip("log_wrong_entry", "the entry beside the target's is taken",
             pick=lambda n: n.p[np.arange(len(n.p)), n.target - 1]),
        slip("log_wrong_entry", "the logarithms of all classes are averaged; only the target's counts",
             pick=lambda n: n.p),
        slip("log_wrong_entry", "the logarithms of all classes are added up; only the target's counts",
             pick=lambda n: n.p, mean=lambda v: v.sum() / len(v)),
        slip("log_wrong_entry", "rows and columns are exchanged", pick=lambda n: n.p[n.target, np.arange(len(n.p))]),
        slip("one_hot_wrong_class", "the largest probability is taken, whichever class it belongs to",
             pick=lambda n: n.p.max(axis=1)),
        slip("softmax_twice", pick=lambda n: softmax(n.p)[np.arange(len(n.p)), n.target]),
        slip("binary_for_softmax", mean=lambda v: v.sum() / len(v), pick=lambda n: np.where(
            one_hot(n.target, n.p.shape[1]) > 0, n.p, 1 - n.p)),
        slip("n_times_k", "it is divided by the number of classes K, not by the number of samples N",
             share=lambda n: len(n.p) / n.p.shape[1]),
        slip("square_of_sum", square=lambda w: w.sum() ** 2),
        slip("target_and_output_swapped", pick=lambda n: 1 - n.p[np.arange(len(n.p)), n.target]),
        slip("n_missing", mean=np.sum),
        slip("n_twice", share=lambda n: 1 / len(n.p)),
        slip("n_times_k", share=lambda n: 1 / n.p.shape[1]),
        slip("max_for_sum", "the loss of the worst sample stands for the mean", mean=np.max),
        slip("first_only", "only the first sample is counted", mean=lambda v: v[0]),
        slip("last_only", "only the last sample is counted", mean=lambda v: v[-1]),
        slip("last_only", "only the last sample is counted, and it is divided by N", mean=lambda v: v[-1] / len(v)),
        slip("first_only", "only the first sample is counted, and it is divided by N", mean=lambda v: v[0] / len(v)),
        slip("factor_two", "the cross-entropy is doubled, the penalty is right", share=lambda n: 2.0),
        slip("factor_half", "the cross-entropy is halved, the penalty is right", share=lambda n: 0.5),
        slip("penalty_missing", lam=lambda n: 0.0),
        slip("penalty_halved_in_loss", lam=lambda n: n.lam / 2),
        slip("penalty_twice_in_loss", lam=lambda n: 2 * n.lam),
        slip("penalty_over_n", lam=lambda n: n.lam / len(n.p)),
        slip("penalty_times_n", lam=lambda n: n.lam * len(n.p)),
        slip("penalty_wrong_sign", lam=lambda n: -n.lam),
        slip("penalty_without_lam", lam=lambda n: 1.0),
        slip("penalty_one_layer_only", "only W1 is penalised", paid=("W1",)),
        slip("penalty_one_layer_only", "only W2 is penalised", paid=("W2",)),
        slip("penalty_on_bias", paid=KEYS),
        slip("penalty_over_n", "the penalty is the mean of the squares, not their sum", square=lambda w: (w**2).mean()),
        slip("penalty_not_squared", square=np.sum),
        slip("penalty_absolute", square=lambda w: np.abs(w).sum()),
        slip("penalty_root", square=lambda w: np.sqrt(_squares(w))),
        slip("penalty_root", "the root of the sum of all squares is taken", lam=lambda n: n.lam * np.sqrt(
            _squares(n.W1) + _squares(n.W2)), square=lambda w: 0.5),
    ),
)  # fmt: skip

loss_value = question(
    "loss_value", "p target model lam",
    [Part("loss", 2, lambda n: n.loss, "Which entry of each row of p counts, and what is done with all the values?",
          LOSS)],
    '"Softmax Classifier (Multinomial Logistic Regression)"',
)  # fmt: skip

# Backward

HIDDEN = kinds.HIDDEN_DELTA.but(
    *kinds.BATCH,
    slip("slope_of_wrong_layer", slope=lambda l: 1.0, above=lambda l: l.above * l.slope_above),
    slip("delta_of_wrong_layer", "dW2 is sent back where W2 belongs", W=lambda l: l.dW_above),
)
W_GRADIENT = kinds.WEIGHT_GRADIENT.but(*kinds.BATCH_WEIGHTS, *kinds.PENALTY, without=("n_times_k",))
W_GRADIENT = Formula(
    lambda l, penalty=lambda l: 2 * l.lam * l.W, **places: kinds.WEIGHT_GRADIENT.right(l, penalty=penalty, **places),
    (*W_GRADIENT.slips, slip("n_times_k", share=lambda l: 1 / l.delta.shape[1])),
)
B_GRADIENT = kinds.BIAS_GRADIENT.but(*kinds.BATCH_BIAS, *kinds.BIAS_PENALTY, without=("n_times_k",))

backprop = question(
    "backprop", "x target cache model lam",
    [
        Part("delta2", 2, lambda n: n.delta2,
             "The score of one sample moves a little. How much of that does the mean feel?",
             kinds.SOFTMAX_DELTA, upper, sample("o")),
        Part("dW2", 1.5, lambda n: n.dW2,
             "What does this weight carry up for each sample? And what does it pay itself?",
             W_GRADIENT, upper, weight("h", "o")),
        Part("db2", 0.5, lambda n: n.db2, "One bias serves all samples. What is its input?", B_GRADIENT,
             upper, bias("o")),
        Part("delta1", 2, lambda n: n.delta1,
             "z1 of a hidden unit moves a little. By how much does its activation move, and which outputs feel it?",
             HIDDEN, lower, sample("h")),
        Part("dW1", 1.5, lambda n: n.dW1,
             "What does this weight carry up for each sample? And what does it pay itself?",
             W_GRADIENT, lower, weight("x", "h")),
        Part("db1", 0.5, lambda n: n.db1, "One bias serves all samples. What is its input?", B_GRADIENT,
             lower, bias("h")),
    ],
    '"Backward pass"', picture=picture, as_dict=True,
)  # fmt: skip

# Steps

OVER_N = slip("eta_over_n", rate=lambda l: l.eta / len(l.n.p))
WEIGHT_STEP, BIAS_STEP = kinds.WEIGHT_STEP.but(OVER_N), kinds.BIAS_STEP.but(OVER_N)
# The entries of db2 add up to 0, so only the lower biases can be seen to move by a sum.
LOWER_BIAS_STEP = BIAS_STEP.but(slip("bias_summed", g=lambda l: l.g.sum()))
STEPS = {"W1": WEIGHT_STEP, "b1": LOWER_BIAS_STEP, "W2": WEIGHT_STEP, "b2": BIAS_STEP}

parameter_update = question(
    "parameter_update", "model grads eta",
    [
        Part(name, 0.5, lambda n, name=name: getattr(n, name) - n.eta * getattr(n, f"d{name}"),
             "The gradient points uphill. Which way do you want to go, and how far?", formula,
             lambda n, layer, name=name: Local(n=n, w=getattr(n, name), g=getattr(n, f"d{name}"), eta=n.eta))
        for name, formula in STEPS.items()
    ],
    '"Gradient descent parameter update"', as_dict=True, follow=False,
)  # fmt: skip

# Classes


def _classes(
    n: Any,
    activation: Any = np.tanh,
    first: Any = lambda n: n.x @ n.W1 + n.b1,
    second: Any = lambda n, a: a @ n.W2 + n.b2,
    choose: Any = lambda z: z.argmax(axis=1),
) -> Any:
    return choose(second(n, activation(first(n))))


CLASSES = Formula(
    _classes,
    (
        slip("no_activation", activation=np.positive),
        slip("sigmoid_for_tanh", activation=lambda z: 1 / (1 + np.exp(-z))),
        slip("relu_for_tanh", activation=lambda z: np.maximum(z, 0)),
        slip("activation_twice", activation=lambda z: np.tanh(np.tanh(z))),
        slip("bias_forgotten", first=lambda n: n.x @ n.W1),
        slip("bias_forgotten", second=lambda n, a: a @ n.W2),
        slip("bias_forgotten", "both biases are missing", first=lambda n: n.x @ n.W1, second=lambda n, a: a @ n.W2),
        slip("bias_subtracted", first=lambda n: n.x @ n.W1 - n.b1, second=lambda n, a: a @ n.W2 - n.b2),
        slip("bias_subtracted", first=lambda n: n.x @ n.W1 - n.b1),
        slip("bias_subtracted", second=lambda n, a: a @ n.W2 - n.b2),
        slip("smallest_for_largest", choose=lambda z: z.argmin(axis=1)),
        slip("absolute_values", choose=lambda z: np.abs(z).argmax(axis=1)),
        slip("softmax_wrong_axis", choose=lambda z: (np.exp(z) / np.exp(z).sum(axis=0)).argmax(axis=1)),
        slip("softmax_wrong_axis", "the largest is sought along the samples", choose=lambda z: z.argmax(axis=0)),
        slip("reshaped_for_transposed", second=lambda n, a: a @ kinds.reshaped(n.W2).T + n.b2),
        slip("rows_and_columns_mixed", choose=lambda z: z.T.reshape(z.shape).argmax(axis=1)),
        slip("result_of_wrong_layer", second=lambda n, a: a),
        slip("first_only", "the first sample's class is given to all", choose=lambda z: np.full(len(z), z[0].argmax())),
        slip("counted_from_one", choose=lambda z: z.argmax(axis=1) + 1),
    ),
)  # fmt: skip

predict = question(
    "predict", "x model",
    [Part("classes", 1, lambda n: n.p.argmax(axis=1), "Which score of a sample decides on its class?", CLASSES,
          integers=True)],
    '"Forward pass"', instances=many,
)  # fmt: skip

# Training

train_model = question(
    "train_model", "x target n_hidden n_out eta lam epochs seed",
    [
        Part("model", 1.5, lambda n: n.truth[0], "What does each epoch change, and from which gradient?", TRAINING,
             lambda n, layer: Local(n=n, layer=layer), keys=KEYS),
        Part("losses", 1.5, lambda n: n.truth[1], "losses[0] is the loss before the first step. And the last?",
             TRAINING,
             lambda n, layer: Local(n=n, layer=None)),
    ],
    '"Gradient descent parameter update"', instances=runs, tried=("", "short training"),
    aspects=(Aspect(1, "what it trains tells the two moons apart", learns_moons, once=True, anyhow=True),),
)  # fmt: skip
