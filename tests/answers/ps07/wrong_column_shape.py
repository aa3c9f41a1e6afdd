"""Every vector is a column of shape (n, 1), as on the blackboard."""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def column(v):
    return v.reshape(-1, 1)


def forward(x, W, b):
    z, a = [], []
    below = column(x)
    for l in range(len(W)):
        z.append(W[l].T @ below + column(b[l]))
        a.append(sigmoid(z[l]))
        below = a[l]
    return z, a


def output_delta(out, target):
    return (column(out) - column(target)) * column(out) * (1 - column(out))


def hidden_delta(delta_above, W_above, a):
    return (W_above @ column(delta_above)) * column(a) * (1 - column(a))


def all_deltas(a, W, target):
    delta = [output_delta(a[-1], target)]
    for l in range(len(W) - 2, -1, -1):
        delta.insert(0, hidden_delta(delta[0], W[l + 1], a[l]))
    return delta


def all_gradients(x, a, delta):
    below = [x] + a[:-1]
    return [column(i) @ column(d).T for i, d in zip(below, delta)], [column(d) for d in delta]


def chain_slope(a0, depth):
    s = np.ones((1, 1))
    for _ in range(depth):
        a0 = sigmoid(a0)
        s = s * a0 * (1 - a0)
    return s


"""Layer 0, because it is the product of most slopes, each below 0.25. Larger weights at the start."""
