"""An activation bends the line; its slope, seen from its own output, is all that backpropagation asks of it.

Each function stands beside its derivative. The elementwise ones accept any shape and take NumPy's `out=`. Branches
look at the real part, so a complex step passes through. At a kink the slope is 0: a derivative that is given the
activation cannot tell z = 1 from z = 5 (errata E12).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.inexact]


def identity(z: Array, out: Array | None = None) -> Array:
    """Return the pre-activations as they are.

    Parameters
    ----------
    z : Array, any shape
        Pre-activations.
    out : Array, optional
        Where to put the result.

    Returns
    -------
    a : Array, shape of `z`

    Examples
    --------
    >>> identity(np.array([-2.0, 3.0]))
    array([-2.,  3.])
    """
    return np.positive(z, out=out)


def identity_grad(a: Array, out: Array | None = None) -> Array:
    """Return the slope of the identity: 1 everywhere.

    Layers without anything in between collapse into one, since the product of two matrices is a matrix (deck 000, on
    stacking linear layers).

    Parameters
    ----------
    a : Array, any shape
        Activations.
    out : Array, optional
        Where to put the result.

    Returns
    -------
    slope : Array, shape of `a`

    Examples
    --------
    >>> identity_grad(np.array([-2.0, 3.0]))
    array([1., 1.])
    """
    slope = np.empty_like(a) if out is None else out
    slope[...] = 1
    return slope


def sigmoid(z: Array, out: Array | None = None) -> Array:
    r"""Map each pre-activation to the open interval (0, 1).

    $$a = \sigma(z) = 1 / (1 + e^{-z})$$

    Where exp(-z) overflows, its reciprocal is the 0 that the activation is to 300 digits, so the overflow is let pass.
    Complex infinities have no such grace: there, only exponents with a negative real part are taken.

    Parameters
    ----------
    z : Array, any shape
        Pre-activations (decks: net, in, z).
    out : Array, optional
        Where to put the result.

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
    z = _floats(z)
    if z.dtype.kind == "c":
        low = z.real < 0
        small = np.exp(np.where(low, z, -z))
        return np.divide(np.where(low, small, 1), 1 + small, out=out)
    with np.errstate(over="ignore"):
        a = np.exp(np.negative(z, out=out), out=out)
    return np.reciprocal(np.add(a, 1, out=out), out=out)


def sigmoid_grad(a: Array, out: Array | None = None) -> Array:
    r"""Return the slope of the sigmoid from its own output.

    $$\sigma'(z) = a (1 - a), \quad a = \sigma(z)$$

    The forward pass has computed `a` already, so the backward pass needs no exponential at all.

    Parameters
    ----------
    a : Array, any shape
        Activations, each in [0, 1]: `sigmoid(z)`, not `z`.
    out : Array, optional
        Where to put the result; not `a` itself.

    Returns
    -------
    slope : Array, shape of `a`
        d a / d z, at most 0.25.

    References
    ----------
    Deck 000, derivative of the sigmoid in five steps; deck 004 (Chen, NTUST), "Update the Model Parameters! - 4".

    Examples
    --------
    >>> float(sigmoid_grad(np.array(0.7513650696)).round(10))
    0.1868156018
    """
    return np.multiply(np.subtract(1, a, out=out), a, out=out)


def tanh(z: Array, out: Array | None = None) -> Array:
    r"""Map each pre-activation to the open interval (-1, 1).

    $$a = \tanh(z) = (e^{2z} - 1) / (e^{2z} + 1)$$

    The quotient itself is NaN from z = 355 on; NumPy's tanh is not.

    Parameters
    ----------
    z : Array, any shape
        Pre-activations.
    out : Array, optional
        Where to put the result.

    Returns
    -------
    a : Array, shape of `z`

    References
    ----------
    Deck 002, table of activation functions; errata E52.

    Examples
    --------
    >>> tanh(np.array([-1000.0, 0.7])).round(6)
    array([-1.      ,  0.604368])
    """
    return np.tanh(_floats(z), out=out)


