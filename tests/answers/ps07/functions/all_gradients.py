"""Answers of learners to ps07, all_gradients(x, a, delta): right ones, wrong ones, other conventions.

First wrong: in the order dW[0], dW[1], ..., db[0], db[1], ...; a negative position counts from the output.
"""

import math

import numpy as np


def right__outer_products(x, a, delta):
    """Outer product of what goes in and the delta."""
    inputs = [x] + list(a[:-1])
    return [np.outer(h, d) for h, d in zip(inputs, delta)], [d.copy() for d in delta]


def right__slow_nested_loops(x, a, delta):
    """Weight by weight, bias as the weight of an input that is always 1."""
    dW, db = [], []
    for l in range(len(delta)):
        below = list(x) if l == 0 else list(a[l - 1])
        below.append(1.0)
        full = np.zeros((len(below), len(delta[l])))
        for i in range(len(below)):
            for j in range(len(delta[l])):
                full[i, j] = math.exp(0) * float(below[i]) * float(delta[l][j])
        dW.append(full[:-1].copy())
        db.append(full[-1].copy())
    return dW, db


def right__einsum(x, a, delta):
    """einsum, and the bias by adding zero."""
    dW = [np.einsum("i,j->ij", x if l == 0 else a[l - 1], delta[l]) for l in range(len(delta))]
    db = [0 + d for d in delta]
    return dW, db


def right__column_times_row(x, a, delta):
    """(n, 1) times (1, m), as for a batch of one; db is the column sum of that batch."""
    dW = []
    db = []
    h = x
    for l, d in enumerate(delta):
        dW.append(h[None, :].T @ d[None, :])
        db.append(d[None, :].sum(axis=0))
        h = a[l]
    return dW, db


def right__kron(x, a, delta):
    """Kronecker product, reshaped by rows, built from the output down."""
    layers = [x, *a]
    dW = [None] * len(delta)
    db = [None] * len(delta)
    for l in range(len(delta) - 1, -1, -1):
        dW[l] = np.kron(layers[l], delta[l]).reshape(len(layers[l]), len(delta[l]))
        db[l] = np.array([d for d in delta[l]])
    return (dW, db)


# ---- which input


def wrong__input_of_wrong_layer__loops(x, a, delta):
    """Uses the layer's own activation a[l] as what goes in, so that x is never used.
    First wrong: dW[0]
    """
    dW, db = [], []
    for l in range(len(a)):
        g = np.zeros((len(a[l]), len(delta[l])))
        for i in range(len(a[l])):
            for j in range(len(delta[l])):
                g[i, j] = a[l][i] * delta[l][j]
        dW.append(g)
        db.append(np.array(delta[l]))
    return dW, db


def wrong__input_of_wrong_layer__matrices(x, a, delta):
    """np.outer(x, delta) for every layer.
    First wrong: dW[1]
    """
    dW = [np.outer(x, d) for d in delta]
    return dW, [np.array(d) for d in delta]


def wrong__input_of_wrong_layer__matrices__2(x, a, delta):
    """zip(a, delta): forgot to put x in front.
    First wrong: dW[0]
    """
    dW, db = [], []
    for h, d in zip(a, delta):
        dW.append(h.reshape(-1, 1) * d)
        db.append(d * 1.0)
    return dW, db


def wrong__input_of_wrong_layer__loops__2(x, a, delta):
    """Layer 0 gets a[0]: where it has more units than x the rest is dropped, where fewer it starts again.
    First wrong: dW[0]
    """
    dW = []
    for l in range(len(delta)):
        rows = len(x) if l == 0 else len(a[l - 1])
        feed = a[0] if l == 0 else a[l - 1]
        dW.append(np.array([[feed[i % len(feed)] * d for d in delta[l]] for i in range(rows)]))
    return dW, [np.array(list(d)) for d in delta]


def wrong__activation_twice__loops(x, a, delta):
    """The activations go through the sigmoid once more before they are used.
    First wrong: dW[1]
    """

    def sigmoid(v):
        return 1 / (1 + math.exp(-v))

    dW, db = [], []
    for l in range(len(delta)):
        if l == 0:
            inp = [float(v) for v in x]
        else:
            inp = [sigmoid(v) for v in a[l - 1]]
        dW.append(np.array([[i * d for d in delta[l]] for i in inp]))
        db.append(np.array([1.0 * d for d in delta[l]]))
    return dW, db


