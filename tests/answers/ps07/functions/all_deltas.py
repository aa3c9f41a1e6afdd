"""Answers of learners to ps07, all_deltas(a, W, target): right ones, wrong ones, other conventions.

The deltas are computed from the output down, so "first" is counted from the end: delta[-1] is the output's,
delta[-2] the last hidden layer's, whatever the depth.
"""

import math

import numpy as np


def right__matrix_product(a, W, target):
    """The recursion as in the lesson."""
    delta = [(a[-1] - target) * a[-1] * (1 - a[-1])]
    for l in range(len(a) - 2, -1, -1):
        delta.insert(0, (W[l + 1] @ delta[0]) * a[l] * (1 - a[l]))
    return delta


def right__slow_nested_loops(a, W, target):
    """Nothing but numbers in lists and math.exp."""
    L = len(a)
    out = []
    for l in range(L):
        out.append([0.0] * len(a[l]))
    l = L - 1
    while l >= 0:
        for j in range(len(a[l])):
            if l == L - 1:
                back = -(target[j] - a[l][j])
            else:
                back = math.fsum(float(W[l + 1][j, k]) * out[l + 1][k] for k in range(len(out[l + 1])))
            z = math.log(a[l][j]) - math.log(1 - a[l][j])
            out[l][j] = back / ((1 + math.exp(-z)) * (1 + math.exp(z)))
        l -= 1
    return [np.array(d) for d in out]


def right__recursive_function(a, W, target):
    """A function that calls itself for the layer above."""

    def delta_of(l):
        slope = a[l] - a[l] ** 2
        if l + 1 == len(a):
            return [slope * (a[l] - target)]
        above = delta_of(l + 1)
        return [slope * np.einsum("jk,k->j", W[l + 1], above[0])] + above

    return delta_of(0)


def right__jacobians_multiplied(a, W, target):
    """For every layer the whole product of Jacobians from the output, slow and without reuse."""
    L = len(a)
    delta = []
    for l in range(L):
        J = np.diag(a[l] * (1 - a[l]))
        for m in range(l + 1, L):
            J = J @ W[m] @ np.diag(a[m] * (1 - a[m]))
        delta.append(J @ (a[L - 1] - target))
    return delta


def right__reversed_zip(a, W, target):
    """Walks through reversed lists, slope from tanh(z/2)."""
    slopes = [(1 - (2 * h - 1) ** 2) / 4 for h in a]
    d = slopes[-1] * (a[-1] - target)
    backwards = [d]
    for slope, weights in zip(slopes[-2::-1], W[:0:-1]):
        d = slope * (d @ weights.T)
        backwards.append(d)
    return backwards[::-1]


# ---- slope


def wrong__missing_slope__loops(a, W, target):
    """The hidden layers are without f'.
    First wrong: delta[-2]
    """
    L = len(a)
    delta = [np.zeros(len(h)) for h in a]
    for k in range(len(target)):
        delta[L - 1][k] = (a[L - 1][k] - target[k]) * a[L - 1][k] * (1 - a[L - 1][k])
    for l in reversed(range(L - 1)):
        for j in range(len(a[l])):
            for k in range(len(a[l + 1])):
                delta[l][j] += W[l + 1][j, k] * delta[l + 1][k]
    return delta


def wrong__missing_slope__matrices(a, W, target):
    """The output's delta is only out - target; the hidden ones have their slope.
    First wrong: delta[-1]
    """
    d = a[-1] - target
    delta = [d]
    for l in range(len(W) - 1, 0, -1):
        d = (W[l] @ d) * a[l - 1] * (1 - a[l - 1])
        delta = [d] + delta
    return delta


def wrong__missing_slope__matrices__2(a, W, target):
    """No slope in any layer.
    First wrong: delta[-1]
    """
    delta = [None] * len(a)
    delta[-1] = a[-1] - target
    for l in range(len(a) - 1)[::-1]:
        delta[l] = W[l + 1] @ delta[l + 1]
    return delta


def wrong__missing_slope__loops__2(a, W, target):
    """The first layer is done apart, after the loop, and f' is forgotten there.
    First wrong: delta[0]
    """

    def back(weights, d):
        return np.array([sum(weights[j, k] * d[k] for k in range(len(d))) for j in range(len(weights))])

    L = len(a)
    delta = [None] * L
    delta[L - 1] = np.array([(o - t) * o * (1 - o) for o, t in zip(a[L - 1], target)])
    for l in range(L - 2, 0, -1):
        delta[l] = back(W[l + 1], delta[l + 1]) * a[l] * (1 - a[l])
    if L > 1:
        delta[0] = back(W[1], delta[1])
    return delta


