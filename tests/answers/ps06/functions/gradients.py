"""Answers of learners to ps06, gradients(x, a1, delta1, delta2): right ones, wrong ones, other conventions."""

import math

import numpy as np


def right__outer_products(x, a1, delta1, delta2):
    """np.outer, and the deltas for the biases."""
    return np.outer(x, delta1), delta1.copy(), np.outer(a1, delta2), delta2.copy()


def right__slow_loops(x, a1, delta1, delta2):
    """Entry by entry, products by way of logarithms of their sizes."""

    def times(u, v):
        return math.copysign(1, u) * math.copysign(1, v) * math.exp(math.log(abs(u)) + math.log(abs(v)))

    dW1, dW2 = np.zeros((2, 2)), np.zeros((2, 2))
    db1, db2 = np.zeros(2), np.zeros(2)
    for i in range(2):
        for j in range(2):
            dW1[i, j] = times(x[i], delta1[j])
            dW2[i, j] = times(a1[i], delta2[j])
            db1[j] += delta1[j] / 2
            db2[j] += delta2[j] / 2
    return dW1, db1, dW2, db2


def right__named_weights(x, a1, delta1, delta2):
    """w1 to w8, put into columns."""
    i1, i2 = x
    h1, h2 = a1
    w1, w2 = delta1[0] * i1, delta1[0] * i2
    w3, w4 = delta1[1] * i1, delta1[1] * i2
    w5, w6 = delta2[0] * h1, delta2[0] * h2
    w7, w8 = delta2[1] * h1, delta2[1] * h2
    return np.array([[w1, w3], [w2, w4]]), delta1 * 1, np.array([[w5, w7], [w6, w8]]), delta2 * 1


def right__bias_as_third_input(x, a1, delta1, delta2):
    """A third input that is always 1, one product for weights and biases."""
    G1 = np.append(x, 1.0)[:, None] * delta1
    G2 = np.append(a1, 1.0)[:, None] * delta2
    return G1[:2], G1[2], G2[:2], G2[2]


def right__einsum(x, a1, delta1, delta2):
    """einsum."""
    one = np.ones(1)
    db = [np.einsum("o,j->j", one, d) for d in (delta1, delta2)]
    return np.einsum("i,j->ij", x, delta1), db[0], np.einsum("i,j->ij", a1, delta2), db[1]


# ---- weights


def wrong__outer_product_reversed__loops(x, a1, delta1, delta2):
    """dW[j, i].
    First wrong: dW1
    """
    dW1, dW2 = np.zeros((2, 2)), np.zeros((2, 2))
    for i in range(2):
        for j in range(2):
            dW1[j, i] = delta1[j] * x[i]
            dW2[j, i] = delta2[j] * a1[i]
    return dW1, delta1.copy(), dW2, delta2.copy()


def wrong__outer_product_reversed__matrices(x, a1, delta1, delta2):
    """np.outer(delta, input).
    First wrong: dW1
    """
    return np.outer(delta1, x), delta1.copy(), np.outer(delta2, a1), delta2.copy()


def wrong__outer_product_reversed__loops__2(x, a1, delta1, delta2):
    """The second layer is filled by rows, w5 w6 / w7 w8; the first is right.
    First wrong: dW2
    """
    dW1 = np.array([[delta1[0] * x[0], delta1[1] * x[0]], [delta1[0] * x[1], delta1[1] * x[1]]])
    dW2 = np.array([[delta2[0] * a1[0], delta2[0] * a1[1]], [delta2[1] * a1[0], delta2[1] * a1[1]]])
    return dW1, np.array([d for d in delta1]), dW2, np.array([d for d in delta2])


def wrong__input_of_wrong_layer__loops(x, a1, delta1, delta2):
    """x goes into both layers.
    First wrong: dW2
    """
    dW1, dW2 = np.zeros((2, 2)), np.zeros((2, 2))
    for i in range(2):
        for j in range(2):
            dW1[i, j] = x[i] * delta1[j]
            dW2[i, j] = x[i] * delta2[j]
    return dW1, delta1.copy(), dW2, delta2.copy()


