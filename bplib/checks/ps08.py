"""Scores become losses without ever becoming probabilities: what would overflow on the way is never computed.

Batches of scores and their classes; the truth is the cross-entropy from the scores, and how it changes when one score
moves. A last batch has scores near 1000 and near -1000, where exp gives infinity and 0.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from bplib.checks import kinds, nets
from bplib.checks.kinds import NO_SIGN, one_hot
from bplib.checks.mistakes import Formula, Slip, slip
from bplib.checks.parts import Part
from bplib.checks.question import Question

SHAPES = ((4, 3), (3, 5), (7, 4), (1, 3))  # N, K
EPSILONS = (1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5)  # what is added inside a log "to be safe"


class Batch:
    """Scores z (N, K) with their classes, by the names of the exercise."""

    def __init__(self, z: Any, target: Any, extreme: bool = False) -> None:
        self.z, self.target, self.extreme = z, target, extreme
        self.p, self.log_p, self.hot = nets.softmax(z), log_softmax(z), one_hot(target, z.shape[1])
        self.memo: dict[Any, Any] = {}

    def once(self, value: Callable[[Batch], np.ndarray]) -> np.ndarray:
        """Return `value` of this batch, which is computed the first time only."""
        if value not in self.memo:
            self.memo[value] = value(self)
        return self.memo[value]

    @cached_property
    def losses(self) -> np.ndarray:
        """Each sample's loss (nats): a batch of one has the mean for its only loss."""
        rows = zip(self.z[:, None], self.target[:, None], strict=True)
        return np.array([nets.cross_entropy(z, None, target) for z, target in rows])

    @cached_property
    def dz(self) -> np.ndarray:
        """The slopes of the mean loss: one score is moved after the other."""
        return nets.slopes(lambda move: nets.cross_entropy(self.z + move, None, self.target), self.z.shape)


def draw(rng: np.random.Generator, N: int, K: int) -> Batch:
    """Draw scores of order one, none of them 0, with repeated classes where there are enough samples.

    In the first sample the largest score is not the target's, else argmax would do for the target.
    """
    z = rng.uniform(0.2, 2.0, (N, K)) * rng.choice([-1.0, 1.0], (N, K))
    target = rng.permutation(np.arange(N) % K)
    target[0] = np.argsort(z[0])[rng.integers(K - 1)]
    if N > 2:
        target[rng.integers(1, N)] = target[0]
    return Batch(z, target)


def instances(seed: int) -> list[Batch]:
    """Return random batches of several sizes, and one with scores so large that exp overflows.

    Its rows are: large scores, large negative ones, both, and moderate ones with a hopeless target.
    """
    rng = np.random.default_rng(seed)
    near, far = rng.uniform(0.2, 3.0, (2, 4)), rng.uniform(900, 1000, (2, 4))
    z = np.array([1000 - near[0], near[1] - 1000, far[0] * [1, -1, -1, 1], near[0] - [0, 0, 900, 0]])
    target = np.array([int(rng.integers(4)), int(rng.integers(4)), 1, 2])
    return [*(draw(rng, *shape) for shape in SHAPES), Batch(z, target, extreme=True)]


def log_sum_exp(z: np.ndarray, axis: int | None = 1) -> np.ndarray:
    """Return log(sum(exp(z))) along an axis, or over all, with that axis kept."""
    top = z.max(axis=axis, keepdims=True)
    return top + np.log(np.exp(z - top).sum(axis=axis, keepdims=True))


def log_softmax(z: np.ndarray) -> np.ndarray:
    """Return each row's log-probabilities."""
    return z - log_sum_exp(z)


def log_of_shifted(z: np.ndarray, top: np.ndarray) -> np.ndarray:
    """Return what should be log-probabilities, after `top` was subtracted, by softmax first and log afterwards."""
    e = np.exp(z - top)
    return np.log(e / e.sum(axis=1, keepdims=True))


def shifted_log(z: np.ndarray, top: np.ndarray) -> np.ndarray:
    """Return what should be log-probabilities, after `top` was subtracted, by the log of the sum."""
    return z - top - np.log(np.exp(z - top).sum(axis=1, keepdims=True))


