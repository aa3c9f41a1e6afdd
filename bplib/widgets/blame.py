"""Nobody tells a hidden unit how wrong it was: it collects from above, edge by edge, and scales it by its slope."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np

from bplib.data import two_two_two
from bplib.layers import FUNCTIONS
from bplib.losses import half_squared
from bplib.network import Network
from bplib.svg import Drawing, network
from bplib.widgets.base import State, choice, number

DECK = "2-2-2 of deck 004"
NETS = {DECK: (2, 2, 2), "2-3-2": (2, 3, 2), "2-3-3-2": (2, 3, 3, 2)}
ACTIVATIONS = ("sigmoid", "tanh", "relu", "softplus")
LIMIT = 100.0  # of inputs and targets
_deck = two_two_two()


def units(sizes: tuple[int, ...]) -> list[list[str]]:
    """Return the names of the units, layer by layer.

    Examples
    --------
    >>> units((2, 3, 3, 1))
    [['i1', 'i2'], ['h1', 'h2', 'h3'], ['k1', 'k2', 'k3'], ['o1']]
    """
    letters = ["i", *"hk"[: len(sizes) - 2], "o"]
    return [[f"{letter}{k + 1}" for k in range(n)] for letter, n in zip(letters, sizes, strict=True)]


@dataclass
class Blame(State):
    r"""The way back through a small network, one edge at a time.

    $$\delta_k = (out_k - target_k) f'(z_k); \qquad \delta_j = f'(z_j) \sum_k w_{jk} \delta_k$$

    Half the squared error; output units bend like hidden ones. A step is one of three: an output learns how wrong it
    is; a hidden unit collects from one unit above; a hidden unit multiplies what it has collected by its slope.

    Parameters
    ----------
    net : str
        One of `NETS`.
    activation : str
        One of `ACTIVATIONS`.
    i1, i2, t1, t2 : float
        Inputs and targets, from -100 to 100.
    step : int
        How many steps have been taken; those beyond the last one do nothing.

    Raises
    ------
    ValueError
        If a parameter is outside its range.

    References
    ----------
    Deck 003, "Interpretation des Fehlergradienten" (blame is collected and passed on); deck 004 (Chen, NTUST), "Update
    the Model Parameters! - 11" to "- 14".

    Examples
    --------
    >>> Blame().result()["delta"]["h1"].round(10)
    np.float64(0.0087713547)
    """

    net: str = DECK
    activation: str = "sigmoid"
    i1: float = float(_deck.x[0])
    i2: float = float(_deck.x[1])
    t1: float = float(_deck.target[0])
    t2: float = float(_deck.target[1])
    step: int = 0

    title: ClassVar[str] = "Blame flow"
    script: ClassVar[str] = "blame.js"

    def __post_init__(self) -> None:
        choice("net", self.net, NETS)
        choice("activation", self.activation, ACTIVATIONS)
        for name in ("i1", "i2", "t1", "t2"):
            setattr(self, name, number(name, getattr(self, name), -LIMIT, LIMIT))
        self.step = int(number("step", self.step, 0, 100))

    def fixed(self) -> dict[str, Any]:
        """Return the names of each network's units, layer by layer."""
        return {"nets": {name: units(sizes) for name, sizes in NETS.items()}, "activations": ACTIVATIONS}

    def result(self) -> dict[str, Any]:
        """Return all values, weights, slopes and error signals by name, and the steps of the way back in order.

        Each of the `steps` is [unit, the unit it collects from, an amount]: an output's error signal has no unit above
        and is complete at once; a hidden unit's error signal is complete when the unit above is the unit itself.
        """
        net, names = self._network(), units(NETS[self.net])
        out = net.forward(np.array([[self.i1, self.i2]]))
        loss, dout = half_squared(out, np.array([[self.t1, self.t2]]))
        net.backward(dout)
        function = FUNCTIONS[self.activation]
        a, slope, delta, weights = {"i1": self.i1, "i2": self.i2}, {}, {}, {}
        for level, layer in enumerate(names[1:]):
            known = net.a[level] if function.slope_takes == "a" else net.z[level]
            a |= dict(zip(layer, net.a[level][0], strict=True))
            slope |= dict(zip(layer, function.slope(known)[0], strict=True))
            delta |= dict(zip(layer, net.delta[level][0], strict=True))
            weights |= {f"{j} {k}": net.W[level][row, column]
                        for row, j in enumerate(names[level]) for column, k in enumerate(layer)}  # fmt: skip
        steps = [[unit, "", delta[unit]] for unit in names[-1]]
        for layer, above in reversed(list(pairwise(names[1:]))):
            for j in layer:
                steps += [[j, k, weights[f"{j} {k}"] * delta[k]] for k in above]
                steps.append([j, j, delta[j]])
        return {
            "inputs": self.inputs(),  # what this is the answer to: the page may have gone on meanwhile
            "a": a,
            "slope": slope,
            "delta": delta,
            "weights": weights,
            "steps": steps,
            "loss": loss,
        }

    def picture(self) -> Drawing:
        """Return a drawing of the network with the error signals known by now; the last edge used is lit up."""
        found, names = self.result(), units(NETS[self.net])
        taken = found["steps"][: self.step]
        known = {unit: amount for unit, above, amount in taken if above in ("", unit)}
        light = []
        if taken:
            unit, above, _ = taken[-1]
            light = [(unit, above)] if above not in ("", unit) else [unit]
        return network(
            names,
            values=found["a"],
            edges={tuple(ends.split()): weight for ends, weight in found["weights"].items()},
            deltas=known,
            light=light,
            notes={"o1": f"target {self.t1:g}", "o2": f"target {self.t2:g}"},
            title=f"loss {found['loss']:.4g}",
        )

    def _network(self) -> Network:
        """Return the network with its weights: the deck's, or drawn ones."""
        net = Network(NETS[self.net], self.activation, self.activation, seed=18)
        if self.net == DECK:
            for layer, (W, b) in enumerate([(_deck.W1, _deck.b1), (_deck.W2, _deck.b2)]):
                net.W[layer][:], net.b[layer][:] = W, b
        return net
