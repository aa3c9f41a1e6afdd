"""An activation bends the line; its slope, seen from its own output, is all that backpropagation asks of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]


def sigmoid(z: Array) -> Array:
    r"""Map each pre-activation to the open interval (0, 1).

    $$a = \sigma(z) = 1 / (1 + e^{-z})$$

    Only exponentials of numbers with a real part of at most 0 are taken, so no `z` overflows; a complex step in `z`
    passes through unharmed, because the branch looks at the real part.

    Parameters
    ----------
    z : Array, any shape
        Pre-activations (decks: net, in, z).

    Returns
    -------
    a : Array, shape of `z`
        Activations (decks: out, y, h).

    References
    ----------
    Deck 000 "Sigmoid Gate"; deck 004 (Chen, NTUST), "Forward Propagation - 2". Deck 002 prints exp(z): see errata E2.

    Examples
    --------
    >>> sigmoid(np.array([-1000.0, 0.0, 1.0])).round(4)
    array([0.    , 0.5   , 0.7311])
    """
    z = np.asarray(z)
    small = np.exp(np.where(z.real < 0, z, -z))
    return np.where(z.real < 0, small, 1.0) / (1.0 + small)


def sigmoid_grad(a: Array) -> Array:
    r"""Return the slope of the sigmoid from its own output.

    $$\sigma'(z) = a (1 - a), \quad a = \sigma(z)$$

    The forward pass has computed `a` already, so the backward pass needs no exponential at all.

    Parameters
    ----------
    a : Array, any shape
        Activations, each in [0, 1]: `sigmoid(z)`, not `z`.

    Returns
    -------
    slope : Array, shape of `a`
        d a / d z, at most 0.25.

    References
    ----------
    Deck 000, derivation of the sigmoid's derivative; deck 004 (Chen, NTUST), "Update the Model Parameters! - 4".

    Examples
    --------
    >>> float(sigmoid_grad(np.array(0.7513650696)).round(10))
    0.1868156018
    """
    return a * (1.0 - a)
