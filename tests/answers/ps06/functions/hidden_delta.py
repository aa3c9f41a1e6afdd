"""Answers of learners to ps06, hidden_delta(delta2, W2, a1): right ones, wrong ones, other conventions."""

import math

import numpy as np


def right__matrix_product(delta2, W2, a1):
    """W2 @ delta2 times the slope."""
    return (W2 @ delta2) * a1 * (1 - a1)


def right__weights_by_name(delta2, W2, a1):
    """w5 to w8 as on the slides: W2 = [[w5, w7], [w6, w8]]."""
    (w5, w7), (w6, w8) = W2
    dE_dh1 = delta2[0] * w5 + delta2[1] * w7
    dE_dh2 = delta2[0] * w6 + delta2[1] * w8
    return np.array([dE_dh1 * a1[0] * (1 - a1[0]), dE_dh2 * a1[1] * (1 - a1[1])])


def right__slow_loops_with_exp(delta2, W2, a1):
    """Nested loops, slope through exp of net."""
    delta1 = np.zeros(2)
    for k in range(1, -1, -1):
        for j in range(1, -1, -1):
            net = math.log(a1[j]) - math.log(1 - a1[j])
            delta1[j] += W2[j, k] * delta2[k] * math.exp(-net) / (1 + math.exp(-net)) ** 2
    return delta1


def right__row_times_transposed(delta2, W2, a1):
    """delta as a row of a batch."""
    return (delta2[None, :] @ W2.T * (a1 - a1**2))[0]


def wrong__weights_transposed__loops(delta2, W2, a1):
    """W2[k][j] for W2[j][k]."""
    delta1 = np.zeros(2)
    for j in range(2):
        for k in range(2):
            delta1[j] += W2[k][j] * delta2[k]
        delta1[j] *= a1[j] * (1 - a1[j])
    return delta1


def wrong__weights_transposed__matrices(delta2, W2, a1):
    """delta2 @ W2."""
    return delta2 @ W2 * a1 * (1 - a1)


def wrong__weights_transposed__loops__2(delta2, W2, a1):
    """w5 to w8 read row by row."""
    (w5, w6), (w7, w8) = W2
    h1, h2 = a1
    d_h1 = (delta2[0] * w5 + delta2[1] * w7) * h1 * (1 - h1)
    d_h2 = (delta2[0] * w6 + delta2[1] * w8) * h2 * (1 - h2)
    return np.array([d_h1, d_h2])


def wrong__missing_slope__loops(delta2, W2, a1):
    """Stops at dE/dh."""
    back = [0.0, 0.0]
    for j in range(2):
        for k in range(2):
            back[j] += delta2[k] * W2[j, k]
    return np.array(back)


def wrong__missing_slope__matrices(delta2, W2, a1):
    """W2 @ delta2 and nothing else."""
    return np.matmul(W2, delta2)


def wrong__slope_of_tanh__loops(delta2, W2, a1):
    """1 - h^2."""
    res = []
    for j, h in enumerate(a1):
        dE_dh = W2[j, 0] * delta2[0] + W2[j, 1] * delta2[1]
        res.append(dE_dh * (1 - h**2))
    return np.array(res)


def wrong__slope_of_tanh__matrices(delta2, W2, a1):
    """tanh_grad for sigmoid_grad."""

    def grad(a):
        return 1 - a * a

    return grad(a1) * W2.dot(delta2)


def wrong__one_minus_a__loops(delta2, W2, a1):
    """Times 1 - h."""
    d = np.zeros(2)
    for j in range(2):
        d[j] = sum(W2[j, k] * delta2[k] for k in range(2)) * (1 - a1[j])
    return d


def wrong__one_minus_a__matrices(delta2, W2, a1):
    """The slope without its first factor."""
    back = W2 @ delta2
    return (1 - a1) * back


def wrong__slope_without_one_minus_a__loops(delta2, W2, a1):
    """Times h."""
    d = np.zeros(2)
    for j in range(2):
        for k in range(2):
            d[j] += a1[j] * W2[j, k] * delta2[k]
    return d


def wrong__slope_without_one_minus_a__matrices(delta2, W2, a1):
    """(W2 @ delta2) * a1."""
    return (W2 @ delta2) * a1


