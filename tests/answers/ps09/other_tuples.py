"""The right values, but as tuples instead of dicts; the loss as an array of one number."""

import numpy as np


def feedforward(x, model):
    z1 = x @ model["W1"] + model["b1"]
    a1 = np.tanh(z1)
    z2 = a1 @ model["W2"] + model["b2"]
    e = np.exp(z2 - z2.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return z1, a1, z2, p


def loss_value(p, target, model, lam):
    data_loss = -np.log(p[np.arange(len(target)), target]).mean()
    return np.array([data_loss + lam * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2))])


def backprop(x, target, cache, model, lam):
    N = len(x)
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] -= 1
    delta2 /= N
    dW2 = cache["a1"].T @ delta2 + 2 * lam * model["W2"]
    db2 = delta2.sum(axis=0)
    delta1 = delta2 @ model["W2"].T * (1 - cache["a1"] ** 2)
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    db1 = delta1.sum(axis=0)
    return delta2, dW2, db2, delta1, dW1, db1


def parameter_update(model, grads, eta):
    return tuple(model[key] - eta * grads["d" + key] for key in ("W1", "b1", "W2", "b2"))


def train_model(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    rng = np.random.default_rng(seed)
    D = x.shape[1]
    W1 = rng.standard_normal((D, n_hidden)) / np.sqrt(D)
    W2 = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
    names = ("W1", "b1", "W2", "b2")
    model = (W1, np.zeros(n_hidden), W2, np.zeros(n_out))
    losses = []
    for epoch in range(epochs + 1):
        as_dict = dict(zip(names, model))
        cache = dict(zip(("z1", "a1", "z2", "p"), feedforward(x, as_dict)))
        losses.append(float(loss_value(cache["p"], target, as_dict, lam)[0]))
        if epoch < epochs:
            grads = backprop(x, target, cache, as_dict, lam)
            grads = dict(zip(("delta2", "dW2", "db2", "delta1", "dW1", "db1"), grads))
            model = parameter_update(as_dict, grads, eta)
    return model, losses


def predict(x, model):
    return tuple(np.argmax(feedforward(x, model)[3], axis=1))


"""The steps get N times longer, it may diverge. Divide eta by N. With lam the two parts of the gradient have another
ratio than before, and no eta changes a ratio."""
