"""The blame of a hidden unit is averaged over the units above instead of added up; everything else is right."""

import numpy as np


def forward(x, W, b):
    z, a = [], []
    inp = x
    for l in range(len(W)):
        z.append(inp.dot(W[l]) + b[l])
        a.append(1 / (1 + np.exp(-z[l])))
        inp = a[l]
    return z, a


def output_delta(out, target):
    return (out - target) * out * (1 - out)


def hidden_delta(delta_above, W_above, a):
    return np.mean(W_above * delta_above, axis=1) * a * (1 - a)


def all_deltas(a, W, target):
    delta = [None] * len(W)
    for l in reversed(range(len(W))):
        if l == len(W) - 1:
            delta[l] = output_delta(a[l], target)
        else:
            delta[l] = hidden_delta(delta[l + 1], W[l + 1], a[l])
    return delta


def all_gradients(x, a, delta):
    dW = [np.outer(x, delta[0])] + [np.outer(a[l], delta[l + 1]) for l in range(len(delta) - 1)]
    return dW, [1 * d for d in delta]


def chain_slope(a0, depth):
    p = 1.0
    for i in range(depth):
        a0 = 1 / (1 + np.exp(-a0))
        p *= a0 * (1 - a0)
    return p


"""The layer far from the output. Because of the mean and the slope. More units."""