def wrong__slope_of_tanh__loops(a, W, target):
    """tanh's slope 1 - a^2 in the hidden layers.
    First wrong: delta[-2]
    """
    deltas = [[(o - t) * o * (1 - o) for o, t in zip(a[-1], target)]]
    for l in range(len(a) - 2, -1, -1):
        layer = []
        for j in range(len(a[l])):
            s = 0.0
            for k, d in enumerate(deltas[0]):
                s += d * W[l + 1][j][k]
            layer.append(s * (1 - a[l][j] ** 2))
        deltas.insert(0, layer)
    return [np.array(d) for d in deltas]


def wrong__slope_of_tanh__matrices(a, W, target):
    """A function slope(a) = 1 - a**2 is used for all layers.
    First wrong: delta[-1]
    """

    def slope(h):
        return 1 - h**2

    delta = [slope(a[-1]) * (a[-1] - target)]
    for h, w in zip(reversed(a[:-1]), reversed(W[1:])):
        delta.append(slope(h) * (w @ delta[-1]))
    return list(reversed(delta))


def wrong__slope_of_relu__loops(a, W, target):
    """Takes 1 as the slope wherever the hidden unit is above one half, else 0, like a ReLU of z.
    First wrong: delta[-2]
    """
    last = len(a) - 1
    delta = {last: [(a[last][k] - target[k]) * a[last][k] * (1 - a[last][k]) for k in range(len(target))]}
    for l in range(last - 1, -1, -1):
        delta[l] = []
        for j in range(len(a[l])):
            if a[l][j] > 0.5:
                delta[l].append(sum(W[l + 1][j, k] * delta[l + 1][k] for k in range(len(a[l + 1]))))
            else:
                delta[l].append(0.0)
    return [np.array(delta[l], dtype=float) for l in range(last + 1)]


def wrong__one_minus_a__loops(a, W, target):
    """1 - a for a(1 - a) in the hidden layers.
    First wrong: delta[-2]
    """
    delta = [np.zeros_like(h) for h in a]
    n = len(a)
    for k in range(len(target)):
        o = a[-1][k]
        delta[-1][k] = o * (1 - o) * (o - target[k])
    for step in range(1, n):
        l = n - 1 - step
        for k in range(len(a[l + 1])):
            for j in range(len(a[l])):
                delta[l][j] += delta[l + 1][k] * W[l + 1][j, k] * (1 - a[l][j])
    return delta


def wrong__one_minus_a__matrices(a, W, target):
    """Lost the a in front of (1 - a) at the output.
    First wrong: delta[-1]
    """
    delta = [(a[-1] - target) * (1 - a[-1])]
    for l in range(len(a) - 2, -1, -1):
        delta.insert(0, W[l + 1] @ delta[0] * a[l] * (1 - a[l]))
    return delta


def wrong__slope_without_one_minus_a__loops(a, W, target):
    """The slope is a alone, everywhere.
    First wrong: delta[-1]
    """
    L = len(a)
    delta = [None] * L
    for l in range(L - 1, -1, -1):
        d = []
        for j in range(len(a[l])):
            if l == L - 1:
                e = a[l][j] - target[j]
            else:
                e = sum(W[l + 1][j, k] * delta[l + 1][k] for k in range(len(delta[l + 1])))
            d.append(e * a[l][j])
        delta[l] = np.array(d)
    return delta


def wrong__slope_without_one_minus_a__matrices(a, W, target):
    """Hidden layers: back * a, the (1 - a) was lost.
    First wrong: delta[-2]
    """
    out = a[-1]
    delta = [out * (1 - out) * (out - target)]
    for l in reversed(range(len(a) - 1)):
        back = delta[0] @ W[l + 1].T
        delta = [back * a[l]] + delta
    return delta


def wrong__slope_taken_at_a__loops(a, W, target):
    """My sigmoid_prime takes z, and I gave it a.
    First wrong: delta[-1]
    """

    def sigmoid_prime(z):
        return 1 / (1 + math.exp(-z)) * (1 - 1 / (1 + math.exp(-z)))

    L = len(a)
    delta = [np.zeros(h.size) for h in a]
    for k in range(target.size):
        delta[L - 1][k] = (a[L - 1][k] - target[k]) * sigmoid_prime(a[L - 1][k])
    for l in range(L - 2, -1, -1):
        for j in range(a[l].size):
            for k in range(a[l + 1].size):
                delta[l][j] += W[l + 1][j, k] * delta[l + 1][k] * sigmoid_prime(a[l][j])
    return delta


def wrong__slope_taken_at_a__matrices(a, W, target):
    """Hidden: the activation goes through the sigmoid again before s(1 - s).
    First wrong: delta[-2]
    """
    d = (a[-1] - target) * a[-1] * (1 - a[-1])
    delta = [d]
    for w, h in zip(W[:0:-1], a[-2::-1]):
        s = 1 / (1 + np.exp(-h))
        d = (w @ d) * s * (1 - s)
        delta.append(d)
    delta.reverse()
    return delta