def wrong__activation_twice__matrices(x, a, delta):
    """sigmoid(a) for a.
    First wrong: dW[1]
    """
    feeds = [x] + [1 / (1 + np.exp(-h)) for h in a[:-1]]
    return [np.outer(f, d) for f, d in zip(feeds, delta)], [+d for d in delta]


def wrong__z_for_a__loops(x, a, delta):
    """What goes in is taken before the sigmoid, z from the logit of a.
    First wrong: dW[1]
    """
    dW = []
    db = []
    for l in range(len(delta)):
        grad = np.zeros((len(x) if l == 0 else len(a[l - 1]), len(delta[l])))
        for i in range(grad.shape[0]):
            value = x[i] if l == 0 else math.log(a[l - 1][i] / (1 - a[l - 1][i]))
            for j in range(grad.shape[1]):
                grad[i, j] = value * delta[l][j]
        dW.append(grad)
        db.append(delta[l].copy())
    return dW, db


def wrong__z_for_a__matrices(x, a, delta):
    """Multiplies delta with z instead of a.
    First wrong: dW[1]
    """
    z = [-np.log(1 / h - 1) for h in a]
    dW = [np.outer(x, delta[0])]
    for l in range(1, len(delta)):
        dW.append(np.outer(z[l - 1], delta[l]))
    return dW, [d.copy() for d in delta]


# ---- which delta, which order


def wrong__delta_of_wrong_layer__matrices(x, a, delta):
    """Pairs each layer's input with the delta of that same layer's units, one layer too low.
    First wrong: dW[1]
    """
    dW = [np.outer(x, delta[0])]
    for l in range(1, len(delta)):
        dW.append(np.outer(a[l - 1], delta[l - 1]))
    return dW, [d.copy() for d in delta]


def wrong__delta_of_wrong_layer__loops(x, a, delta):
    """The output's delta is used for every layer.
    First wrong: dW[0]
    """
    top = delta[len(delta) - 1]
    feeds = [x]
    for h in a:
        feeds.append(h)
    dW, db = [], []
    for l in range(len(delta)):
        m = np.zeros((len(feeds[l]), len(top)))
        for i, v in enumerate(feeds[l]):
            for j, t in enumerate(top):
                m[i, j] = v * t
        dW.append(m)
        db.append(np.array(delta[l]))
    return dW, db


def wrong__list_reversed__loops(x, a, delta):
    """Goes from the output down with append and does not turn the lists round.
    First wrong: dW[0]
    """
    dW, db = [], []
    for l in range(len(delta) - 1, -1, -1):
        below = a[l - 1] if l > 0 else x
        dW.append(np.array([[u * d for d in delta[l]] for u in below]))
        db.append(np.array([d for d in delta[l]]))
    return dW, db


def wrong__list_reversed__matrices(x, a, delta):
    """Turns both lists round at the end although they were in order.
    First wrong: dW[0]
    """
    inputs = [x] + list(a)
    dW = [np.outer(inputs[l], delta[l]) for l in range(len(delta))]
    return dW[::-1], [d.copy() for d in delta][::-1]


def wrong__outer_product_reversed__loops(x, a, delta):
    """dW[j][i]: the unit first, what goes in second.
    First wrong: dW[0]
    """
    dW, db = [], []
    source = x
    for l in range(len(delta)):
        g = np.zeros((len(delta[l]), len(source)))
        for j in range(len(delta[l])):
            for i in range(len(source)):
                g[j, i] = delta[l][j] * source[i]
        dW.append(g)
        db.append(delta[l].copy())
        source = a[l]
    return dW, db


def wrong__outer_product_reversed__matrices(x, a, delta):
    """np.outer(delta, input).
    First wrong: dW[0]
    """
    dW = [np.outer(d, h) for d, h in zip(delta, [x, *a])]
    return dW, [d.copy() for d in delta]


