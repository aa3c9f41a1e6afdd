"""Answers of learners to ps07, forward(x, W, b): right ones, wrong ones, other conventions.

First wrong: in the order of computation z[0], a[0], z[1], a[1], ...; a negative position counts from the output.
"""

import math

import numpy as np


def right__matrix_product(x, W, b):
    """Layer by layer."""
    z, a = [], []
    h = x
    for w, c in zip(W, b):
        z.append(h @ w + c)
        h = 1 / (1 + np.exp(-z[-1]))
        a.append(h)
    return z, a


def right__slow_nested_loops(x, W, b):
    """Three loops and math.exp."""
    z, a = [], []
    for l in range(len(W)):
        below = x if l == 0 else a[l - 1]
        zl = np.zeros(len(b[l]))
        al = np.zeros(len(b[l]))
        for j in range(len(b[l])):
            zl[j] = b[l][j]
            for i in range(len(below)):
                zl[j] += below[i] * W[l][i, j]
            al[j] = math.exp(zl[j]) / (math.exp(zl[j]) + 1)
        z.append(zl)
        a.append(al)
    return z, a


def right__bias_as_extra_input(x, W, b):
    """The bias is one more row of W, with input 1; sigmoid by tanh."""
    z, a = [], [x]
    for l in range(len(W)):
        full = np.vstack([W[l], b[l]])
        z.append(np.append(a[-1], 1.0) @ full)
        a.append(0.5 * (np.tanh(z[-1] / 2) + 1))
    return z, a[1:]


def right__rows_added_up(x, W, b):
    """Every input sends its row of weights."""
    z = []
    a = []
    for l in range(len(W)):
        total = b[l].copy()
        for value, row in zip(a[l - 1] if l else x, W[l]):
            total = total + value * row
        z.append(total)
        a.append(np.exp(-np.logaddexp(0, -total)))
    return z, a


def wrong__bias_forgotten__loops(x, W, b):
    """No bias anywhere.
    First wrong: z[0]
    """
    z, a = [], []
    h = x
    for l in range(len(W)):
        s = [sum(h[i] * W[l][i][j] for i in range(len(h))) for j in range(len(b[l]))]
        h = [1 / (1 + math.exp(-v)) for v in s]
        z.append(np.array(s))
        a.append(np.array(h))
    return z, a


def wrong__bias_forgotten__matrices(x, W, b):
    """The bias is added in the first layer only.
    First wrong: z[1]
    """
    z = [x @ W[0] + b[0]]
    a = [1 / (1 + np.exp(-z[0]))]
    for w in W[1:]:
        z.append(a[-1] @ w)
        a.append(1 / (1 + np.exp(-z[-1])))
    return z, a


def wrong__bias_subtracted__loops(x, W, b):
    """The bias as a threshold, subtracted.
    First wrong: z[0]
    """
    z, a = [], []
    below = list(x)
    for l in range(len(W)):
        zs, outs = [], []
        for j in range(W[l].shape[1]):
            s = -b[l][j]
            for i in range(W[l].shape[0]):
                s += below[i] * W[l][i, j]
            zs.append(s)
            outs.append(1 / (1 + math.exp(-s)))
        z.append(np.array(zs))
        a.append(np.array(outs))
        below = outs
    return z, a


def wrong__bias_subtracted__matrices(x, W, b):
    """x @ W - b.
    First wrong: z[0]
    """
    z, a = [], []
    for l in range(len(W)):
        z.append(np.dot(x, W[l]) - b[l])
        x = 1 / (1 + np.exp(-z[l]))
        a.append(x)
    return z, a


def wrong__bias_added_twice__matrices(x, W, b):
    """The bias starts the sum and is added again at the end.
    First wrong: z[0]
    """
    z, a = [], []
    h = x
    for l in range(len(W)):
        s = b[l] + h @ W[l]
        s = s + b[l]
        h = 1 / (1 + np.exp(-s))
        z.append(s)
        a.append(h)
    return z, a


