"""Training is one gradient after another: a slip in any of them is in all that follow, and in every loss but the first.

The truth follows the numeric gradient; beside it, the whole run can be done with a slip in any of its places.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from bplib.checks.batches import KEYS, Batch, draw
from bplib.checks.kinds import Local, one_hot
from bplib.checks.mistakes import Formula, slip
from bplib.data import moons, split

RUNS = ((7, 3, 4, 2, 2), (5, 3, 3, 3, 5), (9, 2, 5, 4, 3))  # N, D, H, K, epochs


class Run:
    """One call of `train_model`, and what comes of it when the numeric gradient is followed."""

    def __init__(
        self, x: Any, target: Any, n_hidden: int, n_out: int, eta: float, lam: float, epochs: int, seed: int
    ) -> None:
        self.x, self.target, self.n_hidden, self.n_out = x, target, n_hidden, n_out
        self.eta, self.lam, self.epochs, self.seed = eta, lam, epochs, seed
        self.memo: dict[Any, Any] = {}

    @cached_property
    def truth(self) -> tuple[list[np.ndarray], np.ndarray]:
        """The model and the losses, by numeric gradients."""
        model, losses = start(self), []
        for _ in range(self.epochs):
            n = self.batch(model)
            losses.append(n.loss)
            model = [w - self.eta * getattr(n, f"d{name}") for name, w in zip(KEYS, model, strict=True)]
        return model, np.array([*losses, self.batch(model).loss])

    def batch(self, model: list[np.ndarray]) -> Batch:
        """Return the run's samples with the given parameters."""
        return Batch(self.x, self.target, *model, self.lam, self.eta)


def penalty(n: Batch) -> float:
    """Return the penalty in a loss."""
    return n.lam * ((n.W1**2).sum() + (n.W2**2).sum())


def value(n: Batch) -> float:
    """Return the loss from the probabilities."""
    return -np.log(n.p[np.arange(len(n.p)), n.target]).mean() + penalty(n)


def start(
    n: Run, scale: Any = np.sqrt, order: Any = (0, 1), fan: int = 0, rng: Any = None, normal: Any = None
) -> list[Any]:
    """Return the drawn parameters: W1, then W2, biases zero."""
    rng = np.random.default_rng(n.seed) if rng is None else rng(n)
    sizes = (n.x.shape[1], n.n_hidden, n.n_out)
    W = {}
    for layer in order:
        shape = sizes[layer], sizes[layer + 1]
        drawn = rng.standard_normal(shape) if normal is None else normal(rng, shape)
        W[layer] = drawn / scale(shape[fan])
    return [W[0], np.zeros(sizes[1]), W[1], np.zeros(sizes[2])]


def gradient(n: Batch, share: Any, slope: Any, decay: Any, sent: Any) -> list[np.ndarray]:
    """Return dW1, db1, dW2, db2 by the formulas, to follow a slip through the epochs."""
    delta2 = (n.p - one_hot(n.target, n.p.shape[1])) * share(len(n.p))
    dW2 = n.a1.T @ delta2 + decay(n) * n.W2
    delta1 = delta2 @ sent(n, dW2).T * slope(n.a1)
    return [n.x.T @ delta1 + decay(n) * n.W1, delta1.sum(axis=0), dW2, delta2.sum(axis=0)]


def _run(
    n: Run,
    draw: Any = start,
    share: Any = lambda N: 1 / N,
    slope: Any = lambda a: 1 - a**2,
    decay: Any = lambda n: 2 * n.lam,
    sent: Any = lambda n, dW2: n.W2,
    eta: Any = lambda n: n.eta,
    moves: Any = (0, 1, 2, 3),
    gather: Any = lambda old, new: new,
    epochs: Any = lambda epochs: epochs,
    loss: Any = lambda n: value(n),
    record: Any = lambda losses: losses,
    every: Any = None,
) -> tuple[list[np.ndarray], np.ndarray]:
    model, losses, total = draw(n), [], None
    for epoch in range(epochs(n.epochs)):
        batch = n.batch(model)
        losses.append(loss(batch))
        if every is None or total is None or every(epoch):
            new = gradient(batch, share, slope, decay, sent)
            total = new if total is None else [gather(old, g) for old, g in zip(total, new, strict=True)]
        model = [w - eta(n) * g if k in moves else w for k, (w, g) in enumerate(zip(model, total, strict=True))]
    losses.append(loss(n.batch(model)))
    return model, np.array(record(losses))


