"""All right, odd and slow: every number by itself, with math.tanh and math.exp."""

import math

import numpy as np


def feedforward(x, model):
    W1, b1, W2, b2 = model["W1"], model["b1"], model["W2"], model["b2"]
    N, D = x.shape
    H, K = W2.shape
    z1, a1 = np.zeros((N, H)), np.zeros((N, H))
    z2, p = np.zeros((N, K)), np.zeros((N, K))
    for n in range(N):
        for j in range(H):
            z1[n, j] = b1[j]
            for i in range(D):
                z1[n, j] += x[n, i] * W1[i, j]
            a1[n, j] = math.tanh(z1[n, j])
        for k in range(K):
            z2[n, k] = b2[k]
            for j in range(H):
                z2[n, k] += a1[n, j] * W2[j, k]
        biggest = max(z2[n])
        total = 0.0
        for k in range(K):
            p[n, k] = math.exp(z2[n, k] - biggest)
            total += p[n, k]
        for k in range(K):
            p[n, k] /= total
    return {"z1": z1, "a1": a1, "z2": z2, "p": p}


def loss_value(p, target, model, lam):
    loss = 0.0
    for n in range(len(target)):
        loss -= math.log(p[n, target[n]]) / len(target)
    for name in ("W1", "W2"):
        for row in model[name]:
            for w in row:
                loss += lam * w * w
    return float(loss)


def backprop(x, target, cache, model, lam):
    a1, p, W1, W2 = cache["a1"], cache["p"], model["W1"], model["W2"]
    N, D = x.shape
    H, K = W2.shape
    delta2, delta1 = np.zeros((N, K)), np.zeros((N, H))
    dW1, db1, dW2, db2 = np.zeros((D, H)), np.zeros(H), np.zeros((H, K)), np.zeros(K)
    for n in range(N):
        for k in range(K):
            right = 1.0 if k == target[n] else 0.0
            delta2[n, k] = (p[n, k] - right) / N
            db2[k] += delta2[n, k]
            for j in range(H):
                dW2[j, k] += a1[n, j] * delta2[n, k]
        for j in range(H):
            for k in range(K):
                delta1[n, j] += delta2[n, k] * W2[j, k]
            delta1[n, j] *= 1 - a1[n, j] * a1[n, j]
            db1[j] += delta1[n, j]
            for i in range(D):
                dW1[i, j] += x[n, i] * delta1[n, j]
    for j in range(H):
        for k in range(K):
            dW2[j, k] += 2 * lam * W2[j, k]
        for i in range(D):
            dW1[i, j] += 2 * lam * W1[i, j]
    return {"delta2": delta2, "dW2": dW2, "db2": db2, "delta1": delta1, "dW1": dW1, "db1": db1}


def parameter_update(model, grads, eta):
    new = {}
    for name, slopes in (("W1", "dW1"), ("b1", "db1"), ("W2", "dW2"), ("b2", "db2")):
        new[name] = np.zeros(model[name].shape)
        for place in np.ndindex(model[name].shape):
            new[name][place] = model[name][place] - eta * grads[slopes][place]
    return new


def train_model(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    rng = np.random.default_rng(seed)
    D = len(x[0])
    model = {}
    model["W1"] = rng.standard_normal((D, n_hidden)) / np.sqrt(D)
    model["W2"] = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
    model["b1"] = np.zeros(n_hidden)
    model["b2"] = np.zeros(n_out)
    losses = np.zeros(epochs + 1)
    for e in range(epochs):
        cache = feedforward(x, model)
        losses[e] = loss_value(cache["p"], target, model, lam)
        model = parameter_update(model, backprop(x, target, cache, model, lam), eta)
    losses[epochs] = loss_value(feedforward(x, model)["p"], target, model, lam)
    return model, losses


def predict(x, model):
    p = feedforward(x, model)["p"]
    classes = np.zeros(len(p), dtype=int)
    for n in range(len(p)):
        for k in range(1, p.shape[1]):
            if p[n, k] > p[n, classes[n]]:
                classes[n] = k
    return classes


"""lam = 0: the steps are N times too long and it may diverge. They must use eta/N. lam > 0: only the part of the
cross-entropy is too long, and one eta can not make one part shorter and leave the other."""
