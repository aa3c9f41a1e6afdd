"""Answers of learners to ps06, forward(x, W1, b1, W2, b2): right ones, wrong ones, other conventions."""

import math

import numpy as np


def right__matrix_product(x, W1, b1, W2, b2):
    """Two layers."""
    z1 = x @ W1 + b1
    a1 = 1 / (1 + np.exp(-z1))
    z2 = a1 @ W2 + b2
    return z1, a1, z2, 1 / (1 + np.exp(-z2))


def right__slow_loops(x, W1, b1, W2, b2):
    """Loops, sigmoid by tanh."""

    def layer(inputs, W, b):
        z, a = [], []
        for j in range(2):
            net = b[j]
            for i in range(2):
                net += inputs[i] * W[i, j]
            z.append(net)
            a.append((1 + math.tanh(net / 2)) / 2)
        return np.array(z), np.array(a)

    return layer(x, W1, b1) + layer(layer(x, W1, b1)[1], W2, b2)


def right__transposed_columns(x, W1, b1, W2, b2):
    """Columns, W.T @ x, exp(z) / (1 + exp(z))."""
    z1 = (W1.T @ x[:, None] + b1[:, None]).ravel()
    a1 = np.exp(z1) / (1 + np.exp(z1))
    z2 = (W2.T @ a1[:, None] + b2[:, None]).ravel()
    return z1, a1, z2, np.exp(z2) / (1 + np.exp(z2))


def wrong__weights_transposed__loops(x, W1, b1, W2, b2):
    """w1, w2 in the first row: W1[j, i].
    First wrong: z1
    """

    def sig(v):
        return 1 / (1 + math.exp(-v))

    z1 = np.array([W1[j, 0] * x[0] + W1[j, 1] * x[1] + b1[j] for j in range(2)])
    a1 = np.array([sig(v) for v in z1])
    z2 = np.array([W2[0, k] * a1[0] + W2[1, k] * a1[1] + b2[k] for k in range(2)])
    return z1, a1, z2, np.array([sig(v) for v in z2])


def wrong__weights_transposed__matrices(x, W1, b1, W2, b2):
    """W2 @ a1 in the second layer.
    First wrong: z2
    """
    z1 = x @ W1 + b1
    a1 = 1 / (1 + np.exp(-z1))
    z2 = W2 @ a1 + b2
    return z1, a1, z2, 1 / (1 + np.exp(-z2))


def wrong__bias_forgotten__loops(x, W1, b1, W2, b2):
    """No bias in the second layer.
    First wrong: z2
    """
    z1, a1, z2, out = (np.zeros(2) for _ in range(4))
    for j in range(2):
        z1[j] = x[0] * W1[0, j] + x[1] * W1[1, j] + b1[j]
        a1[j] = 1 / (1 + math.exp(-z1[j]))
    for k in range(2):
        z2[k] = a1[0] * W2[0, k] + a1[1] * W2[1, k]
        out[k] = 1 / (1 + math.exp(-z2[k]))
    return z1, a1, z2, out


def wrong__bias_forgotten__matrices(x, W1, b1, W2, b2):
    """x @ W1 without b1.
    First wrong: z1
    """
    z1 = np.dot(x, W1)
    a1 = 1 / (1 + np.exp(-z1))
    z2 = np.dot(a1, W2) + b2
    out = 1 / (1 + np.exp(-z2))
    return z1, a1, z2, out


def wrong__bias_subtracted__matrices(x, W1, b1, W2, b2):
    """Thresholds: - b.
    First wrong: z1
    """
    z1 = x @ W1 - b1
    a1 = 1 / (1 + np.exp(-z1))
    z2 = a1 @ W2 - b2
    return z1, a1, z2, 1 / (1 + np.exp(-z2))


