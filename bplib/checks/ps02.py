"""Gradient descent in small portions: which samples are asked, at which theta, and how far one goes on their advice.

The gradient is handed in, so nothing is differentiated here: the truth is the loop itself, written plainly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from bplib.checks import compare
from bplib.checks.mistakes import Formula, slip
from bplib.checks.parts import Finding, Part
from bplib.checks.question import Question

ENDS = -1  # stands behind each batch where all of them are written in one row


def cut(order: np.ndarray, size: int) -> list[np.ndarray]:
    """Return the samples in batches of `size`, the last one as short as it has to be."""
    return [order[i : i + size] for i in range(0, len(order), size)]


def full(order: np.ndarray, size: int) -> list[np.ndarray]:
    """Return the batches that are full."""
    return [batch for batch in cut(order, size) if len(batch) == size]


# Slips of the cutting; they can be made in either question.
CUTS = (
    ("last_batch_dropped", "", full),
    ("last_batch_dropped", "the last batch is left out, even where it is full", lambda o, size: cut(o, size)[:-1]),
    ("batches_off_by_one", "the first sample is left out: positions count from 0", lambda o, size: cut(o[1:], size)),
    ("batches_off_by_one", "the last sample is left out: a slice ends before its second number, so nothing is to be "
     "subtracted", lambda o, size: cut(o[:-1], size)),
    ("batches_off_by_one", "each batch ends one sample too early: a slice ends before its second number, so nothing is "
     "to be subtracted", lambda o, size: [o[i : max(i + 1, i + size - 1)] for i in range(0, len(o), size)]),
    ("batches_off_by_one", "each batch ends one sample too early: a slice ends before its second number, so nothing is "
     "to be subtracted", lambda o, size: [o[i : i + size - 1] for i in range(0, len(o), size)]),
    ("batches_off_by_one", "each batch ends one sample too late, so that the next one's first is in both",
     lambda o, size: [o[i : i + size + 1] for i in range(0, len(o), size)]),
    ("batches_off_by_one", "the batches begin too far apart, and a sample between them is left out",
     lambda o, size: [o[i : i + size] for i in range(0, len(o), size + 1)]),
    ("batches_off_by_one", "a batch begins at every sample: the step in range is missing",
     lambda o, size: [o[i : i + size] for i in range(len(o))]),
    ("batches_off_by_one", "an empty batch is added where the samples divide evenly",
     lambda o, size: cut(o, size) + [o[:0]] * (len(o) % size == 0)),
    ("batches_off_by_one", "the last batch is left out where it holds one sample: range ends before its second number",
     lambda o, size: [o[i : i + size] for i in range(0, len(o) - 1, size)]),
    ("size_for_number", "", lambda o, size: np.array_split(o, size)),
    ("evenly_split", "", lambda o, size: np.array_split(o, -(-len(o) // size))),
)  # fmt: skip


# Batches


class Shuffled:
    """Samples in the order in which they are to be used, and the batches they are cut into."""

    def __init__(self, order: np.ndarray, size: int) -> None:
        self.order, self.size, self.batches = order, size, cut(order, size)


def orders(seed: int) -> list[Shuffled]:
    """Return shuffled orders that leave a short batch, leave none, and are shorter than one batch."""
    rng = np.random.default_rng(seed)
    return [Shuffled(shuffled(rng, N), size) for N, size in ((7, 3), (8, 5), (6, 2), (1, 4), (13, 4))]


def shuffled(rng: np.random.Generator, N: int) -> np.ndarray:
    """Draw an order of the samples that is not the order of their numbers."""
    while True:
        order = rng.permutation(N)
        if N < 3 or abs(np.diff(order)).max() > 1:  # neither up nor down
            return order


def in_a_row(batches: list[np.ndarray]) -> np.ndarray:
    """Return all batches in one row of numbers, each followed by ENDS."""
    return np.concatenate([np.append(batch, ENDS) for batch in batches] or [np.zeros(0)]).astype(np.float64)


class Cuts(Part):
    """A list of batches: how many there are, and how long each is, belongs to the answer."""

    def listed(self, value: Any, want: Any) -> list[np.ndarray] | compare.Wrong:
        """Return the batches in a row, or what is wrong with how they come."""
        if type(value) not in (list, tuple):
            return compare.Wrong(f"{self.name} is {compare.kind(value)}; a list of arrays is needed")
        for b, batch in enumerate(value):
            _, wrong = compare.usable(batch, np.shape(batch), f"{self.name}[{b}]", integers=True)
            if wrong is None and np.ndim(batch) != 1:
                wrong = compare.Wrong(f"{self.name}[{b}] has shape {np.shape(batch)}; a batch is one row of numbers")
            if wrong:
                return wrong
        return [in_a_row(list(value))]


class Batching(Question):
    """A question for a list of batches, which says what is wrong with it in batches."""

    def _judge_part(self, part: Part, answers: list[Any], again: Any) -> Any:
        found = super()._judge_part(part, answers, again)
        if not isinstance(found, Finding):
            return found
        n, got = answers[found.instance].instance, answers[found.instance].values[part.name]
        if isinstance(part.listed(got, n.batches), compare.Wrong):
            return found
        return replace(found, wrong=first_wrong(part.name, got, n.batches), relation=None)


def first_wrong(name: str, got: Sequence[np.ndarray], want: Sequence[np.ndarray]) -> compare.Wrong:
    """Return the first thing that is wrong with a list of batches."""
    for b, (came, right) in enumerate(zip(got, want, strict=False)):
        for k, (have, need) in enumerate(zip(came, right, strict=False)):
            if have != need:
                return compare.Wrong(f"{name}[{b}][{k}] is {have}, should be {need}", (b, k), float(have), float(need))
        if len(came) != len(right):
            return compare.Wrong(f"{name}[{b}] has {len(came)} samples, should have {len(right)}")
    return compare.Wrong(f"{name} has {len(got)} batches, should have {len(want)}")


BATCHES = Formula(
    lambda n, cut=cut, order=lambda n: n.order, choose=lambda batches: batches: in_a_row(
        choose(cut(order(n), n.size))),
    (
        *(slip(id, says, cut=how) for id, says, how in CUTS),
        slip("not_shuffled", "the samples are taken in the order of their numbers, not in the shuffled one",
             order=lambda n: np.arange(len(n.order))),
        slip("list_reversed", "the batches stand in reverse order; the first one holds the order's first samples",
             choose=lambda batches: batches[::-1]),
        slip("list_reversed", "the order is gone through from its end; the first batch holds its first samples",
             order=lambda n: n.order[::-1]),
        slip("first_only", "only the first batch is there: is `return` inside the loop?",
             choose=lambda batches: batches[:1]),
        slip("last_only", "only the last batch is there: is the list made anew in every round?",
             choose=lambda batches: batches[-1:]),
        slip("first_missed", "the first batch is left out: does a loop start one too late?",
             choose=lambda batches: batches[1:]),
        slip("size_ignored", "each sample is a batch of its own; `size` of them belong together",
             cut=lambda order, size: cut(order, 1)),
        slip("all_samples_each_step", "all samples are in one batch; `size` of them belong together",
             cut=lambda order, size: [order]),
    ),
)  # fmt: skip

split_batches = Batching(
    "ps02.split_batches", "order size",
    [Cuts("batches", 2, lambda n: in_a_row(n.batches),
          "Seven samples, three in a batch. How many batches are there, and how long is the last?",
          BATCHES, where=lambda index: (f"batch {index[0]}", ()))],
    orders, 'Deck 002, "Minibatch Gradient Descent ii"', tried=("", "random order"), follow=False,
)  # fmt: skip


# Descent


class Descent:
    """A start, the order of the samples in each epoch, and a gradient to ask: each sample has a valley of its own."""

    def __init__(self, theta: np.ndarray, orders: np.ndarray, size: int, eta: float, steep: Any, bottom: Any) -> None:
        self.theta, self.orders, self.size, self.eta = theta, orders, size, eta
        self.steep, self.bottom = steep, bottom
        self.means: dict[bytes, tuple[np.ndarray, np.ndarray]] = {}

        def grad(theta: Any, idx: Any) -> np.ndarray:
            """Return the mean gradient over the samples `idx` at `theta`."""
            idx = np.atleast_1d(np.asarray(idx, dtype=int))
            return (steep[idx] * (np.asarray(theta, dtype=np.float64) - bottom[idx])).mean(axis=0)

        self.grad = grad

    def slope(self, theta: np.ndarray, batch: np.ndarray) -> np.ndarray:
        """Return what `grad` does, quickly: the gradient is a straight line in theta, one for each batch."""
        key = batch.tobytes()
        if key not in self.means:
            steep, shift = self.steep[batch], self.steep[batch] * self.bottom[batch]
            nothing = np.full(len(theta), np.nan)  # the mean over no samples
            self.means[key] = (steep.mean(axis=0), shift.mean(axis=0)) if len(batch) else (nothing, nothing)
        steep, shift = self.means[key]
        return steep * theta - shift

    @property
    def path(self) -> np.ndarray:
        """The start, and theta after each step."""
        path = [self.theta]
        for order in self.orders:
            for batch in cut(order, self.size):
                path.append(path[-1] - self.eta * self.grad(path[-1], batch))
        return np.array(path)


def descents(seed: int) -> list[Descent]:
    """Return random descents for several numbers of samples, epochs and parameters."""
    rng = np.random.default_rng(seed)
    found = []
    for N, size, epochs, P in ((3, 2, 2, 2), (7, 5, 2, 3), (5, 3, 3, 1), (6, 2, 2, 4), (1, 2, 3, 2)):
        theta, bottom = rng.uniform(0.5, 2.0, P), rng.uniform(-2.0, -0.5, (N, P))
        orders = np.array([shuffled(rng, N) for _ in range(epochs)])
        if N > 2:
            orders[1] = np.roll(orders[0], 1)  # another one
        eta = float(rng.uniform(0.1, 0.3))
        found.append(Descent(theta, orders, size, eta, rng.uniform(0.3, 1.2, (N, P)), bottom))
    return found


def _path(
    n: Descent,
    cut: Any = cut,
    orders: Any = lambda orders: orders,
    order: Any = lambda order: order,
    at: Any = lambda now, begin, n: now,
    use: Any = lambda batch, order: batch,
    weight: Any = lambda batch, n: 1.0,
    gather: Any = lambda total, g: g,
    kept: float = 1.0,
    way: float = -1.0,
    rate: Any = lambda n: n.eta,
    rows: Any = lambda path, n: path,
) -> Any:
    path, total = [n.theta], 0.0
    for each in orders(n.orders):
        begin = path[-1]
        for batch in cut(order(each), n.size):
            g = weight(batch, n) * n.slope(at(path[-1], begin, n), use(batch, each))
            total = gather(total, g)
            path.append(kept * path[-1] + way * rate(n) * total)
    return np.array(rows(path, n))


def per_epoch(n: Descent) -> int:
    """Return the number of steps in an epoch."""
    return -(-n.orders.shape[1] // n.size)


PATH = Formula(
    _path,
    (
        slip("ascent", way=1.0),
        slip("eta_forgotten", rate=lambda n: 1.0),
        slip("eta_twice", rate=lambda n: n.eta**2),
        slip("eta_divided", rate=lambda n: 1 / n.eta, alone=True),
        slip("eta_over_n", rate=lambda n: n.eta / n.orders.shape[1]),
        slip("moved_twice", rate=lambda n: 2 * n.eta),
        slip("factor_half", "each step is half as long as it should be", rate=lambda n: n.eta / 2, alone=True),
        *(slip("constant_for_formula", f"the learning rate is {c}, whatever is handed in",
               rate=lambda n, c=c: c, alone=True)
          for c in (0.1, 0.01)),
        slip("old_value_lost", kept=0.0),
        slip("old_value_lost", kept=0.0, way=1.0),
        slip("nothing_moved", way=0.0, credit=False),
        *(slip(id, says, cut=how) for id, says, how in CUTS[:2]),
        *(slip(id, says, cut=how, alone=True) for id, says, how in CUTS[2:]),
        slip("last_batch_dropped", "the last, shorter batch makes no step: theta stays where it is",
             weight=lambda batch, n: float(len(batch) == n.size)),
        slip("size_ignored", "a step is made for each sample; one is made for each batch of `size` samples",
             cut=lambda order, size: cut(order, 1), alone=True),
        slip("not_shuffled", "the samples are taken in the order of their numbers, in every epoch",
             order=lambda order: np.arange(len(order))),
        slip("shuffled_once", orders=lambda orders: orders[:1].repeat(len(orders), axis=0)),
        slip("shuffled_once", "every epoch uses the last order; each epoch has its own",
             orders=lambda orders: orders[-1:].repeat(len(orders), axis=0)),
        slip("list_reversed", "each order is gone through from its end", order=lambda order: order[::-1], alone=True),
        slip("epoch_missing", "the first epoch is left out", orders=lambda orders: orders[1:]),
        slip("epoch_missing", "the last epoch is left out", orders=lambda orders: orders[:-1], alone=True),
        slip("first_only", "only the first epoch is run: is `return` inside the loop?",
             orders=lambda orders: orders[:1], alone=True),
        slip("epoch_too_many", "one epoch too many is run, with the first order again",
             orders=lambda orders: np.concatenate([orders, orders[:1]]), alone=True),
        slip("epoch_too_many", "one epoch too many is run, with the last order again",
             orders=lambda orders: np.concatenate([orders, orders[-1:]]), alone=True),
        slip("old_gradient", "the gradient is taken at the theta that began the epoch; each step needs its own",
             at=lambda now, begin, n: begin),
        slip("old_gradient", "the gradient is always taken at the start; each step needs the one where it stands",
             at=lambda now, begin, n: n.theta),
        slip("n_twice", "the gradient is divided by the length of the batch; it is a mean already",
             weight=lambda batch, n: 1 / len(batch)),
        slip("n_twice", "the gradient is divided by `size`; it is a mean already", weight=lambda batch, n: 1 / n.size),
        slip("sum_for_mean", "the gradients of the batch's samples are added up; a step follows their mean",
             weight=lambda batch, n: float(len(batch))),
        slip("short_batch_over_size", weight=lambda batch, n: len(batch) / n.size),
        slip("gradients_accumulated", gather=lambda total, g: total + g),
        slip("first_only", "only the first sample of each batch is used", use=lambda batch, order: batch[:1]),
        slip("last_only", "only the last sample of each batch is used", use=lambda batch, order: batch[-1:]),
        slip("all_samples_each_step", use=lambda batch, order: order),
        slip("changed_in_place", rows=lambda path, n: path[-1:] * len(path), alone=True),
        slip("start_missing", rows=lambda path, n: path[1:], alone=True),
        slip("last_missed", "the last theta is missing in path: theta is stored before each step, and once at the end",
             rows=lambda path, n: path[:-1], alone=True),
        slip("epochs_only", rows=lambda path, n: path[:: per_epoch(n)], alone=True),
        slip("epochs_only", "only the last theta is returned; the path has a row for every step",
             rows=lambda path, n: path[-1], alone=True),
    ),
)  # fmt: skip

minibatch_shuffled = Question(
    "ps02.minibatch_shuffled", "theta grad orders size eta",
    [Part("path", 3, lambda n: n.path,
          "One step: which samples are asked, at which theta, and what becomes of the theta that was there?",
          PATH, where=lambda index: (f"theta[{index[1]}] after step {index[0]}", ()))],
    descents, 'Deck 002, "Minibatch Gradient Descent ii"', tried=("", "random descent"), follow=False,
)  # fmt: skip
