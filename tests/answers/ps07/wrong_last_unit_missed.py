"""Loops that stop one too early: the last unit of the layer above is never asked, the last sigmoid left out."""

import math

import numpy as np


def forward(x, W, b):
    z, a = [], []
    for l in range(len(W)):
        below = x if l == 0 else a[l - 1]
        z.append(b[l].copy())
        for j in range(len(b[l])):
            for i in range(len(below)):
                z[l][j] += below[i] * W[l][i, j]
        a.append(np.array([1 / (1 + math.exp(-v)) for v in z[l]]))
    return z, a


def output_delta(out, target):
    delta = np.zeros(len(out))
    for k in range(len(out)):
        delta[k] = (out[k] - target[k]) * out[k] * (1 - out[k])
    return delta


def hidden_delta(delta_above, W_above, a):
    delta = np.zeros(len(a))
    for j in range(len(a)):
        for k in range(len(delta_above) - 1):
            delta[j] += W_above[j, k] * delta_above[k]
        delta[j] *= a[j] * (1 - a[j])
    return delta


def all_deltas(a, W, target):
    delta = [output_delta(a[-1], target)]
    for l in range(len(W) - 2, -1, -1):
        delta.insert(0, hidden_delta(delta[0], W[l + 1], a[l]))
    return delta


def all_gradients(x, a, delta):
    dW, db = [], []
    for l in range(len(delta)):
        below = x if l == 0 else a[l - 1]
        dW.append(np.zeros((len(below), len(delta[l]))))
        for i in range(len(below)):
            for j in range(len(delta[l])):
                dW[l][i, j] = below[i] * delta[l][j]
        db.append(delta[l].copy())
    return dW, db


def chain_slope(a0, depth):
    s = 1.0
    for _ in range(depth - 1):
        a0 = 1 / (1 + math.exp(-a0))
        s *= a0 * (1 - a0)
    return s
