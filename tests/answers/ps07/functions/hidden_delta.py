"""Answers of learners to ps07, hidden_delta(delta_above, W_above, a): right ones, wrong ones, other conventions."""

import math

import numpy as np


def right__matrix_product(delta_above, W_above, a):
    """Weights times the deltas above, times the slope."""
    return (W_above @ delta_above) * a * (1 - a)


def right__slow_nested_loops(delta_above, W_above, a):
    """By hand, unit by unit, edge by edge, the sigmoid's slope by way of exp."""
    n = len(a)
    delta = [0.0] * n
    for j in range(n):
        z = -math.log(1 / a[j] - 1)
        slope = math.exp(-z) / (1 + math.exp(-z)) ** 2
        for k in range(len(delta_above)):
            delta[j] = delta[j] + slope * W_above[j][k] * delta_above[k]
    return np.array(delta)


def right__einsum(delta_above, W_above, a):
    """One einsum over everything."""
    return np.einsum("k,jk,j,j->j", delta_above, W_above, a, 1 - a)


def right__row_times_transposed(delta_above, W_above, a):
    """As in the batch lesson: delta is a row, W transposed; a - a squared for the slope."""
    row = delta_above.reshape(1, -1) @ W_above.T
    return (row * (a - a**2)).ravel()


def right__columns_added_up(delta_above, W_above, a):
    """Adds one weighted column after the other, slope by way of tanh'(z/2)/4."""
    blame = np.zeros(a.shape)
    for d, column in zip(delta_above, W_above.T):
        blame += d * column
    t = 2 * a - 1
    return blame * (1 - t**2) / 4


# ---- slope


def wrong__missing_slope__loops(delta_above, W_above, a):
    """I only carry the deltas back along the weights."""
    result = np.zeros(len(a))
    for j in range(len(a)):
        for k in range(len(delta_above)):
            result[j] += W_above[j, k] * delta_above[k]
    return result


def wrong__missing_slope__matrices(delta_above, W_above, a):
    """Weights times delta, and forgot that there is a sigmoid in between."""
    return W_above @ delta_above


def wrong__slope_of_tanh__loops(delta_above, W_above, a):
    """1 - a^2 from the tanh lesson."""
    out = []
    for j, aj in enumerate(a):
        s = sum(w * d for w, d in zip(W_above[j], delta_above))
        out.append(s * (1 - aj * aj))
    return np.array(out)


def wrong__slope_of_tanh__matrices(delta_above, W_above, a):
    """delta @ W.T * (1 - a**2), copied from the tanh network."""
    return np.dot(delta_above, W_above.T) * (1 - np.power(a, 2))


def wrong__one_minus_a__loops(delta_above, W_above, a):
    """The slope is only (1 - a)."""
    grad = np.empty_like(a)
    for unit in range(a.size):
        total = 0.0
        for k in range(delta_above.size):
            total += delta_above[k] * W_above[unit, k]
        grad[unit] = (1 - a[unit]) * total
    return grad


def wrong__one_minus_a__matrices(delta_above, W_above, a):
    """Lost the first a of a(1 - a)."""
    back = W_above.dot(delta_above)
    return back - a * back


def wrong__slope_without_one_minus_a__loops(delta_above, W_above, a):
    """Multiplied with the activation, not with a(1 - a)."""
    d = np.zeros_like(a)
    for j in range(len(d)):
        for k, dk in enumerate(delta_above):
            d[j] += dk * W_above[j, k] * a[j]
    return d


def wrong__slope_without_one_minus_a__matrices(delta_above, W_above, a):
    """Only a as the slope."""
    return np.diag(a) @ W_above @ delta_above


def wrong__slope_taken_at_a__loops(delta_above, W_above, a):
    """Calls sigmoid once more on a before taking the slope."""

    def sigmoid_prime(z):
        s = 1 / (1 + math.exp(-z))
        return s * (1 - s)

    deltas = []
    for j in range(len(a)):
        err = 0
        for k in range(len(delta_above)):
            err += W_above[j, k] * delta_above[k]
        deltas.append(err * sigmoid_prime(a[j]))
    return np.array(deltas)