def wrong__bias_added_twice__loops(x, W1, b1, W2, b2):
    """b[j] inside the loop over the two inputs.
    First wrong: z1
    """
    z1, z2 = np.zeros(2), np.zeros(2)
    for j in range(2):
        for i in range(2):
            z1[j] += x[i] * W1[i, j] + b1[j]
    a1 = 1 / (1 + np.exp(-z1))
    for k in range(2):
        for j in range(2):
            z2[k] += a1[j] * W2[j, k] + b2[k]
    return z1, a1, z2, 1 / (1 + np.exp(-z2))


def wrong__bias_of_other_layer__matrices(x, W1, b1, W2, b2):
    """b1 in both layers.
    First wrong: z2
    """
    z1 = x @ W1 + b1
    a1 = 1 / (1 + np.exp(-z1))
    z2 = a1 @ W2 + b1
    return z1, a1, z2, 1 / (1 + np.exp(-z2))


def wrong__weights_of_wrong_layer__loops(x, W1, b1, W2, b2):
    """W1 used again.
    First wrong: z2
    """
    z, a = [], [list(x)]
    for W, b in ((W1, b1), (W1, b2)):
        z.append([b[j] + sum(a[-1][i] * W[i, j] for i in range(2)) for j in range(2)])
        a.append([1 / (1 + math.exp(-v)) for v in z[-1]])
    return np.array(z[0]), np.array(a[1]), np.array(z[1]), np.array(a[2])


def wrong__no_activation__matrices(x, W1, b1, W2, b2):
    """Linear output.
    First wrong: out
    """
    z1 = x @ W1 + b1
    a1 = 1 / (1 + np.exp(-z1))
    z2 = a1 @ W2 + b2
    return z1, a1, z2, z2.copy()


def wrong__no_activation__loops(x, W1, b1, W2, b2):
    """Hidden units hand on net.
    First wrong: a1
    """
    z1 = np.array([sum(x[i] * W1[i, j] for i in range(2)) + b1[j] for j in range(2)])
    a1 = z1.copy()
    z2 = np.array([sum(a1[j] * W2[j, k] for j in range(2)) + b2[k] for k in range(2)])
    return z1, a1, z2, np.array([1 / (1 + math.exp(-v)) for v in z2])


def wrong__sigmoid_of_minus_z__matrices(x, W1, b1, W2, b2):
    """exp(z) in the sigmoid.
    First wrong: a1
    """
    z1 = x @ W1 + b1
    a1 = 1 / (1 + np.exp(z1))
    z2 = a1 @ W2 + b2
    return z1, a1, z2, 1 / (1 + np.exp(z2))


def wrong__sigmoid_of_minus_z__loops(x, W1, b1, W2, b2):
    """The output's sigmoid without minus.
    First wrong: out
    """
    z1, a1, z2, out = [], [], [], []
    for j in range(2):
        z1.append(x[0] * W1[0, j] + x[1] * W1[1, j] + b1[j])
        a1.append(1 / (1 + math.exp(-z1[j])))
    for k in range(2):
        z2.append(a1[0] * W2[0, k] + a1[1] * W2[1, k] + b2[k])
        out.append(1 / (1 + math.exp(z2[k])))
    return tuple(np.array(v) for v in (z1, a1, z2, out))


def wrong__tanh_for_sigmoid__matrices(x, W1, b1, W2, b2):
    """tanh in the hidden layer.
    First wrong: a1
    """
    z1 = x @ W1 + b1
    a1 = np.tanh(z1)
    z2 = a1 @ W2 + b2
    return z1, a1, z2, 1 / (1 + np.exp(-z2))


def wrong__z_for_a__matrices(x, W1, b1, W2, b2):
    """z2 from z1; a1 itself is right.
    First wrong: z2
    """
    z1 = x @ W1 + b1
    a1 = 1 / (1 + np.exp(-z1))
    z2 = z1 @ W2 + b2
    return z1, a1, z2, 1 / (1 + np.exp(-z2))


