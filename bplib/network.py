"""A network is its layers in order; backpropagation is the same layers in reverse order.

All parameters lie in one flat vector and all gradients in another, so a learning rule, a gradient check and a file see
a network of any shape as one array; the matrices of the layers are views into it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import DTypeLike, NDArray

from bplib.initialization import Draw, fan_in
from bplib.layers import Activation, Dense

Array = NDArray[np.inexact]


class Network:
    """A fully connected network of any depth.

    Parameters
    ----------
    sizes : sequence of int
        Units of each layer, inputs first: (2, 3, 2) has two layers of weights.
    hidden : str
        Activation of the hidden layers.
    output : str
        Activation of the output layer; 'identity' leaves the scores to a loss that starts from scores.
    draw : callable
        (n_in, n_out, rng) -> weights; see `bplib.initialization`. Biases start at 0.
    seed : int
        What the weights are drawn from.
    dtype : dtype
        float64, float32; complex128 for complex steps through the whole network.
    copies : int, optional
        How many independent networks to compute at once, from as many draws: arrays then have a leading axis, and a
        pass over 64 small networks costs a fraction of 64 passes.

    Attributes
    ----------
    theta, grad : Array, (P,)
        All parameters and all gradients, layer by layer, weights before biases (copy by copy, if there are copies).
    W, b, dW, db : list of Array
        Views into them: W[l] is (sizes[l], sizes[l + 1]), b[l] is (sizes[l + 1],).
    z, a, delta : list of Array
        What the last forward and backward pass computed, (N, sizes[l + 1]) each.

    Raises
    ------
    ValueError
        If there are fewer than two sizes, or an activation is unknown.

    References
    ----------
    Deck 004 (Chen, NTUST), "Forward Propagation - 1"; deck 003, topology.

    Examples
    --------
    >>> Network((784, 64, 64, 10), hidden="relu").theta.size  # deck 004's Keras listing
    55050
    """

    def __init__(
        self,
        sizes: Sequence[int],
        hidden: str = "tanh",
        output: str = "identity",
        draw: Draw = fan_in,
        seed: int = 0,
        dtype: DTypeLike = np.float64,
        copies: int | None = None,
    ) -> None:
        if len(sizes) < 2 or any(not isinstance(n, int | np.integer) or n < 1 for n in sizes):
            raise ValueError(f"sizes is {sizes!r}; at least two numbers of units are needed, inputs first")
        self.sizes = tuple(int(n) for n in sizes)
        pairs = list(zip(self.sizes, self.sizes[1:], strict=False))
        count = sum((n_in + 1) * n_out for n_in, n_out in pairs)
        lead = () if copies is None else (copies,)
        self.theta, self.grad = (np.zeros(count * (copies or 1), dtype) for _ in range(2))
        rng = np.random.default_rng(seed)
        self.dense: list[Dense] = []
        at = 0
        for n_in, n_out in pairs:
            views = []
            for vector in (self.theta, self.grad):
                own = vector.reshape(*lead, count)[..., at : at + (n_in + 1) * n_out]
                views += [own[..., : n_in * n_out].reshape(*lead, n_in, n_out), own[..., n_in * n_out :]]
            W, b, dW, db = views
            self.dense.append(Dense(W, b, dW, db))
            at += (n_in + 1) * n_out
        for copy in np.ndindex(lead):
            for layer, pair in zip(self.dense, pairs, strict=True):
                layer.W[copy] = draw(*pair, rng)
        last = len(pairs) - 1
        self.activations = [Activation(output if i == last else hidden) for i in range(len(pairs))]

    W = property(lambda self: [layer.W for layer in self.dense])
    b = property(lambda self: [layer.b for layer in self.dense])
    dW = property(lambda self: [layer.dW for layer in self.dense])
    db = property(lambda self: [layer.db for layer in self.dense])
    z = property(lambda self: [layer.z for layer in self.dense])
    a = property(lambda self: [layer.a for layer in self.activations])
    delta = property(lambda self: [layer.delta for layer in self.dense])

    @property
    def parameters(self) -> list[tuple[str, tuple[int, ...]]]:
        """Name and shape of each parameter array, in the order of `theta`: what `gradcheck.check` takes as `names`."""
        pairs = enumerate(zip(self.W, self.b, strict=True))
        return [(f"{name}[{i}]", array.shape) for i, (W, b) in pairs for name, array in (("W", W), ("b", b))]

    def forward(self, x: Array) -> Array:
        """Return the outputs for a batch x, (N, n_in): scores, if the output activation is the identity.

        The array is the last layer's own and is filled anew by the next call.
        """
        x = np.asarray(x)
        if x.dtype.kind not in "fc":
            raise TypeError(f"x has dtype {x.dtype}; floats are needed: x.astype(float)")
        if x.size == 0:
            raise ValueError(f"x has shape {x.shape}, an empty batch; at least one sample is needed")
        for dense, activation in zip(self.dense, self.activations, strict=True):
            x = activation.forward(dense.forward(x))
        return x

    def backward(self, dout: Array, dx: bool = False) -> Array | None:
        """Fill `grad`, and with it every dW and db, from dout = d loss / d out, (N, n_out).

        Parameters
        ----------
        dout : Array, (N, n_out)
            Derivative of the loss by what `forward` returned; with scores, that is the output's delta itself.
        dx : bool
            Whether d loss / d x is wanted, too: as much work again as the lowest layer's dW.

        Returns
        -------
        dx : Array, (N, n_in), or None
        """
        for i in reversed(range(len(self.dense))):
            delta = self.activations[i].backward(dout)
            if i == 0 and not dx:
                self.dense[0].gradients(delta)
                return None
            dout = self.dense[i].backward(delta)
        return dout
