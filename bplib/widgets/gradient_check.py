"""A numeric gradient is itself a little wrong: what it finds and what it misses depends on how one looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, ClassVar, NamedTuple

import numpy as np

from bplib.gradcheck import central_difference, complex_step, forward_difference
from bplib.losses import softmax_cross_entropy
from bplib.network import Network
from bplib.widgets.base import State, choice, number

Array = np.ndarray

METHODS = {"forward": forward_difference, "central": central_difference, "complex step": complex_step}
LOOKS = ("every entry", "5 random entries", "3 random directions")
STEPS = 10.0 ** np.arange(-20, 1)  # where the curves are computed
CLEAR = 3.0  # times what a right gradient shows: then something must be wrong


class Problem(NamedTuple):
    """A loss of a small network, where it is looked at, and its true gradient there."""

    f: Callable[[Array], complex]
    theta: Array
    grad: Array
    names: list[str]


@cache
def problem() -> Problem:
    """Return the network 2-4-3 (tanh, softmax, cross-entropy) on five samples: 27 parameters."""
    net, twin = (Network((2, 4, 3), hidden="tanh", seed=1, dtype=dtype) for dtype in (np.float64, np.complex128))
    x, target = np.random.default_rng(0).standard_normal((5, 2)), np.array([0, 1, 2, 0, 1])
    _, delta = softmax_cross_entropy(net.forward(x), target)
    net.backward(delta)
    theta, grad = net.theta.copy(), net.grad.copy()

    def f(at: Array) -> complex:
        used = twin if np.iscomplexobj(at) else net
        used.theta[:] = at
        return softmax_cross_entropy(used.forward(x), target)[0]

    names = [f"{name}[{', '.join(map(str, i))}]" for name, shape in net.parameters for i in np.ndindex(shape)]
    return Problem(f, theta, grad, names)


PLANTED = 17  # the entry that is wrong, if one is


@lru_cache(maxsize=4)
def directions(look: str, seed: int) -> Array:
    """Return along what is looked, (K, P): single entries, or directions that have a share of every entry."""
    rng, P = np.random.default_rng(seed), len(problem().theta)
    if look == "5 random entries":
        return np.eye(P)[np.sort(rng.choice(P, 5, replace=False))]
    if look == "3 random directions":
        return rng.choice([-1.0, 1.0], (3, P)) / np.sqrt(P)
    return np.eye(P)


@lru_cache(maxsize=200)
def slopes(method: str, h: float, look: str, seed: int) -> Array:
    """Return the numeric slopes, (K,), along those directions."""
    f, theta, *_ = problem()
    along = directions(look, seed)
    with np.errstate(all="ignore"):  # a step of 1 may overflow; then the error is no number, and is said to be
        return METHODS[method](lambda t: f(theta + t @ along), np.zeros(len(along)), h)


def shares(numeric: Array, along: Array, claimed: Array) -> Array:
    """Return how far the claim is off, (K,), as a share of the gradient's length.

    A direction has 1 / sqrt(P) of each entry; multiplied by sqrt(P), one wrong entry weighs the same both ways.
    """
    return np.abs(numeric - along @ claimed) / np.abs(along).max() / np.linalg.norm(problem().grad)


@dataclass
class GradientCheck(State):
    """A claimed gradient held against a numeric one.

    Parameters
    ----------
    method : str
        One of `METHODS`.
    h : float
        The step, from 1e-20 to 1.
    look : str
        One of `LOOKS`.
    planted : bool
        Whether one entry of the claim is wrong.
    size : float
        How wrong: its error as a share of the gradient's length, from 1e-16 to 1.
    seed : int
        What random entries and directions are drawn from, from 0 to 999.

    Raises
    ------
    ValueError
        If a parameter is outside its range.

    Examples
    --------
    >>> GradientCheck("central", h=1e-5, size=1e-7).result()["shows"]
    True
    >>> GradientCheck("forward", h=1e-5, size=1e-7).result()["shows"]
    False
    """

    method: str = "central"
    h: float = 1e-5
    look: str = "every entry"
    planted: bool = True
    size: float = 1e-7
    seed: int = 0

    title: ClassVar[str] = "Gradient-check explorer"
    script: ClassVar[str] = "gradient_check.js"

    def __post_init__(self) -> None:
        choice("method", self.method, METHODS)
        choice("look", self.look, LOOKS)
        self.h = number("h", self.h, 1e-20, 1)
        self.planted = bool(self.planted)
        self.size = number("size", self.size, 1e-16, 1)
        self.seed = int(number("seed", self.seed, 0, 999))

    def fixed(self) -> dict[str, Any]:
        """Return the options, and the steps at which the curves are known."""
        return {"methods": list(METHODS), "looks": LOOKS, "h": STEPS, "planted": problem().names[PLANTED]}

    def claimed(self) -> Array:
        """Return the gradient that is checked, (P,)."""
        claim = problem().grad.copy()
        if self.planted:
            claim[PLANTED] += self.size * np.linalg.norm(claim)
        return claim

    def result(self) -> dict[str, Any]:
        """Return the worst place, how far the claim is off there, and how far a right one would be.

        `errors` holds, for each method, what a right gradient shows at each of the `STEPS`: the V-curves.
        """
        seed = 0 if self.look == LOOKS[0] else self.seed
        along, claim, right = directions(self.look, seed), self.claimed(), problem().grad
        numeric = slopes(self.method, self.h, self.look, seed)
        off, noise = shares(numeric, along, claim), shares(numeric, along, right).max()
        worst = int(np.argmax(off))
        return {
            "inputs": self.inputs(),  # what this is the answer to: the page may have gone on meanwhile
            "errors": {
                name: [shares(slopes(name, float(h), self.look, seed), along, right).max() for h in STEPS]
                for name in METHODS
            },
            "noise": noise,
            "off": off[worst],
            "shows": bool(off[worst] > CLEAR * noise),
            "seen": bool(along[:, PLANTED].any()),
            "place": problem().names[int(along[worst].argmax())] if "entr" in self.look else f"direction {worst + 1}",
            "claimed": along[worst] @ claim,
            "numeric": numeric[worst],
        }

    def picture(self) -> Any:
        """Return a plot of the V-curves with this `h` pointed out."""
        from bplib.plots import v_curve  # here, so that the numbers need no Matplotlib

        return v_curve(STEPS, self.result()["errors"], current=self.h)