def wrong__slope_taken_at_a__matrices(delta_above, W_above, a):
    """sigmoid'(a), with the formula for z: e^-a / (1 + e^-a)^2."""
    e = np.exp(-a)
    return (W_above @ delta_above) * (e / (1 + e) ** 2)


def wrong__slope_taken_at_z__loops(delta_above, W_above, a):
    """First goes back to z with the logit and then puts z into a(1 - a)."""
    delta = np.zeros(len(a))
    for j in range(len(a)):
        z = math.log(a[j]) - math.log(1 - a[j])
        for k in range(len(delta_above)):
            delta[j] += delta_above[k] * W_above[j, k] * z * (1 - z)
    return delta


def wrong__slope_taken_at_z__matrices(delta_above, W_above, a):
    """z(1 - z), with z from the inverse sigmoid."""
    z = np.log(a / (1 - a))
    return W_above @ delta_above * (z - z**2)


def wrong__slope_twice__loops(delta_above, W_above, a):
    """The slope is multiplied inside the loop and again at the end."""
    delta = np.zeros(len(a))
    for j in range(len(a)):
        fprime = a[j] * (1 - a[j])
        for k in range(len(delta_above)):
            delta[j] += fprime * W_above[j, k] * delta_above[k]
        delta[j] = delta[j] * fprime
    return delta


def wrong__slope_twice__matrices(delta_above, W_above, a):
    """First dE/da, then times the slope for dE/dz, then again times the slope."""
    slope = a * (1 - a)
    dE_da = W_above @ delta_above
    dE_dz = dE_da * slope
    return dE_dz * slope


def wrong__slope_at_delta__loops(delta_above, W_above, a):
    """Puts the error that arrives into s(1 - s) instead of the activation."""
    res = []
    for j in range(len(a)):
        e = 0.0
        for k in range(len(delta_above)):
            e += W_above[j, k] * delta_above[k]
        res.append(e * e * (1 - e))
    return np.array(res)


def wrong__slope_at_delta__matrices(delta_above, W_above, a):
    """The slope is taken at the deltas above, before they go back."""
    d = delta_above * (delta_above * (1 - delta_above))
    return W_above @ d


def wrong__matrix_for_elementwise__loops(delta_above, W_above, a):
    """The slope became one number: all a(1 - a) added up."""
    slope = 0
    for value in a:
        slope += value * (1 - value)
    delta = np.zeros(len(a))
    for j in range(len(a)):
        for k in range(len(delta_above)):
            delta[j] += slope * delta_above[k] * W_above[j, k]
    return delta


def wrong__matrix_for_elementwise__matrices(delta_above, W_above, a):
    """@ for * between a and 1 - a."""
    return (W_above @ delta_above) * (a @ (1 - a))


# ---- sum over the units above


def wrong__mean_for_sum__loops(delta_above, W_above, a):
    """Averages the blame from the units above."""
    K = len(delta_above)
    blame = [sum(W_above[j, k] * delta_above[k] for k in range(K)) / K for j in range(len(a))]
    return np.array([blame[j] * a[j] * (1 - a[j]) for j in range(len(a))])


def wrong__mean_for_sum__matrices(delta_above, W_above, a):
    """np.mean over the units above."""
    return np.mean(W_above * delta_above, axis=1) * a * (1 - a)


def wrong__max_for_sum__loops(delta_above, W_above, a):
    """Only the largest contribution of a unit above counts."""
    delta = np.zeros(len(a))
    for j in range(len(a)):
        best = -np.inf
        for k in range(len(delta_above)):
            c = W_above[j, k] * delta_above[k]
            if c > best:
                best = c
        delta[j] = best * a[j] * (1 - a[j])
    return delta


def wrong__max_for_sum__matrices(delta_above, W_above, a):
    """max instead of sum along the row."""
    return (delta_above[None, :] * W_above).max(axis=1) * (a - a * a)


def wrong__product_for_sum__loops(delta_above, W_above, a):
    """Multiplies the paths with each other."""
    delta = np.ones(len(a))
    for j in range(len(a)):
        for k in range(len(delta_above)):
            delta[j] *= W_above[j, k] * delta_above[k]
        delta[j] *= a[j] * (1 - a[j])
    return delta


def wrong__product_for_sum__matrices(delta_above, W_above, a):
    """np.prod where the sum over the paths belongs."""
    return np.prod(W_above * delta_above, axis=1) * a * (1 - a)


