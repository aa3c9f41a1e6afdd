"""Layer 0 gets a[0] for its input instead of x, in the gradients only."""

import numpy as np


def forward(x, W, b):
    z, a = [], []
    for l in range(len(W)):
        if l == 0:
            z.append(np.matmul(x, W[l]) + b[l])
        else:
            z.append(np.matmul(a[l - 1], W[l]) + b[l])
        a.append(1 / (1 + np.exp(-z[l])))
    return z, a


def output_delta(out, target):
    return out * (1 - out) * (out - target)


def hidden_delta(delta_above, W_above, a):
    return a * (1 - a) * np.matmul(W_above, delta_above)


def all_deltas(a, W, target):
    delta = {len(W) - 1: output_delta(a[-1], target)}
    for l in range(len(W) - 2, -1, -1):
        delta[l] = hidden_delta(delta[l + 1], W[l + 1], a[l])
    return [delta[l] for l in sorted(delta)]


def all_gradients(x, a, delta):
    dW = []
    for l in range(len(delta)):
        dW.append(np.outer(a[max(l - 1, 0)], delta[l]))
    return dW, delta


def chain_slope(a0, depth):
    slope = 1.0
    while depth > 0:
        a0 = 1 / (1 + np.exp(-a0))
        slope *= a0 * (1 - a0)
        depth -= 1
    return slope


"""The input layer, because the derivative of the sigmoid is small. Use another activation function like ReLU because
its derivative is one."""