def wrong__activation_twice__loops(x, W1, b1, W2, b2):
    """sigmoid(sigmoid(net)) at the output.
    First wrong: out
    """

    def sig(v):
        return 1 / (1 + math.exp(-v))

    z1 = np.array([x[0] * W1[0, j] + x[1] * W1[1, j] + b1[j] for j in range(2)])
    a1 = np.array([sig(z1[0]), sig(z1[1])])
    z2 = np.array([a1[0] * W2[0, k] + a1[1] * W2[1, k] + b2[k] for k in range(2)])
    return z1, a1, z2, np.array([sig(sig(z2[0])), sig(sig(z2[1]))])


def wrong__input_of_wrong_layer__matrices(x, W1, b1, W2, b2):
    """x into the second layer.
    First wrong: z2
    """
    z1 = x @ W1 + b1
    a1 = 1 / (1 + np.exp(-z1))
    z2 = x @ W2 + b2
    return z1, a1, z2, 1 / (1 + np.exp(-z2))


def convention__weights_transposed__matrices(x, W1, b1, W2, b2):
    """Decks 003 and 004: W @ x, rows are units.
    First wrong: z1
    """
    z1 = W1 @ x + b1
    a1 = 1 / (1 + np.exp(-z1))
    z2 = W2 @ a1 + b2
    return z1, a1, z2, 1 / (1 + np.exp(-z2))


def pair__bias_forgotten__weights_transposed__matrices(x, W1, b1, W2, b2):
    """W @ x, and no bias.
    First wrong: z1
    """
    z1 = W1 @ x
    a1 = 1 / (1 + np.exp(-z1))
    z2 = W2 @ a1
    return z1, a1, z2, 1 / (1 + np.exp(-z2))


def pair__tanh_for_sigmoid__bias_of_other_layer__loops(x, W1, b1, W2, b2):
    """tanh for the hidden units, b1 for both layers.
    First wrong: a1
    """
    z1 = np.array([sum(x[i] * W1[i, j] for i in range(2)) + b1[j] for j in range(2)])
    a1 = np.array([math.tanh(v) for v in z1])
    z2 = np.array([sum(a1[j] * W2[j, k] for j in range(2)) + b1[k] for k in range(2)])
    return z1, a1, z2, np.array([1 / (1 + math.exp(-v)) for v in z2])


def outside__one_weight__loops(x, W1, b1, W2, b2):
    """w3 for w4 in one place.
    First wrong: z1
    """
    z1 = np.array([x[0] * W1[0, 0] + x[1] * W1[1, 0] + b1[0], x[0] * W1[0, 1] + x[1] * W1[0, 1] + b1[1]])
    a1 = 1 / (1 + np.exp(-z1))
    z2 = np.array([a1[0] * W2[0, 0] + a1[1] * W2[1, 0] + b2[0], a1[0] * W2[0, 1] + a1[1] * W2[1, 1] + b2[1]])
    return z1, a1, z2, 1 / (1 + np.exp(-z2))


def outside__bracket_lost__matrices(x, W1, b1, W2, b2):
    """1 / 1 + exp(-z).
    First wrong: a1
    """
    z1 = x @ W1 + b1
    a1 = 1 / 1 + np.exp(-z1)
    z2 = a1 @ W2 + b2
    return z1, a1, z2, 1 / 1 + np.exp(-z2)


def outside__softmax__matrices(x, W1, b1, W2, b2):
    """Softmax at the output.
    First wrong: out
    """
    z1 = x @ W1 + b1
    a1 = 1 / (1 + np.exp(-z1))
    z2 = a1 @ W2 + b2
    return z1, a1, z2, np.exp(z2) / np.exp(z2).sum()


def wrong__rounded_result__loops(x, W1, b1, W2, b2):
    """h rounded to .593 and so on, then on with the rounded ones.
    First wrong: a1
    """
    z1 = np.array([x[0] * W1[0, j] + x[1] * W1[1, j] + b1[j] for j in range(2)])
    a1 = np.array([round(1 / (1 + math.exp(-v)), 3) for v in z1])
    z2 = np.array([a1[0] * W2[0, k] + a1[1] * W2[1, k] + b2[k] for k in range(2)])
    return z1, a1, z2, np.array([1 / (1 + math.exp(-v)) for v in z2])
