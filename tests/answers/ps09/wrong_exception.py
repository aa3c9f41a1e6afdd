"""A key that is not there, a shape that does not fit, target taken for one-hot, a name that is not there."""

import numpy as np


def feedforward(x, model):
    z1 = model["W1"] @ x + model["b1"]
    a1 = np.tanh(z1)
    z2 = a1 @ model["W2"] + model["b2"]
    e = np.exp(z2 - z2.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return {"z1": z1, "a1": a1, "z2": z2, "p": p}


def loss_value(p, target, model, lam):
    data_loss = -np.log(np.sum(p * target, axis=1)).mean()
    return data_loss + lam * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2))


def backprop(x, target, cache, model, lam):
    N = len(x)
    delta2 = cache["p"].copy()
    delta2[np.arange(N), target] -= 1
    delta2 /= N
    dW2 = cache["a2"].T @ delta2 + 2 * lam * model["W2"]
    db2 = delta2.sum(axis=0)
    delta1 = delta2 @ model["W2"].T * (1 - cache["a1"] ** 2)
    dW1 = x.T @ delta1 + 2 * lam * model["W1"]
    db1 = delta1.sum(axis=0)
    return {"delta2": delta2, "dW2": dW2, "db2": db2, "delta1": delta1, "dW1": dW1, "db1": db1}


def parameter_update(model, grads, eta):
    return {key: model[key] - learning_rate * grads["d" + key] for key in model}


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
