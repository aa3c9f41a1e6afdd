"""All numbers right, but a layer is a Python list of floats instead of an array."""

import math


def forward(x, W, b):
    z, a = [], []
    below = list(x)
    for w, bias in zip(W, b):
        z.append([sum(below[i] * w[i][j] for i in range(len(below))) + bias[j] for j in range(len(bias))])
        a.append([1 / (1 + math.exp(-v)) for v in z[-1]])
        below = a[-1]
    return z, a


def output_delta(out, target):
    return [(o - t) * o * (1 - o) for o, t in zip(out, target)]


def hidden_delta(delta_above, W_above, a):
    return [sum(w * d for w, d in zip(row, delta_above)) * v * (1 - v) for row, v in zip(W_above, a)]


def all_deltas(a, W, target):
    delta = [output_delta(a[-1], target)]
    for l in range(len(W) - 2, -1, -1):
        delta = [hidden_delta(delta[0], W[l + 1], a[l])] + delta
    return delta


def all_gradients(x, a, delta):
    below = [x] + a
    dW = [[[i * d for d in layer] for i in inp] for inp, layer in zip(below, delta)]
    return dW, [list(layer) for layer in delta]


def chain_slope(a0, depth):
    slope = 1.0
    for _ in range(depth):
        a0 = 1 / (1 + math.exp(-a0))
        slope *= a0 * (1 - a0)
    return slope


"""Layer 0, because a(1-a) <= 0.25 is multiplied on once per layer. Use ReLU, whose slope is 1."""