def wrong__slope_taken_at_z__loops(a, W, target):
    """Recovers z from a and puts it into z(1 - z), hidden layers only.
    First wrong: delta[-2]
    """
    delta = [[(o - t) * o * (1 - o) for o, t in zip(a[-1], target)]]
    for l in range(len(a) - 2, -1, -1):
        new = []
        for j, h in enumerate(a[l]):
            z = -math.log(1 / h - 1)
            new.append(sum(W[l + 1][j, k] * delta[0][k] for k in range(len(delta[0]))) * z * (1 - z))
        delta = [new] + delta
    return [np.array(d) for d in delta]


def wrong__slope_taken_at_z__matrices(a, W, target):
    """z(1 - z) in all layers, z by the logit.
    First wrong: delta[-1]
    """
    z = [np.log(h / (1 - h)) for h in a]
    delta = [(a[-1] - target) * z[-1] * (1 - z[-1])]
    for l in range(len(a) - 2, -1, -1):
        delta.insert(0, (W[l + 1] @ delta[0]) * z[l] * (1 - z[l]))
    return delta


def wrong__slope_twice__loops(a, W, target):
    """The slope of a layer is multiplied on when its delta is made, and once more when it goes further down.
    First wrong: delta[-2]
    """
    L = len(a)
    delta = [np.zeros(len(h)) for h in a]
    for k in range(len(target)):
        delta[-1][k] = (a[-1][k] - target[k]) * a[-1][k] * (1 - a[-1][k])
    for l in range(L - 2, -1, -1):
        for j in range(len(a[l])):
            f = a[l][j] * (1 - a[l][j])
            for k in range(len(a[l + 1])):
                delta[l][j] += W[l + 1][j, k] * delta[l + 1][k] * f
            delta[l][j] *= f
    return delta


def wrong__slope_twice__matrices(a, W, target):
    """Squared the slope at the output.
    First wrong: delta[-1]
    """
    slope = [h * (1 - h) for h in a]
    delta = [None for _ in a]
    delta[-1] = (a[-1] - target) * slope[-1] * slope[-1]
    for l in range(len(a) - 2, -1, -1):
        delta[l] = (W[l + 1] @ delta[l + 1]) * slope[l]
    return delta


def wrong__slope_at_target__loops(a, W, target):
    """The output's slope is taken at the target.
    First wrong: delta[-1]
    """
    top = []
    for k in range(len(target)):
        top.append((a[-1][k] - target[k]) * target[k] * (1 - target[k]))
    result = [np.array(top)]
    for l in range(len(W) - 1, 0, -1):
        lower = np.zeros(W[l].shape[0])
        for j in range(W[l].shape[0]):
            for k in range(W[l].shape[1]):
                lower[j] += W[l][j, k] * result[0][k]
            lower[j] *= a[l - 1][j] * (1 - a[l - 1][j])
        result.insert(0, lower)
    return result


def wrong__slope_at_error__matrices(a, W, target):
    """e(1 - e) for the output's slope, e the error.
    First wrong: delta[-1]
    """
    e = a[-1] - target
    delta = [e * e * (1 - e)]
    for l in range(len(a) - 2, -1, -1):
        delta = [(W[l + 1] @ delta[0]) * (a[l] - a[l] ** 2)] + delta
    return delta


def wrong__slope_at_delta__matrices(a, W, target):
    """In the hidden layers the error that comes back is put into the slope, not the activation.
    First wrong: delta[-2]
    """

    def prime(v):
        return v * (1 - v)

    delta = [(a[-1] - target) * prime(a[-1])]
    for w in W[:0:-1]:
        back = w @ delta[0]
        delta.insert(0, back * prime(back))
    return delta


def wrong__slope_of_wrong_layer__loops(a, W, target):
    """f' of the layer above inside the sum, f' of the own layer nowhere.
    First wrong: delta[-2]
    """
    L = len(a)
    delta = [np.zeros(len(h)) for h in a]
    for k in range(len(target)):
        delta[L - 1][k] = (a[L - 1][k] - target[k]) * a[L - 1][k] * (1 - a[L - 1][k])
    for l in range(L - 2, -1, -1):
        for j in range(len(a[l])):
            for k in range(len(a[l + 1])):
                delta[l][j] += W[l + 1][j, k] * delta[l + 1][k] * a[l + 1][k] * (1 - a[l + 1][k])
    return delta


def wrong__slope_of_wrong_layer__matrices(a, W, target):
    """W @ (delta * f'(above)), because I thought f' belongs to the layer the error comes from.
    First wrong: delta[-2]
    """
    grads = [h * (1 - h) for h in a]
    d = grads[-1] * (a[-1] - target)
    delta = [d]
    for above in range(len(a) - 1, 0, -1):
        d = W[above] @ (grads[above] * d)
        delta.insert(0, d)
    return delta