# Slips on the way from scores to log-probabilities; they can be made for the losses, for dz, or for both.
NORMALISED = (
    ("softmax_all", "", lambda n: n.z - log_sum_exp(n.z, None)),
    ("softmax_wrong_axis", "", lambda n: n.z - log_sum_exp(n.z, 0)),
    ("softmax_wrong_axis", "the maximum of each column is subtracted, which shifts every class by another number; the "
     "maximum of the row belongs there", lambda n: log_softmax(n.z - n.z.max(axis=0))),
    ("exp_not_normalised", "", lambda n: n.z),
    ("exp_not_normalised", "the largest score stands where the log of the sum over the classes belongs, as if "
     "exp(z - max) were p already", lambda n: n.z - n.z.max(axis=1, keepdims=True)),
    ("mean_for_sum", "exp is divided by its mean over the classes, not by its sum",
     lambda n: n.log_p + np.log(n.z.shape[1])),
    ("first_only", "the sum of the exponentials holds its first term only",
     lambda n: n.z - n.z[:, :1]),
    ("last_only", "the sum of the exponentials holds its last term only: `=` where they are added up (`+=`)?",
     lambda n: n.z - n.z[:, -1:]),
    ("last_missed", "the last class is left out of the sum of the exponentials: does a loop end one too early?",
     lambda n: n.z - log_sum_exp(n.z[:, :-1])),
    ("first_missed", "the first class is left out of the sum of the exponentials: does a loop start one too late?",
     lambda n: n.z - log_sum_exp(n.z[:, 1:])),
    ("sigmoid_for_softmax", "", lambda n: -np.log1p(np.exp(-n.z))),
    ("sign_in_softmax", "", lambda n: log_softmax(-n.z)),
    ("softmax_twice", "", lambda n: log_softmax(n.p)),
    ("activation_on_output", "", lambda n: log_softmax(np.tanh(n.z))),
    ("activation_on_output", "a sigmoid is applied to the scores before softmax; they go in as they are",
     lambda n: log_softmax(1 / (1 + np.exp(-n.z)))),
    ("no_exp", "", lambda n: np.log(n.z / n.z.sum(axis=1, keepdims=True))),
    ("maximum_not_added_back", "", lambda n: n.log_p + n.z.max(axis=1, keepdims=True)),
)  # fmt: skip


def own(v: np.ndarray, n: Any) -> np.ndarray:
    """Pick each row's entry of its own class."""
    return v[np.arange(len(v)), n.target]


def _losses(
    n: Any,
    log_p: Any = lambda n: n.log_p,
    pick: Any = own,
    unit: Any = lambda v: v,
    minus: Any = np.negative,
    each: Any = lambda v: v,
) -> Any:
    return each(minus(unit(pick(log_p(n), n))))


def summed(v: np.ndarray, n: Any) -> np.ndarray:
    """Pick each row's entry of its own class by multiplying with the one-hot target; 0 times infinity is NaN."""
    return (n.hot * v).sum(axis=1)


def far_out(id: str, value: Any, says: str = "") -> tuple[Slip, ...]:
    """Return a slip that shows only where numbers overflow: `value(n)` are the log-probabilities."""
    return tuple(slip(id, says, log_p=value, pick=pick, alone=True) for pick in (own, summed))


