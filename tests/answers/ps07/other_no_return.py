"""The return statements are missing, or return too little."""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(x, W, b):
    z, a = [], []
    for Wl, bl in zip(W, b):
        z.append(x @ Wl + bl)
        x = sigmoid(z[-1])
        a.append(x)
    return a


def output_delta(out, target):
    delta = (out - target) * out * (1 - out)


def hidden_delta(delta_above, W_above, a):
    delta = (W_above @ delta_above) * a * (1 - a)
    print(delta)


def all_deltas(a, W, target):
    delta = [None] * len(W)
    delta[-1] = (a[-1] - target) * a[-1] * (1 - a[-1])
    for l in range(len(W) - 2, -1, -1):
        delta[l] = (W[l + 1] @ delta[l + 1]) * a[l] * (1 - a[l])
        return delta


def all_gradients(x, a, delta):
    dW = [np.outer(i, d) for i, d in zip([x, *a], delta)]
    db = delta
    return dW


def chain_slope(a0, depth):
    slope = 1
    for _ in range(depth):
        a0 = sigmoid(a0)
        slope *= a0 * (1 - a0)
        return slope
