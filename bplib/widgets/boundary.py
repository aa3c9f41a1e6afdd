"""A border between classes is what a network has learned, and can be watched while it learns.

Training runs in the kernel in slices of a fortieth of a second; between them the page is drawn and other cells may run.
JupyterLab hands what a page asks for to a thread of its own while cells run in another, so only one of them at a time
may touch the network.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any, ClassVar

import numpy as np

from bplib import data
from bplib.losses import softmax_cross_entropy
from bplib.network import Network
from bplib.optimizers import GradientDescent
from bplib.training import Diverged, accuracy, shuffled_batches, train
from bplib.widgets.base import State, choice, number

Array = np.ndarray
DATA = {"moons": data.moons, "circles": data.circles, "xor": data.xor, "blobs": data.blobs, "spirals": data.spirals}
ACTIVATIONS = ("tanh", "sigmoid", "relu", "leaky_relu", "identity")
SAMPLES, BATCH = 200, 20
MOST_HIDDEN, MOST_EPOCHS = 32, 5000
CELLS = 50  # along each side: products so small that NumPy does not call several threads for them
SLICE = 0.025  # s
MOST_POINTS = 200  # of the loss curve


@cache
def samples(name: str) -> tuple[Array, Array, Array]:
    """Return inputs (N, 2), classes (N,) and the picture's frame (2, 2): lowest and highest value of each input."""
    x, target = DATA[name](SAMPLES, seed=1)
    low, high = x.min(axis=0), x.max(axis=0)
    room = 0.12 * (high - low)
    return x, target, np.stack([low - room, high + room], axis=1)


@cache
def grid(name: str) -> Array:
    """Return the middles of the picture's cells, (CELLS**2, 2), row by row, the lowest row first."""
    (left, right), (bottom, top) = samples(name)[2]
    middle = (np.arange(CELLS) + 0.5) / CELLS
    across, up = np.meshgrid(left + middle * (right - left), bottom + middle * (top - bottom))
    return np.stack([across, up], axis=-1).reshape(-1, 2)


def alone(method: Callable) -> Callable:
    """Let no two threads be in such methods of one state at the same time."""

    @wraps(method)
    def locked(self: Boundary, *given: Any, **named: Any) -> Any:
        with self._lock:
            return method(self, *given, **named)

    return locked


