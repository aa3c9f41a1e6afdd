"""The slope of the layer above is taken once more, the layer's own never; in the chain it is taken of what goes in."""

import numpy as np


def sig(v):
    return 1 / (1 + np.exp(-v))


def forward(x, W, b):
    a = [x]
    z = []
    for weight, bias in zip(W, b):
        z += [a[-1] @ weight + bias]
        a += [sig(z[-1])]
    return z, a[1:]


def output_delta(out, target):
    return (out - target) * (out - out**2)


def hidden_delta(delta_above, W_above, a):
    return (a - a**2) * (W_above @ delta_above)


def all_deltas(a, W, target):
    delta = [output_delta(a[-1], target)]
    for l in range(len(W) - 1, 0, -1):
        above = delta[0] * a[l] * (1 - a[l])
        delta.insert(0, W[l] @ above)
    return delta


def all_gradients(x, a, delta):
    dW = [np.outer(x, delta[0])]
    for l in range(1, len(delta)):
        dW.append(np.outer(a[l - 1], delta[l]))
    return dW, [d + 0 for d in delta]


def chain_slope(a0, depth):
    values = [a0]
    for _ in range(depth):
        values.append(sig(values[-1]))
    result = 1.0
    for v in values[:-1]:
        result *= v * (1 - v)
    return float(result)


"""Smallest in layer 0. The factor is the slope of the sigmoid, 0.25 at most. ReLU has 1."""