# ---- error at the output


def wrong__missing_error__loops(a, W, target):
    """The output's delta is the slope alone.
    First wrong: delta[-1]
    """
    delta = [np.array([o * (1 - o) for o in a[-1]])]
    for l in range(len(a) - 2, -1, -1):
        d = np.zeros(len(a[l]))
        for j in range(len(d)):
            d[j] = a[l][j] * (1 - a[l][j]) * sum(W[l + 1][j, k] * delta[0][k] for k in range(len(delta[0])))
        delta.insert(0, d)
    return delta


def wrong__missing_error__matrices(a, W, target):
    """Started the recursion with f'(out), the target is not used.
    First wrong: delta[-1]
    """
    delta = [None] * len(a)
    delta[-1] = a[-1] - a[-1] ** 2
    for l in range(len(a) - 2, -1, -1):
        delta[l] = (a[l] - a[l] ** 2) * (W[l + 1] @ delta[l + 1])
    return delta


def wrong__loss_for_error__loops(a, W, target):
    """Sends the loss itself back, 1/2 (out - t)^2 times the slope.
    First wrong: delta[-1]
    """
    L = len(a)
    delta = [np.zeros(len(h)) for h in a]
    for k, (o, t) in enumerate(zip(a[-1], target)):
        delta[-1][k] = 0.5 * (o - t) ** 2 * o * (1 - o)
    for l in range(L - 2, -1, -1):
        for j in range(len(a[l])):
            s = 0
            for k in range(len(a[l + 1])):
                s = s + delta[l + 1][k] * W[l + 1][j, k]
            delta[l][j] = s * a[l][j] * (1 - a[l][j])
    return delta


def wrong__target_only__matrices(a, W, target):
    """-target instead of out - target.
    First wrong: delta[-1]
    """
    delta = [-target * a[-1] * (1 - a[-1])]
    for l in range(len(a) - 2, -1, -1):
        delta.insert(0, (W[l + 1] @ delta[0]) * a[l] * (1 - a[l]))
    return delta


def wrong__output_only__matrices(a, W, target):
    """Takes the output for the error.
    First wrong: delta[-1]
    """
    out = a[-1]
    d = out * out * (1 - out)
    delta = [d]
    for l in range(len(a) - 2, -1, -1):
        d = d @ W[l + 1].T * a[l] * (1 - a[l])
        delta.insert(0, d)
    return delta


def wrong__absolute_values__loops(a, W, target):
    """Adds up the sizes of the blames, each one made positive.
    First wrong: delta[-2]
    """
    delta = [np.array([(o - t) * o * (1 - o) for o, t in zip(a[-1], target)])]
    for l in range(len(W) - 1, 0, -1):
        d = []
        for j in range(len(a[l - 1])):
            s = sum(abs(x * y) for x, y in zip(W[l][j], delta[0]))
            d.append(s * a[l - 1][j] * (1 - a[l - 1][j]))
        delta.insert(0, np.array(d))
    return delta


def wrong__absolute_values__matrices(a, W, target):
    """Blame goes by the size of the weights, np.abs(W).
    First wrong: delta[-2]
    """
    delta = [(a[-1] - target) * a[-1] * (1 - a[-1])]
    for l in range(len(a) - 2, -1, -1):
        delta.insert(0, np.abs(W[l + 1]) @ delta[0] * a[l] * (1 - a[l]))
    return delta


def wrong__n_times_k__matrices(a, W, target):
    """Divides the error by the number of outputs.
    First wrong: delta[-1]
    """
    error = (a[-1] - target) / target.size
    delta = [error * a[-1] * (1 - a[-1])]
    for l in range(len(a) - 2, -1, -1):
        delta.insert(0, W[l + 1] @ delta[0] * a[l] * (1 - a[l]))
    return delta


# ---- sums


def wrong__weights_forgotten__loops(a, W, target):
    """Adds up the deltas of the layer above without weights.
    First wrong: delta[-2]
    """
    delta = [[(o - t) * o * (1 - o) for o, t in zip(a[-1], target)]]
    for h in a[-2::-1]:
        total = 0.0
        for d in delta[0]:
            total += d
        delta.insert(0, [total * v * (1 - v) for v in h])
    return [np.array(d) for d in delta]


def wrong__weights_forgotten__matrices(a, W, target):
    """delta.sum() times the slope.
    First wrong: delta[-2]
    """
    delta = [None] * len(a)
    delta[-1] = (a[-1] - target) * a[-1] * (1 - a[-1])
    for l in range(len(a) - 2, -1, -1):
        delta[l] = delta[l + 1].sum() * a[l] * (1 - a[l])
    return delta