def wrong__reshaped_for_transposed__loops(x, a, delta):
    """All products in one list, unit by unit, and then cut into rows of the wrong length of walk.
    First wrong: dW[0]
    """
    dW, db = [], []
    for l in range(len(delta)):
        below = x if l == 0 else a[l - 1]
        products = []
        for d in delta[l]:
            for v in below:
                products.append(v * d)
        dW.append(np.array(products).reshape(len(below), len(delta[l])))
        db.append(np.array(delta[l]))
    return dW, db


def wrong__reshaped_for_transposed__matrices(x, a, delta):
    """outer(delta, input), and since the shape was wrong, reshape.
    First wrong: dW[0]
    """
    layers = [x] + list(a)
    dW = [np.outer(delta[l], layers[l]).reshape(layers[l].size, delta[l].size) for l in range(len(delta))]
    db = [d.copy() for d in delta]
    return dW, db


# ---- slope where it has no place


def wrong__slope_twice__loops(x, a, delta):
    """The delta already has f' in it, here it is multiplied on again.
    First wrong: dW[0]
    """
    dW, db = [], []
    for l in range(len(delta)):
        below = x if l == 0 else a[l - 1]
        g = np.zeros((len(below), len(delta[l])))
        for i in range(len(below)):
            for j in range(len(delta[l])):
                fprime = a[l][j] * (1 - a[l][j])
                g[i, j] = below[i] * delta[l][j] * fprime
        dW.append(g)
        db.append(np.array([delta[l][j] for j in range(len(delta[l]))]))
    return dW, db


def wrong__slope_twice__matrices(x, a, delta):
    """Takes delta for dE/da and multiplies with the slope in dW and in db.
    First wrong: dW[0]
    """
    true_delta = [d * h * (1 - h) for d, h in zip(delta, a)]
    dW = [np.outer(h, d) for h, d in zip([x] + list(a), true_delta)]
    return dW, true_delta


# ---- bias


def wrong__bias_gradient_zero__loops(x, a, delta):
    """Nothing goes into a bias, so its gradient is 0.
    First wrong: db[0]
    """
    dW, db = [], []
    for l in range(len(delta)):
        below = x if l == 0 else a[l - 1]
        dW.append(np.array([[v * d for d in delta[l]] for v in below]))
        db.append(np.array([0.0 for _ in delta[l]]))
    return dW, db


def wrong__bias_gradient_zero__matrices(x, a, delta):
    """db stays at np.zeros.
    First wrong: db[0]
    """
    db = [np.zeros_like(d) for d in delta]
    return [np.outer(h, d) for h, d in zip([x, *a[:-1]], delta)], db


def wrong__bias_summed__loops(x, a, delta):
    """Adds up the deltas of a layer for all its biases, as with the shared bias.
    First wrong: db[0]
    """
    dW, db = [], []
    inputs = [x] + [h for h in a]
    for l in range(len(delta)):
        n, m = len(inputs[l]), len(delta[l])
        w = np.empty((n, m))
        total = 0.0
        for j in range(m):
            total += delta[l][j]
            for i in range(n):
                w[i, j] = delta[l][j] * inputs[l][i]
        dW.append(w)
        db.append(np.array([total] * m))
    return dW, db


def wrong__bias_summed__matrices(x, a, delta):
    """np.sum(delta), spread over the layer.
    First wrong: db[0]
    """
    dW = [np.outer(h, d) for h, d in zip([x, *a[:-1]], delta)]
    db = [np.full(d.shape, np.sum(d)) for d in delta]
    return dW, db


def wrong__bias_averaged__loops(x, a, delta):
    """Every bias gets the mean delta of its layer.
    First wrong: db[0]
    """
    dW, db = [], []
    for l, d in enumerate(delta):
        below = a[l - 1] if l else x
        dW.append(np.array([[d[j] * below[i] for j in range(len(d))] for i in range(len(below))]))
        mean = sum(d) / len(d)
        db.append(np.array([mean for _ in d]))
    return dW, db


def wrong__bias_averaged__matrices(x, a, delta):
    """delta.mean() for all biases of the layer.
    First wrong: db[0]
    """
    dW = [np.outer(h, d) for h, d in zip([x, *a[:-1]], delta)]
    db = [d.mean() + 0 * d for d in delta]
    return dW, db


