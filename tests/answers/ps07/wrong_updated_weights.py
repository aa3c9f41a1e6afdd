"""all_deltas makes its step of gradient descent on the way down and goes on with the new weights."""

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
    eta = 0.5
    delta = [output_delta(a[-1], target)]
    for l in range(len(W) - 2, -1, -1):
        W[l + 1] = W[l + 1] - eta * np.outer(a[l], delta[0])
        delta.insert(0, hidden_delta(delta[0], W[l + 1], a[l]))
    return delta


def all_gradients(x, a, delta):
    dW = [inp[:, None] * d[None, :] for inp, d in zip([x] + a[:-1], delta)]
    return dW, list(delta)


def chain_slope(a0, depth):
    slope = 1.0
    for k in range(depth):
        a0 = sigmoid(a0)
        slope *= a0 * (1 - a0)
    return slope


"""Layer 0 has the smallest deltas. On the way down each layer multiplies by a * (1 - a), and that is 0.25 at the very
most. ReLU instead of the sigmoid would help because its slope is 1 wherever the unit is on."""
