"""Divisions by zero on the way: the deltas are NaN or infinite."""

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
    z = np.log(out / (out - 1))
    return (out - target) * sigmoid(z) * (1 - sigmoid(z))


def hidden_delta(delta_above, W_above, a):
    slope = a * (1 - a)
    return W_above.dot(delta_above) * slope / (slope - slope)


def all_deltas(a, W, target):
    delta = [np.full(len(act), np.nan) for act in a]
    delta[-1] = (a[-1] - target) * a[-1] * (1 - a[-1])
    for l in range(len(W) - 2, 0, -1):
        delta[l] = (W[l + 1] @ delta[l + 1]) * a[l] * (1 - a[l])
    return delta


def all_gradients(x, a, delta):
    dW = [inp[:, None] * d[None, :] for inp, d in zip([x] + a[:-1], delta)]
    return dW, list(delta)


def chain_slope(a0, depth):
    slope = np.inf
    for k in range(depth):
        a0 = sigmoid(a0)
        slope *= a0 * (1 - a0)
    return slope