def wrong__bias_times_input__loops(x, a, delta):
    """The bias collects all the inputs: delta times their sum.
    First wrong: db[0]
    """
    dW = []
    db = []
    for l in range(len(delta)):
        below = x if l == 0 else a[l - 1]
        W_grad = np.zeros((len(below), len(delta[l])))
        b_grad = np.zeros(len(delta[l]))
        for j in range(len(delta[l])):
            for i in range(len(below)):
                W_grad[i, j] = below[i] * delta[l][j]
                b_grad[j] += W_grad[i, j]
        dW.append(W_grad)
        db.append(b_grad)
    return dW, db


def wrong__bias_times_input__matrices(x, a, delta):
    """dW summed over the rows, as I remembered a sum for the bias.
    First wrong: db[0]
    """
    dW = [np.outer(h, d) for h, d in zip([x, *a[:-1]], delta)]
    return dW, [g.sum(axis=0) for g in dW]


def wrong__bias_of_other_layer__loops(x, a, delta):
    """db is filled from the back.
    First wrong: db[0]
    """
    dW, db = [], []
    for l in range(len(delta)):
        below = x if l == 0 else a[l - 1]
        dW.append(np.array([[v * d for d in delta[l]] for v in below]))
        db.insert(0, np.array(delta[l]))
    return dW, db


def wrong__bias_of_other_layer__matrices(x, a, delta):
    """db[l] = delta[l - 1], and for l = 0 that is the output's.
    First wrong: db[0]
    """
    dW = [np.outer(h, d) for h, d in zip([x, *a[:-1]], delta)]
    db = [delta[l - 1].copy() for l in range(len(delta))]
    return dW, db


def wrong__sign__loops(x, a, delta):
    """The bias with a minus, as for a threshold.
    First wrong: db[0]
    """
    dW, db = [], []
    for l in range(len(delta)):
        below = x if l == 0 else a[l - 1]
        dW.append(np.array([[v * d for d in delta[l]] for v in below]))
        db.append(np.array([-d for d in delta[l]]))
    return dW, db


def wrong__sign__matrices(x, a, delta):
    """Minus in front of dW, because one steps downhill; db without.
    First wrong: dW[0]
    """
    dW = [-np.outer(h, d) for h, d in zip([x, *a[:-1]], delta)]
    return dW, [d.copy() for d in delta]


# ---- factors, sums


def wrong__factor_two__loops(x, a, delta):
    """2 for the square, in the weights.
    First wrong: dW[0]
    """
    dW, db = [], []
    layers = [x] + list(a)
    for l, d in enumerate(delta):
        g = np.zeros((len(layers[l]), len(d)))
        for i in range(len(layers[l])):
            for j in range(len(d)):
                g[i, j] += 2 * layers[l][i] * d[j]
        dW.append(g)
        db.append(d.copy())
    return dW, db


def wrong__factor_two__matrices(x, a, delta):
    """Doubles all deltas first.
    First wrong: dW[0]
    """
    doubled = [2 * d for d in delta]
    dW = [np.outer(h, d) for h, d in zip([x, *a[:-1]], doubled)]
    return dW, doubled


def wrong__factor_half__loops(x, a, delta):
    """0.5 as in the loss, in the weights.
    First wrong: dW[0]
    """
    dW, db = [], []
    for l in range(len(delta)):
        row = []
        for v in x if l == 0 else a[l - 1]:
            row.append([0.5 * v * d for d in delta[l]])
        dW.append(np.array(row))
        db.append(np.array(delta[l]))
    return dW, db


def wrong__factor_half__matrices(x, a, delta):
    """Everything halved.
    First wrong: dW[0]
    """
    dW = [np.outer(h, d) / 2 for h, d in zip([x, *a[:-1]], delta)]
    return dW, [d / 2 for d in delta]


def wrong__n_times_k__loops(x, a, delta):
    """Divides each weight gradient by the number of its entries.
    First wrong: dW[0]
    """
    dW, db = [], []
    for l in range(len(delta)):
        below = x if l == 0 else a[l - 1]
        entries = len(below) * len(delta[l])
        dW.append(np.array([[v * d / entries for d in delta[l]] for v in below]))
        db.append(np.array(delta[l]))
    return dW, db