def wrong__last_only__loops(a, W, target):
    """= for += in the inner loop.
    First wrong: delta[-2]
    """
    L = len(a)
    delta = [np.zeros(len(h)) for h in a]
    delta[L - 1] = (a[L - 1] - target) * a[L - 1] * (1 - a[L - 1])
    for l in range(L - 2, -1, -1):
        for j in range(len(a[l])):
            for k in range(len(a[l + 1])):
                delta[l][j] = W[l + 1][j, k] * delta[l + 1][k] * a[l][j] * (1 - a[l][j])
    return delta


def wrong__first_only__matrices(a, W, target):
    """Column 0 of W and the first delta above only.
    First wrong: delta[-2]
    """
    d = (a[-1] - target) * a[-1] * (1 - a[-1])
    delta = [d]
    for l in range(len(a) - 2, -1, -1):
        d = W[l + 1][:, 0] * d[0] * a[l] * (1 - a[l])
        delta.insert(0, d)
    return delta


def wrong__mean_for_sum__loops(a, W, target):
    """Every unit takes the average of what comes from above.
    First wrong: delta[-2]
    """
    delta = [np.array([(o - t) * o * (1 - o) for o, t in zip(a[-1], target)])]
    for l in range(len(a) - 2, -1, -1):
        d = np.zeros(len(a[l]))
        for j in range(len(a[l])):
            for k in range(len(a[l + 1])):
                d[j] += W[l + 1][j, k] * delta[0][k]
            d[j] = d[j] / len(a[l + 1]) * a[l][j] * (1 - a[l][j])
        delta = [d] + delta
    return delta


def wrong__mean_for_sum__matrices(a, W, target):
    """np.mean(W * delta, axis=1).
    First wrong: delta[-2]
    """
    delta = [(a[-1] - target) * a[-1] * (1 - a[-1])]
    for w, h in zip(W[:0:-1], a[:-1][::-1]):
        delta.append(np.mean(w * delta[-1], axis=1) * h * (1 - h))
    return delta[::-1]


def wrong__max_for_sum__matrices(a, W, target):
    """Each unit takes the largest of the blames from above.
    First wrong: delta[-2]
    """
    delta = [(a[-1] - target) * a[-1] * (1 - a[-1])]
    for l in range(len(a) - 2, -1, -1):
        delta.insert(0, np.max(W[l + 1] * delta[0], axis=1) * a[l] * (1 - a[l]))
    return delta


def wrong__own_weight_only__loops(a, W, target):
    """Unit j is only blamed by unit j above.
    First wrong: delta[-2]
    """
    L = len(a)
    delta = [np.zeros(len(h)) for h in a]
    for k in range(len(target)):
        delta[-1][k] = (a[-1][k] - target[k]) * a[-1][k] * (1 - a[-1][k])
    for l in range(L - 2, -1, -1):
        for j in range(min(len(a[l]), len(a[l + 1]))):
            delta[l][j] = W[l + 1][j, j] * delta[l + 1][j] * a[l][j] * (1 - a[l][j])
    return delta


# ---- matrices and layers


def wrong__reshaped_for_transposed__loops(a, W, target):
    """Numbers the weights the other way round in a flat list.
    First wrong: delta[-2]
    """
    delta = [np.array([(o - t) * o * (1 - o) for o, t in zip(a[-1], target)])]
    for l in range(len(a) - 2, -1, -1):
        weights = list(W[l + 1].ravel())
        d = np.zeros(len(a[l]))
        for k in range(len(a[l + 1])):
            for j in range(len(a[l])):
                d[j] += weights.pop(0) * delta[0][k]
        delta.insert(0, d * a[l] * (1 - a[l]))
    return delta


def wrong__reshaped_for_transposed__matrices(a, W, target):
    """delta @ W did not fit, so W is reshaped.
    First wrong: delta[-2]
    """
    delta = [(a[-1] - target) * a[-1] * (1 - a[-1])]
    for l in range(len(a) - 2, -1, -1):
        w = W[l + 1].reshape(len(a[l + 1]), len(a[l]))
        delta.insert(0, (delta[0] @ w) * a[l] * (1 - a[l]))
    return delta


def wrong__matrix_for_elementwise__matrices(a, W, target):
    """The hidden slope is a @ (1 - a), one number.
    First wrong: delta[-2]
    """
    delta = [(a[-1] - target) * a[-1] * (1 - a[-1])]
    for l in range(len(a) - 2, -1, -1):
        delta.insert(0, (W[l + 1] @ delta[0]) * (a[l] @ (1 - a[l])))
    return delta


def wrong__list_reversed__loops(a, W, target):
    """append instead of insert(0): the output's delta comes first.
    First wrong: delta[-1]
    """
    delta = [[(o - t) * o * (1 - o) for o, t in zip(a[-1], target)]]
    for l in range(len(a) - 2, -1, -1):
        d = []
        for j in range(len(a[l])):
            d.append(sum(W[l + 1][j, k] * delta[-1][k] for k in range(len(a[l + 1]))) * a[l][j] * (1 - a[l][j]))
        delta.append(d)
    return [np.array(d) for d in delta]