def _which(l: Local, **places: Any) -> Any:
    """Return one array of the run, which is computed once for each slip."""
    key = tuple(places.items())
    if key not in l.n.memo:
        l.n.memo[key] = _run(l.n, **places)
    model, losses = l.n.memo[key]
    return losses if l.layer is None else model[l.layer]


TRAINING = Formula(
    _which,
    (
        slip("draws_in_other_order", draw=lambda n: start(n, order=(1, 0))),
        slip("n_out_for_n_in", draw=lambda n: start(n, fan=1)),
        slip("variance_for_std", draw=lambda n: start(n, scale=float)),
        slip("scale_missing", draw=lambda n: start(n, scale=lambda fan: 1.0)),
        slip("global_random_state", draw=lambda n: start(n, rng=lambda n: np.random.RandomState(n.seed))),
        slip("seed_ignored", draw=lambda n: start(n, rng=lambda n: np.random.default_rng(0))),
        slip("uniform_for_normal", draw=lambda n: start(n, normal=lambda rng, shape: rng.uniform(-1, 1, shape))),
        slip("uniform_for_normal", draw=lambda n: start(n, normal=lambda rng, shape: rng.random(shape))),
        slip("start_at_zero", draw=lambda n: [w * 0 for w in start(n)]),
        slip("ascent", eta=lambda n: -n.eta),
        slip("eta_forgotten", eta=lambda n: 1.0),
        slip("eta_over_n", eta=lambda n: n.eta / len(n.x)),
        slip("eta_twice", eta=lambda n: n.eta**2),
        slip("updated_weights", sent=lambda n, dW2: n.W2 - n.eta * dW2),
        slip("bias_not_updated", moves=(0, 2)),
        slip("epoch_missing", epochs=lambda epochs: epochs - 1, record=lambda losses: [*losses, losses[-1]]),
        slip("epoch_too_many", epochs=lambda epochs: epochs + 1, record=lambda losses: losses[:-1]),
        slip("loss_after_step", record=lambda losses: [*losses[1:], losses[-1]]),
        slip("gradients_accumulated", gather=np.add),
        slip("old_gradient", every=lambda epoch: False),
        slip("nothing_moved", eta=lambda n: 0.0),
        slip("n_missing", share=lambda N: 1.0),
        slip("n_twice", share=lambda N: 1 / N**2),
        slip("sum_for_mean", loss=lambda n: (value(n) - penalty(n)) * len(n.x) + penalty(n)),
        slip("sum_for_mean", loss=lambda n: value(n) * len(n.x)),
        slip("missing_slope", slope=lambda a: 1.0),
        slip("slope_of_sigmoid", slope=lambda a: a * (1 - a)),
        slip("penalty_half", decay=lambda n: n.lam),
        slip("penalty_missing", "the penalty is missing in the gradients", decay=lambda n: 0.0),
        slip("penalty_missing", "the penalty is missing in the losses", loss=lambda n: value(n) - penalty(n)),
        slip("penalty_missing", "lam is not used, in the losses or in the gradients",
             loss=lambda n: value(n) - penalty(n),
             decay=lambda n: 0.0),
        slip("penalty_halved_in_loss", loss=lambda n: value(n) - penalty(n) / 2),
    ),
)  # fmt: skip


def runs(seed: int) -> list[Run]:
    """Return short trainings."""
    rng = np.random.default_rng(seed)
    found = []
    for N, D, H, K, epochs in RUNS:
        n = draw(rng, N, D, H, K)
        found.append(Run(n.x, n.target, H, K, n.eta, n.lam / 5, epochs, int(rng.integers(1, 1000))))
    return found


def learns_moons(ask: Any, n: Run) -> bool:
    """Train on two moons: nine of ten samples that were not trained on have to be right."""
    (x, target), (x_new, target_new) = moons_split()
    answer = ask(x=x, target=target, n_hidden=8, n_out=2, eta=2.0, lam=1e-4, epochs=100, seed=0)
    model = answer[0] if type(answer) in (tuple, list) and len(answer) == 2 else None
    if type(model) is not dict or any(type(model.get(name)) is not np.ndarray for name in KEYS):
        return False
    try:
        scores = np.tanh(x_new @ model["W1"] + model["b1"]) @ model["W2"] + model["b2"]
        return bool((scores.argmax(axis=1) == target_new).mean() >= 0.85)
    except (ValueError, TypeError):
        return False


def moons_split() -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """Return the exercise's two moons, to train on and to test with."""
    x_train, target_train, x_other, target_other = split(*moons(150, noise=0.2))
    return (x_train, target_train), (x_other, target_other)
