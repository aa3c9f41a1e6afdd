"""Learners' answers to ps02, minibatch_shuffled(theta, grad, orders, size, eta) -> path.

path is (epochs*ceil(N/size) + 1, P), the start first; grad(theta, idx) is the mean gradient over idx.
"""
import math

import numpy as np


# ---------------------------------------------------------------- right

def right__list_of_rows(theta, grad, orders, size, eta):
    """A list of thetas, stacked at the end."""
    path = [theta.copy()]
    for order in orders:
        for i in range(0, len(order), size):
            theta = theta - eta * grad(theta, order[i:i + size])
            path.append(theta)
    return np.array(path)


def right__rows_filled_in(theta, grad, orders, size, eta):
    """Array of the right size, row from the row before."""
    epochs, N = orders.shape
    per_epoch = -(-N // size)
    path = np.zeros((epochs * per_epoch + 1, len(theta)))
    path[0] = theta
    for k in range(epochs * per_epoch):
        e, j = divmod(k, per_epoch)
        path[k + 1] = path[k] - eta * grad(path[k], orders[e, j * size:(j + 1) * size])
    return path


def right__slow_single_gradients(theta, grad, orders, size, eta):
    """The mean of the gradients of single samples, added up by hand."""
    theta = [float(t) for t in theta]
    path = [list(theta)]
    for order in orders:
        waiting = []
        for n, index in enumerate(order):
            waiting.append(index)
            if len(waiting) == size or n == len(order) - 1:
                total = [0.0] * len(theta)
                for one in waiting:
                    g = grad(np.array(theta), np.array([one]))
                    total = [a + b for a, b in zip(total, g, strict=True)]
                theta = [t - eta * s / len(waiting) for t, s in zip(theta, total, strict=True)]
                path.append(list(theta))
                waiting = []
    return np.array(path)


def right__cumulated_steps(theta, grad, orders, size, eta):
    """Stores the steps and sums them up."""
    steps, here = [theta], np.array(theta)
    for batch in [b for order in orders for b in np.split(order, range(size, len(order), size))]:
        steps.append(-eta * grad(here, batch))
        here = here + steps[-1]
    return np.cumsum(steps, axis=0)


def _batches(order, size):
    return [order[i:i + size] for i in range(0, len(order), size)]


# ---------------------------------------------------------------- one slip

def wrong__ascent__matrices(theta, grad, orders, size, eta):
    """Uphill."""
    path = [theta]
    for order in orders:
        for idx in _batches(order, size):
            path.append(path[-1] + eta * grad(path[-1], idx))
    return np.stack(path)


def wrong__ascent__loops(theta, grad, orders, size, eta):
    """Step subtracted with a negative rate."""
    rows = [theta.copy()]
    for e in range(len(orders)):
        start = 0
        while start < len(orders[e]):
            g = grad(rows[-1], orders[e][start:start + size])
            rows.append(np.array([t - (-eta) * s for t, s in zip(rows[-1], g, strict=True)]))
            start += size
    return np.array(rows)


def wrong__eta_forgotten__matrices(theta, grad, orders, size, eta):
    """theta - grad."""
    path = [theta]
    for order in orders:
        for idx in _batches(order, size):
            path.append(path[-1] - grad(path[-1], idx))
    return np.array(path)


def wrong__old_value_lost__matrices(theta, grad, orders, size, eta):
    """theta = -eta*grad."""
    path = [theta]
    for order in orders:
        for idx in _batches(order, size):
            theta = -eta * grad(theta, idx)
            path.append(theta)
    return np.array(path)


def wrong__old_value_lost__loops(theta, grad, orders, size, eta):
    """theta = eta*grad(theta), as printed in the deck."""
    N = len(orders[0])
    rows = [theta]
    for order in orders:
        for b in range(math.ceil(N / size)):
            rows.append(eta * grad(rows[-1], order[b * size:b * size + size]))
    return np.vstack(rows)


def wrong__nothing_moved__matrices(theta, grad, orders, size, eta):
    """theta - eta*grad is computed and not kept."""
    path = [theta]
    for order in orders:
        for idx in _batches(order, size):
            theta - eta * grad(theta, idx)
            path.append(theta)
    return np.array(path)


def wrong__last_batch_dropped__matrices(theta, grad, orders, size, eta):
    """N // size batches; the path is shorter."""
    path = [theta]
    for order in orders:
        for j in range(len(order) // size):
            path.append(path[-1] - eta * grad(path[-1], order[j * size:(j + 1) * size]))
    return np.array(path)


def wrong__last_batch_dropped__loops(theta, grad, orders, size, eta):
    """Room for all batches, but the short one makes no step: its row repeats the one before."""
    rows = [theta]
    for order in orders:
        for i in range(0, len(order), size):
            t = rows[-1].copy()
            if i + size <= len(order):
                t -= eta * grad(t, order[i:i + size])
            rows.append(t)
    return np.array(rows)


def wrong__batches_off_by_one__matrices(theta, grad, orders, size, eta):
    """Each slice one shorter than it should be."""
    path = [theta]
    for order in orders:
        for i in range(0, len(order), size):
            path.append(path[-1] - eta * grad(path[-1], order[i:max(i + 1, i + size - 1)]))
    return np.array(path)


def wrong__batches_off_by_one__loops(theta, grad, orders, size, eta):
    """i + size + 1: the next batch's first sample belongs to both."""
    rows = [list(theta)]
    for order in orders:
        for i in range(0, len(order), size):
            idx = np.array([order[j] for j in range(i, min(i + size + 1, len(order)))])
            g = grad(np.array(rows[-1]), idx)
            rows.append([a - eta * b for a, b in zip(rows[-1], g, strict=True)])
    return np.array(rows)


def wrong__not_shuffled__matrices(theta, grad, orders, size, eta):
    """Batches of consecutive numbers in every epoch."""
    epochs, N = orders.shape
    path = [theta]
    for _ in range(epochs):
        for idx in _batches(np.arange(N), size):
            path.append(path[-1] - eta * grad(path[-1], idx))
    return np.array(path)


def wrong__not_shuffled__loops(theta, grad, orders, size, eta):
    """Uses the positions, not the indices at those positions."""
    rows = [theta]
    for order in orders:
        batch = []
        for position, _index in enumerate(order):
            batch.append(position)
            if len(batch) == size or position + 1 == len(order):
                rows.append(rows[-1] - eta * grad(rows[-1], np.array(batch)))
                batch = []
    return np.array(rows)


def wrong__old_gradient__matrices(theta, grad, orders, size, eta):
    """All gradients of an epoch at the theta from its beginning."""
    path = [theta]
    for order in orders:
        start = path[-1]
        for idx in _batches(order, size):
            path.append(path[-1] - eta * grad(start, idx))
    return np.array(path)


def wrong__old_gradient__loops(theta, grad, orders, size, eta):
    """theta in the call of grad is always the very first one."""
    now = theta.copy()
    rows = [theta.copy()]
    for order in orders:
        for i in range(0, len(order), size):
            now = now - eta * grad(theta, order[i:i + size])
            rows.append(now)
    return np.array(rows)


def wrong__n_twice__matrices(theta, grad, orders, size, eta):
    """The mean gradient divided by the length of the batch again."""
    path = [theta]
    for order in orders:
        for idx in _batches(order, size):
            path.append(path[-1] - eta * grad(path[-1], idx) / len(idx))
    return np.array(path)


def wrong__n_twice__loops(theta, grad, orders, size, eta):
    """Adds up the single gradients over size, and takes the mean of the sum once more."""
    t, rows = theta, [theta]
    for order in orders:
        for idx in _batches(order, size):
            g = 0
            for one in idx:
                g = g + grad(t, np.array([one])) / len(idx)
            g = g / len(idx)
            t = t - eta * g
            rows.append(t)
    return np.array(rows)


def wrong__sum_for_mean__loops(theta, grad, orders, size, eta):
    """The gradients of a batch added up, never divided."""
    t, rows = theta, [theta]
    for order in orders:
        for i in range(0, len(order), size):
            g = np.zeros(len(theta))
            for one in order[i:i + size]:
                g += grad(t, np.array([one]))
            t = t - eta * g
            rows.append(t)
    return np.array(rows)


def wrong__gradients_accumulated__matrices(theta, grad, orders, size, eta):
    """g is not set back between the batches."""
    g = np.zeros_like(theta)
    path = [theta]
    for order in orders:
        for idx in _batches(order, size):
            g = g + grad(path[-1], idx)
            path.append(path[-1] - eta * g)
    return np.array(path)


def wrong__eta_over_n__matrices(theta, grad, orders, size, eta):
    """eta divided by the number of samples."""
    path = [theta]
    for order in orders:
        for idx in _batches(order, size):
            path.append(path[-1] - eta / len(order) * grad(path[-1], idx))
    return np.array(path)


def wrong__epoch_missing__matrices(theta, grad, orders, size, eta):
    """range(1, epochs): starts with the second order."""
    path = [theta]
    for e in range(1, len(orders)):
        for idx in _batches(orders[e], size):
            path.append(path[-1] - eta * grad(path[-1], idx))
    return np.array(path)


def wrong__epoch_too_many__loops(theta, grad, orders, size, eta):
    """range(epochs + 1), round the corner to the first order."""
    rows, epochs = [theta], len(orders)
    for e in range(epochs + 1):
        for idx in _batches(orders[e % epochs], size):
            rows.append(rows[-1] - eta * grad(rows[-1], idx))
    return np.array(rows)


def wrong__factor_two__matrices(theta, grad, orders, size, eta):
    """2*eta."""
    path = [theta]
    for order in orders:
        for idx in _batches(order, size):
            path.append(path[-1] - 2 * eta * grad(path[-1], idx))
    return np.array(path)


def wrong__first_only__loops(theta, grad, orders, size, eta):
    """Only the first sample of each batch enters."""
    rows = [theta]
    for order in orders:
        for i in range(0, len(order), size):
            rows.append(rows[-1] - eta * grad(rows[-1], order[i:i + 1]))
    return np.array(rows)


def wrong__float32__matrices(theta, grad, orders, size, eta):
    """The path stored as float32."""
    path = [theta]
    for order in orders:
        for idx in _batches(order, size):
            path.append(path[-1] - eta * grad(path[-1], idx))
    return np.array(path, dtype=np.float32).astype(np.float64)


# ---------------------------------------------------------------- two at once

def pair__ascent__not_shuffled__matrices(theta, grad, orders, size, eta):
    """Uphill, through consecutive samples."""
    path = [theta]
    for order in orders:
        for idx in _batches(np.arange(len(order)), size):
            path.append(path[-1] + eta * grad(path[-1], idx))
    return np.array(path)


def pair__last_batch_dropped__n_twice__loops(theta, grad, orders, size, eta):
    """Full batches only, and divided by size again."""
    rows = [theta]
    for order in orders:
        for j in range(len(order) // size):
            idx = order[j * size:j * size + size]
            rows.append(rows[-1] - eta / size * grad(rows[-1], idx))
    return np.array(rows)


# ---------------------------------------------------------------- not in the catalogue

def outside__first_order_in_every_epoch__matrices(theta, grad, orders, size, eta):
    """Shuffled once: orders[0] again and again."""
    path = [theta]
    for _ in orders:
        for idx in _batches(orders[0], size):
            path.append(path[-1] - eta * grad(path[-1], idx))
    return np.array(path)


def outside__one_array_for_all_rows__matrices(theta, grad, orders, size, eta):
    """theta changed in place: all rows are the last theta."""
    theta = theta.copy()
    path = [theta]
    for order in orders:
        for idx in _batches(order, size):
            theta -= eta * grad(theta, idx)
            path.append(theta)
    return np.array(path)


def outside__back_to_the_start_each_epoch__loops(theta, grad, orders, size, eta):
    """Every epoch begins again from the given theta."""
    rows = [theta]
    for order in orders:
        t = theta.copy()
        for idx in _batches(order, size):
            t = t - eta * grad(t, idx)
            rows.append(t)
    return np.array(rows)


def outside__eta_shrinks__loops(theta, grad, orders, size, eta):
    """eta divided by the number of the epoch, from 1 + 1."""
    rows = [theta]
    for epoch, order in enumerate(orders, start=1):
        for idx in _batches(order, size):
            rows.append(rows[-1] - eta / (1 + epoch) * grad(rows[-1], idx))
    return np.array(rows)


def outside__weighted_by_batch_length__matrices(theta, grad, orders, size, eta):
    """The step times len(idx)/size, so the short batch counts less."""
    path = [theta]
    for order in orders:
        for idx in _batches(order, size):
            path.append(path[-1] - eta * len(idx) / size * grad(path[-1], idx))
    return np.array(path)


def outside__whole_epoch_as_batch__loops(theta, grad, orders, size, eta):
    """grad gets the whole order in every step."""
    rows = [theta]
    for order in orders:
        for _start in range(0, len(order), size):
            rows.append(rows[-1] - eta * grad(rows[-1], order))
    return np.array(rows)


def outside__momentum_added__matrices(theta, grad, orders, size, eta):
    """Half of the last step is taken along."""
    path, v = [theta], 0
    for order in orders:
        for idx in _batches(order, size):
            v = 0.5 * v + grad(path[-1], idx)
            path.append(path[-1] - eta * v)
    return np.array(path)


def outside__batches_backwards__matrices(theta, grad, orders, size, eta):
    """The batches of each epoch from the last to the first."""
    path = [theta]
    for order in orders:
        for idx in reversed(_batches(order, size)):
            path.append(path[-1] - eta * grad(path[-1], idx))
    return np.array(path)