def wrong__input_of_wrong_layer__matrices(x, a1, delta1, delta2):
    """a1 for the first layer too.
    First wrong: dW1
    """
    dW1, dW2 = (a1.reshape(2, 1) @ d.reshape(1, 2) for d in (delta1, delta2))
    return dW1, delta1.copy(), dW2, delta2.copy()


def wrong__input_of_wrong_layer__matrices__2(x, a1, delta1, delta2):
    """x and a1 exchanged.
    First wrong: dW1
    """
    return a1[:, None] * delta1, delta1.copy(), x[:, None] * delta2, delta2.copy()


def wrong__delta_of_wrong_layer__loops(x, a1, delta1, delta2):
    """delta1 for both matrices.
    First wrong: dW2
    """
    first = [[xi * d for d in delta1] for xi in x]
    second = [[hi * d for d in delta1] for hi in a1]
    return np.array(first), delta1.copy(), np.array(second), delta2.copy()


def wrong__delta_of_wrong_layer__matrices(x, a1, delta1, delta2):
    """The output's deltas are used for the first layer.
    First wrong: dW1
    """
    return np.outer(x, delta2), delta1.copy(), np.outer(a1, delta2), delta2.copy()


def wrong__slope_twice__loops(x, a1, delta1, delta2):
    """The hidden slope again, in dW1 only.
    First wrong: dW1
    """
    dW1, dW2 = np.zeros((2, 2)), np.zeros((2, 2))
    for i in range(2):
        for j in range(2):
            dW1[i, j] = x[i] * delta1[j] * a1[j] * (1 - a1[j])
            dW2[i, j] = a1[i] * delta2[j]
    return dW1, 1.0 * delta1, dW2, 1.0 * delta2


def wrong__slope_twice__matrices(x, a1, delta1, delta2):
    """delta1 is multiplied with f' again, for weights and biases.
    First wrong: dW1
    """
    d1 = delta1 * (a1 - a1**2)
    return np.outer(x, d1), d1, np.outer(a1, delta2), delta2.copy()


def wrong__activation_twice__loops(x, a1, delta1, delta2):
    """sigmoid(h) goes into the second layer.
    First wrong: dW2
    """
    dW1, dW2 = np.zeros((2, 2)), np.zeros((2, 2))
    for i in range(2):
        s = 1 / (1 + math.exp(-a1[i]))
        for j in range(2):
            dW1[i, j] = delta1[j] * x[i]
            dW2[i, j] = delta2[j] * s
    return dW1, delta1.copy(), dW2, delta2.copy()


def wrong__z_for_a__matrices(x, a1, delta1, delta2):
    """net for h in the second layer, from the logit.
    First wrong: dW2
    """
    net = np.log(a1) - np.log(1 - a1)
    return np.outer(x, delta1), delta1.copy(), np.outer(net, delta2), delta2.copy()


def wrong__matrix_for_elementwise__matrices(x, a1, delta1, delta2):
    """Dot products instead of outer ones, spread over the matrix.
    First wrong: dW1
    """
    return np.full((2, 2), x @ delta1), delta1.copy(), np.full((2, 2), a1 @ delta2), delta2.copy()


def wrong__elementwise_for_matrix__matrices(x, a1, delta1, delta2):
    """x * delta1, put on a diagonal to get a matrix.
    First wrong: dW1
    """
    return np.diag(x * delta1), delta1.copy(), np.diag(a1 * delta2), delta2.copy()


def wrong__elementwise_for_matrix__loops(x, a1, delta1, delta2):
    """One index for two: row i holds x[i] * delta[i] twice.
    First wrong: dW1
    """
    dW1, dW2 = np.zeros((2, 2)), np.zeros((2, 2))
    for i in range(2):
        dW1[i] = x[i] * delta1[i]
        dW2[i] = a1[i] * delta2[i]
    return dW1, delta1.copy(), dW2, delta2.copy()


