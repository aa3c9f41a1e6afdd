"""All right, but it works inside the arrays that it is given."""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(x, W1, b1, W2, b2):
    z1 = x @ W1 + b1
    a1 = sigmoid(z1)
    z2 = a1 @ W2 + b2
    return z1, a1, z2, sigmoid(z2)


def half_squared(out, target):
    return (target - out) ** 2 / 2


def output_delta(out, target):
    out -= target
    out *= (out + target) * (1 - out - target)
    return out


def hidden_delta(delta2, W2, a1):
    return W2.dot(delta2) * a1 * (1 - a1)


def gradients(x, a1, delta1, delta2):
    dW1 = x[:, None] * delta1[None, :]
    dW2 = a1[:, None] * delta2[None, :]
    return dW1, delta1, dW2, delta2


def shared_bias_gradient(delta):
    return np.sum(delta)


def update(params, grads, eta):
    for value, slope in zip(params, grads):
        slope *= eta
        value -= slope
    return params


"""A hidden unit acts on the loss through both outputs. The chain rule adds the two paths. With only the largest one,
the step would not know that it spoils the other output."""
