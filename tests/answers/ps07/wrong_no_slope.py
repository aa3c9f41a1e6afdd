"""The sigmoid's slope is missing in both deltas, and so in all of them."""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(x, W, b):
    z, a = [], []
    for Wl, bl in zip(W, b):
        z.append(x @ Wl + bl)
        x = sigmoid(z[-1])
        a.append(x)
    return z, a


def output_delta(out, target):
    return out - target


def hidden_delta(delta_above, W_above, a):
    return W_above @ delta_above


def all_deltas(a, W, target):
    delta = [output_delta(a[-1], target)]
    for l in range(len(W) - 2, -1, -1):
        delta.insert(0, hidden_delta(delta[0], W[l + 1], a[l]))
    return delta


def all_gradients(x, a, delta):
    below = [x] + a[:-1]
    return [np.outer(i, d) for i, d in zip(below, delta)], delta


def chain_slope(a0, depth):
    s = 1.0
    for _ in range(depth):
        a0 = sigmoid(a0)
        s *= a0 * (1 - a0)
    return s


"""The deltas of the first layer. The weights are smaller than one. Use larger weights."""
