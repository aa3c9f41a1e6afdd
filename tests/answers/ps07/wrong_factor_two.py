"""The loss without its half: all deltas are twice too large. z goes up instead of a; the chain gives its value."""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(x, W, b):
    z = [x @ W[0] + b[0]]
    for l in range(1, len(W)):
        z.append(z[l - 1] @ W[l] + b[l])
    return z, [sigmoid(v) for v in z]


def output_delta(out, target):
    return 2 * (out - target) * out * (1 - out)


def hidden_delta(delta_above, W_above, a):
    return np.einsum("jk,k,j->j", W_above, delta_above, a * (1 - a))


def all_deltas(a, W, target):
    delta = [output_delta(a[-1], target)]
    for l in range(len(W) - 2, -1, -1):
        delta = [hidden_delta(delta[0], W[l + 1], a[l]), *delta]
    return delta


def all_gradients(x, a, delta):
    return [np.einsum("i,j->ij", u, d) for u, d in zip([x, *a], delta)], [d.copy() for d in delta]


def chain_slope(a0, depth):
    s = 1.0
    for _ in range(depth):
        a0 = sigmoid(a0)
        s *= a0 * (1 - a0)
    return float(a0)
