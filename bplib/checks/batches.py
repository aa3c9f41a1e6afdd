"""The two-layer net on a batch of samples, by the names of the exercise; its slopes come from moving its loss."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from bplib.checks import nets
from bplib.checks.nets import LINEAR, TANH, Net, softmax

KEYS = ("W1", "b1", "W2", "b2")


class Batch:
    """One net with a batch of samples, by the names of the exercise."""

    def __init__(self, x: Any, target: Any, W1: Any, b1: Any, W2: Any, b2: Any, lam: float, eta: float) -> None:
        self.x, self.target, self.lam, self.eta = x, target, lam, eta
        self.W1, self.b1, self.W2, self.b2 = W1, b1, W2, b2
        self.net = Net(x, [W1, W2], [b1, b2], target, [TANH, LINEAR], nets.cross_entropy, lam)
        self.z1, self.a1, self.z2 = self.net.z[0], self.net.a[0], self.net.z[1]
        self.p = softmax(self.z2)
        self.model = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
        self.cache = {"z1": self.z1, "a1": self.a1, "z2": self.z2, "p": self.p}

    def using(self, **values: Any) -> Batch:
        """Return a copy in which the named values are replaced, as they stand: nothing is computed again."""
        copy = Batch.__new__(Batch)
        copy.__dict__.update(self.__dict__, **values)
        return copy

    delta1 = cached_property(lambda self: self.net.delta[0])
    delta2 = cached_property(lambda self: self.net.delta[1])
    dW1 = cached_property(lambda self: self.net.dW[0])
    dW2 = cached_property(lambda self: self.net.dW[1])
    db1 = cached_property(lambda self: self.net.db[0])
    db2 = cached_property(lambda self: self.net.db[1])
    loss = cached_property(lambda self: self.net.loss())

    @cached_property
    def grads(self) -> dict[str, np.ndarray]:
        """The numeric gradients, as `backprop` returns them."""
        return {name: getattr(self, name) for name in ("delta2", "dW2", "db2", "delta1", "dW1", "db1")}


def draw(rng: np.random.Generator, N: int, D: int, H: int, K: int) -> Batch:
    """Draw a net and a batch of order one, with repeated labels where there are enough samples."""

    def order_one(*shape: int) -> np.ndarray:
        return rng.uniform(0.2, 1.2, shape) * rng.choice([-1.0, 1.0], shape)

    target = rng.permutation(np.arange(N) % K)
    if N > 2:
        target[rng.integers(1, N)] = target[0]
    numbers = order_one(D, H), order_one(H), order_one(H, K), order_one(K)
    return Batch(order_one(N, D), target, *numbers, float(rng.uniform(0.05, 0.3)), float(rng.uniform(0.1, 0.9)))
