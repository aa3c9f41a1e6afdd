"""All right, odd and slow: a delta is the sum over every single path from its unit up to an output."""

import math

import numpy as np


def f(z):
    return 1.0 / (1.0 + math.exp(-z))


def forward(x, W, b):
    z = [np.array([sum(x[i] * W[0][i, j] for i in range(len(x))) + b[0][j] for j in range(len(b[0]))])]
    a = [np.array([f(v) for v in z[0]])]
    while len(a) < len(W):
        n = len(a)
        z.append(np.array([sum(a[-1][i] * W[n][i, j] for i in range(len(a[-1]))) + b[n][j] for j in range(len(b[n]))]))
        a.append(np.array([f(v) for v in z[-1]]))
    return z, a


def output_delta(out, target):
    return np.array([(o - t) * (o - o * o) for o, t in zip(out, target)])


def hidden_delta(delta_above, W_above, a):
    arriving = np.zeros(len(a))
    for j, k in np.ndindex(W_above.shape):
        arriving[j] += W_above[j][k] * delta_above[k]
    return np.array([s * (v - v * v) for s, v in zip(arriving, a)])


def all_deltas(a, W, target):
    L = len(W)
    delta = []
    for l in range(L):
        d = np.zeros(len(a[l]))
        for path in np.ndindex(*[len(a[m]) for m in range(l, L)]):
            share = a[-1][path[-1]] - target[path[-1]]
            for m, unit in zip(range(l, L), path):
                share *= a[m][unit] * (1 - a[m][unit])
            for m in range(l + 1, L):
                share *= W[m][path[m - l - 1], path[m - l]]
            d[path[0]] += share
        delta.append(d)
    return delta


def all_gradients(x, a, delta):
    dW, db = [], []
    for l, d in enumerate(delta):
        up = [x, *a][l]
        dW.append(np.array([[u * v for v in d] for u in up]))
        db.append(np.array([1 * v for v in d]))
    return dW, db


def chain_slope(a0, depth):
    values = [a0]
    for _ in range(depth):
        values.append(f(values[-1]))
    return math.prod((v * (1 - v) for v in values[1:]), start=1.0)


"""The one at the bottom. A path from there to an output has ten sigmoid slopes on it, each at most 0.25. More weight on
the paths makes up for it, but not too much or the units saturate and the slopes go to zero."""
