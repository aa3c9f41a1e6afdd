"""All right; the sigmoid comes by way of tanh, the sums by einsum, the slope as out - out ** 2."""

import numpy as np


def squash(z):
    return (1 + np.tanh(z / 2)) / 2


def forward(x, W1, b1, W2, b2):
    z1 = np.einsum("i,ij->j", x, W1) + b1
    a1 = squash(z1)
    z2 = np.einsum("j,jk->k", a1, W2) + b2
    return [z1, a1, z2, squash(z2)]


def half_squared(out, target):
    return (target - out) ** 2 / 2


def output_delta(out, target):
    return (out - target) * (out - out**2)


def hidden_delta(delta2, W2, a1):
    return np.sum(W2 * delta2, axis=1) * (0.25 - (a1 - 0.5) ** 2)


def gradients(x, a1, delta1, delta2):
    dW1 = np.array([[x[0] * delta1[0], x[0] * delta1[1]], [x[1] * delta1[0], x[1] * delta1[1]]])
    return dW1, 1 * delta1, np.matmul(a1.reshape(2, 1), delta2.reshape(1, 2)), 1 * delta2


def shared_bias_gradient(delta):
    return np.sum(delta)


def update(params, grads, eta):
    W1, b1, W2, b2 = params
    dW1, db1, dW2, db2 = grads
    return W1 - eta * dW1, b1 - eta * db1, W2 - eta * dW2, b2 - eta * db2


"""A hidden unit acts on the loss through both outputs. The chain rule adds the two paths. With only the largest one,
the step would not know that it spoils the other output."""