def wrong__n_twice__matrices(x, a, delta):
    """Divides by len(x), which I took for the number of samples.
    First wrong: dW[0]
    """
    N = len(x)
    dW = [np.outer(h, d) / N for h, d in zip([x, *a[:-1]], delta)]
    db = [d / N for d in delta]
    return dW, db


def wrong__first_only__loops(x, a, delta):
    """Only the first layer is done, the lists are filled up with zeros.
    First wrong: dW[1]
    """
    dW = [np.array([[v * d for d in delta[0]] for v in x])]
    db = [np.array(delta[0])]
    for l in range(1, len(delta)):
        dW.append(np.zeros((len(a[l - 1]), len(delta[l]))))
        db.append(np.zeros(len(delta[l])))
    return dW, db


def wrong__absolute_values__matrices(x, a, delta):
    """np.abs of the weight gradients, the size is what counts.
    First wrong: dW[0]
    """
    dW = [np.abs(np.outer(h, d)) for h, d in zip([x, *a[:-1]], delta)]
    return dW, [d.copy() for d in delta]


def wrong__float32__loops(x, a, delta):
    """Arrays made with dtype float32 and converted at the end.
    First wrong: dW[0]
    """
    dW, db = [], []
    for l in range(len(delta)):
        below = x if l == 0 else a[l - 1]
        g = np.zeros((len(below), len(delta[l])), dtype=np.float32)
        for i in range(len(below)):
            g[i] = below[i] * delta[l]
        dW.append(g.astype(np.float64))
        db.append(delta[l].astype(np.float32).astype(np.float64))
    return dW, db


# ---- other conventions


def convention__sign__loops(x, a, delta):
    """Hands back the steps' direction, minus the gradient, to be added.
    First wrong: dW[0]
    """
    dW, db = [], []
    for l in range(len(delta)):
        below = x if l == 0 else a[l - 1]
        g = np.zeros((len(below), len(delta[l])))
        for i in range(len(below)):
            for j in range(len(delta[l])):
                g[i, j] -= below[i] * delta[l][j]
        dW.append(g)
        db.append(-1 * delta[l])
    return dW, db


def convention__outer_product_reversed__matrices(x, a, delta):
    """Deck 003's weights: to k from j, so dW is (n_out, n_in).
    First wrong: dW[0]
    """
    dW = [d[:, None] * h[None, :] for h, d in zip([x, *a[:-1]], delta)]
    return dW, [d.copy() for d in delta]


# ---- two at once


def pair__outer_product_reversed__bias_gradient_zero__matrices(x, a, delta):
    """outer(delta, input), and db left at zero.
    First wrong: dW[0]
    """
    dW, db = [], []
    for h, d in zip([x, *a[:-1]], delta):
        dW.append(np.outer(d, h))
        db.append(np.zeros(len(d)))
    return dW, db


def pair__slope_twice__sign__matrices(x, a, delta):
    """f' once more in dW, and minus in front of both.
    First wrong: dW[0]
    """
    dW = [-np.outer(h, d * o * (1 - o)) for h, d, o in zip([x, *a[:-1]], delta, a)]
    return dW, [-d for d in delta]


def pair__activation_twice__bias_times_input__loops(x, a, delta):
    """sigmoid(a) goes in, and db adds up dW.
    First wrong: dW[1]
    """
    dW, db = [], []
    for l in range(len(delta)):
        below = list(x) if l == 0 else [1 / (1 + math.exp(-v)) for v in a[l - 1]]
        g = np.array([[v * d for d in delta[l]] for v in below])
        dW.append(g)
        db.append(np.array([sum(g[:, j]) for j in range(len(delta[l]))]))
    return dW, db


def pair__factor_half__bias_summed__matrices(x, a, delta):
    """1/2 in dW; db is one number for all.
    First wrong: dW[0]
    """
    dW = [0.5 * np.outer(h, d) for h, d in zip([x, *a[:-1]], delta)]
    return dW, [np.full_like(d, d.sum()) for d in delta]