def wrong__result_of_wrong_layer__matrices(x, a1, delta1, delta2):
    """Returned in the wrong order: second layer first.
    First wrong: dW1
    """
    dW1, dW2 = np.outer(x, delta1), np.outer(a1, delta2)
    return dW2, delta2.copy(), dW1, delta1.copy()


def wrong__factor_two__loops(x, a1, delta1, delta2):
    """2 in both weight gradients.
    First wrong: dW1
    """
    dW1 = np.array([[2 * xi * d for d in delta1] for xi in x])
    dW2 = np.array([[2 * h * d for d in delta2] for h in a1])
    return dW1, np.array([*delta1]), dW2, np.array([*delta2])


def wrong__factor_two__matrices(x, a1, delta1, delta2):
    """+= where = was meant: the second layer's matrix is added to itself.
    First wrong: dW2
    """
    dW2 = np.outer(a1, delta2)
    dW2 += np.outer(a1, delta2)
    return np.outer(x, delta1), delta1.copy(), dW2, delta2.copy()


def wrong__factor_half__loops(x, a1, delta1, delta2):
    """Divided by the number of inputs, 2.
    First wrong: dW1
    """
    dW1, dW2 = np.zeros((2, 2)), np.zeros((2, 2))
    for i in range(len(x)):
        for j in range(len(delta1)):
            dW1[i, j] = x[i] * delta1[j] / len(x)
            dW2[i, j] = a1[i] * delta2[j] / len(a1)
    return dW1, delta1.copy(), dW2, delta2.copy()


def wrong__factor_half__matrices(x, a1, delta1, delta2):
    """The loss's 1/2 on everything.
    First wrong: dW1
    """
    grads = (np.outer(x, delta1), delta1, np.outer(a1, delta2), delta2)
    return tuple(g / 2 for g in grads)


def wrong__sign__loops(x, a1, delta1, delta2):
    """Minus in the weights, as the step goes down.
    First wrong: dW1
    """
    dW1, dW2 = np.zeros((2, 2)), np.zeros((2, 2))
    for i in range(2):
        for j in range(2):
            dW1[i, j] -= x[i] * delta1[j]
            dW2[i, j] -= a1[i] * delta2[j]
    return dW1, delta1.copy(), dW2, delta2.copy()


def wrong__sign__matrices(x, a1, delta1, delta2):
    """-np.outer in the second layer.
    First wrong: dW2
    """
    return np.outer(x, delta1), delta1.copy(), -np.outer(a1, delta2), delta2.copy()


def wrong__absolute_values__matrices(x, a1, delta1, delta2):
    """abs around the products.
    First wrong: dW1
    """
    return np.abs(np.outer(x, delta1)), delta1.copy(), np.abs(np.outer(a1, delta2)), delta2.copy()


# ---- bias


def wrong__bias_gradient_zero__loops(x, a1, delta1, delta2):
    """Biases are constants, derivative 0.
    First wrong: db1
    """
    dW1 = np.array([[x[i] * delta1[j] for j in range(2)] for i in range(2)])
    dW2 = np.array([[a1[i] * delta2[j] for j in range(2)] for i in range(2)])
    return dW1, np.array([0.0, 0.0]), dW2, np.array([0.0, 0.0])


def wrong__bias_gradient_zero__matrices(x, a1, delta1, delta2):
    """db1 forgotten, stays zero.
    First wrong: db1
    """
    return np.outer(x, delta1), np.zeros(2), np.outer(a1, delta2), delta2.copy()


def wrong__bias_summed__loops(x, a1, delta1, delta2):
    """The shared bias: both get delta_1 + delta_2.
    First wrong: db1
    """
    dW1, dW2, db1, db2 = np.zeros((2, 2)), np.zeros((2, 2)), np.zeros(2), np.zeros(2)
    for i in range(2):
        for j in range(2):
            dW1[i, j] = x[i] * delta1[j]
            dW2[i, j] = a1[i] * delta2[j]
            db1[i] += delta1[j]
            db2[i] += delta2[j]
    return dW1, db1, dW2, db2


