"""The transposed matrix, whose shape does not fit; an index beyond the list; a name that is not there."""

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
    blame = W_above.T @ delta_above
    return blame * a * (1 - a)


def all_deltas(a, W, target):
    delta = [None] * len(W)
    delta[-1] = output_delta(a[-1], target)
    for l in range(len(W) - 1, -1, -1):
        delta[l] = (W[l + 1] @ delta[l + 1]) * a[l] * (1 - a[l])
    return delta


def all_gradients(x, a, delta):
    dW = [np.outer(x, delta[0])]
    for l in range(1, len(W)):
        dW.append(np.outer(a[l - 1], delta[l]))
    return dW, delta


def chain_slope(a0, depth):
    slope = 1.0
    for k in range(depth):
        a0 = sigmoid(a0)
        slope *= a0 * (1 - a0)
    return slope