def wrong__slope_taken_at_a__loops(delta2, W2, a1):
    """sigmoid'(h) with h in place of net."""
    d = []
    for j in range(2):
        s = 1 / (1 + math.exp(-a1[j]))
        d.append((W2[j, 0] * delta2[0] + W2[j, 1] * delta2[1]) * s * (1 - s))
    return np.array(d)


def wrong__slope_taken_at_a__matrices(delta2, W2, a1):
    """sigmoid(a1) in the slope."""

    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    return W2 @ delta2 * (sigmoid(a1) - sigmoid(a1) ** 2)


def wrong__slope_taken_at_z__matrices(delta2, W2, a1):
    """z1 (1 - z1), z1 by the logit of a1."""
    z1 = np.log(a1 / (1 - a1))
    return W2 @ delta2 * z1 * (1 - z1)


def wrong__slope_twice__loops(delta2, W2, a1):
    """The slope on every path and again on the sum."""
    d = np.zeros(2)
    for j in range(2):
        s = a1[j] - a1[j] ** 2
        for k in range(2):
            d[j] += s * W2[j, k] * delta2[k]
        d[j] *= s
    return d


def wrong__slope_twice__matrices(delta2, W2, a1):
    """f' squared."""
    return (W2 @ delta2) * (a1 * (1 - a1)) ** 2


def wrong__slope_at_delta__matrices(delta2, W2, a1):
    """Feeds the blame, not h, to the slope."""
    back = W2 @ delta2
    return back * (back * (1 - back))


def wrong__slope_at_delta__loops(delta2, W2, a1):
    """The slope of the outputs' deltas, d(1 - d), taken before going back."""
    d = np.zeros(2)
    for j in range(2):
        for k in range(2):
            d[j] += W2[j, k] * delta2[k] * delta2[k] * (1 - delta2[k])
    return d


def wrong__own_weight_only__loops(delta2, W2, a1):
    """h1 only through w5, h2 only through w8."""
    return np.array([delta2[j] * W2[j, j] * a1[j] * (1 - a1[j]) for j in range(2)])


def wrong__own_weight_only__matrices(delta2, W2, a1):
    """np.diag(W2) * delta2."""
    return np.diag(W2) * delta2 * a1 * (1 - a1)


def wrong__first_only__loops(delta2, W2, a1):
    """Both hidden units hear from o1 only: the deck's dE1/dh1 and nothing of E2."""
    d = np.zeros(2)
    for j in range(2):
        d[j] = delta2[0] * W2[j, 0] * a1[j] * (1 - a1[j])
    return d


def wrong__first_only__matrices(delta2, W2, a1):
    """W2[:, 0] * delta2[0]."""
    return delta2[0] * W2[:, 0] * (a1 - a1**2)


def wrong__last_only__loops(delta2, W2, a1):
    """Overwrites the first path with the second."""
    d = np.zeros(2)
    for j in range(2):
        for k in range(2):
            d[j] = delta2[k] * W2[j, k]
        d[j] *= a1[j] * (1 - a1[j])
    return d


def wrong__last_only__matrices(delta2, W2, a1):
    """Index -1 where the sum should be."""
    return (W2 * delta2)[:, -1] * a1 * (1 - a1)


def wrong__mean_for_sum__loops(delta2, W2, a1):
    """The average of the two paths."""
    d = []
    for j in range(2):
        paths = [W2[j, k] * delta2[k] for k in range(2)]
        d.append(sum(paths) / len(paths) * a1[j] * (1 - a1[j]))
    return np.array(d)


def wrong__mean_for_sum__matrices(delta2, W2, a1):
    """np.mean along the row."""
    return (W2 * delta2).mean(axis=1) * (a1 - a1 * a1)


def wrong__max_for_sum__loops(delta2, W2, a1):
    """The larger of the two paths."""
    return np.array([max(W2[j, 0] * delta2[0], W2[j, 1] * delta2[1]) * a1[j] * (1 - a1[j]) for j in range(2)])


def wrong__max_for_sum__matrices(delta2, W2, a1):
    """.max(axis=1) for .sum(axis=1)."""
    return (W2 * delta2).max(axis=1) * a1 * (1 - a1)


