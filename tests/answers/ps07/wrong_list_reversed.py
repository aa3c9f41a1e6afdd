"""Deltas and gradients stand in the order in which they are computed, the output side first."""

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
    return (out - target) * out * (1 - out)


def hidden_delta(delta_above, W_above, a):
    return W_above.dot(delta_above) * a * (1 - a)


def all_deltas(a, W, target):
    delta = [output_delta(a[-1], target)]
    for l in range(len(W) - 1, 0, -1):
        delta.append(hidden_delta(delta[-1], W[l], a[l - 1]))
    return delta


def all_gradients(x, a, delta):
    dW, db = [], []
    for l in range(len(delta) - 1, -1, -1):
        dW.append(np.outer(x if l == 0 else a[l - 1], delta[l]))
        db.append(delta[l])
    return dW, db


def chain_slope(a0, depth):
    slope = 1.0
    for k in range(depth):
        a0 = sigmoid(a0)
        slope *= a0 * (1 - a0)
    return slope


"""The last one in my list (layer 0), as each step multiplies by at most 0.25."""
