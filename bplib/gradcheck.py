"""A derivative is what happens when one number is moved a little: so move it, and look.

Moving along the real axis loses digits to subtraction; moving along the imaginary axis subtracts nothing, so the step
can be as small as you like and the slope is exact to rounding.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def complex_step(f: Callable[[NDArray[np.complex128]], complex], x: Array, h: float = 1e-20) -> Array:
    r"""Return the gradient of `f` at `x` from one step along the imaginary axis per entry.

    $$\partial f / \partial x_i = \operatorname{Im} f(x + i h e_i) / h + O(h^2)$$

    There is no difference of two nearly equal numbers, so the error is that of rounding, about 1e-16. `f` has to accept
    complex numbers and be smooth in them: branches look at `.real`, and `abs` must not act on what depends on `x`.

    Parameters
    ----------
    f : callable
        Array of the shape of `x` -> one number.
    x : Array, any shape
        Where to differentiate; not changed.
    h : float
        Step; its square has to vanish beside 1.

    Returns
    -------
    gradient : Array, shape of `x`
        d f / d x, entry by entry.

    Raises
    ------
    ValueError
        If `f` does not return one number.

    Examples
    --------
    >>> complex_step(lambda w: (w**3).sum(), np.array([1.0, -2.0]))
    array([ 3., 12.])
    """
    return _each(x, np.complex128, lambda at, i: _one(f(_moved(at, i, 1j * h))).imag / h)


def central_difference(f: Callable[[Array], float], x: Array, h: float = 1e-5) -> Array:
    r"""Return the gradient of `f` at `x` from two real steps per entry, one to each side.

    $$\partial f / \partial x_i \approx (f(x + h e_i) - f(x - h e_i)) / 2h$$

    The first-order errors of the two sides cancel. Of the digits of `f`, about six are lost in the subtraction; what is
    left, some 1e-10 of the gradient, tells a right backward pass from a wrong one.

    Parameters
    ----------
    f : callable
        Array of the shape of `x` -> one number.
    x : Array, any shape
        Where to differentiate; not changed.
    h : float
        Step; smaller is not better, since f(x + h) and f(x - h) then share more digits.

    Returns
    -------
    gradient : Array, shape of `x`
        d f / d x, entry by entry.

    Raises
    ------
    ValueError
        If `f` does not return one number.

    References
    ----------
    Deck 000 prints the difference without its division by the step: see errata E27.

    Examples
    --------
    >>> central_difference(lambda w: float(w**2), np.array(3.0)).round(6)
    np.float64(6.0)
    """
    return _each(
        x, np.float64, lambda at, i: (_one(f(_moved(at, i, h))).real - _one(f(_moved(at, i, -h))).real) / (2 * h)
    )


def _each(x: Array, dtype: type, slope: Callable) -> Array:
    at = np.array(x, dtype=dtype)
    gradient = np.empty(at.shape)
    for i in np.ndindex(at.shape):
        gradient[i] = slope(at, i)
    return gradient


def _moved(at: NDArray, i: tuple[int, ...], step: complex) -> NDArray:
    moved = at.copy()
    moved[i] += step
    return moved


def _one(value: complex) -> complex:
    if np.ndim(value) != 0:
        raise ValueError(f"f returned an array of shape {np.shape(value)}; one number is needed: a loss, say its sum")
    return complex(value)
