"""target - out in the delta of the last layer, as deck 002 prints it."""

import math

import numpy as np


def forward(x, W, b):
    z, a = [], []
    for l in range(len(W)):
        below = a[-1] if a else x
        z.append(np.zeros(len(b[l])))
        for j in range(len(b[l])):
            for i in range(len(below)):
                z[l][j] += below[i] * W[l][i, j]
            z[l][j] += b[l][j]
        a.append(np.array([1 / (1 + math.exp(-v)) for v in z[l]]))
    return z, a


def output_delta(out, target):
    delta = np.zeros(len(out))
    for k in range(len(out)):
        delta[k] = (target[k] - out[k]) * out[k] * (1 - out[k])
    return delta


def hidden_delta(delta_above, W_above, a):
    delta = np.zeros(len(a))
    for j in range(len(a)):
        for k in range(len(delta_above)):
            delta[j] += delta_above[k] * W_above[j, k] * a[j] * (1 - a[j])
    return delta


def all_deltas(a, W, target):
    L = len(W)
    delta = [output_delta(a[L - 1], target)]
    for l in range(L - 2, -1, -1):
        delta = [hidden_delta(delta[0], W[l + 1], a[l])] + delta
    return delta


def all_gradients(x, a, delta):
    dW, db = [], []
    for l in range(len(delta)):
        below = a[l - 1] if l > 0 else x
        dW.append(np.array([[u * d for d in delta[l]] for u in below]))
        db.append(delta[l].copy())
    return dW, db


def chain_slope(a0, depth):
    s = 1.0
    for _ in range(depth):
        a0 = 1 / (1 + math.exp(-a0))
        s *= a0 * (1 - a0)
    return s


"""Layer 0 has the smallest because of a(1-a) in each layer. ReLU has slope 1."""