SAFE = "a tiny number is {} in the log: a p that has become 0 then costs the same, however low its score is"
LOSSES = Formula(
    _losses,
    (
        slip("likelihood_without_minus", minus=np.positive),
        slip("log_missing", unit=np.exp),
        slip("log_missing", "this is 1 - p of the target's class: the log is missing", unit=lambda v: np.exp(v) - 1),
        slip("log_base", "the log has base 2, so these are bits; this course takes the natural log (nats)",
             unit=lambda v: v / np.log(2)),
        slip("log_base", "the log has base 10; this course takes the natural log", unit=lambda v: v / np.log(10)),
        slip("target_and_output_swapped", "the log of 1 - p is taken; it belongs to p of the target's class",
             unit=lambda v: np.log1p(-np.exp(v))),
        slip("not_squared", "the log is squared", unit=lambda v: -(v**2)),
        slip("log_wrong_entry", "the entry left of the target's is taken; classes count from 0",
             pick=lambda v, n: v[np.arange(len(v)), n.target - 1]),
        slip("log_wrong_entry", "the entry right of the target's is taken; classes count from 0",
             pick=lambda v, n: v[np.arange(len(v)), (n.target + 1) % v.shape[1]]),
        slip("log_wrong_entry", "the first class is taken for every sample", pick=lambda v, n: v[:, 0]),
        slip("log_wrong_entry", "the last class is taken for every sample", pick=lambda v, n: v[:, -1]),
        slip("log_wrong_entry", "the largest probability is taken, whichever class it belongs to",
             pick=lambda v, n: v.max(axis=1)),
        slip("log_wrong_entry", "the smallest probability is taken, whichever class it belongs to",
             pick=lambda v, n: v.min(axis=1)),
        slip("log_wrong_entry", "the logs of all classes are added up; only the target's counts",
             pick=lambda v, n: v.sum(axis=1)),
        slip("log_wrong_entry", "the logs of all classes are averaged; only the target's counts",
             pick=lambda v, n: v.mean(axis=1)),
        slip("log_wrong_entry", "the log of each class is weighted with its own p; the target says whose log counts",
             pick=lambda v, n: (np.exp(v) * v).sum(axis=1)),
        slip("log_wrong_entry", "log(1 - p) of the other classes is added; only the target's class counts",
             pick=lambda v, n: (n.hot * v + (1 - n.hot) * np.log1p(-np.exp(v))).sum(axis=1)),
        slip("log_wrong_entry", "rows and columns are exchanged", pick=lambda v, n: v[n.target, np.arange(len(v))]),
        slip("log_wrong_entry", "[:, target] takes all these columns for every sample; one entry of each row is meant",
             pick=lambda v, n: v[:, n.target]),
        slip("output_only", "the log of the sum is returned; the score of the target's class is still to be subtracted",
             pick=lambda v, n: own(v - n.z, n)),
        slip("n_times_k", "it is divided by the number of classes; the target's log is meant, not a mean over classes",
             pick=lambda v, n: (n.hot * v).mean(axis=1)),
        slip("n_twice", "each loss is divided by N; the mean is taken later, over the losses as they are",
             each=lambda v: v / len(v)),
        slip("sum_for_each", each=lambda v: np.full(len(v), v.sum())),
        slip("sum_for_each", "every entry is the mean of all; return a loss of its own for each sample",
             each=lambda v: np.full(len(v), v.mean())),
        slip("first_only", "only the first sample's loss is there", each=lambda v: v * (np.arange(len(v)) == 0)),
        slip("last_only", "only the last sample's loss is there", each=lambda v: v * (np.arange(len(v)) == len(v) - 1)),
        *(slip(id, says, log_p=lambda n, value=value: n.once(value)) for id, says, value in NORMALISED),
        *far_out("no_maximum_subtracted", lambda n: log_of_shifted(n.z, 0.0)),
        *far_out("no_maximum_subtracted", lambda n: shifted_log(n.z, 0.0)),
        *far_out("global_maximum", lambda n: log_of_shifted(n.z, n.z.max())),
        *far_out("global_maximum", lambda n: shifted_log(n.z, n.z.max())),
        *far_out("log_after_softmax", lambda n: np.log(n.p)),
        *(s for e in EPSILONS for s in (
            slip("log_after_softmax", SAFE.format("added"), log_p=lambda n, e=e: np.log(n.p + e), alone=True),
            slip("log_after_softmax", SAFE.format("the least"),
                  log_p=lambda n, e=e: np.log(np.clip(n.p, e, 1 - e)), alone=True),
        )),
    ),
    NO_SIGN,
)  # fmt: skip
DELTA = kinds.SOFTMAX_DELTA.right
DZ = kinds.SOFTMAX_DELTA.but(
    *(slip(id, says, p=lambda n, value=value: np.exp(n.once(value))) for id, says, value in NORMALISED[:5]),
    *(slip(id, says, p=lambda n, value=value: np.exp(n.once(value)), alone=True) for id, says, value in NORMALISED[5:]),
    slip("no_maximum_subtracted", p=lambda n: np.exp(n.z) / np.exp(n.z).sum(axis=1, keepdims=True), alone=True),
    slip("no_maximum_subtracted", p=lambda n: np.exp(shifted_log(n.z, 0.0)), alone=True),
    slip("global_maximum", p=lambda n: np.exp(log_of_shifted(n.z, n.z.max())), alone=True),
    slip("global_maximum", p=lambda n: np.exp(shifted_log(n.z, n.z.max())), alone=True),
    slip("log_base", "it is divided by log(2), as for losses in bits; this course takes the natural log (nats)",
         share=lambda n: 1 / len(n.p) / np.log(2)),
    slip("log_base", "it is divided by log(10), as for a log of base 10; this course takes the natural log (nats)",
         share=lambda n: 1 / len(n.p) / np.log(10)),
    slip("loss_for_error", slope=lambda error, n: -np.log(n.p[n.hot > 0])[:, None] * n.p * (1 - n.p)),
    slip("sum_for_each", "every sample gets the sum of all; its own row belongs there",
         slope=lambda error, n: np.broadcast_to(error.sum(axis=0), error.shape)),
    slip("first_only", "only the first sample's row is filled: is `return` inside the loop?",
         after=lambda v: v * (np.arange(len(v)) == 0)[:, None]),
    slip("last_only", "only the last sample's row is filled: does its line stand after the loop?",
         after=lambda v: v * (np.arange(len(v)) == len(v) - 1)[:, None]),
    slip("last_missed", "the last class stays at 0: does a loop end one too early?",
         after=lambda v: v * (np.arange(v.shape[1]) < v.shape[1] - 1)),
    slip("last_missed", "the last sample stays at 0: does a loop end one too early?",
         after=lambda v: v * (np.arange(len(v)) < len(v) - 1)[:, None]),
    slip("rows_and_columns_mixed", after=np.transpose),
    slip("reshaped_for_transposed", after=lambda v: kinds.reshaped(v).T),
    slip("reshaped_for_transposed", after=lambda v: v.T.reshape(v.shape)),
)  # fmt: skip

softmax_cross_entropy = Question(
    "ps08.softmax_cross_entropy", "z target",
    [
        Part("losses", 2, lambda n: n.losses,
             "Which score of each row counts, against which sum? And what is exp of 1000?",
             LOSSES, where=lambda index: (f"sample {index[0]}", ())),
        Part("dz", 2, lambda n: n.dz,
             "The score of one class of one sample moves a little. How much of that does the mean feel?",
             DZ, where=lambda index: (f"sample {index[0]}, class {index[1]}", ()), known=lambda n, layer: {"p": n.p}),
    ],
    instances,
    'Deck 001 (Leibe), "Implementing Softmax Correctly"; deck 000 (Vetter, Kraus, Höfle), "Backward pass"',
    tried=("", "random batch"), follow=False,
)  # fmt: skip
