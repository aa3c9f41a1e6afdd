"""Ten layers show what one hides: a signal that shrinks or grows a little in each is soon gone or too large."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from bplib.initialization import DRAWS
from bplib.network import Network
from bplib.widgets.base import State, choice, number

Array = np.ndarray
LAYERS, SAMPLES = 10, 25
WIDEST = 100  # units: with 25 samples, products so small that NumPy does not call several threads for them
BINS = 31  # odd: zero lies in the middle of a bin
ACTIVATIONS = ("tanh", "sigmoid", "relu", "leaky_relu", "identity")


@dataclass
class Initialization(State):
    """Activations and error signals in ten layers, just after the weights were drawn.

    In go 25 samples from a standard normal distribution; back come error signals of the same kind, from above.

    Parameters
    ----------
    rule : str
        One of `bplib.initialization.DRAWS`.
    activation : str
        One of `ACTIVATIONS`.
    width : int
        Units of each layer, from 2 to 100.
    times : float
        What every drawn weight is multiplied by, from 0.1 to 10.
    seed : int
        From 0 to 999.

    Raises
    ------
    ValueError
        If a parameter is outside its range.

    Examples
    --------
    >>> found = Initialization("uniform", width=25).result()["activation"]["std"]
    >>> bool(found[9] < 0.2 * found[0])
    True
    """

    rule: str = "fan_in"
    activation: str = "tanh"
    width: int = 100
    times: float = 1.0
    seed: int = 0

    title: ClassVar[str] = "Initialization explorer"
    script: ClassVar[str] = "initialization.js"

    def __post_init__(self) -> None:
        choice("rule", self.rule, DRAWS)
        choice("activation", self.activation, ACTIVATIONS)
        self.width = int(number("width", self.width, 2, WIDEST))
        self.times = number("times", self.times, 0.1, 10)
        self.seed = int(number("seed", self.seed, 0, 999))

    def fixed(self) -> dict[str, Any]:
        """Return the options and how many layers there are."""
        return {"rules": list(DRAWS), "activations": ACTIVATIONS, "layers": LAYERS, "widest": WIDEST}

    def layers(self) -> tuple[list[Array], list[Array]]:
        """Return activations and error signals, layer by layer, (SAMPLES, width) each."""
        sizes = (self.width,) * (LAYERS + 1)
        net = Network(sizes, self.activation, self.activation, DRAWS[self.rule], seed=self.seed)
        rng = np.random.default_rng(self.seed + 1000)  # other numbers than the weights'
        net.theta *= self.times
        net.forward(rng.standard_normal((SAMPLES, self.width)))
        net.backward(rng.standard_normal((SAMPLES, self.width)))
        return net.a, net.delta

    def result(self) -> dict[str, Any]:
        """Return, for activations and error signals: standard deviations, the axis' end, and counts in each bin."""
        a, delta = self.layers()
        return {
            "inputs": self.inputs(),  # what this is the answer to: the page may have gone on meanwhile
            "activation": _counted(a),
            "delta": _counted(delta),
        }

    def picture(self) -> Any:
        """Return a plot of the activations' histograms, layer by layer."""
        from bplib.plots import layer_histograms  # here, so that the numbers need no Matplotlib

        return layer_histograms(self.layers()[0], title=f"{self.rule}, {self.activation}, {self.width} units")


def _counted(layers: list[Array]) -> dict[str, Any]:
    """Return histograms on one common axis from -reach to reach, the fullest bin of each layer as 1."""
    reach = max(float(np.abs(layer).max()) for layer in layers) or 1.0
    counts = []
    for layer in layers:
        found, _ = np.histogram(layer, BINS, (-reach, reach))
        counts.append((found / found.max()).round(4))
    return {"std": [float(layer.std()) for layer in layers], "reach": reach, "counts": counts}
