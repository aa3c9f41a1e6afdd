"""All right, but computed in single precision."""

import numpy as np


def forward(x, W, b):
    z, a = [], []
    below = x.astype(np.float32)
    for l in range(len(W)):
        z.append(below @ W[l].astype(np.float32) + b[l].astype(np.float32))
        a.append(1 / (1 + np.exp(-z[l])))
        below = a[l]
    return z, a


def output_delta(out, target):
    out = out.astype(np.float32)
    return ((out - target.astype(np.float32)) * out * (1 - out)).astype(np.float64)


def hidden_delta(delta_above, W_above, a):
    a = a.astype("float32")
    return (W_above.astype("float32") @ delta_above.astype("float32") * a * (1 - a)).astype(float)


def all_deltas(a, W, target):
    delta = [output_delta(a[-1], target)]
    for l in range(len(W) - 2, -1, -1):
        delta.insert(0, hidden_delta(delta[0], W[l + 1], a[l]))
    return delta


def all_gradients(x, a, delta):
    carried = [x] + a[:-1]
    return [np.outer(i, d) for i, d in zip(carried, delta)], [d.copy() for d in delta]


def chain_slope(a0, depth):
    a, slope = np.float32(a0), np.float32(1)
    for _ in range(depth):
        a = 1 / (1 + np.exp(-a))
        slope = slope * a * (1 - a)
    return float(slope)