def wrong__product_for_sum__matrices(delta2, W2, a1):
    """The two paths multiplied."""
    return (W2 * delta2).prod(axis=1) * a1 * (1 - a1)


def wrong__weights_forgotten__loops(delta2, W2, a1):
    """Adds delta_o1 and delta_o2, no weights."""
    d = np.zeros(2)
    for j in range(2):
        for k in range(2):
            d[j] += delta2[k]
        d[j] *= a1[j] * (1 - a1[j])
    return d


def wrong__weights_forgotten__matrices(delta2, W2, a1):
    """np.sum(delta2) * slope."""
    return np.sum(delta2) * a1 * (1 - a1)


def wrong__sum_over_wrong_axis__loops(delta2, W2, a1):
    """Sums each output's two paths, not each hidden unit's."""
    sums = []
    for k in range(2):
        s = 0.0
        for j in range(2):
            s += W2[j, k] * delta2[k]
        sums.append(s)
    return np.array([sums[j] * a1[j] * (1 - a1[j]) for j in range(2)])


def wrong__sum_over_wrong_axis__matrices(delta2, W2, a1):
    """axis=0."""
    return np.sum(W2 * delta2, axis=0) * a1 * (1 - a1)


def wrong__elementwise_for_matrix__matrices(delta2, W2, a1):
    """W2 * delta2[:, None] summed along the row: every delta meets its own row's weights only."""
    return (W2 * delta2.reshape(2, 1)).sum(axis=1) * a1 * (1 - a1)


def wrong__absolute_values__loops(delta2, W2, a1):
    """Sizes of the weights."""
    d = np.zeros(2)
    for j in range(2):
        for k in range(2):
            d[j] += abs(W2[j, k]) * delta2[k]
        d[j] *= a1[j] * (1 - a1[j])
    return d


def wrong__matrix_for_elementwise__matrices(delta2, W2, a1):
    """One slope for both, a1 @ (1 - a1)."""
    return W2 @ delta2 * np.dot(a1, 1 - a1)


def wrong__updated_weights__loops(delta2, W2, a1):
    """w5 to w8 after their step, eta = 0.5."""
    d = np.zeros(2)
    for j in range(2):
        for k in range(2):
            w = W2[j, k] - 0.5 * delta2[k] * a1[j]
            d[j] += w * delta2[k]
        d[j] *= a1[j] * (1 - a1[j])
    return d


def wrong__updated_weights__matrices(delta2, W2, a1):
    """Updates W2 first."""
    W2_new = W2 - 0.5 * np.outer(a1, delta2)
    return (W2_new @ delta2) * a1 * (1 - a1)


def wrong__sign__loops(delta2, W2, a1):
    """Minus in each layer."""
    d = np.zeros(2)
    for j in range(2):
        for k in range(2):
            d[j] -= W2[j, k] * delta2[k]
        d[j] *= a1[j] * (1 - a1[j])
    return d


def wrong__sign__matrices(delta2, W2, a1):
    """a1 * (a1 - 1)."""
    return (W2 @ delta2) * (a1 * (a1 - 1))


def wrong__factor_two__matrices(delta2, W2, a1):
    """Doubled, two outputs."""
    return 2 * (W2 @ delta2) * a1 * (1 - a1)


def wrong__factor_two__loops(delta2, W2, a1):
    """2 for the square again."""
    d = []
    for j in range(2):
        d.append(2 * (W2[j, 0] * delta2[0] + W2[j, 1] * delta2[1]) * a1[j] * (1 - a1[j]))
    return np.array(d)


def wrong__constant_for_formula__loops(delta2, W2, a1):
    """The slide's numbers."""
    return np.array([0.0087713547, 0.0099542547])


def wrong__float32__matrices(delta2, W2, a1):
    """Half the digits."""
    return ((W2.astype(np.float32) @ delta2.astype(np.float32)) * np.float32(a1 * (1 - a1))).astype(float)


def pair__weights_transposed__missing_slope__matrices(delta2, W2, a1):
    """delta2 @ W2, and no slope."""
    return delta2 @ W2


def pair__weights_transposed__slope_of_tanh__loops(delta2, W2, a1):
    """W2[k, j] and tanh's slope."""
    d = np.zeros(2)
    for j in range(2):
        for k in range(2):
            d[j] += W2[k, j] * delta2[k]
        d[j] = d[j] * (1 - a1[j] ** 2)
    return d