@dataclass
class Boundary(State):
    """A network with one hidden layer that learns to tell the classes of toy data apart.

    Softmax and cross-entropy, steepest descent on shuffled batches of 20 of the 200 samples.

    Parameters
    ----------
    data : str
        One of `DATA`.
    hidden : int
        Hidden units, from 1 to 32.
    activation : str
        One of `ACTIVATIONS`.
    eta : float
        Learning rate, from 0 to 1000; may be changed on the way.
    seed : int
        What the weights are drawn from, from 0 to 999.

    Attributes
    ----------
    epoch : int
        How often all samples have been gone through.
    losses : list of float
        Mean loss of each epoch, in nats.
    trouble : str
        Why training cannot go on; empty if it can.

    Raises
    ------
    ValueError
        If a parameter is outside its range.

    Examples
    --------
    >>> state = Boundary("moons", hidden=8)
    >>> for _ in range(200):
    ...     state.step()
    >>> state.result()["accuracy"] > 0.95
    True
    """

    data: str = "moons"
    hidden: int = 8
    activation: str = "tanh"
    eta: float = 0.3
    seed: int = 0

    title: ClassVar[str] = "Boundary trainer"
    script: ClassVar[str] = "boundary.js"
    actions: ClassVar[tuple[str, ...]] = ("start", "pause", "step", "restart")

    def __post_init__(self) -> None:
        choice("data", self.data, DATA)
        self.hidden = int(number("hidden", self.hidden, 1, MOST_HIDDEN))
        choice("activation", self.activation, ACTIVATIONS)
        self.eta = number("eta", self.eta, 0, 1000)
        self.seed = int(number("seed", self.seed, 0, 999))
        self._lock = threading.RLock()
        self.restart()

    @alone
    def change(self, **inputs: Any) -> None:
        """Change some inputs; all but `eta` begin anew. See `State.change`."""
        before = self.inputs()
        super().change(**inputs)
        self._rule.eta = self.eta
        if self.inputs() | {"eta": 0} != before | {"eta": 0}:
            self.restart()

    @alone
    def restart(self) -> None:
        """Forget what was learned."""
        _, target, _ = samples(self.data)
        self._net = Network((2, self.hidden, int(target.max()) + 1), self.activation, seed=self.seed)
        self._rule = GradientDescent(self._net.theta, self.eta)
        self.epoch, self.losses, self.trouble = 0, [], ""

    @alone
    def step(self) -> None:
        """Go through all samples once; does nothing after 5000 times, or once the loss is no number."""
        if self.trouble or self.epoch >= MOST_EPOCHS:
            return
        x, target, _ = samples(self.data)
        kept = self._net.theta.copy()
        try:
            with np.errstate(all="ignore"):  # what overflows is said in words
                history = train(
                    self._net, softmax_cross_entropy, self._rule, x, target, 1, shuffled_batches(BATCH),
                    seed=self.epoch, progress=False,
                )  # fmt: skip
        except Diverged:
            self._net.theta[:] = kept
            self.trouble = (
                f"In epoch {self.epoch + 1} the loss became no number: eta = {self.eta:g} is too large. "
                "Here is how things stood before; restart with a smaller one."
            )
            return
        self.epoch += 1
        self.losses += history.loss

    def start(self) -> Iterator[None]:
        """Train in slices until somebody pauses, at most to epoch 5000."""
        while self.epoch < MOST_EPOCHS and not self.trouble:
            end = time.perf_counter() + SLICE
            while time.perf_counter() < end:
                self.step()
            yield

    def pause(self) -> None:
        """Stand still: that an action is asked for ends the run."""

    def fixed(self) -> dict[str, Any]:
        """Return all samples with their frames, and the options."""
        sets = {}
        for name in DATA:
            x, target, frame = samples(name)
            sets[name] = {"x": x.round(3), "target": target, "frame": frame, "classes": int(target.max()) + 1}
        return {"sets": sets, "activations": ACTIVATIONS, "cells": CELLS, "most_hidden": MOST_HIDDEN}

    @alone
    def scores(self, points: Array) -> Array:
        """Return the scores of all classes, (N, K), at points of the plane, (N, 2)."""
        with np.errstate(all="ignore"):
            return self._net.forward(points).copy()

    @alone
    def result(self) -> dict[str, Any]:
        """Return loss, accuracy and epoch; the class of each cell and the samples that are wrong, as digits in a row.

        The loss is that of all samples, now; `losses` are those of the epochs, thinned to 200.
        """
        x, target, _ = samples(self.data)
        regions = self.scores(grid(self.data)).argmax(axis=1)
        scores = self.scores(x)
        with np.errstate(all="ignore"):
            loss, _ = softmax_cross_entropy(scores, target)
        every = -(-len(self.losses) // MOST_POINTS) or 1
        return {
            "inputs": self.inputs(),  # what this is the answer to: the page may have gone on meanwhile
            "epoch": self.epoch,
            "loss": loss,
            "accuracy": accuracy(scores, target),
            "losses": self.losses[::every],
            "every": every,
            "regions": _digits(regions),
            "wrong": _digits(scores.argmax(axis=1) != target),
            "trouble": self.trouble,
        }

    def picture(self) -> Any:
        """Return a plot of the regions with the samples on them."""
        from bplib.plots import decision_boundary  # here, so that the numbers need no Matplotlib

        x, target, _ = samples(self.data)
        return decision_boundary(
            lambda points: self.scores(points).argmax(axis=1), x, target, title=f"epoch {self.epoch}"
        )


def _digits(classes: Array) -> str:
    """Return classes, (N,), as one word of N digits: the shortest that travels."""
    return "".join(map(str, classes.astype(int)))
