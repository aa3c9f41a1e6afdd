"""z and a are one and the same list; dW and db, too."""

import numpy as np


def forward(x, W, b):
    z = a = []
    for l in range(len(W)):
        z.append(x @ W[l] + b[l])
        x = 1 / (1 + np.exp(-z[-1]))
        a.append(x)
    return z, a


def output_delta(out, target):
    return (out - target) * out * (1 - out)


def hidden_delta(delta_above, W_above, a):
    return (W_above @ delta_above) * a * (1 - a)


def all_deltas(a, W, target):
    delta = []
    delta.append(output_delta(a[-1], target))
    for l in range(len(W) - 2, -1, -1):
        delta.insert(0, hidden_delta(delta[0], W[l + 1], a[l]))
    return delta


def all_gradients(x, a, delta):
    dW = db = []
    for l in range(len(delta)):
        dW.append(np.outer(x if l == 0 else a[l - 1], delta[l]))
        db.append(delta[l])
    return dW, db


def chain_slope(a0, depth):
    slope = 1.0
    for _ in range(depth):
        a0 = 1 / (1 + np.exp(-a0))
        slope *= a0 * (1 - a0)
    return slope