def pair__own_weight_only__sign__loops(delta2, W2, a1):
    """One path only, and a minus."""
    return np.array([-delta2[j] * W2[j, j] * a1[j] * (1 - a1[j]) for j in range(2)])


def pair__first_only__missing_slope__matrices(delta2, W2, a1):
    """Only o1, without slope."""
    return W2[:, 0] * delta2[0]


def pair__mean_for_sum__one_minus_a__matrices(delta2, W2, a1):
    """Average, and 1 - a1 only."""
    return np.mean(W2 * delta2, axis=1) * (1 - a1)


def outside__slope_of_other_unit__loops(delta2, W2, a1):
    """h1's blame with h2's slope and the other way round."""
    d = np.zeros(2)
    for j in range(2):
        for k in range(2):
            d[j] += W2[j, k] * delta2[k]
        d[j] *= a1[1 - j] * (1 - a1[1 - j])
    return d


def outside__one_corner__loops(delta2, W2, a1):
    """w7 twice, w8 never."""
    w5, w7, w6 = W2[0, 0], W2[0, 1], W2[1, 0]
    d1 = (delta2[0] * w5 + delta2[1] * w7) * a1[0] * (1 - a1[0])
    d2 = (delta2[0] * w6 + delta2[1] * w7) * a1[1] * (1 - a1[1])
    return np.array([d1, d2])


def outside__deltas_exchanged__matrices(delta2, W2, a1):
    """o2's delta along o1's edges."""
    return W2 @ delta2[::-1] * a1 * (1 - a1)


def outside__bracket_lost__matrices(delta2, W2, a1):
    """... * a1 * 1 - a1."""
    return W2 @ delta2 * a1 * 1 - a1


def outside__running_total__loops(delta2, W2, a1):
    """The sum of h1 is not cleared before h2."""
    d = np.zeros(2)
    s = 0
    for j in range(2):
        for k in range(2):
            s += W2[j, k] * delta2[k]
        d[j] = s * a1[j] * (1 - a1[j])
    return d


def wrong__rounded_result__matrices(delta2, W2, a1):
    """Four digits."""
    return np.round(W2 @ delta2 * a1 * (1 - a1), 4)


def outside__second_slope_missing__loops(delta2, W2, a1):
    """The slope for h1 only."""
    d = W2 @ delta2
    return np.array([d[0] * a1[0] * (1 - a1[0]), d[1]])


def outside__decay__matrices(delta2, W2, a1):
    """+ 0.01 * W2.sum(axis=1)."""
    return W2 @ delta2 * a1 * (1 - a1) + 0.01 * W2.sum(axis=1)


def right__complex_step(delta2, W2, a1):
    """The sum that arrives above, at z + 1e-30 i."""
    delta = np.zeros(len(a1))
    for j in range(len(a1)):
        z = np.log(a1 / (1 - a1)) + 0j
        z[j] += 1e-30j
        delta[j] = ((1 / (1 + np.exp(-z))) @ W2 @ delta2).imag / 1e-30
    return delta


def wrong__numeric_difference__central(delta2, W2, a1):
    """Each z up and down by 1e-4."""
    z = np.log(a1 / (1 - a1))
    up, down = 1 / (1 + np.exp(-z - 1e-4)), 1 / (1 + np.exp(-z + 1e-4))
    return (up - down) / 2e-4 * (W2 @ delta2)


def wrong__numeric_difference__forward(delta2, W2, a1):
    """What goes up, as a number, and how it changes."""
    def up(z):
        return float(np.dot((1 / (1 + np.exp(-z))) @ W2, delta2))

    z = np.log(a1 / (1 - a1))
    delta = np.zeros_like(z)
    for j in range(len(z)):
        moved = z.copy()
        moved[j] += 1e-6
        delta[j] = (up(moved) - up(z)) / 1e-6
    return delta


def wrong__float32__on_the_way(delta2, W2, a1):
    """The slope is kept in float32, and so is what comes down."""
    slope = (a1.astype(np.float32) * (1 - a1.astype(np.float32))).astype(np.float64)
    return (W2.astype(np.float32) @ delta2.astype(np.float32)).astype(np.float64) * slope
