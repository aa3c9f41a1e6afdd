"""All right, in loops, unit by unit."""

import math

import numpy as np


def forward(x, W, b):
    z = []
    a = []
    for layer in range(len(W)):
        inputs = x if layer == 0 else a[layer - 1]
        n_in, n_out = W[layer].shape
        z_layer = np.zeros(n_out)
        a_layer = np.zeros(n_out)
        for j in range(n_out):
            total = b[layer][j]
            for i in range(n_in):
                total += inputs[i] * W[layer][i, j]
            z_layer[j] = total
            a_layer[j] = 1 / (1 + math.exp(-total))
        z.append(z_layer)
        a.append(a_layer)
    return z, a


def output_delta(out, target):
    delta = np.zeros(len(out))
    for k in range(len(out)):
        delta[k] = -(target[k] - out[k]) * out[k] * (1 - out[k])
    return delta


def hidden_delta(delta_above, W_above, a):
    delta = np.zeros(len(a))
    for j in range(len(a)):
        blame = 0.0
        for k in range(len(delta_above)):
            blame += W_above[j, k] * delta_above[k]
        delta[j] = blame * a[j] * (1 - a[j])
    return delta


def all_deltas(a, W, target):
    last = len(W) - 1
    delta = [None] * len(W)
    delta[last] = output_delta(a[last], target)
    for layer in range(last - 1, -1, -1):
        delta[layer] = hidden_delta(delta[layer + 1], W[layer + 1], a[layer])
    return delta


def all_gradients(x, a, delta):
    dW = []
    db = []
    for layer in range(len(delta)):
        inputs = x if layer == 0 else a[layer - 1]
        slopes = np.zeros((len(inputs), len(delta[layer])))
        for i in range(len(inputs)):
            for j in range(len(delta[layer])):
                slopes[i, j] = inputs[i] * delta[layer][j]
        dW.append(slopes)
        db.append(np.array([d for d in delta[layer]]))
    return dW, db


def chain_slope(a0, depth):
    slope = 1.0
    a = a0
    for _ in range(depth):
        a = 1 / (1 + math.exp(-a))
        slope = slope * a * (1 - a)
    return slope


"""The first layer. Every step down multiplies by a(1-a), which is never more than 0.25, so after nine steps almost
nothing is left. Other activation functions such as tanh or ReLU have a larger slope."""