def wrong__bias_summed__matrices(x, a1, delta1, delta2):
    """delta.sum() * ones.
    First wrong: db1
    """
    return np.outer(x, delta1), np.ones(2) * delta1.sum(), np.outer(a1, delta2), np.ones(2) * delta2.sum()


def wrong__bias_averaged__matrices(x, a1, delta1, delta2):
    """delta.mean() for both units.
    First wrong: db1
    """
    return np.outer(x, delta1), np.full(2, delta1.mean()), np.outer(a1, delta2), np.full(2, delta2.mean())


def wrong__bias_times_input__loops(x, a1, delta1, delta2):
    """Multiplied with the inputs and added up.
    First wrong: db1
    """
    dW1, dW2, db1, db2 = np.zeros((2, 2)), np.zeros((2, 2)), np.zeros(2), np.zeros(2)
    for j in range(2):
        for i in range(2):
            dW1[i, j] = x[i] * delta1[j]
            dW2[i, j] = a1[i] * delta2[j]
            db1[j] += dW1[i, j]
            db2[j] += dW2[i, j]
    return dW1, db1, dW2, db2


def wrong__bias_times_input__matrices(x, a1, delta1, delta2):
    """db = delta * input, elementwise.
    First wrong: db1
    """
    return np.outer(x, delta1), delta1 * x, np.outer(a1, delta2), delta2 * a1


def wrong__bias_of_other_layer__loops(x, a1, delta1, delta2):
    """db1 and db2 exchanged.
    First wrong: db1
    """
    dW1 = np.array([[u * d for d in delta1] for u in x])
    dW2 = np.array([[u * d for d in delta2] for u in a1])
    db1 = np.array(list(delta2))
    db2 = np.array(list(delta1))
    return dW1, db1, dW2, db2


def wrong__bias_of_other_layer__matrices(x, a1, delta1, delta2):
    """delta1 for both biases.
    First wrong: db2
    """
    return np.outer(x, delta1), delta1.copy(), np.outer(a1, delta2), delta1.copy()


def wrong__float32__matrices(x, a1, delta1, delta2):
    """Single precision.
    First wrong: dW1
    """
    x, a1, delta1, delta2 = (np.float32(v) for v in (x, a1, delta1, delta2))
    return tuple(g.astype(float) for g in (np.outer(x, delta1), delta1, np.outer(a1, delta2), delta2))


# ---- other conventions


def convention__sign__loops(x, a1, delta1, delta2):
    """The changes of the weights without eta, -dE/dw, to be added.
    First wrong: dW1
    """
    dW1 = np.array([[-u * d for d in delta1] for u in x])
    dW2 = np.array([[-u * d for d in delta2] for u in a1])
    return dW1, np.array([-d for d in delta1]), dW2, np.array([-d for d in delta2])


def convention__outer_product_reversed__matrices(x, a1, delta1, delta2):
    """Decks 003 and 004: W is (to, from), so is its gradient.
    First wrong: dW1
    """
    return delta1[:, None] @ x[None, :], delta1.copy(), delta2[:, None] @ a1[None, :], delta2.copy()


# ---- two at once


def pair__outer_product_reversed__bias_gradient_zero__matrices(x, a1, delta1, delta2):
    """outer(delta, input), and biases left at zero.
    First wrong: dW1
    """
    return np.outer(delta1, x), np.zeros(2), np.outer(delta2, a1), np.zeros(2)


def pair__input_of_wrong_layer__bias_summed__loops(x, a1, delta1, delta2):
    """x in both layers, and shared biases.
    First wrong: db1
    """
    dW1 = np.array([[u * d for d in delta1] for u in x])
    dW2 = np.array([[u * d for d in delta2] for u in x])
    s1 = delta1[0] + delta1[1]
    s2 = delta2[0] + delta2[1]
    return dW1, np.array([s1, s1]), dW2, np.array([s2, s2])


