"""The decks' own examples, by name, so that nobody has to type a number twice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class TwoLayers:
    """One sample and the parameters of a network with two layers of weights."""

    x: Array
    W1: Array
    b1: Array
    W2: Array
    b2: Array
    target: Array


def two_two_two() -> TwoLayers:
    """Return the 2-2-2 network with weights 0.15 to 0.55, its sample and its target.

    The deck numbers the weights unit by unit: w1 and w2 lead into h1, w3 and w4 into h2. In the course's notation, rows
    are where a weight comes from and columns where it leads: `W1 = [[w1, w3], [w2, w4]]`, `W2 = [[w5, w7], [w6, w8]]`. The
    deck's one bias per layer stands in both entries of `b1`, and of `b2`.

    Returns
    -------
    network : TwoLayers
        x (2,), W1 (2, 2), b1 (2,), W2 (2, 2), b2 (2,), target (2,); fresh arrays at each call.

    References
    ----------
    Deck 004 (Chen, NTUST), "Forward Propagation - 2" and "Mean Squared Error".

    Examples
    --------
    >>> two_two_two().W1
    array([[0.15, 0.25],
           [0.2 , 0.3 ]])
    """
    return TwoLayers(
        x=np.array([0.05, 0.10]),
        W1=np.array([[0.15, 0.25], [0.20, 0.30]]),
        b1=np.array([0.35, 0.35]),
        W2=np.array([[0.40, 0.50], [0.45, 0.55]]),
        b2=np.array([0.60, 0.60]),
        target=np.array([0.01, 0.99]),
    )
