"""A loss turns "how wrong" into one number; its derivative says which way each output should go."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]


def half_squared(out: Array, target: Array) -> tuple[Array, Array]:
    r"""Return half the sum of the squared errors, and its derivative by the outputs.

    $$loss = \tfrac12 \sum_k (out_k - target_k)^2, \qquad dout = out - target$$

    The half is there to cancel the 2 of the derivative; other scalings only change the size of the learning rate.

    Parameters
    ----------
    out : Array, any shape
        Network outputs.
    target : Array, shape of `out`
        What they should be.

    Returns
    -------
    loss : number
        Half the sum over all entries.
    dout : Array, shape of `out`
        d loss / d out.

    Raises
    ------
    ValueError
        If the shapes differ.

    References
    ----------
    Deck 004 (Chen, NTUST), "Mean Squared Error", writes three prefactors for it: see errata E42, and E1 for the number.

    Examples
    --------
    >>> loss, dout = half_squared(np.array([0.7513650696, 0.7729284653]), np.array([0.01, 0.99]))
    >>> round(float(loss), 10), dout.round(10)
    (0.2983711088, array([ 0.74136507, -0.21707153]))
    """
    if np.shape(out) != np.shape(target):
        raise ValueError(f"target has shape {np.shape(target)}; it needs the shape of out, {np.shape(out)}")
    dout = out - target
    return (dout**2).sum() / 2, dout