def wrong__list_reversed__matrices(a, W, target):
    """Built from the top down and not turned round at the end.
    First wrong: delta[-1]
    """
    out = a[-1]
    deltas = [(out - target) * out * (1 - out)]
    for w, h in zip(reversed(W), reversed(a[:-1])):
        deltas.append(w @ deltas[-1] * h * (1 - h))
    return deltas


def wrong__updated_weights__loops(a, W, target):
    """Each layer makes its step (eta = 0.5) before the blame goes further down.
    First wrong: delta[-2]
    """
    eta = 0.5
    L = len(a)
    delta = [np.zeros(len(h)) for h in a]
    for k in range(len(target)):
        delta[-1][k] = (a[-1][k] - target[k]) * a[-1][k] * (1 - a[-1][k])
    for l in range(L - 2, -1, -1):
        new = W[l + 1].copy()
        for j in range(len(a[l])):
            for k in range(len(a[l + 1])):
                new[j, k] -= eta * a[l][j] * delta[l + 1][k]
                delta[l][j] += new[j, k] * delta[l + 1][k]
            delta[l][j] *= a[l][j] * (1 - a[l][j])
    return delta


def wrong__updated_weights__matrices(a, W, target):
    """Wrote the training step into the loop, with eta 0.1, and used the new W.
    First wrong: delta[-2]
    """
    delta = [(a[-1] - target) * a[-1] * (1 - a[-1])]
    for l in range(len(a) - 2, -1, -1):
        W_new = W[l + 1] - 0.1 * np.outer(a[l], delta[0])
        delta.insert(0, (W_new @ delta[0]) * a[l] * (1 - a[l]))
    return delta


# ---- sign, factors, precision


def wrong__sign__loops(a, W, target):
    """target - out at the output.
    First wrong: delta[-1]
    """
    delta = [np.zeros(len(h)) for h in a]
    for k in range(len(target)):
        delta[-1][k] = (target[k] - a[-1][k]) * a[-1][k] * (1 - a[-1][k])
    for l in range(len(a) - 2, -1, -1):
        for j in range(len(a[l])):
            blame = 0
            for k in range(len(delta[l + 1])):
                blame += W[l + 1][j, k] * delta[l + 1][k]
            delta[l][j] = blame * a[l][j] * (1 - a[l][j])
    return delta


def wrong__sign__matrices(a, W, target):
    """A minus too many in the recursion of the hidden layers.
    First wrong: delta[-2]
    """
    delta = [(a[-1] - target) * a[-1] * (1 - a[-1])]
    for l in range(len(a) - 2, -1, -1):
        delta.insert(0, -W[l + 1] @ delta[0] * a[l] * (1 - a[l]))
    return delta


def wrong__slope_squared_sign__matrices(a, W, target):
    """My slope function returns a**2 - a; used for all layers.
    First wrong: delta[-1]
    """

    def slope(h):
        return h**2 - h

    delta = [None] * len(a)
    delta[-1] = (a[-1] - target) * slope(a[-1])
    for l in range(len(a) - 2, -1, -1):
        delta[l] = (W[l + 1] @ delta[l + 1]) * slope(a[l])
    return delta


def wrong__factor_two__loops(a, W, target):
    """2 (out - target), as if the loss had no 1/2.
    First wrong: delta[-1]
    """
    delta = [[2 * (o - t) * o * (1 - o) for o, t in zip(a[-1], target)]]
    for l in range(len(a) - 2, -1, -1):
        delta.insert(0, [
            h * (1 - h) * sum(w * d for w, d in zip(row, delta[0])) for h, row in zip(a[l], W[l + 1])
        ])
    return [np.array(d) for d in delta]


def wrong__factor_two__matrices(a, W, target):
    """The 2 comes in again in every hidden layer.
    First wrong: delta[-2]
    """
    delta = [(a[-1] - target) * a[-1] * (1 - a[-1])]
    for l in range(len(a) - 2, -1, -1):
        delta.insert(0, 2 * (W[l + 1] @ delta[0]) * a[l] * (1 - a[l]))
    return delta


def wrong__factor_half__loops(a, W, target):
    """The 1/2 of the loss is left in front of the error.
    First wrong: delta[-1]
    """
    delta = [np.zeros(len(h)) for h in a]
    for k in range(len(target)):
        delta[-1][k] = 0.5 * (a[-1][k] - target[k]) * a[-1][k] * (1 - a[-1][k])
    for l in range(len(a) - 2, -1, -1):
        for j in range(len(a[l])):
            for k in range(len(a[l + 1])):
                delta[l][j] += W[l + 1][j, k] * delta[l + 1][k]
            delta[l][j] *= a[l][j] * (1 - a[l][j])
    return delta


