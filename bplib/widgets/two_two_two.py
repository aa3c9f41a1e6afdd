"""Fifteen numbers make a network that can be held in the hand: change any of them, and see all the others move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from bplib.activations import sigmoid, sigmoid_grad
from bplib.data import two_two_two
from bplib.losses import half_squared
from bplib.svg import Drawing, network
from bplib.widgets.base import State, number

LIMIT = 1000.0  # of an input, a weight, a bias or a target
MOST_STEPS = 10_000  # at once
LAYERS = [["i1", "i2", "b1"], ["h1", "h2", "b2"], ["o1", "o2"]]
ENDS = {  # weight -> the units that it joins, numbered as on the slides
    "w1": ("i1", "h1"), "w2": ("i2", "h1"), "w3": ("i1", "h2"), "w4": ("i2", "h2"),
    "w5": ("h1", "o1"), "w6": ("h2", "o1"), "w7": ("h1", "o2"), "w8": ("h2", "o2"),
}  # fmt: skip
WEIGHTS, BIASES = tuple(ENDS), ("b1", "b2")
NUMBERS = ("i1", "i2", *WEIGHTS, *BIASES, "t1", "t2")

_start = two_two_two()
W1, W2 = _start.W1, _start.W2


@dataclass
class TwoTwoTwo(State):
    r"""The 2-2-2 network of deck 004: sigmoid units, half the squared error, one bias for both units of a layer.

    $$loss = \tfrac12 (t_1 - o_1)^2 + \tfrac12 (t_2 - o_2)^2$$

    Parameters
    ----------
    i1, i2, w1, ..., w8, b1, b2, t1, t2 : float
        Inputs, weights, biases and targets, each from -1000 to 1000; left out: the deck's.
    eta : float
        The learning rate, from 0 to 100.
    move_biases : bool
        Whether a step moves the biases too. The deck leaves them where they are.

    Raises
    ------
    ValueError
        If a number is out of range.

    References
    ----------
    Deck 004 (Chen, NTUST), "Forward Propagation - 2" and "Update the Model Parameters! - 1" to "- 14"; errata E1 and
    E46. The learning rate is the course's.

    Examples
    --------
    >>> state = TwoTwoTwo()
    >>> state.step()
    >>> round(state.w5, 8), round(state.result()["loss"], 6)
    (0.35891648, 0.291028)
    """

    i1: float = float(_start.x[0])
    i2: float = float(_start.x[1])
    w1: float = float(W1[0, 0])
    w2: float = float(W1[1, 0])
    w3: float = float(W1[0, 1])
    w4: float = float(W1[1, 1])
    w5: float = float(W2[0, 0])
    w6: float = float(W2[1, 0])
    w7: float = float(W2[0, 1])
    w8: float = float(W2[1, 1])
    b1: float = float(_start.b1[0])
    b2: float = float(_start.b2[0])
    t1: float = float(_start.target[0])
    t2: float = float(_start.target[1])
    eta: float = 0.5
    move_biases: bool = False

    title: ClassVar[str] = "2-2-2 explorer"
    script: ClassVar[str] = "two_two_two.js"
    in_page: ClassVar[bool] = True

    def __post_init__(self) -> None:
        for name in NUMBERS:
            setattr(self, name, number(name, getattr(self, name), -LIMIT, LIMIT))
        self.eta = number("eta", self.eta, 0, 100)
        self.move_biases = bool(self.move_biases)

    def fixed(self) -> dict[str, Any]:
        """Return the deck's numbers, to go back to."""
        return {"deck": TwoTwoTwo().inputs(), "most_steps": MOST_STEPS}

    def result(self) -> dict[str, Any]:
        """Return the values, the error signals and the gradients by name; the loss here and after one step."""
        found = self._pass()
        ahead = TwoTwoTwo(**self._stepped(found["gradient"]))
        return found | {"next_loss": ahead._pass()["loss"]}

    def step(self, count: int = 1) -> None:
        """Take steps against the gradient.

        Parameters
        ----------
        count : int
            How many, at most 10000.

        Raises
        ------
        ValueError
            If it is too many, or a weight leaves its range: eta is too large.
        """
        count, ahead = int(number("count", count, 1, MOST_STEPS)), self
        for _ in range(count):
            ahead = TwoTwoTwo(**ahead._stepped(ahead._pass()["gradient"]))
        self.change(**ahead.inputs())

    def picture(self) -> Drawing:
        """Return a drawing of the network with its values, weights and targets."""
        found = self._pass()
        given = {name: getattr(self, name) for name in ("i1", "i2", *BIASES)}
        joined = {("b1", "h1"): "", ("b1", "h2"): "", ("b2", "o1"): "", ("b2", "o2"): ""}
        return network(
            LAYERS,
            values=given | found["a"],
            edges={ends: getattr(self, name) for name, ends in ENDS.items()} | joined,
            deltas=found["delta"],
            notes={"o1": f"target {self.t1:g}", "o2": f"target {self.t2:g}"},
            title=f"loss {found['loss']:.4g}",
        )

    def _pass(self) -> dict[str, Any]:
        """Go forward and back through the network."""
        x, target = np.array([self.i1, self.i2]), np.array([self.t1, self.t2])
        W1 = np.array([[self.w1, self.w3], [self.w2, self.w4]])
        W2 = np.array([[self.w5, self.w7], [self.w6, self.w8]])
        z1 = x @ W1 + self.b1
        a1 = sigmoid(z1)
        z2 = a1 @ W2 + self.b2
        out = sigmoid(z2)
        loss, dout = half_squared(out, target)
        delta2 = dout * sigmoid_grad(out)
        delta1 = (W2 @ delta2) * sigmoid_grad(a1)
        slopes = np.concatenate([
            W1 @ delta1,  # by the inputs
            np.outer(x, delta1).T.ravel(),  # unit by unit, as the weights are numbered
            np.outer(a1, delta2).T.ravel(),
            [delta1.sum(), delta2.sum()],  # gradients add where paths meet
            -dout,
        ])  # fmt: skip
        units = ("h1", "h2", "o1", "o2")
        return {
            "z": dict(zip(units, np.r_[z1, z2].tolist(), strict=True)),
            "a": dict(zip(units, np.r_[a1, out].tolist(), strict=True)),
            "delta": dict(zip(units, np.r_[delta1, delta2].tolist(), strict=True)),
            "gradient": dict(zip(NUMBERS, slopes.tolist(), strict=True)),
            "parts": (dout**2 / 2).tolist(),
            "loss": float(loss),
        }

    def _stepped(self, gradient: dict[str, float]) -> dict[str, Any]:
        """Return the inputs after one step."""
        moved = WEIGHTS + (BIASES if self.move_biases else ())
        return self.inputs() | {name: getattr(self, name) - self.eta * gradient[name] for name in moved}
