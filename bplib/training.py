"""Training is a loop of four lines: forward, loss, backward, step. All the rest is which samples, and a record.

The five orders of deck 002 are five ways to say which samples a step looks at; the loop is the same for all.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bplib.losses import l2_penalty
from bplib.network import Network
from bplib.optimizers import Optimizer

Array = NDArray[np.floating]
Indices = NDArray[np.int64]
Order = Callable[[int, "np.random.Generator"], Iterator[Indices]]
Loss = Callable[[Array, Array], tuple[float, Array]]


def whole_batch(N: int, rng: np.random.Generator) -> Iterator[Indices]:
    """Yield all samples at once: one step per epoch, along the true gradient.

    References
    ----------
    Deck 002, algorithm 1. A step follows the mean gradient; the deck prints it without `theta -`: errata E3.

    Examples
    --------
    >>> list(whole_batch(3, np.random.default_rng(0)))
    [array([0, 1, 2])]
    """
    yield np.arange(N)


def drawn(N: int, rng: np.random.Generator) -> Iterator[Indices]:
    """Yield N samples one by one, each drawn anew: some come twice, some not at all.

    References
    ----------
    Deck 002, algorithm 2.

    Examples
    --------
    >>> [len(pick) for pick in drawn(3, np.random.default_rng(0))]
    [1, 1, 1]
    """
    yield from rng.integers(0, N, (N, 1))


def shuffled(N: int, rng: np.random.Generator) -> Iterator[Indices]:
    """Yield each sample once, one by one, in a new order.

    References
    ----------
    Deck 002, algorithm 3.

    Examples
    --------
    >>> sorted(int(i) for (i,) in shuffled(4, np.random.default_rng(0)))
    [0, 1, 2, 3]
    """
    yield from rng.permutation(N)[:, None]


def drawn_batches(size: int) -> Order:
    """Return the order that draws ceil(N / size) batches, each without repetition, each from all samples.

    References
    ----------
    Deck 002, algorithm 4; deck 004 (Chen, NTUST), "Mini-Batch".

    Examples
    --------
    >>> [len(batch) for batch in drawn_batches(4)(10, np.random.default_rng(0))]
    [4, 4, 4]
    """
    _at_least_one(size)

    def order(N: int, rng: np.random.Generator) -> Iterator[Indices]:
        for _ in range(-(-N // size)):
            yield rng.choice(N, min(size, N), replace=False)

    return order


def shuffled_batches(size: int) -> Order:
    """Return the order that shuffles all samples and cuts them into batches; the last one may be short.

    There are ceil(N / size) batches, and a short one is averaged over its own number of samples.

    References
    ----------
    Deck 002, algorithm 5; its count of batches: errata E11.

    Examples
    --------
    >>> [len(batch) for batch in shuffled_batches(4)(10, np.random.default_rng(0))]
    [4, 4, 2]
    """
    _at_least_one(size)

    def order(N: int, rng: np.random.Generator) -> Iterator[Indices]:
        permutation = rng.permutation(N)
        for start in range(0, N, size):
            yield permutation[start : start + size]

    return order


@dataclass
class History:
    """What happened, epoch by epoch, as plain arrays.

    Attributes
    ----------
    loss : list of float
        Mean loss of the epoch's steps, each before its step.
    accuracy : list of float
        Share of samples whose class was right in the same forward passes (NaN if targets are no classes).
    gradient_norm : list of float
        Norm of the last gradient of the epoch.
    eta : list of float
        Learning rate of the epoch.
    validation_loss, validation_accuracy : list of float
        After the epoch, on the samples kept aside; empty without them.
    theta : list of Array
        Parameters after each epoch, the start first; empty unless they were asked for.
    """

    loss: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    gradient_norm: list[float] = field(default_factory=list)
    eta: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    validation_accuracy: list[float] = field(default_factory=list)
    theta: list[Array] = field(default_factory=list)

    def save(self, path: str | os.PathLike) -> None:
        """Write all arrays to an `.npz` file."""
        np.savez_compressed(path, **{f.name: np.array(getattr(self, f.name)) for f in fields(self)})

    @classmethod
    def load(cls, path: str | os.PathLike) -> History:
        """Read what `save` wrote; nothing in the file is executed."""
        with np.load(Path(path), allow_pickle=False) as data:
            missing = {f.name for f in fields(cls)} - set(data.files)
            if missing:
                raise ValueError(f"{path} is no saved History: it has no {', '.join(sorted(missing))}")
            return cls(
                **{f.name: list(data[f.name]) if f.name == "theta" else data[f.name].tolist() for f in fields(cls)}
            )


class Diverged(FloatingPointError):
    """Raised when the loss is no number any more; `history` holds what happened until then."""

    def __init__(self, message: str, history: History) -> None:
        super().__init__(message)
        self.history = history


def train(
    network: Network,
    loss: Loss,
    optimizer: Optimizer,
    x: Array,
    target: Array,
    epochs: int,
    order: Order = whole_batch,
    seed: int = 0,
    lam: float = 0.0,
    schedule: Callable[[int], float] | None = None,
    stop: Callable[[History], bool] | None = None,
    validation: tuple[Array, Array] | None = None,
    keep_theta: bool = False,
    progress: bool | None = None,
) -> History:
    """Train `network` in place and return what happened.

    Parameters
    ----------
    network : Network
        Its `theta` is changed, by `optimizer`.
    loss : callable
        (outputs, target) -> (loss, derivative by the outputs); see `bplib.losses`.
    optimizer : Optimizer
        Made with `network.theta`.
    x : Array, (N, n_in)
        Inputs; rows are samples.
    target : Array, (N, ...)
        One target for each row of `x`.
    epochs : int
        How often, at most, all samples are gone through.
    order : callable
        (N, rng) -> index arrays, one for each step of an epoch.
    seed : int
        What the order is drawn from.
    lam : float
        Strength of the L2 penalty on the weights (not on the biases), lam * sum W**2.
    schedule : callable, optional
        epoch -> learning rate; the optimizer's own if not given.
    stop : callable, optional
        history -> whether to stop; asked after each epoch.
    validation : (x, target), optional
        Samples that are only looked at.
    keep_theta : bool
        Whether the history keeps the parameters of each epoch.
    progress : bool, optional
        Whether to show a bar; by default if a person is watching and tqdm is installed.

    Returns
    -------
    history : History

    Raises
    ------
    ValueError
        If shapes do not fit or there is nothing to train on.
    Diverged
        If the loss turns NaN or infinite; the history so far comes with it.

    References
    ----------
    Deck 002, algorithms 1 to 5; deck 000, `train_model` (whose accuracy is one update old: errata E37).

    Examples
    --------
    >>> from bplib.losses import softmax_cross_entropy
    >>> from bplib.optimizers import Adam
    >>> x, target = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
    >>> net = Network((2, 8, 2))
    >>> history = train(net, softmax_cross_entropy, Adam(net.theta, 0.05), x, target, epochs=200)
    >>> history.accuracy[-1], history.loss[-1] < 0.05
    (1.0, True)
    """
    x, target = np.asarray(x), np.asarray(target)
    if len(x) == 0 or len(x) != len(target):
        raise ValueError(f"x has {len(x)} samples, target {len(target)}; the same number, at least 1, is needed")
    if not np.isfinite(x).all():
        row = int(np.argmin(np.isfinite(x).reshape(len(x), -1).all(axis=1)))
        raise ValueError(f"x has a NaN or an infinity in row {row}; every input has to be a finite number")
    if optimizer.theta is not network.theta:
        raise ValueError("the optimizer does not hold this network's parameters: make it with network.theta")
    rng, history = np.random.default_rng(seed), History()
    if keep_theta:
        history.theta.append(network.theta.copy())
    for epoch in _watched(range(epochs), progress):
        if schedule is not None:
            optimizer.eta = schedule(epoch)
        total, right, count, steps = 0.0, 0, 0, 0
        for batch in order(len(x), rng):
            out = network.forward(x[batch])
            value, dout = loss(out, target[batch])
            network.backward(dout)
            if lam:
                value += _penalise(network, lam)
            _refuse_nonsense(value, network, optimizer, history)
            optimizer.step(network.grad)
            total, steps, count = total + float(value), steps + 1, count + len(batch)
            if target.ndim == 1 and target.dtype.kind in "iu":
                right += int((out.argmax(axis=1) == target[batch]).sum())
        history.loss.append(total / steps)
        history.accuracy.append(right / count if target.ndim == 1 and target.dtype.kind in "iu" else float("nan"))
        history.gradient_norm.append(float(np.linalg.norm(network.grad)))
        history.eta.append(optimizer.eta)
        if validation is not None:
            out = network.forward(validation[0])
            history.validation_loss.append(float(loss(out, validation[1])[0]))
            history.validation_accuracy.append(accuracy(out, validation[1]))
        if keep_theta:
            history.theta.append(network.theta.copy())
        if stop is not None and stop(history):
            break
    return history


def accuracy(out: Array, target: Array) -> float:
    """Return the share of rows whose largest output is the target's class.

    It jumps where an argmax changes and has slope 0 elsewhere, so it can be watched but not descended (errata E57).

    Examples
    --------
    >>> accuracy(np.array([[0.08, 0.25, 0.42, 0.25]]), np.array([1]))
    0.0
    """
    return float((np.argmax(out, axis=1) == target).mean())


def small_step(tolerance: float) -> Callable[[History], bool]:
    """Return the stopping criterion: the loss changed by less than `tolerance` in the last epoch."""
    return lambda history: len(history.loss) > 1 and abs(history.loss[-1] - history.loss[-2]) < tolerance


def no_progress(epochs: int) -> Callable[[History], bool]:
    """Return the stopping criterion: for so many epochs, the validation loss has not been lower than before."""
    _at_least_one(epochs)

    def stop(history: History) -> bool:
        losses = history.validation_loss
        return len(losses) > epochs and min(losses[-epochs:]) >= min(losses[:-epochs])

    return stop


def _penalise(network: Network, lam: float) -> float:
    penalty, gradients = l2_penalty(network.W, lam)
    for dW, more in zip(network.dW, gradients, strict=True):
        dW += more
    return penalty


def _refuse_nonsense(value: float, network: Network, optimizer: Optimizer, history: History) -> None:
    if np.isfinite(value):
        return
    largest = float(np.abs(network.grad).max())
    raise Diverged(
        f"the loss is {value} at step {optimizer.steps + 1} (epoch {len(history.loss) + 1}), with learning rate"
        f" {optimizer.eta:g} and a largest gradient of {largest:.3g}: try a smaller rate, or look at the inputs",
        history,
    )


def _watched(epochs: Iterable[int], progress: bool | None) -> Iterable[int]:
    if progress is None:
        progress = os.environ.get("CI") != "true" and sys.stderr.isatty()
    if not progress:
        return epochs
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return epochs
    return tqdm(epochs, unit="epoch")


def _at_least_one(size: int) -> None:
    if not size >= 1:
        raise ValueError(f"{size} is no number of samples or epochs; at least 1 is needed")
