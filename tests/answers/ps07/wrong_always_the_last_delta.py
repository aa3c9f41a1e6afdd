"""Every hidden layer asks the outputs for its blame, as if it stood right below them; the shapes are made to fit."""

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
    last = output_delta(a[-1], target)
    delta = []
    for l in range(len(W) - 1):
        n = W[l + 1].shape[1]
        delta.append(hidden_delta(np.resize(last, n), W[l + 1], a[l]))
    return delta + [last]


def all_gradients(x, a, delta):
    dW = [inp[:, None] * d[None, :] for inp, d in zip([x] + a[:-1], delta)]
    return dW, list(delta)


def chain_slope(a0, depth):
    a1 = sigmoid(a0)
    return (a1 * (1 - a1)) ** depth