def wrong__weights_forgotten__loops(delta_above, W_above, a):
    """Adds up the deltas above without their weights."""
    delta = np.zeros(len(a))
    for j in range(len(a)):
        for d in delta_above:
            delta[j] += d
        delta[j] *= a[j] * (1 - a[j])
    return delta


def wrong__weights_forgotten__matrices(delta_above, W_above, a):
    """Sum of delta times slope, W is not used at all."""
    return np.sum(delta_above) * (a * (1.0 - a))


def wrong__absolute_values__loops(delta_above, W_above, a):
    """Blame in proportion to the size of the weight."""
    delta = np.zeros(len(a))
    for j in range(len(a)):
        for k in range(len(delta_above)):
            delta[j] += abs(W_above[j, k]) * delta_above[k]
        delta[j] = delta[j] * a[j] * (1 - a[j])
    return delta


def wrong__absolute_values__matrices(delta_above, W_above, a):
    """Each blame is made positive before they are added up."""
    blame = np.abs(W_above * delta_above).sum(axis=1)
    return blame * a * (1 - a)


def wrong__own_weight_only__loops(delta_above, W_above, a):
    """Unit j only hears from unit j above."""
    delta = np.zeros(len(a))
    for j in range(len(a)):
        for k in range(len(delta_above)):
            if j == k:
                delta[j] += W_above[j, k] * delta_above[k]
        delta[j] *= a[j] * (1 - a[j])
    return delta


def wrong__own_weight_only__matrices(delta_above, W_above, a):
    """Keeps the diagonal of W only."""
    diagonal = np.eye(W_above.shape[0], W_above.shape[1]) * W_above
    return diagonal @ delta_above * a * (1 - a)


def wrong__first_only__loops(delta_above, W_above, a):
    """The return of the inner helper is inside the loop, so only the first unit above counts."""

    def blame(j):
        total = 0.0
        for k in range(len(delta_above)):
            total += W_above[j, k] * delta_above[k]
            return total

    return np.array([blame(j) * a[j] * (1 - a[j]) for j in range(len(a))])


def wrong__first_only__matrices(delta_above, W_above, a):
    """Takes column 0 and delta 0."""
    return W_above[:, 0] * delta_above[0] * a * (1 - a)


def wrong__last_only__loops(delta_above, W_above, a):
    """= where += is needed: only the last unit above is left."""
    delta = np.zeros(len(a))
    for j in range(len(a)):
        for k in range(len(delta_above)):
            delta[j] = W_above[j, k] * delta_above[k]
        delta[j] = delta[j] * a[j] * (1 - a[j])
    return delta


def wrong__last_only__matrices(delta_above, W_above, a):
    """Overwrites back for every column."""
    for column, d in zip(W_above.T, delta_above):
        back = column * d
    return back * (a * (1 - a))


# ---- matrices


def wrong__reshaped_for_transposed__loops(delta_above, W_above, a):
    """Walks through W as a flat list in the wrong order."""
    w = W_above.flatten()
    delta = np.zeros(len(a))
    for k in range(len(delta_above)):
        for j in range(len(a)):
            delta[j] += w[k * len(a) + j] * delta_above[k]
    for j in range(len(a)):
        delta[j] *= a[j] * (1 - a[j])
    return delta


def wrong__reshaped_for_transposed__matrices(delta_above, W_above, a):
    """reshape to make the shapes fit, not .T."""
    W = W_above.reshape(len(delta_above), len(a))
    return (delta_above @ W) * a * (1 - a)


def wrong__updated_weights__loops(delta_above, W_above, a):
    """Makes the step of the weights above first (eta = 0.5) and sends the blame through the new ones."""
    eta = 0.5
    n, K = W_above.shape
    delta = np.zeros(n)
    for j in range(n):
        for k in range(K):
            new_weight = W_above[j, k] - eta * delta_above[k] * a[j]
            delta[j] += new_weight * delta_above[k]
        delta[j] *= a[j] * (1 - a[j])
    return delta


def wrong__updated_weights__matrices(delta_above, W_above, a):
    """W is updated with eta 0.1 before it is used."""
    W_above = W_above - 0.1 * np.outer(a, delta_above)
    return W_above @ delta_above * a * (1 - a)


