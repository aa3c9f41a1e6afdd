"""The last layer is left linear: no sigmoid in the forward pass, no slope in its delta; the chain is one too short."""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(x, W, b):
    z, a = [], []
    for l in range(len(W)):
        z.append((x if l == 0 else a[-1]) @ W[l] + b[l])
        a.append(sigmoid(z[l]) if l < len(W) - 1 else z[l].copy())
    return z, a


def output_delta(out, target):
    return out - target


def hidden_delta(delta_above, W_above, a):
    return (W_above @ delta_above) * a * (1 - a)


def all_deltas(a, W, target):
    delta = [output_delta(a[-1], target)]
    for l in range(len(W) - 2, -1, -1):
        delta.insert(0, hidden_delta(delta[0], W[l + 1], a[l]))
    return delta


def all_gradients(x, a, delta):
    return [np.outer(i, d) for i, d in zip([x, *a[:-1]], delta)], delta


def chain_slope(a0, depth):
    s = 1.0
    for k in range(1, depth):
        a0 = sigmoid(a0)
        s *= a0 * (1 - a0)
    return s


"""The first layer because of the chain of slopes, and one can make it better with ReLU (slope 1)."""
