"""All right, but it works inside the arrays and lists that it is given."""

import numpy as np


def forward(x, W, b):
    z, a = [], []
    for l in range(len(W)):
        b[l] += x @ W[l]
        z.append(b[l])
        x = 1 / (1 + np.exp(-z[l]))
        a.append(x)
    return z, a


def output_delta(out, target):
    target -= out
    target *= -1
    target *= out * (1 - out)
    return target


def hidden_delta(delta_above, W_above, a):
    W_above *= delta_above
    a *= 1 - a
    a *= W_above.sum(axis=1)
    return a


def all_deltas(a, W, target):
    delta = []
    above = None
    while a:
        act = a.pop()
        above = (act - target) * act * (1 - act) if above is None else (W.pop() @ above) * act * (1 - act)
        delta.insert(0, above)
    return delta


def all_gradients(x, a, delta):
    a.insert(0, x)
    a.pop()
    return [np.outer(i, d) for i, d in zip(a, delta)], delta


def chain_slope(a0, depth):
    slope = 1.0
    for _ in range(depth):
        a0 = 1 / (1 + np.exp(-a0))
        slope *= a0 * (1 - a0)
    return slope


"""The first one has the smallest, a(1-a) is small and there are many of them. Start with better weights, so that no
unit is saturated and every a(1-a) is close to 0.25."""
