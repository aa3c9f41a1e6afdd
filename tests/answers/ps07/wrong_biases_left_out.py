"""The biases are left out of the forward pass, and their gradients are zero."""

import math

import numpy as np


def forward(x, W, b):
    z, a = [], []
    for l in range(len(W)):
        below = x if l == 0 else a[l - 1]
        zl = np.zeros(W[l].shape[1])
        for j in range(W[l].shape[1]):
            for i in range(W[l].shape[0]):
                zl[j] += W[l][i, j] * below[i]
        z.append(zl)
        a.append(np.array([1 / (1 + math.exp(-v)) for v in zl]))
    return z, a


def output_delta(out, target):
    return np.array([(out[k] - target[k]) * out[k] * (1 - out[k]) for k in range(len(out))])


def hidden_delta(delta_above, W_above, a):
    delta = np.zeros(len(a))
    for j in range(len(a)):
        s = 0
        for k in range(len(delta_above)):
            s = s + W_above[j][k] * delta_above[k]
        delta[j] = s * a[j] * (1 - a[j])
    return delta


def all_deltas(a, W, target):
    last = len(W) - 1
    delta = [None] * len(W)
    delta[last] = output_delta(a[last], target)
    for l in range(last - 1, -1, -1):
        delta[l] = hidden_delta(delta[l + 1], W[l + 1], a[l])
    return delta


def all_gradients(x, a, delta):
    dW, db = [], []
    for l in range(len(delta)):
        below = x if l == 0 else a[l - 1]
        d = np.zeros((len(below), len(delta[l])))
        for i in range(len(below)):
            for j in range(len(delta[l])):
                d[i][j] = below[i] * delta[l][j]
        dW.append(d)
        db.append(np.zeros(len(delta[l])))
    return dW, db


def chain_slope(a0, depth):
    s = 1.0
    for _ in range(depth):
        a0 = 1 / (1 + math.exp(-a0))
        s *= a0 * (1 - a0)
    return s


"""Layer 0, the slope a(1-a). Fewer layers, then there are fewer factors."""
