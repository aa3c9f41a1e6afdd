"""Answers of learners to ps06, update(params, grads, eta): right ones, wrong ones, other conventions."""

import numpy as np


def right__one_by_one(params, grads, eta):
    """Four lines, new arrays."""
    W1, b1, W2, b2 = params
    dW1, db1, dW2, db2 = grads
    return W1 - eta * dW1, b1 - eta * db1, W2 - eta * dW2, b2 - eta * db2


def right__copies_in_place(params, grads, eta):
    """Copies first, then -=."""
    new = [p.copy() for p in params]
    for p, g in zip(new, grads):
        p -= eta * g
    return tuple(new)


def right__slow_entry_by_entry(params, grads, eta):
    """One number at a time, through flat lists."""
    new = []
    for n in range(4):
        flat = []
        for p, g in zip(params[n].ravel().tolist(), grads[n].ravel().tolist()):
            flat.append(p + (-1) * eta * g)
        new.append(np.array(flat).reshape(params[n].shape))
    return tuple(new)


def wrong__ascent__loops(params, grads, eta):
    """Plus.
    First wrong: W1
    """
    new = []
    for p, g in zip(params, grads):
        new.append(p + eta * g)
    return tuple(new)


def wrong__ascent__matrices(params, grads, eta):
    """Two minus signs in the second layer: p - (-eta * g).
    First wrong: W2
    """
    W1, b1, W2, b2 = params
    dW1, db1, dW2, db2 = grads
    return W1 - eta * dW1, b1 - eta * db1, W2 - (-eta * dW2), b2 - (-eta * db2)


def wrong__eta_forgotten__loops(params, grads, eta):
    """Whole gradient.
    First wrong: W1
    """
    return tuple([params[n] - grads[n] for n in range(4)])


def wrong__eta_forgotten__matrices(params, grads, eta):
    """eta only with the weights.
    First wrong: b1
    """
    W1, b1, W2, b2 = params
    dW1, db1, dW2, db2 = grads
    return W1 - eta * dW1, b1 - db1, W2 - eta * dW2, b2 - db2


def wrong__eta_twice__matrices(params, grads, eta):
    """The gradients are scaled first and then again.
    First wrong: W1
    """
    grads = [eta * g for g in grads]
    return tuple(p - eta * g for p, g in zip(params, grads))


def wrong__eta_twice__loops(params, grads, eta):
    """eta squared.
    First wrong: W1
    """
    result = ()
    for n in range(4):
        result += (params[n] - eta**2 * grads[n],)
    return result


def wrong__old_value_lost__matrices(params, grads, eta):
    """The step alone, -eta * g.
    First wrong: W1
    """
    return tuple(-eta * g for g in grads)


def wrong__nothing_moved__loops(params, grads, eta):
    """The new arrays are made but the old ones handed back.
    First wrong: W1
    """
    for p, g in zip(params, grads):
        p = p - eta * g
    return tuple(params)


def wrong__bias_not_updated__loops(params, grads, eta):
    """As on deck 004: the biases stay.
    First wrong: b1
    """
    new = []
    for n in range(4):
        if n % 2 == 0:
            new.append(params[n] - eta * grads[n])
        else:
            new.append(params[n].copy())
    return tuple(new)


def wrong__bias_not_updated__matrices(params, grads, eta):
    """b2 forgotten.
    First wrong: b2
    """
    W1, b1, W2, b2 = params
    return W1 - eta * grads[0], b1 - eta * grads[1], W2 - eta * grads[2], b2.copy()


def wrong__eta_over_n__matrices(params, grads, eta):
    """eta / 2, for two outputs.
    First wrong: W1
    """
    step = eta / len(params[1])
    return tuple(p - step * g for p, g in zip(params, grads))


def wrong__factor_two__loops(params, grads, eta):
    """Subtracts twice.
    First wrong: W1
    """
    new = []
    for p, g in zip(params, grads):
        q = p - eta * g
        q = q - eta * g
        new.append(q)
    return tuple(new)


def wrong__delta_transposed__matrices(params, grads, eta):
    """dW.T taken off.
    First wrong: W1
    """
    W1, b1, W2, b2 = params
    dW1, db1, dW2, db2 = grads
    return W1 - eta * dW1.T, b1 - eta * db1, W2 - eta * dW2.T, b2 - eta * db2


def wrong__result_of_wrong_layer__matrices(params, grads, eta):
    """dW1 and dW2 exchanged.
    First wrong: W1
    """
    W1, b1, W2, b2 = params
    dW1, db1, dW2, db2 = grads
    return W1 - eta * dW2, b1 - eta * db1, W2 - eta * dW1, b2 - eta * db2


def convention__ascent__loops(params, grads, eta):
    """Decks 002 and 003: weights += eta * g, for deltas with target - out.
    First wrong: W1
    """
    W1, b1, W2, b2 = (p.copy() for p in params)
    for p, g in zip((W1, b1, W2, b2), grads):
        p += eta * g
    return W1, b1, W2, b2


def pair__ascent__bias_not_updated__matrices(params, grads, eta):
    """+, and biases as they were.
    First wrong: W1
    """
    W1, b1, W2, b2 = params
    return W1 + eta * grads[0], b1.copy(), W2 + eta * grads[2], b2.copy()


def pair__eta_forgotten__ascent__loops(params, grads, eta):
    """Adds the whole gradient.
    First wrong: W1
    """
    new = []
    for n in range(4):
        new.append(params[n] + grads[n])
    return tuple(new)


def outside__multiplied__matrices(params, grads, eta):
    """p * (1 - eta * g).
    First wrong: W1
    """
    return tuple(p * (1 - eta * g) for p, g in zip(params, grads))


def outside__weight_decay__loops(params, grads, eta):
    """Shrinks each value by one percent besides.
    First wrong: W1
    """
    return tuple([0.99 * p - eta * g for p, g in zip(params, grads)])


def outside__sign_of_gradient__matrices(params, grads, eta):
    """Only the direction: eta * np.sign(g).
    First wrong: W1
    """
    return tuple(p - eta * np.sign(g) for p, g in zip(params, grads))


def outside__eta_subtracted__loops(params, grads, eta):
    """p - eta - g.
    First wrong: W1
    """
    new = []
    for p, g in zip(params, grads):
        new.append(p - eta - g)
    return tuple(new)