def wrong__factor_half__matrices(a, W, target):
    """Halves the blame in each hidden layer.
    First wrong: delta[-2]
    """
    d = (a[-1] - target) * a[-1] * (1 - a[-1])
    delta = [d]
    for l in range(len(a) - 2, -1, -1):
        d = (W[l + 1] @ d) / 2 * a[l] * (1 - a[l])
        delta.insert(0, d)
    return delta


def wrong__float32__matrices(a, W, target):
    """Single precision inside.
    First wrong: delta[-1]
    """
    a = [h.astype("float32") for h in a]
    delta = [(a[-1] - target.astype("float32")) * a[-1] * (1 - a[-1])]
    for l in range(len(a) - 2, -1, -1):
        delta.insert(0, (W[l + 1].astype("float32") @ delta[0]) * a[l] * (1 - a[l]))
    return [d.astype("float64") for d in delta]


# ---- other conventions


def convention__sign__matrices(a, W, target):
    """Delta as -dE/dz, with target - out; the weights are meant to be changed with +=.
    First wrong: delta[-1]
    """
    delta = [None] * len(a)
    delta[-1] = (target - a[-1]) * a[-1] * (1 - a[-1])
    for l in range(len(a) - 2, -1, -1):
        delta[l] = (W[l + 1] @ delta[l + 1]) * a[l] * (1 - a[l])
    return delta


def convention__factor_two__matrices(a, W, target):
    """Squared error without the 1/2.
    First wrong: delta[-1]
    """
    dout = 2 * (a[-1] - target)
    delta = [dout * a[-1] * (1 - a[-1])]
    for l in range(len(a) - 2, -1, -1):
        dout = W[l + 1] @ delta[0]
        delta.insert(0, dout * a[l] * (1 - a[l]))
    return delta


# ---- two at once


def pair__sign__missing_slope__loops(a, W, target):
    """target - out at the output, and no slope in the hidden layers.
    First wrong: delta[-1]
    """
    delta = [[(t - o) * o * (1 - o) for o, t in zip(a[-1], target)]]
    for l in range(len(a) - 2, -1, -1):
        layer = [0.0] * len(a[l])
        for j in range(len(a[l])):
            for k in range(len(delta[0])):
                layer[j] += W[l + 1][j, k] * delta[0][k]
        delta.insert(0, layer)
    return [np.array(d) for d in delta]


def pair__missing_slope__slope_of_tanh__matrices(a, W, target):
    """out - target without slope, hidden with 1 - a**2: all copied from the tanh network with softmax.
    First wrong: delta[-1]
    """
    delta = [a[-1] - target]
    for l in range(len(a) - 2, -1, -1):
        delta.insert(0, (delta[0] @ W[l + 1].T) * (1 - a[l] ** 2))
    return delta


def pair__factor_two__weights_forgotten__matrices(a, W, target):
    """2 (out - target) at the output, and no weights on the way back.
    First wrong: delta[-1]
    """
    delta = [2 * (a[-1] - target) * a[-1] * (1 - a[-1])]
    for l in range(len(a) - 2, -1, -1):
        delta.insert(0, delta[0].sum() * a[l] * (1 - a[l]))
    return delta


def pair__last_only__one_minus_a__loops(a, W, target):
    """= for += and (1 - a) alone, both in the hidden layers.
    First wrong: delta[-2]
    """
    delta = [(a[-1] - target) * a[-1] * (1 - a[-1])]
    for l in range(len(a) - 2, -1, -1):
        d = np.zeros(len(a[l]))
        for j in range(len(d)):
            for k in range(len(delta[0])):
                d[j] = W[l + 1][j, k] * delta[0][k]
            d[j] *= 1 - a[l][j]
        delta.insert(0, d)
    return delta


def pair__loss_for_error__mean_for_sum__matrices(a, W, target):
    """The loss sent back, and averaged over the units above.
    First wrong: delta[-1]
    """
    delta = [(a[-1] - target) ** 2 / 2 * a[-1] * (1 - a[-1])]
    for l in range(len(a) - 2, -1, -1):
        delta.insert(0, (W[l + 1] * delta[0]).mean(axis=1) * a[l] * (1 - a[l]))
    return delta


# ---- not in the list


def outside__constant_slope__matrices(a, W, target):
    """1/4 for every hidden slope, its largest value.
    First wrong: delta[-2]
    """
    delta = [(a[-1] - target) * a[-1] * (1 - a[-1])]
    for l in range(len(a) - 2, -1, -1):
        delta.insert(0, W[l + 1] @ delta[0] / 4)
    return delta


