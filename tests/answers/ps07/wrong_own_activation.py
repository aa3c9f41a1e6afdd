"""Each weight is said to carry up the activation of the layer it leads into; db is multiplied with it, too."""

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
    return W_above.dot(delta_above) * a * (1 - a)


def all_deltas(a, W, target):
    d = output_delta(a[-1], target)
    delta = [d]
    for l in range(len(a) - 2, -1, -1):
        d = hidden_delta(d, W[l + 1], a[l])
        delta.insert(0, d)
    return delta


def all_gradients(x, a, delta):
    dW = [np.outer(act, d) for act, d in zip(a, delta)]
    db = [act * d for act, d in zip(a, delta)]
    return dW, db


def chain_slope(a0, depth):
    slope = 1.0
    for k in range(depth):
        a0 = sigmoid(a0)
        slope *= a0 * (1 - a0)
    return slope