def tanh_grad(a: Array, out: Array | None = None) -> Array:
    r"""Return the slope of tanh from its own output.

    $$\tanh'(z) = 1 - a^2, \quad a = \tanh(z)$$

    The forward pass has computed `a` already.

    Parameters
    ----------
    a : Array, any shape
        Activations, each in [-1, 1]: `tanh(z)`, not `z`.
    out : Array, optional
        Where to put the result; not `a` itself.

    Returns
    -------
    slope : Array, shape of `a`
        d a / d z, at most 1.

    References
    ----------
    Deck 002, table of activation functions; deck 004 (Chen, NTUST), "Activation Functions - 1".

    Examples
    --------
    >>> tanh_grad(tanh(np.array([0.7]))).round(6)
    array([0.63474])
    """
    return np.subtract(1, np.multiply(a, a, out=out), out=out)


def hardtanh(z: Array, out: Array | None = None) -> Array:
    """Cut each pre-activation off at -1 and at 1: tanh from three straight lines.

    Parameters
    ----------
    z : Array, any shape
        Pre-activations.
    out : Array, optional
        Where to put the result.

    Returns
    -------
    a : Array, shape of `z`
        In [-1, 1]; both ends are attained.

    References
    ----------
    Deck 002, table of activation functions; its open interval: errata E6.

    Examples
    --------
    >>> hardtanh(np.array([-7.0, 0.3, 1.5]))
    array([-1. ,  0.3,  1. ])
    """
    z = _floats(z)
    if z.dtype.kind == "c":
        return _put(np.where(np.abs(z.real) < 1, z, np.sign(z.real)), out)
    return np.minimum(np.maximum(z, -1, out=out), 1, out=out)


def hardtanh_grad(a: Array, out: Array | None = None) -> Array:
    """Return the slope of hardtanh from its own output: 1 inside, 0 where it was cut off.

    Parameters
    ----------
    a : Array, any shape
        Activations, each in [-1, 1].
    out : Array, optional
        Where to put the result.

    Returns
    -------
    slope : Array, shape of `a`
        0 at a = 1 and a = -1: whether z was 1 or 5 cannot be seen from `a`.

    References
    ----------
    Deck 002 prints x inside instead of 1: errata E5.

    Examples
    --------
    >>> hardtanh_grad(np.array([-1.0, 0.3, 1.0]))
    array([0., 1., 0.])
    """
    a = _floats(a)
    return _put((np.abs(a.real) < 1).astype(a.dtype), out)


def relu(z: Array, out: Array | None = None) -> Array:
    r"""Let what is positive pass, and nothing else.

    $$a = \max(0, z)$$

    Parameters
    ----------
    z : Array, any shape
        Pre-activations.
    out : Array, optional
        Where to put the result.

    Returns
    -------
    a : Array, shape of `z`
        In [0, infinity).

    References
    ----------
    Deck 002, table of activation functions ("also: hinge", which is not the hinge loss; its range: errata E6).

    Examples
    --------
    >>> relu(np.array([-2.0, 0.0, 3.0]))
    array([0., 0., 3.])
    """
    z = _floats(z)
    if z.dtype.kind == "c":
        return _put(np.where(z.real > 0, z, 0), out)
    return np.maximum(z, 0, out=out)


def relu_grad(a: Array, out: Array | None = None) -> Array:
    """Return the slope of ReLU from its own output: 1 where something passed, else 0.

    Parameters
    ----------
    a : Array, any shape
        Activations, each at least 0 (z itself gives the same answer).
    out : Array, optional
        Where to put the result.

    Returns
    -------
    slope : Array, shape of `a`
        0 at z = 0, by convention.

    References
    ----------
    Deck 002 has 0 at the kink, deck 004 has 1, central differences give 0.5: errata E12.

    Examples
    --------
    >>> relu_grad(np.array([0.0, 3.0]))
    array([0., 1.])
    """
    if out is None:
        out = np.empty_like(_floats(a))
    return np.greater(np.real(a), 0, out=out, casting="unsafe")  # True and False become 1 and 0


