"""In the loops over the samples `=` stands for `+=`: of the gradients only the last sample's is left."""

import numpy as np


def feedforward(x, model):
    z1 = x @ model["W1"] + model["b1"]
    a1 = np.tanh(z1)
    z2 = a1 @ model["W2"] + model["b2"]
    e = np.exp(z2 - z2.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return {"z1": z1, "a1": a1, "z2": z2, "p": p}


def loss_value(p, target, model, lam):
    data_loss = -np.log(p[np.arange(len(target)), target]).mean()
    return data_loss + lam * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2))


def backprop(x, target, cache, model, lam):
    a1, p, W2 = cache["a1"], cache["p"], model["W2"]
    N = len(x)
    delta2, delta1 = np.zeros(p.shape), np.zeros(a1.shape)
    for n in range(N):
        delta2[n] = p[n] / N
        delta2[n, target[n]] -= 1 / N
        delta1[n] = (W2 @ delta2[n]) * (1 - a1[n] ** 2)
        dW2 = np.outer(a1[n], delta2[n])
        db2 = 1 * delta2[n]
        dW1 = np.outer(x[n], delta1[n])
        db1 = 1 * delta1[n]
    dW2 += 2 * lam * W2
    dW1 += 2 * lam * model["W1"]
    return {"delta2": delta2, "dW2": dW2, "db2": db2, "delta1": delta1, "dW1": dW1, "db1": db1}


def parameter_update(model, grads, eta):
    return {key: model[key] - eta * grads["d" + key] for key in model}


def train_model(x, target, n_hidden, n_out, eta, lam, epochs, seed):
    rng = np.random.default_rng(seed)
    D = x.shape[1]
    W1 = rng.standard_normal((D, n_hidden)) / np.sqrt(D)
    W2 = rng.standard_normal((n_hidden, n_out)) / np.sqrt(n_hidden)
    model = {"W1": W1, "b1": np.zeros(n_hidden), "W2": W2, "b2": np.zeros(n_out)}
    losses = []
    for epoch in range(epochs + 1):
        cache = feedforward(x, model)
        losses.append(loss_value(cache["p"], target, model, lam))
        if epoch < epochs:
            model = parameter_update(model, backprop(x, target, cache, model, lam), eta)
    return model, np.array(losses)


def predict(x, model):
    return np.argmax(feedforward(x, model)["p"], axis=1)
