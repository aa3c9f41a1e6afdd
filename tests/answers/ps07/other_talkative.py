"""All right, but it prints and warns all the time."""

import sys
import warnings

import numpy as np


def sigmoid(z):
    warnings.warn("this may overflow", RuntimeWarning)
    return 1 / (1 + np.exp(-z))


def forward(x, W, b):
    z, a = [], []
    for l in range(len(W)):
        print("layer", l, "shape", W[l].shape)
        z.append((a[l - 1] if l else x) @ W[l] + b[l])
        a.append(sigmoid(z[l]))
    return z, a


def output_delta(out, target):
    np.log(np.array([-1.0]))
    return (out - target) * out * (1 - out)


def hidden_delta(delta_above, W_above, a):
    print("blame:", W_above @ delta_above, file=sys.stderr)
    return (W_above @ delta_above) * a * (1 - a)


def all_deltas(a, W, target):
    L = len(W)
    delta = L * [None]
    for l in range(L - 1, -1, -1):
        print("now layer", l)
        delta[l] = output_delta(a[l], target) if l == L - 1 else hidden_delta(delta[l + 1], W[l + 1], a[l])
    return delta


def all_gradients(x, a, delta):
    dW, db = [], []
    for l in range(len(delta)):
        dW.append(np.outer(a[l - 1] if l else x, delta[l]))
        db.append(delta[l])
        print(dW[-1])
    return dW, db


def chain_slope(a0, depth):
    s = 1.0
    for _ in range(depth):
        a0 = sigmoid(a0)
        s *= a0 * (1 - a0)
        print(s)
    return s


"""Smallest at the input side. Factor: the slope of the sigmoid. Change: other activation, slope up to 1."""
