"""A layer knows two verbs: forward keeps what backward will need; backward hands the blame down to what came in.

Arrays that a layer returns are its own rooms, filled anew at each call: nothing is allocated in a steady step. Copy
what you want to keep.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bplib import activations

Array = NDArray[np.inexact]


NARROW = 16  # units


class Rooms(dict):
    """Arrays to compute in, one for each name, shape and dtype that was asked for.

    NumPy loops over the axis that is contiguous in memory. Where a layer has few units, that had better be the samples:
    its rooms hold column after column. Nobody else needs to know.
    """

    def room(self, name: str, shape: tuple[int, ...], dtype: np.dtype) -> Array:
        """Return the array of that name, shape and dtype; its content is what the last user left."""
        key = (name, shape, dtype)
        array = self.get(key)
        if array is None:
            *lead, N, n = shape if len(shape) > 1 else (1, *shape)
            array = np.empty((*lead, n, N), dtype).swapaxes(-1, -2) if n < NARROW else np.empty((*lead, N, n), dtype)
            array = self[key] = array.reshape(shape)
        return array


class Dense:
    r"""Weigh and add: one weight from each unit below to each unit above.

    $$z = x W + b; \qquad dW = x^T \delta, \quad db = \sum_n \delta_n, \quad dx = \delta W^T$$

    Row n of `x` meets row n of `delta` in `x.T @ delta`: a sum, over the samples, of outer products. A leading axis, if
    there is one, counts independent copies of the layer; each meets the same samples, or its own.

    Parameters
    ----------
    W : Array, (n_in, n_out) or (S, n_in, n_out)
        Weights: from unit (row) to unit (column).
    b : Array, (n_out,) or (S, n_out)
        Biases.
    dW, db : Array, optional
        Where the gradients go; made if not given.

    References
    ----------
    Deck 000, `backprop`; deck 004 (Chen, NTUST), "Update the Model Parameters! - 14".

    Examples
    --------
    >>> layer = Dense(np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.array([0.5, -0.5]))
    >>> layer.forward(np.array([[1.0, 0.0, -1.0]]))
    array([[-3.5, -4.5]])
    >>> layer.backward(np.array([[1.0, 10.0]]))
    array([[21., 43., 65.]])
    >>> layer.dW
    array([[  1.,  10.],
           [  0.,   0.],
           [ -1., -10.]])
    """

    def __init__(self, W: Array, b: Array, dW: Array | None = None, db: Array | None = None) -> None:
        if np.ndim(W) not in (2, 3) or np.shape(b) != np.shape(W)[:-2] + np.shape(W)[-1:]:
            raise ValueError(f"W has shape {np.shape(W)}, b {np.shape(b)}; (n_in, n_out) and (n_out,) are needed")
        self.W, self.b = W, b
        self.dW = np.zeros_like(W) if dW is None else dW
        self.db = np.zeros_like(b) if db is None else db
        self.x: Array | None = None
        self.z: Array | None = None
        self.delta: Array | None = None
        self._rooms = Rooms()

    def forward(self, x: Array) -> Array:
        """Return the pre-activations z, (N, n_out), of the inputs x, (N, n_in)."""
        n_in, n_out = self.W.shape[-2:]
        if x.ndim not in (2, self.W.ndim) or x.shape[-1] != n_in:
            raise ValueError(f"x has shape {x.shape}; (N, {n_in}) is needed")
        self.x = x
        self.z = self._rooms.room("z", (*self.W.shape[:-2], x.shape[-2], n_out), np.result_type(x, self.W))
        np.matmul(x, self.W, out=self.z)
        self.z += self.b[..., None, :]
        return self.z

    def gradients(self, delta: Array) -> None:
        """Fill dW and db from delta = d loss / d z, (N, n_out); the lowest layer needs no more than this."""
        if self.x is None:
            raise RuntimeError("backward was called before forward: there is nothing to differentiate yet")
        if delta.shape != self.z.shape:
            raise ValueError(f"delta has shape {delta.shape}; it needs the shape of z, {self.z.shape}")
        self.delta = delta
        np.matmul(np.swapaxes(self.x, -1, -2), delta, out=self.dW)
        np.add.reduce(delta, axis=-2, out=self.db)

    def backward(self, delta: Array) -> Array:
        """Fill dW and db from delta = d loss / d z, (N, n_out); return dx = d loss / d x, (N, n_in)."""
        self.gradients(delta)
        dx = self._rooms.room("dx", (*self.W.shape[:-2], *self.x.shape[-2:]), delta.dtype)
        return np.matmul(delta, np.swapaxes(self.W, -1, -2), out=dx)


@dataclass(frozen=True)
class Function:
    """An elementwise function and its slope: `slope(a)`, or `slope(z)` where the activation does not tell it."""

    value: Callable[..., Array]
    slope: Callable[..., Array]
    slope_takes: str = "a"


FUNCTIONS = {
    "identity": Function(activations.identity, activations.identity_grad),
    "sigmoid": Function(activations.sigmoid, activations.sigmoid_grad),
    "tanh": Function(activations.tanh, activations.tanh_grad),
    "hardtanh": Function(activations.hardtanh, activations.hardtanh_grad),
    "relu": Function(activations.relu, activations.relu_grad),
    "leaky_relu": Function(activations.leaky_relu, activations.leaky_relu_grad),
    "softplus": Function(activations.softplus, activations.softplus_grad, slope_takes="z"),
}


class Activation:
    r"""Bend: the same function for each unit by itself.

    $$a = f(z); \qquad \delta = da \cdot f'(z)$$

    Parameters
    ----------
    name : str
        One of 'identity', 'sigmoid', 'tanh', 'hardtanh', 'relu', 'leaky_relu', 'softplus'.

    Examples
    --------
    >>> layer = Activation("relu")
    >>> layer.forward(np.array([[-1.0, 2.0]]))
    array([[0., 2.]])
    >>> layer.backward(np.array([[5.0, 5.0]]))
    array([[0., 5.]])
    """

    def __init__(self, name: str) -> None:
        if name not in FUNCTIONS:
            raise ValueError(f"activation is {name!r}; one of {', '.join(FUNCTIONS)} is needed")
        self.name = name
        self.function = FUNCTIONS[name]
        self.z: Array | None = None
        self.a: Array | None = None
        self._rooms = Rooms()

    def forward(self, z: Array) -> Array:
        """Return the activations of the pre-activations z, any shape."""
        self.z = z
        if self.name == "identity":  # nothing to bend, so nothing to compute either way
            self.a = z
        else:
            self.a = self.function.value(z, out=self._rooms.room("a", z.shape, z.dtype))
        return self.a

    def backward(self, da: Array) -> Array:
        """Return delta = d loss / d z from da = d loss / d a, of the same shape."""
        if self.a is None:
            raise RuntimeError("backward was called before forward: there is nothing to differentiate yet")
        if da.shape != self.a.shape:
            raise ValueError(f"da has shape {da.shape}; it needs the shape of a, {self.a.shape}")
        if self.name == "identity":
            return da
        delta = self._rooms.room("delta", self.a.shape, self.a.dtype)
        self.function.slope(self.a if self.function.slope_takes == "a" else self.z, out=delta)
        delta *= da
        return delta


class Maxout:
    """Let `K` pre-activations compete and pass the largest on; the blame goes to the winner alone.

    Parameters
    ----------
    K : int
        Competitors for each output unit; they stand side by side.

    Examples
    --------
    >>> layer = Maxout(2)
    >>> layer.forward(np.array([[1.0, 3.0, -2.0, -5.0]]))
    array([[ 3., -2.]])
    >>> layer.backward(np.array([[10.0, 20.0]]))
    array([[ 0., 10., 20.,  0.]])
    """

    def __init__(self, K: int) -> None:
        if K < 1:
            raise ValueError(f"K is {K}; at least one competitor is needed")
        self.K = K
        self.z: Array | None = None

    def forward(self, z: Array) -> Array:
        """Return a, (N, n), from z, (N, n * K)."""
        if z.ndim != 2 or z.shape[1] % self.K:
            raise ValueError(f"z has shape {z.shape}; (N, a multiple of {self.K}) is needed")
        self.z = z.reshape(len(z), -1, self.K)
        return activations.maxout(self.z)

    def backward(self, da: Array) -> Array:
        """Return delta = d loss / d z, (N, n * K), from da, (N, n)."""
        if self.z is None:
            raise RuntimeError("backward was called before forward: there is nothing to differentiate yet")
        return (activations.maxout_grad(self.z) * da[..., None]).reshape(len(da), -1)
