"""The outer product of the gradients is the wrong way round: rows are the units that a weight leads to."""

import numpy as np


def f(z):
    return 1 / (1 + np.exp(-z))


def forward(x, W, b):
    z, a = [], []
    for w, c in zip(W, b):
        z.append(np.dot(w.T, a[-1] if a else x) + c)
        a.append(f(z[-1]))
    return z, a


def output_delta(out, target):
    return -(target - out) * out * (1 - out)


def hidden_delta(delta_above, W_above, a):
    return np.dot(delta_above, W_above.T) * a * (1 - a)


def all_deltas(a, W, target):
    d = [output_delta(a[-1], target)]
    for l in range(len(W) - 1):
        d = [hidden_delta(d[0], W[-1 - l], a[-2 - l])] + d
    return d


def all_gradients(x, a, delta):
    dW, db = [], []
    for l in range(len(delta)):
        inp = x if l == 0 else a[l - 1]
        dW.append(np.outer(delta[l], inp))
        db.append(delta[l])
    return dW, db


def chain_slope(a0, depth):
    s = 1.0
    for _ in range(depth):
        a0 = f(a0)
        s *= a0 * (1 - a0)
    return s


"""Layer 0 has the smallest, sigmoid' <= 1/4, use tanh with tanh' <= 1."""