# ---- sign, factors, precision


def wrong__sign__loops(delta_above, W_above, a):
    """The slope with its factors in the wrong order: a(a - 1)."""
    delta = np.zeros(len(a))
    for j in range(len(a)):
        for k in range(len(delta_above)):
            delta[j] += W_above[j, k] * delta_above[k] * a[j] * (a[j] - 1)
    return delta


def wrong__sign__matrices(delta_above, W_above, a):
    """A minus in front, because the step is minus the gradient."""
    return -(W_above @ delta_above) * a * (1 - a)


def wrong__factor_two__loops(delta_above, W_above, a):
    """A 2 from the square is carried into the hidden layer."""
    delta = []
    for row, act in zip(W_above, a):
        s = 0
        for w, d in zip(row, delta_above):
            s += 2 * w * d
        delta.append(s * act * (1 - act))
    return np.array(delta)


def wrong__factor_two__matrices(delta_above, W_above, a):
    """slope + slope."""
    slope = a * (1 - a)
    return (slope + slope) * (W_above @ delta_above)


def wrong__factor_half__loops(delta_above, W_above, a):
    """The 1/2 of the loss written once more."""
    delta = np.zeros(len(a))
    for j in range(len(a)):
        for k in range(len(delta_above)):
            delta[j] += 0.5 * delta_above[k] * W_above[j, k] * a[j] * (1 - a[j])
    return delta


def wrong__factor_half__matrices(delta_above, W_above, a):
    """Divides by 2 at the end."""
    d = delta_above @ W_above.T
    d = d * a * (1 - a)
    return d / 2


def wrong__float32__loops(delta_above, W_above, a):
    """Adds up in single precision."""
    delta = np.zeros(len(a), dtype=np.float32)
    for j in range(len(a)):
        for k in range(len(delta_above)):
            delta[j] += W_above[j, k] * delta_above[k]
        delta[j] *= a[j] * (1 - a[j])
    return delta.astype(float)


def wrong__float32__matrices(delta_above, W_above, a):
    """Casts everything to float32 first, as for a graphics card."""
    d, W, act = (v.astype(np.float32) for v in (delta_above, W_above, a))
    return np.float64(W @ d * act * (1 - act))


# ---- two at once


def pair__sign__missing_slope__loops(delta_above, W_above, a):
    """Subtracts the blame and forgets the slope."""
    delta = np.zeros(len(a))
    for j in range(len(a)):
        for k in range(len(delta_above)):
            delta[j] -= W_above[j, k] * delta_above[k]
    return delta


def pair__mean_for_sum__slope_of_tanh__matrices(delta_above, W_above, a):
    """Mean over the units above and the slope of tanh."""
    return (W_above * delta_above).mean(1) * (1 - a**2)


def pair__weights_forgotten__slope_without_one_minus_a__matrices(delta_above, W_above, a):
    """No weights, and a for the slope."""
    return delta_above.sum() * a


def pair__reshaped_for_transposed__missing_slope__matrices(delta_above, W_above, a):
    """reshape for .T, no slope either."""
    return delta_above @ W_above.reshape(delta_above.size, a.size)


def pair__last_only__slope_taken_at_a__loops(delta_above, W_above, a):
    """= for += and the sigmoid once more on a."""
    res = np.zeros(len(a))
    for j in range(len(a)):
        s = 1 / (1 + math.exp(-a[j]))
        for k in range(len(delta_above)):
            res[j] = W_above[j, k] * delta_above[k] * s * (1 - s)
    return res


def pair__factor_half__one_minus_a__matrices(delta_above, W_above, a):
    """1/2 from the loss, and (1 - a) only."""
    return 0.5 * W_above @ delta_above * (1 - a)


# ---- not in the list


def outside__cube_of_a__matrices(delta_above, W_above, a):
    """a - a**3 for the slope."""
    return W_above @ delta_above * (a - a**3)


def outside__bracket_misplaced__matrices(delta_above, W_above, a):
    """W @ delta * a - a, because the bracket around 1 - a was lost."""
    return W_above @ delta_above * a - a


def outside__last_unit_missed__loops(delta_above, W_above, a):
    """range(len - 1) on the outside: the last hidden unit stays 0."""
    delta = np.zeros(len(a))
    for j in range(len(a) - 1):
        for k in range(len(delta_above)):
            delta[j] += W_above[j, k] * delta_above[k]
        delta[j] *= a[j] * (1 - a[j])
    return delta