def leaky_relu(z: Array, slope: float = 0.01, out: Array | None = None) -> Array:
    """Let what is positive pass, and of the rest a little: no unit is ever quite dead.

    Parameters
    ----------
    z : Array, any shape
        Pre-activations.
    slope : float
        How much of a negative z passes, in [0, 1).
    out : Array, optional
        Where to put the result.

    Returns
    -------
    a : Array, shape of `z`

    References
    ----------
    Deck 004 (Chen, NTUST), "Activation Functions - 1".

    Examples
    --------
    >>> leaky_relu(np.array([-2.0, 3.0]))
    array([-0.02,  3.  ])
    """
    z = _floats(z)
    return _put(np.where(z.real > 0, z, z.dtype.type(slope) * z), out)


def leaky_relu_grad(a: Array, slope: float = 0.01, out: Array | None = None) -> Array:
    """Return the slope of the leaky ReLU from its own output, which has the sign of z.

    Parameters
    ----------
    a : Array, any shape
        Activations.
    slope : float
        As in the forward pass.
    out : Array, optional
        Where to put the result.

    Returns
    -------
    slope : Array, shape of `a`

    References
    ----------
    Deck 004 (Chen, NTUST), "Activation Functions - 1".

    Examples
    --------
    >>> leaky_relu_grad(np.array([-0.02, 3.0]))
    array([0.01, 1.  ])
    """
    a = _floats(a)
    return _put(np.where(a.real > 0, a.dtype.type(1), a.dtype.type(slope)), out)


def softplus(z: Array, out: Array | None = None) -> Array:
    r"""Bend smoothly from 0 to z: ReLU without its kink.

    $$a = \ln(1 + e^z) = \max(z, 0) + \ln(1 + e^{-|z|})$$

    The second form never takes the exponential of a positive number; the first is infinite from z = 710 on.

    Parameters
    ----------
    z : Array, any shape
        Pre-activations.
    out : Array, optional
        Where to put the result.

    Returns
    -------
    a : Array, shape of `z`

    References
    ----------
    Deck 004 (Chen, NTUST), "Activation Functions - 1"; errata E52.

    Examples
    --------
    >>> softplus(np.array([-1000.0, 0.0, 1000.0])).round(6)
    array([0.00000e+00, 6.93147e-01, 1.00000e+03])
    """
    z = _floats(z)
    low = z.real < 0
    return _put(np.where(low, 0, z) + np.log1p(np.exp(np.where(low, z, -z))), out)


def softplus_grad(z: Array, out: Array | None = None) -> Array:
    r"""Return the slope of softplus, which needs z.

    $$a' = \sigma(z)$$

    From `a` it would be 1 - exp(-a): a subtraction that loses all digits where `a` is small.

    Parameters
    ----------
    z : Array, any shape
        Pre-activations (not activations).
    out : Array, optional
        Where to put the result.

    Returns
    -------
    slope : Array, shape of `z`

    References
    ----------
    Deck 004 (Chen, NTUST), "Activation Functions - 1".

    Examples
    --------
    >>> softplus_grad(np.array([0.0]))
    array([0.5])
    """
    return sigmoid(z, out=out)


