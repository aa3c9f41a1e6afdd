"""The first three parts are right, the rest was not begun."""

import math

import numpy as np


def forward(x, W1, b1, W2, b2):
    z1, a1, z2, out = np.zeros(2), np.zeros(2), np.zeros(2), np.zeros(2)
    for j in range(2):
        for i in range(2):
            z1[j] += W1[i, j] * x[i]
        z1[j] += b1[j]
        a1[j] = 1 / (1 + math.exp(-z1[j]))
    for k in range(2):
        for j in range(2):
            z2[k] += W2[j, k] * a1[j]
        z2[k] += b2[k]
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
