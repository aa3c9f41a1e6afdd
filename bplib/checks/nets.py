"""To know a slope without any rule for it, move one number a little and watch the loss.

A net here can do two things: compute its loss, and compute it again with something moved. All slopes are complex steps
of that loss, so there is no backpropagation in this file, and nothing that a slip of the reference could bless.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

STEP = 1e-30  # along the imaginary axis nothing is subtracted: the step may be as small as you like


@dataclass(frozen=True)
class Unit:
    """An activation for the trusted side: `f(z)` accepts complex `z`; `slope(a)` serves to say what a mistake gives."""

    name: str
    f: Callable[[Any], Any]
    slope: Callable[[Any], Any]


SIGMOID = Unit("sigmoid", lambda z: 1 / (1 + np.exp(-z)), lambda a: a * (1 - a))
TANH = Unit("tanh", np.tanh, lambda a: 1 - a**2)
LINEAR = Unit("linear", lambda z: z, np.ones_like)


def slopes(loss: Callable[[np.ndarray], np.ndarray], shape: tuple[int, ...]) -> np.ndarray:
    """Return d loss / d (each entry of an array of `shape`), from one call with all entries moved, one in each copy.

    Parameters
    ----------
    loss : callable
        What is added to the array, of shape (P, *shape), complex -> the P losses.
    shape : tuple of int
        Shape of the array that is moved; P is its size.
    """
    size = int(np.prod(shape, dtype=int))
    moves = (1j * STEP * np.eye(size)).reshape(size, *shape)
    return (loss(moves).imag / STEP).reshape(shape)


def half_squared(z: Any, out: Any, target: Any) -> Any:
    """Return half the squared error, summed over outputs and samples."""
    return (0.5 * (out - target) ** 2).sum(axis=(-2, -1))


def cross_entropy(z: Any, out: Any, target: np.ndarray) -> Any:
    """Return the mean over the samples of -log softmax(z)[target], from the scores."""
    top = z.real.max(axis=-1, keepdims=True)
    log_sum = np.log(np.exp(z - top).sum(axis=-1)) + top[..., 0]
    own = z[..., np.arange(len(target)), target]
    return (log_sum - own).mean(axis=-1)


def softmax(z: np.ndarray) -> np.ndarray:
    """Return each row's probabilities."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


class Net:
    """A net of any depth on a batch: its forward pass, and numeric slopes of its loss when they are asked for.

    Parameters
    ----------
    x : array, (N, D)
    W, b : list of arrays
        `W[l]` is (n_in, n_out), `b[l]` is (n_out,).
    target : array
        What `loss` takes.
    units : sequence of Unit
        Activation of each layer.
    loss : callable
        (scores, outputs, target) -> loss; accepts leading axes and complex numbers.
    lam : float
        Weight of the penalty, the sum of all squared weights.
    """

    def __init__(
        self, x: Any, W: list[Any], b: list[Any], target: Any, units: Sequence[Unit], loss: Callable, lam: float = 0.0
    ) -> None:
        self.x, self.W, self.b, self.target = x, W, b, target
        self.units, self.criterion, self.lam = units, loss, lam
        self.z: list[np.ndarray] = []
        self.a: list[np.ndarray] = []
        for layer in range(len(W)):
            self.z.append(self.below(layer) @ W[layer] + b[layer])
            self.a.append(units[layer].f(self.z[layer]))

    def below(self, layer: int) -> np.ndarray:
        """Return what enters a layer: the input, or the activations below."""
        return self.x if layer == 0 else self.a[layer - 1]

    def loss(self, what: str = "", layer: int = -1, move: Any = 0.0) -> Any:
        """Return the loss, with `move` added to the W, b or z of a layer; `move` may have leading axes."""
        W = [value + move if (what, layer) == ("W", l) else value for l, value in enumerate(self.W)]
        b = [value + move if (what, layer) == ("b", l) else value for l, value in enumerate(self.b)]
        a = self.x
        for l, unit in enumerate(self.units):
            z = a @ W[l] + (b[l][..., None, :] if np.ndim(b[l]) > 1 else b[l])
            z = z + move if (what, layer) == ("z", l) else z
            a = unit.f(z)
        return self.criterion(z, a, self.target) + self.lam * sum((value**2).sum(axis=(-2, -1)) for value in W)

    def _slopes(self, what: str) -> list[np.ndarray]:
        arrays = getattr(self, what)
        return [slopes(lambda move, l=l: self.loss(what, l, move), array.shape) for l, array in enumerate(arrays)]

    dW = cached_property(lambda self: self._slopes("W"))
    db = cached_property(lambda self: self._slopes("b"))
    delta = cached_property(lambda self: self._slopes("z"))