def outside__last_unit_above_missed__loops(delta_above, W_above, a):
    """range(len - 1) in the inner loop: the last unit above is not heard."""
    delta = np.zeros(len(a))
    for j in range(len(a)):
        k = 0
        while k < len(delta_above) - 1:
            delta[j] += W_above[j, k] * delta_above[k]
            k += 1
        delta[j] *= a[j] * (1 - a[j])
    return delta


def outside__clipped_at_zero__matrices(delta_above, W_above, a):
    """Negative blames are cut off, only those that push upwards count."""
    return np.maximum(0, W_above * delta_above).sum(axis=1) * a * (1 - a)


def wrong__rounded_result__matrices(delta_above, W_above, a):
    """Rounded to 4 digits, like on the slides."""
    return np.round(W_above @ delta_above * a * (1 - a), 4)


def outside__total_not_reset__loops(delta_above, W_above, a):
    """The sum is not set back to 0 for the next unit."""
    delta = np.zeros(len(a))
    total = 0.0
    for j in range(len(a)):
        for k in range(len(delta_above)):
            total += W_above[j, k] * delta_above[k]
        delta[j] = total * a[j] * (1 - a[j])
    return delta


def outside__slope_inside_running_sum__loops(delta_above, W_above, a):
    """The slope is multiplied on after each unit above, in the inner loop."""
    delta = np.zeros(len(a))
    for j in range(len(a)):
        for k in range(len(delta_above)):
            delta[j] += W_above[j, k] * delta_above[k]
            delta[j] *= a[j] * (1 - a[j])
    return delta


def outside__deltas_above_reversed__matrices(delta_above, W_above, a):
    """Reads the deltas above from the last to the first."""
    return W_above @ delta_above[::-1] * a * (1 - a)


def outside__constant_slope__matrices(delta_above, W_above, a):
    """1/4 for every slope, as if all units stood at z = 0."""
    return 0.25 * (W_above @ delta_above)


def outside__weights_normalised__matrices(delta_above, W_above, a):
    """The blame is shared out: each unit above divides its delta among its weights so that the shares sum to one."""
    shares = W_above / W_above.sum(axis=0)
    return shares @ delta_above * a * (1 - a)


def outside__a_added__loops(delta_above, W_above, a):
    """+ where * is needed between blame and slope."""
    delta = np.zeros(len(a))
    for j in range(len(a)):
        for k in range(len(delta_above)):
            delta[j] += W_above[j, k] * delta_above[k]
        delta[j] += a[j] * (1 - a[j])
    return delta


def right__complex_step(delta_above, W_above, a):
    """The sum that arrives above, at z + 1e-30 i."""
    delta = np.zeros(len(a))
    for j in range(len(a)):
        z = np.log(a / (1 - a)) + 0j
        z[j] += 1e-30j
        delta[j] = ((1 / (1 + np.exp(-z))) @ W_above @ delta_above).imag / 1e-30
    return delta


def wrong__numeric_difference__central(delta_above, W_above, a):
    """Each z up and down by 1e-4."""
    z = np.log(a / (1 - a))
    up, down = 1 / (1 + np.exp(-z - 1e-4)), 1 / (1 + np.exp(-z + 1e-4))
    return (up - down) / 2e-4 * (W_above @ delta_above)


def wrong__numeric_difference__forward(delta_above, W_above, a):
    """What goes up, as a number, and how it changes."""
    def up(z):
        return float(np.dot((1 / (1 + np.exp(-z))) @ W_above, delta_above))

    z = np.log(a / (1 - a))
    delta = np.zeros_like(z)
    for j in range(len(z)):
        moved = z.copy()
        moved[j] += 1e-6
        delta[j] = (up(moved) - up(z)) / 1e-6
    return delta


def wrong__float32__on_the_way(delta_above, W_above, a):
    """The slope is kept in float32, and so is what comes down."""
    slope = (a.astype(np.float32) * (1 - a.astype(np.float32))).astype(np.float64)
    return (W_above.astype(np.float32) @ delta_above.astype(np.float32)).astype(np.float64) * slope