def softmax(z: Array) -> Array:
    r"""Turn the scores of each row into positive numbers that sum to 1.

    $$p_i = e^{z_i} / \sum_j e^{z_j}$$

    Adding one number to all scores changes nothing, so the largest is subtracted first and no exponential exceeds 1.

    Parameters
    ----------
    z : Array, (..., K)
        Scores.

    Returns
    -------
    p : Array, (..., K)
        Probabilities; each row sums to 1.

    References
    ----------
    Deck 001 (Leibe), softmax tricks 1 and 2; what may be added: errata E39, E40; no sigmoid before it: E13.

    Examples
    --------
    >>> softmax(np.array([[1.0, 2.0, 3.0], [1001.0, 1002.0, 1003.0]])).round(6)
    array([[0.090031, 0.244728, 0.665241],
           [0.090031, 0.244728, 0.665241]])
    """
    z = _floats(z)
    e = np.exp(z - z.real.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_jacobian(p: Array) -> Array:
    r"""Return how each probability moves with each score, from the probabilities.

    $$\partial p_i / \partial z_j = p_i (1[i = j] - p_j)$$

    Softmax is not elementwise: every score moves every probability, so its slope is a matrix, and the error signal is
    `J @ dp` (errata E50).

    Parameters
    ----------
    p : Array, (..., K)
        Probabilities: `softmax(z)`.

    Returns
    -------
    J : Array, (..., K, K)
        J[..., i, j] = d p_i / d z_j; symmetric, its rows sum to 0.

    References
    ----------
    Deck 004 (Chen, NTUST), "Activation Functions - 1".

    Examples
    --------
    >>> softmax_jacobian(np.array([0.5, 0.5]))
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    p = np.asarray(p)
    return p[..., :, None] * (np.eye(p.shape[-1]) - p[..., None, :])


def maxout(z: Array) -> Array:
    """Return the largest of the last axis: each unit is as many straight lines as it has competitors.

    Parameters
    ----------
    z : Array, (..., K)
        Competing pre-activations.

    Returns
    -------
    a : Array, (...)

    References
    ----------
    Deck 004 (Chen, NTUST), "Activation Functions - 1".

    Examples
    --------
    >>> maxout(np.array([[1.0, 3.0, 2.0]]))
    array([3.])
    """
    z = np.asarray(z)
    return np.take_along_axis(z, z.real.argmax(axis=-1)[..., None], axis=-1)[..., 0]


def maxout_grad(z: Array) -> Array:
    """Return the slope of maxout, which needs z: 1 for the winner (the first, in a tie), 0 for the others.

    Parameters
    ----------
    z : Array, (..., K)
        Competing pre-activations.

    Returns
    -------
    da : Array, (..., K)
        d a / d z.

    References
    ----------
    Deck 004 (Chen, NTUST), "Activation Functions - 1".

    Examples
    --------
    >>> maxout_grad(np.array([[1.0, 3.0, 2.0]]))
    array([[0., 1., 0.]])
    """
    z = np.asarray(z)
    return (np.arange(z.shape[-1]) == z.real.argmax(axis=-1)[..., None]).astype(z.dtype)


def sign(z: Array) -> Array:
    """Return -1, 0 or 1: the sign of each pre-activation.

    A network with it cannot learn by gradient descent: moving a weight a little changes nothing, until it changes all.

    Parameters
    ----------
    z : Array, any shape
        Pre-activations.

    Returns
    -------
    a : Array, shape of `z`

    References
    ----------
    Deck 000 prints it in its two-layer network: errata E32.

    Examples
    --------
    >>> sign(np.array([-0.7, 0.0, 2.0]))
    array([-1.,  0.,  1.])
    """
    return np.sign(np.real(z))


def sign_grad(a: Array) -> Array:
    """Return the slope of the sign: 0 wherever there is one, which is why it cannot learn.

    Parameters
    ----------
    a : Array, any shape
        Activations.

    Returns
    -------
    slope : Array, shape of `a`

    References
    ----------
    Errata E32.

    Examples
    --------
    >>> sign_grad(np.array([-1.0, 1.0]))
    array([0., 0.])
    """
    return np.zeros_like(a)


def _floats(z: Array) -> Array:
    """Return `z` as it is, or as float64 if it holds whole numbers: NumPy would compute int8 in half precision."""
    z = np.asarray(z)
    return z if z.dtype.kind in "fc" else z.astype(np.float64)


def _put(result: Array, out: Array | None) -> Array:
    if out is None:
        return result
    out[...] = result
    return out