def outside__cubic_slope__matrices(a, W, target):
    """a(1 - a)^2 for the slope at the output.
    First wrong: delta[-1]
    """
    delta = [(a[-1] - target) * a[-1] * (1 - a[-1]) ** 2]
    for l in range(len(a) - 2, -1, -1):
        delta.insert(0, (W[l + 1] @ delta[0]) * a[l] * (1 - a[l]))
    return delta


def outside__weight_decay_in_delta__matrices(a, W, target):
    """Adds 0.01 times the sum of the weights to each hidden delta.
    First wrong: delta[-2]
    """
    delta = [(a[-1] - target) * a[-1] * (1 - a[-1])]
    for l in range(len(a) - 2, -1, -1):
        d = (W[l + 1] @ delta[0]) * a[l] * (1 - a[l])
        delta.insert(0, d + 0.01 * W[l + 1].sum(axis=1))
    return delta


def outside__first_layer_left_at_zero__loops(a, W, target):
    """range(L - 2, 0, -1) stops before layer 0.
    First wrong: delta[0]
    """
    L = len(a)
    delta = [np.zeros(len(h)) for h in a]
    for k in range(len(target)):
        delta[-1][k] = (a[-1][k] - target[k]) * a[-1][k] * (1 - a[-1][k])
    for l in range(L - 2, 0, -1):
        for j in range(len(a[l])):
            for k in range(len(a[l + 1])):
                delta[l][j] += W[l + 1][j, k] * delta[l + 1][k]
            delta[l][j] *= a[l][j] * (1 - a[l][j])
    return delta


def outside__first_unit_missed__loops(a, W, target):
    """range(1, n) counted like the book, so the first unit of every hidden layer is missed.
    First wrong: delta[-2]
    """
    L = len(a)
    delta = [np.zeros(len(h)) for h in a]
    delta[-1] = (a[-1] - target) * a[-1] * (1 - a[-1])
    for l in range(L - 2, -1, -1):
        for j in range(1, len(a[l])):
            for k in range(len(a[l + 1])):
                delta[l][j] += W[l + 1][j, k] * delta[l + 1][k]
            delta[l][j] *= a[l][j] * (1 - a[l][j])
    return delta


def outside__normalised__matrices(a, W, target):
    """Every hidden delta is divided by its length, so that it does not vanish.
    First wrong: delta[-2]
    """
    delta = [(a[-1] - target) * a[-1] * (1 - a[-1])]
    for l in range(len(a) - 2, -1, -1):
        d = (W[l + 1] @ delta[0]) * a[l] * (1 - a[l])
        delta.insert(0, d / np.linalg.norm(d))
    return delta


def outside__cross_entropy_error__matrices(a, W, target):
    """Derivative of another loss at the output: -t/out + (1 - t)/(1 - out), without the slope's cancelling.
    First wrong: delta[-1]
    """
    out = a[-1]
    delta = [(-target / out + (1 - target) / (1 - out)) * out]
    for l in range(len(a) - 2, -1, -1):
        delta.insert(0, (W[l + 1] @ delta[0]) * a[l] * (1 - a[l]))
    return delta


def outside__error_at_every_layer__loops(a, W, target):
    """Adds the output's mean error to the blame of every hidden unit.
    First wrong: delta[-2]
    """
    error = sum(o - t for o, t in zip(a[-1], target)) / len(target)
    delta = [np.array([(o - t) * o * (1 - o) for o, t in zip(a[-1], target)])]
    for l in range(len(a) - 2, -1, -1):
        d = np.zeros(len(a[l]))
        for j in range(len(d)):
            blame = error
            for k in range(len(a[l + 1])):
                blame += W[l + 1][j, k] * delta[0][k]
            d[j] = blame * a[l][j] * (1 - a[l][j])
        delta.insert(0, d)
    return delta


def outside__sorted_activations__matrices(a, W, target):
    """Sorts the hidden activations before taking the slope.
    First wrong: delta[-2]
    """
    delta = [(a[-1] - target) * a[-1] * (1 - a[-1])]
    for l in range(len(a) - 2, -1, -1):
        h = np.sort(a[l])
        delta.insert(0, (W[l + 1] @ delta[0]) * h * (1 - h))
    return delta


def wrong__numeric_difference__central(a, W, target):
    """The loss as a function of each z; the biases come from a and W.

    First wrong: delta[-1]
    """
    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    z = [np.log(v / (1 - v)) for v in a]
    b = [z[l] - a[l - 1] @ W[l] if l else None for l in range(len(z))]

    def loss(l, z_l):
        out = sigmoid(z_l)
        for k in range(l + 1, len(z)):
            out = sigmoid(out @ W[k] + b[k])
        return 0.5 * ((out - target) ** 2).sum()

    delta = []
    for l in range(len(z)):
        steps = 1e-5 * np.eye(len(z[l]))
        delta.append(np.array([(loss(l, z[l] + s) - loss(l, z[l] - s)) / 2e-5 for s in steps]))
    return delta