def wrong__bias_added_twice__loops(x, W, b):
    """The bias comes in with the first input and once more after the loop.
    First wrong: z[0]
    """
    z, a = [], []
    h = x
    for l in range(len(W)):
        zl = np.zeros(len(b[l]))
        for j in range(len(b[l])):
            for i in range(len(h)):
                if i == 0:
                    zl[j] += b[l][j]
                zl[j] += h[i] * W[l][i, j]
            zl[j] += b[l][j]
        h = np.array([1 / (1 + math.exp(-v)) for v in zl])
        z.append(zl)
        a.append(h)
    return z, a


def wrong__bias_times_input__loops(x, W, b):
    """The bias is added inside the loop over the inputs and multiplied with each of them.
    First wrong: z[0]
    """
    z, a = [], []
    h = x
    for l in range(len(W)):
        zl = np.zeros(len(b[l]))
        for j in range(len(b[l])):
            for i in range(len(h)):
                zl[j] += h[i] * (W[l][i, j] + b[l][j])
        h = 1 / (1 + np.exp(-zl))
        z.append(zl)
        a.append(h)
    return z, a


def wrong__bias_averaged__matrices(x, W, b):
    """One bias per layer: the mean of b.
    First wrong: z[0]
    """
    z, a = [], []
    h = x
    for w, c in zip(W, b):
        z.append(h @ w + c.mean())
        h = 1 / (1 + np.exp(-z[-1]))
        a.append(h)
    return z, a


def wrong__bias_summed__matrices(x, W, b):
    """Adds all biases of the layer to each unit.
    First wrong: z[0]
    """
    z, a = [], []
    h = x
    for l in range(len(W)):
        z.append(h @ W[l] + np.sum(b[l]))
        h = 1 / (1 + np.exp(-z[l]))
        a.append(h)
    return z, a


def wrong__no_activation__loops(x, W, b):
    """The hidden layers hand on z; only the output goes through the sigmoid.
    First wrong: a[0]
    """
    z, a = [], []
    h = x
    for l in range(len(W)):
        s = np.array([sum(h[i] * W[l][i, j] for i in range(len(h))) + b[l][j] for j in range(len(b[l]))])
        if l == len(W) - 1:
            h = np.array([1 / (1 + math.exp(-v)) for v in s])
        else:
            h = s
        z.append(s)
        a.append(h.copy())
    return z, a


def wrong__no_activation__matrices(x, W, b):
    """Linear output: a of the last layer is its z.
    First wrong: a[-1]
    """
    z, a = [], []
    h = x
    for l in range(len(W)):
        z.append(h @ W[l] + b[l])
        h = 1 / (1 + np.exp(-z[l])) if l < len(W) - 1 else z[l].copy()
        a.append(h)
    return z, a


def wrong__sigmoid_of_minus_z__loops(x, W, b):
    """1 / (1 + e^z): the minus is lost.
    First wrong: a[0]
    """
    z, a = [], []
    h = x
    for l in range(len(W)):
        zl = []
        for j in range(len(b[l])):
            s = b[l][j]
            for i in range(len(h)):
                s += W[l][i, j] * h[i]
            zl.append(s)
        h = [1 / (1 + math.exp(s)) for s in zl]
        z.append(np.array(zl))
        a.append(np.array(h))
    return z, a


def wrong__sigmoid_of_minus_z__matrices(x, W, b):
    """np.exp(z) for np.exp(-z).
    First wrong: a[0]
    """

    def sigmoid(v):
        return 1.0 / (1.0 + np.exp(v))

    z, a = [], []
    for w, c in zip(W, b):
        s = (x if not a else a[-1]) @ w + c
        z.append(s)
        a.append(sigmoid(s))
    return z, a


