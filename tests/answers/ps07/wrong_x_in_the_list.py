"""x is put in front of the activations and handed back with them; the functions below do without."""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(x, W, b):
    z = []
    a = [x]
    for l in range(len(W)):
        z.append(a[l] @ W[l] + b[l])
        a.append(sigmoid(z[l]))
    return z, a


def output_delta(out, target):
    return (out - target) * out * (1 - out)


def hidden_delta(delta_above, W_above, a):
    return W_above @ delta_above * a * (1 - a)


def all_deltas(a, W, target):
    # a[0] is x
    delta = [output_delta(a[-1], target)]
    for l in range(len(W) - 1, 0, -1):
        delta.insert(0, hidden_delta(delta[0], W[l], a[l]))
    return delta


def all_gradients(x, a, delta):
    dW = []
    for l in range(len(delta)):
        dW.append(np.outer(a[l], delta[l]))
    return dW, delta


def chain_slope(a0, depth):
    s = 1.0
    for _ in range(depth):
        a0 = sigmoid(a0)
        s *= a0 * (1 - a0)
    return s


"""a[1], the one after the inputs. a(1-a) is at most 0.25. ReLU."""