def pair__z_for_a__bias_averaged__matrices(x, a, delta):
    """z for a in the weights, the mean in the biases.
    First wrong: dW[1]
    """
    feeds = [x] + [np.log(h) - np.log1p(-h) for h in a[:-1]]
    return [np.outer(f, d) for f, d in zip(feeds, delta)], [np.full_like(d, np.mean(d)) for d in delta]


# ---- not in the list


def outside__decay_of_activations__matrices(x, a, delta):
    """Adds 0.01 times the input to each column of dW, something with regularisation.
    First wrong: dW[0]
    """
    dW = [np.outer(h, d) + 0.01 * h[:, None] for h, d in zip([x, *a[:-1]], delta)]
    return dW, [d.copy() for d in delta]


def outside__last_input_missed__loops(x, a, delta):
    """range(len - 1): the last row of every dW stays zero.
    First wrong: dW[0]
    """
    dW, db = [], []
    for l in range(len(delta)):
        below = x if l == 0 else a[l - 1]
        g = np.zeros((len(below), len(delta[l])))
        for i in range(len(below) - 1):
            for j in range(len(delta[l])):
                g[i, j] = below[i] * delta[l][j]
        dW.append(g)
        db.append(delta[l].copy())
    return dW, db


def outside__first_input_for_all__loops(x, a, delta):
    """Uses x[0] in every row of the first layer.
    First wrong: dW[0]
    """
    dW, db = [], []
    for l in range(len(delta)):
        rows = []
        for i in range(len(x) if l == 0 else len(a[l - 1])):
            value = x[0] if l == 0 else a[l - 1][i]
            rows.append([value * d for d in delta[l]])
        dW.append(np.array(rows))
        db.append(np.array(delta[l]))
    return dW, db


def outside__sum_for_product__matrices(x, a, delta):
    """input + delta instead of input * delta.
    First wrong: dW[0]
    """
    dW = [h[:, None] + d for h, d in zip([x, *a[:-1]], delta)]
    return dW, [d.copy() for d in delta]


def outside__clipped__matrices(x, a, delta):
    """Gradients clipped to +-0.1, as somebody advised.
    First wrong: dW[0]
    """
    dW = [np.clip(np.outer(h, d), -0.1, 0.1) for h, d in zip([x, *a[:-1]], delta)]
    return dW, [np.clip(d, -0.1, 0.1) for d in delta]


def wrong__rounded_result__matrices(x, a, delta):
    """Rounded to 4 digits.
    First wrong: dW[0]
    """
    dW = [np.outer(h, d).round(4) for h, d in zip([x, *a[:-1]], delta)]
    return dW, [d.round(4) for d in delta]


def outside__accumulated__loops(x, a, delta):
    """+= on a running row that is not set to zero for the next input.
    First wrong: dW[0]
    """
    dW, db = [], []
    for l in range(len(delta)):
        below = x if l == 0 else a[l - 1]
        row = np.zeros(len(delta[l]))
        rows = []
        for value in below:
            row = row + value * delta[l]
            rows.append(row)
        dW.append(np.array(rows))
        db.append(delta[l].copy())
    return dW, db


def outside__input_centred__matrices(x, a, delta):
    """Takes the mean off every input first, because data should be centred.
    First wrong: dW[0]
    """
    dW = [np.outer(h - h.mean(), d) for h, d in zip([x, *a[:-1]], delta)]
    return dW, [d.copy() for d in delta]


def outside__delta_times_activation_in_bias__matrices(x, a, delta):
    """db = delta times the unit's own activation.
    First wrong: db[0]
    """
    dW = [np.outer(h, d) for h, d in zip([x, *a[:-1]], delta)]
    return dW, [d * h for d, h in zip(delta, a)]


def outside__output_bias_halved__loops(x, a, delta):
    """The biases of the output layer got a factor 1/2 that belongs nowhere, only there.
    First wrong: db[-1]
    """
    dW, db = [], []
    for l in range(len(delta)):
        below = x if l == 0 else a[l - 1]
        dW.append(np.array([[v * d for d in delta[l]] for v in below]))
        db.append(np.array([d / 2 if l == len(delta) - 1 else d for d in delta[l]]))
    return dW, db
