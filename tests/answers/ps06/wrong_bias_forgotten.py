"""The biases are left out of the forward pass and keep a zero gradient."""

import math

import numpy as np


def forward(x, W1, b1, W2, b2):
    z1, a1, z2, out = np.zeros(2), np.zeros(2), np.zeros(2), np.zeros(2)
    for j in range(2):
        z1[j] = W1[0, j] * x[0] + W1[1, j] * x[1]
        a1[j] = 1 / (1 + math.exp(-z1[j]))
    for k in range(2):
        z2[k] = W2[0, k] * a1[0] + W2[1, k] * a1[1]
        out[k] = 1 / (1 + math.exp(-z2[k]))
    return z1, a1, z2, out


def half_squared(out, target):
    parts = np.zeros(2)
    for k in range(2):
        error = out[k] - target[k]
        parts[k] = 0.5 * error * error
    return parts


def output_delta(out, target):
    delta2 = np.zeros(2)
    for k in range(2):
        delta2[k] = -(target[k] - out[k]) * out[k] * (1 - out[k])
    return delta2


def hidden_delta(delta2, W2, a1):
    delta1 = np.zeros(2)
    for j in range(2):
        blame = 0.0
        for k in range(2):
            blame += delta2[k] * W2[j, k]
        delta1[j] = blame * a1[j] * (1 - a1[j])
    return delta1


def gradients(x, a1, delta1, delta2):
    dW1, dW2 = np.zeros((2, 2)), np.zeros((2, 2))
    for i in range(2):
        for j in range(2):
            dW1[i, j] = delta1[j] * x[i]
            dW2[i, j] = delta2[j] * a1[i]
    return dW1, np.zeros(2), dW2, np.zeros(2)


def shared_bias_gradient(delta):
    return float(delta[0] + delta[1])


def update(params, grads, eta):
    new = []
    for value, slope in zip(params, grads):
        new.append(value - eta * slope)
    return tuple(new)


"""h1 feeds o1 and o2, so moving it changes two errors, and the total change is the sum of both. If we keep one of them
we pretend that the other weight is zero."""