def wrong__tanh_for_sigmoid__loops(x, W, b):
    """tanh in the hidden layers, sigmoid at the output.
    First wrong: a[0]
    """
    z, a = [], []
    h = list(x)
    for l in range(len(W)):
        s = [b[l][j] + sum(h[i] * W[l][i, j] for i in range(len(h))) for j in range(len(b[l]))]
        if l < len(W) - 1:
            h = [math.tanh(v) for v in s]
        else:
            h = [1 / (1 + math.exp(-v)) for v in s]
        z.append(np.array(s))
        a.append(np.array(h))
    return z, a


def wrong__tanh_for_sigmoid__matrices(x, W, b):
    """np.tanh in all layers.
    First wrong: a[0]
    """
    z, a = [], []
    h = x
    for w, c in zip(W, b):
        z.append(h @ w + c)
        h = np.tanh(z[-1])
        a.append(h)
    return z, a


def wrong__activation_twice__loops(x, W, b):
    """The output goes through the sigmoid once more.
    First wrong: a[-1]
    """

    def sig(v):
        return 1 / (1 + math.exp(-v))

    z, a = [], []
    h = x
    for l in range(len(W)):
        zl = np.array([b[l][j] + sum(h[i] * W[l][i, j] for i in range(len(h))) for j in range(len(b[l]))])
        h = np.array([sig(v) for v in zl])
        z.append(zl)
        a.append(h)
    a[-1] = np.array([sig(v) for v in a[-1]])
    return z, a


def wrong__activation_twice__matrices(x, W, b):
    """sigmoid(sigmoid(z)) in each layer.
    First wrong: a[0]
    """
    z, a = [], []
    h = x
    for l in range(len(W)):
        z.append(h @ W[l] + b[l])
        h = 1 / (1 + np.exp(-z[l]))
        h = 1 / (1 + np.exp(-h))
        a.append(h)
    return z, a


def wrong__z_for_a__matrices(x, W, b):
    """The next layer gets z instead of a; the list a itself is made with the sigmoid.
    First wrong: z[1]
    """
    z = [x @ W[0] + b[0]]
    for l in range(1, len(W)):
        z.append(z[l - 1] @ W[l] + b[l])
    a = [1 / (1 + np.exp(-s)) for s in z]
    return z, a


def wrong__a_for_z__matrices(x, W, b):
    """z is overwritten by the sigmoid, both lists hold the activations.
    First wrong: z[0]
    """
    z, a = [], []
    h = x
    for l in range(len(W)):
        h = h @ W[l] + b[l]
        h = 1 / (1 + np.exp(-h))
        z.append(h)
        a.append(h.copy())
    return z, a


def wrong__reshaped_for_transposed__matrices(x, W, b):
    """W.reshape(n_out, n_in) @ x.
    First wrong: z[0]
    """
    z, a = [], []
    h = x
    for w, c in zip(W, b):
        z.append(w.reshape(len(c), len(h)) @ h + c)
        h = 1 / (1 + np.exp(-z[-1]))
        a.append(h)
    return z, a


def wrong__reshaped_for_transposed__loops(x, W, b):
    """Takes the weights of unit j from a flat list, n_in after each other.
    First wrong: z[0]
    """
    z, a = [], []
    h = x
    for l in range(len(W)):
        flat = W[l].ravel()
        n = len(h)
        s = [b[l][j] + sum(flat[j * n + i] * h[i] for i in range(n)) for j in range(len(b[l]))]
        h = [1 / (1 + math.exp(-v)) for v in s]
        z.append(np.array(s))
        a.append(np.array(h))
    return z, a


def wrong__mean_for_sum__matrices(x, W, b):
    """The mean of the weighted inputs.
    First wrong: z[0]
    """
    z, a = [], []
    h = x
    for w, c in zip(W, b):
        z.append((h[:, None] * w).mean(axis=0) + c)
        h = 1 / (1 + np.exp(-z[-1]))
        a.append(h)
    return z, a


def wrong__last_only__loops(x, W, b):
    """z[j] = instead of +=: only the last input counts.
    First wrong: z[0]
    """
    z, a = [], []
    h = x
    for l in range(len(W)):
        zl = np.zeros(len(b[l]))
        for j in range(len(b[l])):
            for i in range(len(h)):
                zl[j] = h[i] * W[l][i, j]
            zl[j] += b[l][j]
        h = 1 / (1 + np.exp(-zl))
        z.append(zl)
        a.append(h)
    return z, a


