"""All right and odd: every list is made by a function that calls itself, the sigmoid comes by way of tanh."""

import numpy as np


def squash(z):
    return 0.5 + 0.5 * np.tanh(0.5 * z)


def steepness(a):
    return 0.25 - (a - 0.5) ** 2


def forward(x, W, b):
    if len(W) == 0:
        return [], []
    first = np.einsum("i,ij->j", x, W[0]) + b[0]
    z, a = forward(squash(first), W[1:], b[1:])
    return [first] + z, [squash(first)] + a


def output_delta(out, target):
    return steepness(out) * (out - target)


def hidden_delta(delta_above, W_above, a):
    return steepness(a) * np.sum(W_above * delta_above, axis=1)


def all_deltas(a, W, target):
    if len(W) == 1:
        return [output_delta(a[0], target)]
    above = all_deltas(a[1:], W[1:], target)
    return [hidden_delta(above[0], W[1], a[0])] + above


def all_gradients(x, a, delta):
    if len(delta) == 0:
        return [], []
    dW, db = all_gradients(a[0], a[1:], delta[1:])
    return [np.outer(x, delta[0])] + dW, [1.0 * delta[0]] + db


def chain_slope(a0, depth):
    if depth == 0:
        return 1.0
    return float(steepness(squash(a0)) * chain_slope(squash(a0), depth - 1))


"""The lowest layer, since it sits at the end of the recursion and so collects the most factors a(1-a) <= 1/4. One
could start with larger weights: each factor comes together with a weight."""