def pair__delta_of_wrong_layer__sign__matrices(x, a1, delta1, delta2):
    """delta2 in both layers, and minus in front.
    First wrong: dW1
    """
    return -np.outer(x, delta2), delta1.copy(), -np.outer(a1, delta2), delta2.copy()


def pair__outer_product_reversed__input_of_wrong_layer__loops(x, a1, delta1, delta2):
    """First layer reversed, second layer with x.
    First wrong: dW1
    """
    dW1, dW2 = np.zeros((2, 2)), np.zeros((2, 2))
    for i in range(2):
        for j in range(2):
            dW1[j, i] = x[i] * delta1[j]
            dW2[i, j] = x[i] * delta2[j]
    return dW1, delta1.copy(), dW2, delta2.copy()


# ---- not in the list


def outside__one_corner__loops(x, a1, delta1, delta2):
    """A slip of the pen: w4 uses i1.
    First wrong: dW1
    """
    dW1 = np.array([[delta1[0] * x[0], delta1[1] * x[0]], [delta1[0] * x[1], delta1[1] * x[0]]])
    dW2 = np.array([[delta2[0] * a1[0], delta2[1] * a1[0]], [delta2[0] * a1[1], delta2[1] * a1[1]]])
    return dW1, delta1.copy(), dW2, delta2.copy()


def outside__sum_for_product__matrices(x, a1, delta1, delta2):
    """Input plus delta.
    First wrong: dW1
    """
    return x[:, None] + delta1, delta1.copy(), a1[:, None] + delta2, delta2.copy()


def outside__corner_left_out__loops(x, a1, delta1, delta2):
    """range(1) for the inner loop of the second layer: its second column stays zero.
    First wrong: dW2
    """
    dW1, dW2 = np.zeros((2, 2)), np.zeros((2, 2))
    for i in range(2):
        for j in range(2):
            dW1[i, j] = x[i] * delta1[j]
        for j in range(1):
            dW2[i, j] = a1[i] * delta2[j]
    return dW1, delta1.copy(), dW2, delta2.copy()


def wrong__rounded_result__matrices(x, a1, delta1, delta2):
    """Four digits, as one would type them.
    First wrong: dW1
    """
    return tuple(np.round(g, 4) for g in (np.outer(x, delta1), delta1, np.outer(a1, delta2), delta2))


def outside__one_minus_h__loops(x, a1, delta1, delta2):
    """h(1 - h) for h in the second layer, the input's slope and not the input.
    First wrong: dW2
    """
    dW1, dW2 = np.zeros((2, 2)), np.zeros((2, 2))
    for i in range(2):
        for j in range(2):
            dW1[i, j] = delta1[j] * x[i]
            dW2[i, j] = delta2[j] * a1[i] * (1 - a1[i])
    return dW1, delta1.copy(), dW2, delta2.copy()


def outside__db_exchanged_units__matrices(x, a1, delta1, delta2):
    """The biases of a layer exchanged.
    First wrong: db1
    """
    return np.outer(x, delta1), delta1[::-1].copy(), np.outer(a1, delta2), delta2[::-1].copy()


def outside__accumulated__loops(x, a1, delta1, delta2):
    """One running sum along the row, not reset.
    First wrong: dW1
    """
    dW1, dW2 = np.zeros((2, 2)), np.zeros((2, 2))
    for i in range(2):
        s = t = 0.0
        for j in range(2):
            s += x[i] * delta1[j]
            t += a1[i] * delta2[j]
            dW1[i, j], dW2[i, j] = s, t
    return dW1, delta1.copy(), dW2, delta2.copy()


def outside__normalised__matrices(x, a1, delta1, delta2):
    """The first gradient is scaled to length 1.
    First wrong: dW1
    """
    dW1 = np.outer(x, delta1)
    return dW1 / np.linalg.norm(dW1), delta1.copy(), np.outer(a1, delta2), delta2.copy()