def wrong__relu_for_tanh__matrices(x, W, b):
    """ReLU in the hidden layers, sigmoid at the end.
    First wrong: a[0]
    """
    z, a = [], []
    h = x
    for l in range(len(W)):
        z.append(h @ W[l] + b[l])
        h = np.maximum(0.0, z[l]) if l + 1 < len(W) else 1 / (1 + np.exp(-z[l]))
        a.append(h)
    return z, a


def pair__bias_forgotten__tanh_for_sigmoid__matrices(x, W, b):
    """No bias, and tanh.
    First wrong: z[0]
    """
    z, a = [], []
    h = x
    for w in W:
        z.append(h @ w)
        h = np.tanh(z[-1])
        a.append(h)
    return z, a


def pair__bias_subtracted__sigmoid_of_minus_z__loops(x, W, b):
    """Two signs wrong: the bias's and the one in exp.
    First wrong: z[0]
    """
    z, a = [], []
    h = x
    for l in range(len(W)):
        s = [sum(h[i] * W[l][i, j] for i in range(len(h))) - b[l][j] for j in range(len(b[l]))]
        h = [1 / (1 + math.exp(v)) for v in s]
        z.append(np.array(s))
        a.append(np.array(h))
    return z, a


def outside__straight_line__matrices(x, W, b):
    """1/2 + z/4, the sigmoid's tangent.
    First wrong: a[0]
    """
    z, a = [], []
    h = x
    for w, c in zip(W, b):
        z.append(h @ w + c)
        h = 0.5 + z[-1] / 4
        a.append(h)
    return z, a


def outside__bracket_lost__matrices(x, W, b):
    """1 / 1 + exp(-z) at the output, written anew there without the bracket.
    First wrong: a[-1]
    """
    z, a = [], []
    h = x
    for w, c in zip(W, b):
        z.append(h @ w + c)
        h = 1 / (1 + np.exp(-z[-1]))
        a.append(h)
    a[-1] = 1 / 1 + np.exp(-z[-1])
    return z, a


def outside__last_input_missed__loops(x, W, b):
    """range(len - 1) over the inputs.
    First wrong: z[0]
    """
    z, a = [], []
    h = x
    for l in range(len(W)):
        zl = b[l].copy()
        for j in range(len(zl)):
            for i in range(len(h) - 1):
                zl[j] += h[i] * W[l][i, j]
        h = np.array([1 / (1 + math.exp(-v)) for v in zl])
        z.append(zl)
        a.append(h)
    return z, a


def outside__softmax_at_the_end__matrices(x, W, b):
    """Softmax for the last layer.
    First wrong: a[-1]
    """
    z, a = [], []
    h = x
    for w, c in zip(W, b):
        z.append(h @ w + c)
        h = 1 / (1 + np.exp(-z[-1]))
        a.append(h)
    e = np.exp(z[-1])
    a[-1] = e / e.sum()
    return z, a


def outside__clipped_z__matrices(x, W, b):
    """z is kept between -1 and 1 so that nothing saturates.
    First wrong: z[0]
    """
    z, a = [], []
    h = x
    for w, c in zip(W, b):
        z.append(np.clip(h @ w + c, -1, 1))
        h = 1 / (1 + np.exp(-z[-1]))
        a.append(h)
    return z, a


def wrong__rounded_result__loops(x, W, b):
    """Activations rounded to three digits, as printed.
    First wrong: a[0]
    """
    z, a = [], []
    h = x
    for l in range(len(W)):
        s = [b[l][j] + sum(h[i] * W[l][i, j] for i in range(len(h))) for j in range(len(b[l]))]
        h = [round(1 / (1 + math.exp(-v)), 3) for v in s]
        z.append(np.array(s))
        a.append(np.array(h))
    return z, a
