"""all_deltas takes W[l], which leads into layer l, where W[l + 1], which leads out of it, belongs."""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(x, W, b):
    z = []
    a = [x]
    for l in range(len(W)):
        z.append(a[l] @ W[l] + b[l])
        a.append(sigmoid(z[l]))
    return z, a[1:]


def output_delta(out, target):
    return (out - target) * out * (1 - out)


def hidden_delta(delta_above, W_above, a):
    return W_above @ delta_above * a * (1 - a)


def all_deltas(a, W, target):
    delta = [None] * len(W)
    delta[-1] = output_delta(a[-1], target)
    for l in range(len(W) - 2, -1, -1):
        delta[l] = hidden_delta(delta[l + 1], W[l], a[l])
    return delta


def all_gradients(x, a, delta):
    inputs = [x] + a
    dW = []
    for l in range(len(delta)):
        dW.append(np.outer(inputs[l], delta[l]))
    return dW, delta


def chain_slope(a0, depth):
    a = [a0]
    for k in range(depth):
        a.append(sigmoid(a[k]))
    slopes = [v * (1 - v) for v in a[1:]]
    return float(np.prod(slopes))


"""First layer, factor a(1-a). Change: He initialisation, so that the weights balance it."""
